/// What `photonlink devices [NAME]` prints, from the tables alone.
#pragma once

#include <string>
#include <vector>

#include "devices/registry.hpp"

namespace photonlink {

/// One row per device: name and summary. @param width columns of the terminal, at least 40 are used.
std::string device_list_text(const std::vector<DeviceType>& devices, int width);
/// Everything about one device: validity, and of each parameter the type, unit, default, range, ideal,
/// choices, doc.
std::string device_text(const DeviceType& device, int width);

/// All devices as JSON: [{name, summary, validity, parameters: [...]}]. Bounds that are infinite are left
/// out; numbers are SI, `unit` says which.
std::string device_list_json(const std::vector<DeviceType>& devices);
/// One element of that list.
std::string device_json(const DeviceType& device);

}  // namespace photonlink
