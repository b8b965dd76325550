/// Bridged T-coil that hides the capacitance of a pad with its ESD protection, as a two-port of the
/// electrical segment, in each conductor of a pair.
///
///              ┌───────── C_B ─────────┐
///   input ─────┴─── L1 ───┬─── L2 ─────┴───── end, R_T to ground when the output is the tap
///                   (k)   │
///                        tap: C (pad, ESD, amplifier input)
///
/// Coupled coils of mutual inductance M = k √(L1 L2), both wound the same way: L1 + M and L2 + M meet at a
/// point from which -M leads to the tap. The triangle of L1 + M, L2 + M and C_B is a star
///   Z_in = jω(L1+M)/D,  Z_tap = jω(L1+M) jω(L2+M) jωC_B / D - jωM,  Z_end = jω(L2+M)/D,
///   D = 1 + jω(L1 + L2 + 2M) jωC_B
/// `output = "end"`: the termination is that of the load behind, whose input sees the end. `output = "tap"`:
/// the termination R_T of each conductor is inside and what follows, of high impedance, is connected to the
/// tap.
///
/// The input is R_T at every frequency when (\cite Galal2003)
///   L1 = L2 = C R_T²/4 (1 + 1/(4ζ²)),  C_B = C/(16 ζ²),  k = (4ζ² - 1)/(4ζ² + 1)
/// with the damping ζ of the response at the tap, √3/2 for the flattest delay, 1/√2 for the flattest
/// magnitude.
///
/// Elements of each conductor, as the literature of single-ended circuits gives them; between the conductors
/// impedances count twice. Validity: lumped, below the self-resonance of the coils; no winding resistance.
///
/// Verified in tests/devices/t_coil_test.cpp: constant resistance, second-order response at the tap, nodal
/// analysis.
#pragma once

#include <string>

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct TCoilParameters {
  double input_inductance_H = 0.0;
  double end_inductance_H = 0.0;
  double coupling = 0.0;
  double bridge_capacitance_F = 0.0;
  double tap_capacitance_F = 0.0;
  std::string output = "end";
  double termination_ohm = 50.0;
};
template <>
const ParameterTable<TCoilParameters>& parameter_table();

class TCoil final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range.
  TCoil(std::string name, TCoilParameters parameters);

  /// The same for the through path and every aggressor.
  std::optional<std::vector<Abcd>> two_port(std::span<const double> frequency_Hz,
                                            int aggressor) const override;

 private:
  TCoilParameters p_;
};

}  // namespace photonlink
