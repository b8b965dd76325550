/// JSON Schema of validation cases, for editors: completion, and marks under what is wrong while typing.
#pragma once

#include <string>
#include <vector>

#include "devices/registry.hpp"

namespace photonlink {

/// Draft-04 subset, generated from the tables of links, quantities, observables and devices. The reader is
/// stricter: it also checks units against the observable, names, sweeps, cards and files.
std::string case_schema(const std::vector<DeviceType>& devices);

}  // namespace photonlink
