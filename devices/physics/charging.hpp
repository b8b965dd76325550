/// What it costs to charge a capacitance through a resistance with a symbol sequence.
///
/// Every step ΔV between two symbols dissipates ½ C ΔV², whatever the resistance and the waveform in between,
/// provided that the charge settles: P = ½ C <ΔV²> f_Bd, <ΔV²> over the steps of the periodic sequence. For
/// random NRZ of swing V this is C V²/4 per bit (\cite Miller2012), for random PAM4 of even levels 5/36 C V²
/// per symbol.
/// A capacitance that follows its voltage dissipates ∫ (Q(V) - Q(V_k)) dV of a step from V_k to V_{k+1}; what
/// is stored returns over a period, which leaves P = f_Bd <V_{k+1} (Q(V_{k+1}) - Q(V_k))>.
#pragma once

#include <cstddef>
#include <span>

namespace photonlink {

/// Mean of (x_{k+1} - x_k)² over the periodic `symbols` in [-1, 1], relative to the full step from -1 to +1.
inline double mean_square_step(std::span<const double> symbols) {
  double sum = 0.0;
  for (std::size_t k = 0; k < symbols.size(); ++k) {
    const double step = 0.5 * (symbols[(k + 1) % symbols.size()] - symbols[k]);
    sum += step * step;
  }
  return symbols.empty() ? 0.0 : sum / static_cast<double>(symbols.size());
}

/// P of one lane, [W]. @param swing_Vpp voltage between the outermost symbols across the capacitance.
inline double charging_power_W(double capacitance_F, std::span<const double> symbols, double swing_Vpp,
                               double symbol_rate_Bd) {
  return 0.5 * capacitance_F * mean_square_step(symbols) * swing_Vpp * swing_Vpp * symbol_rate_Bd;
}

/// The same for a charge Q(V) around a bias. @param charge_C of a voltage, up to a constant.
template <class Charge>
double nonlinear_charging_power_W(const Charge& charge_C, double bias_V, std::span<const double> symbols,
                                  double swing_Vpp, double symbol_rate_Bd) {
  double sum = 0.0;
  for (std::size_t k = 0; k < symbols.size(); ++k) {
    const double from_V = bias_V + 0.5 * swing_Vpp * symbols[k],
                 to_V = bias_V + 0.5 * swing_Vpp * symbols[(k + 1) % symbols.size()];
    if (to_V != from_V) sum += to_V * (charge_C(to_V) - charge_C(from_V));
  }
  return symbols.empty() ? 0.0 : sum / static_cast<double>(symbols.size()) * symbol_rate_Bd;
}

}  // namespace photonlink
