/// Resistive heater of a ring: current, power and resonance shift from its voltage, and all inverses.
///
/// The current law of \cite Bahadori2017 (its figure of a metal heater on a microring),
///   I(V) = (V/R) · 2 / (1 + √(1 + K V²)),
/// has the closed forms, with P = V I the electrical power and κ = K R/4,
///   V/I = R (1 + κ P),      V² = R P (1 + κ P),      I² = P / (R (1 + κ P)),
///   P(V) = (√(1 + K V²) - 1) / (2κ),      P(I) = R I² / (1 - κ R I²):
/// a resistance that grows in proportion to the heat. It is stated by what is measured, the resistance when
/// cold, R, and the one at the highest voltage, R_h = R (1 + κ P_max), P_max = V_max²/R_h:
///   κ = (R_h/R - 1) R_h / V_max².
/// The current never exceeds 1/√(κ R). The red shift of the resonance is η P.
///
/// Driver, the power drawn from a supply V_s ≥ V_max through a converter of efficiency e:
///   ideal       P / e;
///   linear DAC  V_s I(P) / e, the voltage that the heater does not take is lost in the output stage;
///   PWM         P / e, the supply itself is switched, share of time d = P R (1 + κ P) / V_s²
///               (the heater keeps its temperature over a period).
/// Code k of n bits stands for the share s = k/(2^n - 1): of P_max (ideal), of V_max (linear DAC), of time
/// (PWM; V_max is the supply).
///
/// Dynamics: one pole, dP'/dt = 2π B (P - P').
///
/// Validity: K_v of one heater measured at one ambient temperature; no breakdown, no ageing. Verified in
/// tests/devices/physics/heater_test.cpp and validation/th_01.
#pragma once

#include <string_view>

namespace photonlink {

enum class HeaterDriver { ideal, linear_dac, pwm };
/// @param word "ideal", "linear_dac" or "pwm".
HeaterDriver heater_driver(std::string_view word);

struct Heater {
  double cold_resistance_ohm = 0.0;  ///< R > 0
  double hot_resistance_ohm = 0.0;   ///< R_h >= R, at the highest voltage
  double max_voltage_V = 0.0;        ///< V_max > 0
  double efficiency_m_per_W = 0.0;   ///< η
  HeaterDriver driver = HeaterDriver::ideal;
  double supply_V = 0.0;           ///< V_s, of a linear DAC
  double driver_efficiency = 1.0;  ///< e in (0, 1]
  int dac_bits = 0;                ///< 0: continuous

  double growth_per_W() const;                ///< κ
  double voltage_coefficient_per_V2() const;  ///< K = 4 κ/R
  double max_power_W() const;                 ///< V_max²/R_h
  double max_shift_m() const { return efficiency_m_per_W * max_power_W(); }

  double current_A(double voltage_V) const;
  double power_W(double voltage_V) const;
  double voltage_V(double power_W) const;             ///< @param power_W >= 0
  double power_of_current_W(double current_A) const;  ///< @param current_A below 1/√(κ R)
  double resistance_ohm(double power_W) const;        ///< V/I
  double shift_m(double power_W) const { return efficiency_m_per_W * power_W; }
  double power_of_shift_W(double shift_m) const { return shift_m / efficiency_m_per_W; }

  /// Drawn from the supply for a power in the heater.
  double drawn_W(double power_W) const;
  /// Share of the code range that gives a power, and back; powers beyond the range are cut to it.
  double share_of_power(double power_W) const;
  double power_of_share_W(double share) const;
  /// The power of the code nearest to the one asked for; the same when continuous.
  double quantised_W(double power_W) const;
};

}  // namespace photonlink
