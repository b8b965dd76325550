/// Case files: validation/<case>/case.toml (or .json) into a CaseSpec, every problem reported at once.
///
/// The format is described in docs/validation.md. Links are those of study files, with three additions: a
/// link may start from another one of the case (`like`) or of a study (`study`, `study_link`), change single
/// parameters (`set`), drop stages (`remove`), and state or drop assumptions (`assume`, `assumptions`). A
/// parameter that is set or fitted is no longer assumed.
#pragma once

#include <string>
#include <vector>

#include "studies/validation/case_spec.hpp"

namespace photonlink {

/// Version of the case format, the value of the key `schema`.
inline constexpr int case_schema_version = 1;

/// @param path of the file; the folder that holds it names the case.
/// @throws IoError when it cannot be read. @throws ConfigError with all problems, one per line.
CaseSpec read_case(const std::string& path, const std::vector<DeviceType>& devices,
                   const std::string& cards_folder);

/// Every problem of the file, one message each; empty: read_case() would succeed.
std::vector<std::string> lint_case(const std::string& path, const std::vector<DeviceType>& devices,
                                   const std::string& cards_folder);

/// Names of the cases in `folder` (its subfolders that hold a case.toml or case.json), sorted.
/// @throws IoError when there is no such folder.
std::vector<std::string> list_cases(const std::string& folder);
/// The case file of one of them. @throws ConfigError with the nearest name when there is none.
std::string case_path(const std::string& folder, const std::string& name);

}  // namespace photonlink
