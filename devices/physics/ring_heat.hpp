/// Where the mean temperature of each ring on a bus comes to rest, and on which branch.
///
/// Heat is slow (τ_th of 0.1 to 10 µs): over a pattern the temperature stays at the mean
///   T = R_th <P_heat>(D),         D = D₀ + θ T,
/// D the detuning of the own carrier from the hot ring, D₀ from the ring without light (cold), both with the
/// junction at its bias; <P_heat> is that of the pattern stepped at frozen temperature. Reference:
///   hot   D is given: a heater or a lock gives up what light heats. T follows at once.
///   cold  D₀ is given. Every root of g(D) = D - θ R_th <P_heat>(D) = D₀ is a state, stable where g' > 0.
/// g is a function of D, so all states lie on one line and history chooses among them: a carrier (or a
/// heater) that came from the blue is on the largest root, one that came from the red on the least; each
/// keeps its root until it meets an extremum of g and falls to the next. For a constant voltage these are the
/// two branches of ring_states.hpp.
/// The roots are looked for on the quasi-static mean (settled power at the levels the voltage takes), in
/// steps of 1/40 of the linewidth; the chosen one is then refined by Newton's method on the stepped pattern
/// until D is good to 1e-7 of the linewidth; constant light and voltage need no stepping. Ring by ring in the
/// order of the light.
///
/// Ripple: the periodic solution of τ_th dT/dt = R_th P_heat - T for the power of the pattern, the largest
/// departure from the mean times θ. It is what freezing leaves out within the pattern.
/// Verified in tests/devices/physics/ring_heat_test.cpp.
#pragma once

#include "devices/physics/hot_bus.hpp"

namespace photonlink {

enum class DetuningReference { hot, cold };
enum class ThermalHistory { from_blue, from_red };

/// One ring at rest on the average of the period.
struct RingHeat {
  HotRing ring;                        ///< hot detunings and mean heat
  double offset_Hz = 0.0;              ///< hot minus given detunings, 0 for the hot reference
  double temperature_K = 0.0;          ///< T
  double thermal_shift_Hz = 0.0;       ///< θ T, how far the own resonance lies to the red of the cold one
  double ripple_Hz = 0.0;              ///< see above
  double current_A = 0.0;              ///< mean photocurrent
  double peak_current_A = 0.0;         ///< largest within the period
  double electrical_W = 0.0;           ///< mean of reverse voltage times photocurrent
  double peak_fast_shift_Hz = 0.0;     ///< largest |φN - κU|
  double peak_extra_loss_per_s = 0.0;  ///< largest kU + νN
  int states = 1;                      ///< roots at this D₀, quasi-static
  double restoring = 1.0;              ///< g' at the chosen one, quasi-static; negative: only a lock holds it
};

/// @param rings detunings as given (hot or cold); ring i has lane i and carrier i.
/// @throws DomainError when no state is found on the stepped pattern.
std::vector<RingHeat> ring_heat(std::vector<HotRing> rings, const Bundle& input, DetuningReference reference,
                                ThermalHistory history);

/// The rings alone.
std::vector<HotRing> hot_rings(const std::vector<RingHeat>& heat);

}  // namespace photonlink
