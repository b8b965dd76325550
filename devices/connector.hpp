/// Mated connector or socket: a short line between the capacitances of its two footprints, as a two-port of
/// the electrical segment.
///
///   ──┬──── line: impedance Z, delay T, loss a at f_a ────┬──
///   C_entry                                            C_exit
///
/// The loss is that of metal under skin effect, a √(f/f_a) with the reactance that belongs to it
/// (devices/physics/transmission_line.hpp, ε_r = 1 on the length c T). All values differential.
///
/// Validity: much loss on a short delay misses a, with a warning; no resonances of stubs, grounds or
/// cavities, which real connectors show above their rated band; no crosstalk. The ledger books T.
///
/// Verified in tests/devices/connector_test.cpp.
#pragma once

#include "core/parameter_table.hpp"
#include "devices/physics/transmission_line.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct ConnectorParameters {
  double impedance_ohm = 100.0;
  double delay_s = 0.0;
  double loss_dB = 0.0;
  double loss_frequency_Hz = 26.5625e9;
  double entry_capacitance_F = 0.0;
  double exit_capacitance_F = 0.0;
};
template <>
const ParameterTable<ConnectorParameters>& parameter_table();

class Connector final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range, or a loss stands on no delay.
  Connector(std::string name, const ConnectorParameters& parameters);

  /// The same for the through path and every aggressor.
  std::optional<std::vector<Abcd>> two_port(std::span<const double> frequency_Hz,
                                            int aggressor) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  /// Warns where the low-loss formula misses the loss at f_a by more than 5 %.
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  ConnectorParameters p_;
  LineParameters line_;
  double length_m_ = 0.0;
};

}  // namespace photonlink
