/// Carrier reservoir of a semiconductor optical amplifier, integrated over its length (\cite
/// AgrawalOlsson1989).
///
///   dh/dt = (h₀ - h)/τ - (P_in/E_s)(e^h - 1),   P_out = P_in e^h,   E_s = P_s τ
///   A_out = A_in exp((1 + jα) h/2)
/// h₀ small-signal gain [Np of power], P_in power of all light. The index rises as carriers are used up; with
/// E = Re A e^{jωt} that is +α h/2, a red shift where the gain falls.
///
/// Step from sample n to n+1, second order, by splitting: relaxation over dt/2, which is exact; saturation
/// with U = dt (P_n + P_{n+1})/2, which is exact (\cite FrantzNodvik1963: 1 - e^{-h} falls by e^{-U/E_s});
/// relaxation over dt/2. Stable for every step; h stays between 0 and h₀.
///
/// From the light behind, dh/dt = (h₀ - h)/τ - (P_out/E_s)(1 - e^{-h}); its saturation is exact as well:
/// e^h - 1 falls by e^{-U_out/E_s}.
///
/// Validity: gain without dispersion, no loss along the amplifier, no heating or hole burning within a band
/// (sub-picosecond), light in one direction.
/// Verified in tests/devices/physics/gain_reservoir_test.cpp: Odeint, order of convergence, settled gain,
/// central differences.
#pragma once

namespace photonlink {

struct GainReservoir {
  double small_signal_Np, lifetime_s, saturation_power_W;

  double saturation_energy_J() const { return saturation_power_W * lifetime_s; }
  /// h at constant input power: h + (P/P_s)(e^h - 1) = h₀.
  double settled_Np(double power_W) const;
};

/// One step of fixed length.
class ReservoirStep {
 public:
  ReservoirStep(const GainReservoir& reservoir, double dt_s);
  /// h at the end. @param energy_J U
  double advance(double gain_Np, double energy_J) const;
  /// The same from the energy of the light that left, U_out.
  double advance_by_output(double gain_Np, double output_energy_J) const;
  struct Slopes {
    double by_gain, by_energy_per_J;
  };
  /// Derivatives of advance().
  Slopes slopes(double gain_Np, double energy_J) const;

 private:
  double small_signal_Np_, decay_, per_energy_;  // decay over half a step
};

}  // namespace photonlink
