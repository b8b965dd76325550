/// The registry of what a validation case can compute: one entry per observable, with its unit, its arguments
/// and the function that reads it from a chain. A new observable is one entry; cases name it.
///
/// A *scalar* observable yields one number; a *curve* yields one number for each abscissa x. Values and
/// abscissae are in the stored unit of their quantity kind (Hz, m, dB, dBm, J/b).
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/parameter_table.hpp"

namespace photonlink {

class Probe;

/// Everything an observable can be asked for besides the chain; each observable lists the keys it takes.
struct ObservableArguments {
  double drive_V = 0.0;                ///< control voltage added to the bias
  double from_V = 0.0, to_V = 0.0;     ///< the two drive voltages that are compared
  double near_m = 0.0;                 ///< wavelength; 0: that of the first carrier
  double reference_Hz = 0.0;           ///< frequency at which a response counts as 0 dB
  double drop_dB = 3.0;                ///< fall that makes a bandwidth
  double limit_Hz = 500e9;             ///< highest frequency that is searched
  std::string decibel = "electrical";  ///< 20 log (electrical) or 10 log (optical) of the modulated power
  double ber = 1e-12;
  std::string boundary = "module";
  std::vector<std::string> components, causes;
  double area_m2 = 0.0, edge_m = 0.0;
  int directions = 1;
  double near_amplitude_V = 0.0, far_amplitude_V = 0.0;  ///< A_nt, A_ft of the integrated crosstalk noise
  double rise_time_s = 0.0;                              ///< 20 to 80 %
  std::string configuration = "";                        ///< of channel operating margin
  std::string com_mode = "standard";
  int package_case = 1;  ///< counted from 1
  double heater_voltage_V = 0.0;
};
template <>
const ParameterTable<ObservableArguments>& parameter_table();

struct ObservableType {
  std::string name, doc;
  Quantity unit = Quantity::dimensionless;
  std::optional<Quantity> x_unit;      ///< set: a curve over x
  std::string x_label;                 ///< "frequency"
  std::vector<std::string> arguments;  ///< keys of the table above
  /// Points of the model's line in pictures, 0: only at the published points.
  int fine_points = 0;
  bool needs_symbol_rate = false;  ///< the link must state one
  bool needs_ends = false;         ///< a whole link from transmitter to receiver
  std::function<std::vector<double>(Probe&, const ObservableArguments&, std::span<const double>)> compute;

  /// Kind of a difference of two values: dB for levels.
  Quantity difference_unit() const { return unit == Quantity::level ? Quantity::gain : unit; }
};

/// All observables, sorted by name.
const std::vector<ObservableType>& observable_types();
/// nullptr when there is none of that name.
const ObservableType* find_observable(const std::string& name);
/// Rows of the arguments that `type` takes.
std::vector<FieldInfo> argument_rows(const ObservableType& type);

}  // namespace photonlink
