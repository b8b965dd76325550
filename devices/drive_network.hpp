/// What lies between a driver and the junction of a modulator: pads, interconnect and the silicon around the
/// junction, as lumped elements. A two-port of the electrical segment, one per lane, all lanes alike.
///
///   source ──┬────────┬──── L, R_int ────┬────────┬── modulator (its own R_s and C_j)
///          C_pad     C_ox               C_cc     R_si
///            │     R_sub||C_sub          │       C_si
///   ground ──┴────────┴──────────────────┴────────┴──
///
///   Y_pad = jω C_pad + jω C_ox (1 + jω R_sub C_sub) / (1 + jω R_sub (C_sub + C_ox))
///   Z     = R_int + jω L
///   Y_dev = jω C_cc + jω C_si / (1 + jω R_si C_si)
/// with the chain matrix shunt(Y_pad) series(Z) shunt(Y_dev) (\cite Pozar2012, Table 4.1). Circuit and
/// symbols as in \cite Lin2026, without the junction, which the modulator's load is.
///
/// Every element at 0 is absent: without C_ox or C_si their branch is open, R_sub = 0 ties C_ox to ground,
/// R_si = 0 puts C_si straight across the contacts. All at 0 is a wire.
///
/// Charging: P = ½ (C_pad + C_ox + C_cc + C_si) <ΔV²> f_Bd per lane with the swing of the segment at low
/// frequency (devices/physics/charging.hpp). C_sub is not in it: R_sub shorts it when the charge has settled.
///
/// Validity: elements far smaller than the electrical wavelength and independent of frequency and voltage (no
/// skin effect); no coupling between lanes. Where R_sub C_ox or R_si C_si exceeds a symbol the charge does
/// not settle and, for random symbols, the charging power is an upper bound: `validity` warns of it. No delay
/// is booked.
///
/// Verified in tests/devices/drive_network_test.cpp.
#pragma once

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct DriveNetworkParameters {
  double pad_capacitance_F = 0.0;
  double oxide_capacitance_F = 0.0;
  double substrate_resistance_ohm = 0.0;
  double substrate_capacitance_F = 0.0;
  double series_inductance_H = 0.0;
  double series_resistance_ohm = 0.0;
  double contact_capacitance_F = 0.0;
  double silicon_resistance_ohm = 0.0;
  double silicon_capacitance_F = 0.0;
};
template <>
const ParameterTable<DriveNetworkParameters>& parameter_table();

class DriveNetwork final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range.
  DriveNetwork(std::string name, const DriveNetworkParameters& parameters);

  /// The same for the through path and every aggressor.
  std::optional<std::vector<Abcd>> two_port(std::span<const double> frequency_Hz,
                                            int aggressor) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  DriveNetworkParameters p_;
};

}  // namespace photonlink
