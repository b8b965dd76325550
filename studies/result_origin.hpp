/// How every file of results begins: what it is, in which version, and what wrote it.
#pragma once

#include <string>

#include "io/hdf5_file.hpp"
#include "studies/json_text.hpp"
#include "studies/provenance.hpp"

namespace photonlink {

/// @param format "photonlink result"; @param schema_version of that format.
json_text::Json origin_json(const std::string& format, int schema_version, const Provenance& provenance);
/// The same as attributes of the root.
void write_origin(Hdf5Writer& file, const std::string& format, int schema_version,
                  const Provenance& provenance);

}  // namespace photonlink
