/// Die and package of the IEEE 802.3 channel model (Annex 93A, 93A.1.2), as a two-port of the electrical
/// segment.
///
/// From the die to the ball, elements as the configuration sheets print them, those of each conductor:
///   (shunt C_d(k), series L_s(k)) for each k, shunt C_b, line 1, line 2, ..., shunt C_p
/// with a shunt C_v behind the third line when it is set. `side = "receiver"` runs from the ball to the die.
/// Equations (93A-8) to (93A-14) of \cite IEEE8023: devices/physics/ieee_line.hpp. The die's termination R_d
/// is the source_resistance of the transmitter or the input_resistance of the receiver, 2 R_d.
///
/// Validity: that of the model, reference packages of the standard, not a part; Z_c real, see ieee_line.hpp.
/// The ledger books the delay of the lines at half the symbol rate.
///
/// Verified in tests/devices/package_802_3_test.cpp against scikit-rf (tests/oracles/lines.py).
#pragma once

#include <string>
#include <vector>

#include "core/parameter_table.hpp"
#include "devices/physics/ieee_line.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct Package8023Parameters {
  std::string side = "transmitter";
  std::vector<double> die_capacitance_F = {};
  std::vector<double> die_inductance_H = {};
  double bump_capacitance_F = 0.0;
  std::vector<double> line_length_m = {};
  std::vector<double> line_impedance_ohm = {};
  double gamma0_per_m = 0.0;
  double a1_sqrt_s_per_m = 0.0;
  double a2_s_per_m = 0.0;
  double tau_s_per_m = 0.0;
  double via_capacitance_F = 0.0;
  double ball_capacitance_F = 0.0;
};
template <>
const ParameterTable<Package8023Parameters>& parameter_table();

class Package8023 final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range or lists that belong together differ in
  /// length.
  Package8023(std::string name, Package8023Parameters parameters);

  /// The same for the through path and every aggressor.
  std::optional<std::vector<Abcd>> two_port(std::span<const double> frequency_Hz,
                                            int aggressor) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;

 private:
  Abcd die_to_ball(double frequency_Hz) const;
  IeeeLine line(std::size_t segment) const;

  Package8023Parameters p_;
};

}  // namespace photonlink
