/// Study files: TOML or JSON into a Study, every value checked, every problem reported at once.
///
/// Each problem is one line "file:line:column: link[0].stage[2] 'tx ring' (microring_modulator): key = value
/// ...: reason, allowed range; likely fix". JSON gives no lines: the path link[0].stage[2] stands alone.
///
/// A stage takes the values of its card first and then its own. A value or an assumption that the stage gives
/// replaces the card's assumption about the same key: who states a value does not assume it. Within one file
/// a value must lie inside what is assumed for it.
#pragma once

#include <string>
#include <vector>

#include "studies/study.hpp"

namespace photonlink {

/// @param path study file, .toml or .json, at most largest_document_bytes.
/// @param cards_folder folder in which card = "x" means x.toml (or x.json).
/// @throws IoError when the study cannot be read. @throws ConfigError with all problems, one per line.
Study read_study(const std::string& path, const std::vector<DeviceType>& devices,
                 const std::string& cards_folder);

/// Every problem of the file, one message each; empty: read_study() would succeed.
std::vector<std::string> lint_study(const std::string& path, const std::vector<DeviceType>& devices,
                                    const std::string& cards_folder);

}  // namespace photonlink
