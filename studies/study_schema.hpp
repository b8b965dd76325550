/// JSON Schema of study files, for editors: completion, and marks under what is wrong while typing.
#pragma once

#include <string>
#include <vector>

#include "devices/registry.hpp"

namespace photonlink {

/// Draft-04 subset, generated from the link table and the devices' tables, `$id` ends in the schema version.
/// The reader is stricter: it also checks ranges of quantities with units, names, cards and files.
std::string study_schema(const std::vector<DeviceType>& devices);

}  // namespace photonlink
