/// Every device that a study can name, with its parameter table and a maker.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// Parameter names and SI values as a reader found them, in file order.
using ParameterSet = std::vector<std::pair<std::string, ParameterValue>>;
/// nullptr when the set does not name the parameter.
const ParameterValue* find_value(const ParameterSet& parameters, std::string_view name);
/// Replaces the value, or adds it.
void set_value(ParameterSet& parameters, const std::string& name, const ParameterValue& value);

struct DeviceType {
  std::string name;      ///< "microring_modulator", equal to the file stem
  std::string summary;   ///< one sentence
  std::string validity;  ///< where the model stops being valid
  std::vector<FieldInfo> fields;
  /// @throws ConfigError on unknown names or values outside their range.
  std::unique_ptr<Stage> (*make)(const std::string& stage_name, const ParameterSet& parameters);
};

/// All devices, in the order of a link from transmitter to receiver.
const std::vector<DeviceType>& device_types();
/// nullptr when there is none of that name.
const DeviceType* find_device(std::string_view name);

/// The usual maker: parameters into struct P, struct into stage S.
template <class S, class P>
std::unique_ptr<Stage> make_stage(const std::string& stage_name, const ParameterSet& set_of_values) {
  P parameters;
  for (const auto& [name, value] : set_of_values) set(parameters, name, value);
  return std::make_unique<S>(stage_name, parameters);
}

}  // namespace photonlink
