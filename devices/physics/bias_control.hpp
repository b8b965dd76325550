/// What a dithering bias control leaves of the bias of a Mach-Zehnder interferometer.
///
/// The heater wags the phase Δ between the arms by a sin ωt; a photodiode at a tap sees the mean of the
/// light, I_f/2 (1 + V cos Δ), V the visibility that the data leave, and a converter its harmonics:
///   H₁ = I_f V J₁(a) sin Δ,   H₂ = I_f V J₂(a) cos Δ
/// Both together hold any target Δ_t: an integrator brings  e = H₁/J₁ cos Δ_t - H₂/J₂ sin Δ_t = I_f V sin(Δ -
/// Δ_t) to zero; at quadrature it nulls the second harmonic, at the minimum the first (harmonics by the
/// expansion of Jacobi and Anger).
///
///   static   A heater whose voltage is wagged has a power of second harmonic: Δ moves by -a²/(8 φ_h) cos
///   2ωt, φ_h
///            the phase the heater makes, which counterfeits H₂:
///              Δ = atan2(sin Δ_t, cos Δ_t - r sin Δ_t),  r = a² / (16 φ_h J₂(a)) -> 1/(2 φ_h)
///            whatever the amplitude. A heater driven by the root of the power has none.
///   drift    Loop of first order and corner f_c: a phase that runs at ρ [rad/s] is followed ρ/(2π f_c) late.
///   noise    One-sided density S [A²/Hz] of the current near ω and 2ω:
///              σ² = π f_c S (cos² Δ_t/J₁² + sin² Δ_t/J₂²) / (I_f V)²
///            S = 2q I + i_n² + RIN I² + S_data + I_f² 4^-bits / (6 f_s): shot, amplifier, laser, data, and
///            rounding to bits of I_f at the rate f_s. Random data of symbol time T whose power has the
///            variance s² make S_data = 2 s² T, the largest of all at low frequency.
///   dither   a/sqrt(2) rms.
///
/// Validity: a below 0.5 rad; what is slow against the symbols is an error of the bias and no noise of the
/// signal; loop of first order, ω well above f_c; noise white from f_c to 2ω. Verified in
/// tests/devices/physics/bias_control_test.cpp by a loop stepped in time.
#pragma once

namespace photonlink {

struct BiasControl {
  double dither_rad = 0.03;         ///< a, amplitude, > 0
  double heater_phase_rad = 0.0;    ///< φ_h of a heater whose voltage is wagged; 0: its power is
  double full_current_A = 50e-6;    ///< I_f, photocurrent at full transmission, > 0
  double mean_current_A = 25e-6;    ///< I
  double visibility = 1.0;          ///< V
  double noise_A_per_sqrtHz = 0.0;  ///< i_n
  double rin_per_Hz = 0.0;          ///< laser
  double data_A2_per_Hz = 0.0;      ///< S_data
  int converter_bits = 12;
  double converter_rate_Hz = 1e6;   ///< f_s
  double loop_bandwidth_Hz = 10.0;  ///< f_c
  double drift_rad_per_s = 0.0;     ///< ρ
};

/// Of the phase [rad]; static and drift are signed.
struct BiasResidual {
  double offset_rad = 0.0, lag_rad = 0.0, noise_rad = 0.0, dither_rad = 0.0;
  /// What wanders, rms.
  double rms_rad() const;
  double at(double deviations) const { return offset_rad + lag_rad + deviations * rms_rad(); }
};

/// @param target_rad Δ_t, 0 full transmission, π/2 quadrature, π minimum
BiasResidual bias_residual(const BiasControl& control, double target_rad);
/// S [A²/Hz].
double monitor_noise_A2_per_Hz(const BiasControl& control);

}  // namespace photonlink
