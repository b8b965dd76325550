/// Steady states of a ring that heats and bends its own resonance: all of them, and where they appear.
///
/// At constant light of power P on one carrier everything in ring_medium.hpp is a polynomial of the mode
/// energy U: γ(U) = 1/τ + kU + νN, N = gτ_c U², and the red shift s(U) = κU - φN + θ R_th P_heat(U), a cubic.
/// With D the detuning of the ring without light (cold) the settled coupled mode gives
///   U [γ(U)² + (D + 2π s(U))²] = (2/τ_e) P,        D, s angular
/// of degree 7 at most. Its real roots in (0, (2/τ_e) P τ²] are found between those of its derivative, one
/// degree after the other, so that none is missed; neighbours are stable and unstable in turn.
///
/// With heat from linear absorption and Kerr effect alone it is the cubic of dispersive bistability
/// (\cite Gibbs1985): x = KUτ, Δ = -Dτ (positive: the carrier is red of the ring), X = K (2/τ_e) P τ³,
/// K = 2π s/U,
///   x [1 + (x - Δ)²] = X.
/// At Δ > √3 three states exist between the powers of x = (2Δ ± sqrt(Δ² - 3))/3; the
/// least power is X = 8/(3√3) at Δ = √3. Swept in detuning at constant X the state jumps where
///   4 x⁴ - 4 X x³ + X² = 0,                          Δ = x ± sqrt(X/x - 1).
///
/// Stable means against slow heat: carriers that shift to the blue while heat shifts to the red can make a
/// state pulsate, which is not looked for.
/// Verified in tests/devices/physics/ring_states_test.cpp: companion matrix, closed forms, Odeint.
#pragma once

#include <span>
#include <vector>

#include "devices/physics/ring.hpp"
#include "devices/physics/ring_medium.hpp"

namespace photonlink {

/// Real roots in (low, high] of Σ c_k x^k, rising; double roots count once or not at all.
std::vector<double> real_roots(std::span<const double> coefficient, double low, double high);

struct RingState {
  double energy_J = 0.0;          ///< U
  double pairs = 0.0;             ///< N
  double temperature_K = 0.0;     ///< T
  double detuning_Hz = 0.0;       ///< carrier minus resonance with all shifts (hot)
  double extra_loss_per_s = 0.0;  ///< kU + νN
  bool stable = true;
};

/// All states, U rising. @param rates at the voltage, without light. @param cold_detuning_Hz carrier minus
/// resonance at the voltage without light. @param u_V around the bias (for the heat of the photocurrent).
std::vector<RingState> ring_states(const RingRates& rates, const RingMedium& medium, double power_W,
                                   double cold_detuning_Hz, double u_V = 0.0);

/// Red shift per mode energy s/U [Hz/J] of heat from linear absorption and Kerr effect.
double linear_shift_Hz_per_J(const RingRates& rates, const RingMedium& medium, double u_V = 0.0);

/// The cubic. @param shift_Hz_per_J s/U > 0.
struct DispersiveBistability {
  RingRates rates;
  double shift_Hz_per_J;

  double least_power_W() const;      ///< X = 8/(3√3)
  double least_detuning_Hz() const;  ///< D/2π at that point, -√3/(2πτ)
  struct Pair {
    bool exists;
    double jump_up, jump_down;
  };
  /// Powers [W] at which a state jumps up and down in U at constant cold detuning.
  Pair powers_W(double cold_detuning_Hz) const;
  /// Cold detunings [Hz] of the jumps at constant power: up when the carrier comes from the red, down when it
  /// comes from the blue.
  Pair detunings_Hz(double power_W) const;

 private:
  double normalised_per_W() const;  // X/P
};

}  // namespace photonlink
