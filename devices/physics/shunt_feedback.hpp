/// Shunt-feedback transimpedance stage: an amplifier of gain -A(f) with one pole and a resistor R_F around
/// it.
///
///   A(f) = A₀ / (1 + jf/f_A),   gain-bandwidth product A₀ f_A
///   input admittance            Y_in = jωC_in + (1 + A) / R_F
///   behind a source of admittance Y_s   V_out = -A I / (Y_s + Y_in)
///   with Y_s = jωC_D, C_T = C_D + C_in: V_out = -R_T I / (1 + jω/(ω₀Q) - ω²/ω₀²),
///     R_T = R_F A₀/(A₀+1),  ω₀² = (A₀+1) ω_A / (R_F C_T),  1/(ω₀Q) = (R_F C_T + 1/ω_A) / (A₀+1)
///   f_3dB = ω₀/2π sqrt(ρ + sqrt(ρ² + 1)),  ρ = 1 - 1/(2Q²); Q = 1/√2 is the Butterworth response
///   noise, as a current in parallel to the source, one-sided:
///     i_n² = 4kT/R_F + 2qI_in + 4kTΓ/g_m |Y_s + jωC_in + 1/R_F|²
/// the last of which is the f² noise 4kTΓ (2πC_T)² f² / g_m. \cite Sackinger2017, Ch. 6; Γ is the channel
/// noise factor of a MOSFET and ½ for the collector shot noise of a bipolar transistor, whose
/// 2qI_C / g_m² = 4kT ½ / g_m.
///
/// From f_3dB, Q and either R_F or the gain-bandwidth product, with τ = R_F C_T, τ_A = 1/ω_A:
///   ττ_A ω₀² = A₀ + 1,  (τ + τ_A) ω₀Q = A₀ + 1   =>   τ_A = τ / (ω₀τ/Q - 1)
///   ω_GBW = A₀ ω_A = ω₀²τ - ω₀/Q + 1/τ, solved for its larger τ: R_F ≈ GBW / (2πC_T f₀²), the
/// transimpedance limit: what a smaller capacitance buys.
///
/// Validity: amplifier with one pole, no feedback capacitance, output resistance of the gain stage neglected,
/// noise of later stages left out.
///
/// Verified in tests/devices/physics/shunt_feedback_test.cpp: nodal analysis of the circuit with its sources,
/// -3 dB at f_3dB, the approximate design rules at high gain.
#pragma once

#include "core/conventions.hpp"

namespace photonlink {

/// The loop. All values > 0.
struct ShuntFeedback {
  double feedback_resistance_ohm = 0.0;  ///< R_F
  double open_loop_gain = 0.0;           ///< A₀
  double open_loop_bandwidth_Hz = 0.0;   ///< f_A
};

/// What a loop is designed for.
struct ShuntFeedbackGoal {
  double capacitance_F = 0.0;  ///< C_T
  double bandwidth_Hz = 0.0;   ///< f_3dB of the closed loop
  double quality = 0.0;        ///< Q
};

/// f_3dB over ω₀/2π.
double bandwidth_over_natural_frequency(double quality);
/// @throws DomainError when R_F C_T is too short for the goal: no positive gain gives it.
ShuntFeedback shunt_feedback_of_resistance(const ShuntFeedbackGoal& goal, double feedback_resistance_ohm);
/// @throws DomainError when the gain-bandwidth product is too small for the goal.
ShuntFeedback shunt_feedback_of_gain_bandwidth(const ShuntFeedbackGoal& goal, double gain_bandwidth_Hz);

/// A(f).
Complex open_loop_gain(const ShuntFeedback& loop, double frequency_Hz);
/// R_T = R_F A₀ / (A₀ + 1), [ohm].
double closed_loop_resistance_ohm(const ShuntFeedback& loop);
/// Y_in without the capacitance, (1 + A) / R_F, [S].
Complex feedback_admittance_S(const ShuntFeedback& loop, double frequency_Hz);
/// |V_out| / (R_T I): 1 at 0 Hz. @param total_S Y_s + Y_in
Complex closed_loop_response(const ShuntFeedback& loop, double frequency_Hz, Complex total_S);

}  // namespace photonlink
