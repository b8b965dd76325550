#include "studies/validation/observable.hpp"

#include <algorithm>
#include <cmath>

#include "studies/validation/observable_lists.hpp"

namespace photonlink {

template <>
const ParameterTable<ObservableArguments>& parameter_table() {
  using A = ObservableArguments;
  using Q = Quantity;
  static const ParameterTable<A> table{
      {"drive", "control voltage added to the bias of the modulator", Q::voltage, &A::drive_V, -100.0, 100.0},
      {"from", "first drive voltage, added to the bias", Q::voltage, &A::from_V, -100.0, 100.0},
      {"to", "second drive voltage, added to the bias", Q::voltage, &A::to_V, -100.0, 100.0},
      {"near", "wavelength; 0: that of the first carrier", Q::length, &A::near_m, 0.0, 1e-5},
      {"reference", "frequency at which the response counts as 0 dB", Q::frequency, &A::reference_Hz, 0.0,
       1e13},
      {"drop", "fall of the response that ends the band", Q::gain, &A::drop_dB, 0.1, 60.0},
      {"limit", "highest frequency that is searched; a band that reaches it is infinite", Q::frequency,
       &A::limit_Hz, 1e6, 1e14},
      {"decibel",
       "20 log of the modulated power (what an electrical analyser shows) or 10 log",
       Q::dimensionless,
       &A::decibel,
       0.0,
       0.0,
       std::nullopt,
       {"electrical", "optical"}},
      {"ber", "bit error ratio before FEC", Q::dimensionless, &A::ber, 1e-40, 0.4},
      {"boundary",
       "what the sum counts",
       Q::dimensionless,
       &A::boundary,
       0.0,
       0.0,
       std::nullopt,
       {"module", "with_host", "link"}},
      {"components", "names of stages", Q::dimensionless, &A::components},
      {"causes", "causes of power, \"junction charging\"", Q::dimensionless, &A::causes},
      {"area", "area of the circuit", Q::area, &A::area_m2, 0.0, 1.0},
      {"edge", "length of the die edge", Q::length, &A::edge_m, 0.0, 1.0},
      {"directions", "1 or 2, as the publication counts", Q::dimensionless, &A::directions, 1, 2},
      {"near_amplitude", "A_nt of near-end aggressors, peak to peak differential", Q::voltage,
       &A::near_amplitude_V, 0.0, 10.0},
      {"far_amplitude", "A_ft of far-end aggressors, peak to peak differential", Q::voltage,
       &A::far_amplitude_V, 0.0, 10.0},
      {"rise_time", "of the aggressors, 20 to 80 %", Q::time, &A::rise_time_s, 0.0, 1e-6},
      {"configuration", "Path of a configuration of channel operating margin", Q::dimensionless,
       &A::configuration},
      {"com_mode",
       "how channel operating margin is computed",
       Q::dimensionless,
       &A::com_mode,
       0.0,
       0.0,
       std::nullopt,
       {"standard", "script-4.50", "script-3.70"}},
      {"package_case", "package test case of the configuration, from 1", Q::dimensionless, &A::package_case,
       1, 16},
      {"heater_voltage", "voltage on the heater of a ring", Q::voltage, &A::heater_voltage_V, 0.0, 100.0},
  };
  return table;
}

ObservableType scalar_observable(std::string name, std::string doc, Quantity unit,
                                 std::vector<std::string> arguments,
                                 std::function<double(Probe&, const ObservableArguments&)> read) {
  ObservableType type;
  type.name = std::move(name);
  type.doc = std::move(doc);
  type.unit = unit;
  type.arguments = std::move(arguments);
  type.compute = [read = std::move(read)](Probe& probe, const ObservableArguments& a,
                                          std::span<const double>) {
    return std::vector<double>{read(probe, a)};
  };
  return type;
}

const std::vector<ObservableType>& observable_types() {
  static const std::vector<ObservableType> types = [] {
    std::vector<ObservableType> list;
    add_device_observables(list);
    add_channel_observables(list);
    add_com_observables(list);
    add_path_observables(list);
    add_link_observables(list);
    add_tuning_observables(list);
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return list;
  }();
  return types;
}

const ObservableType* find_observable(const std::string& name) {
  for (const ObservableType& type : observable_types())
    if (type.name == name) return &type;
  return nullptr;
}

std::vector<FieldInfo> argument_rows(const ObservableType& type) {
  std::vector<FieldInfo> rows;
  for (FieldInfo& row : describe<ObservableArguments>())
    if (std::find(type.arguments.begin(), type.arguments.end(), row.name) != type.arguments.end())
      rows.push_back(std::move(row));
  return rows;
}

}  // namespace photonlink
