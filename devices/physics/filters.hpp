/// Low-pass responses that several devices share, all with H(0) = 1 and |H(f_3dB)|² = 1/2.
///
///   single pole      H = 1 / (1 + j f/f_3dB)
///   Butterworth n    H = Π_k 1 / (1 - s/p_k),  s = j f/f_3dB,  p_k = exp(jπ (2k + n - 1) / (2n)), k = 1..n
///   Bessel-Thomson 4 H = 105 / (105 + 105 s + 45 s² + 10 s³ + s⁴),  s = j 2.11392 f/f_3dB
///   Gaussian         H = exp(-ln2/2 (f/f_3dB)²)
///
/// \cite Zverev1967 (pole positions), \cite IEEE8023 (fourth-order Bessel-Thomson as the reference receiver).
/// Equivalent noise bandwidth B = ∫₀^∞ |H|² df, so that white one-sided density S₁ has variance S₁ B:
/// π/2, (π/2n) / sin(π/2n), 1.04635 and ½ sqrt(π/ln2) times f_3dB.
/// Verified in tests/devices/filters_test.cpp by numerical integration and against kT/C.
#pragma once

#include "core/conventions.hpp"

namespace photonlink {

/// f_3dB at and above which a bandwidth counts as unlimited: the `ideal` of bandwidth parameters [Hz].
inline constexpr double unlimited_bandwidth_Hz = 1e15;

/// Field or voltage responses at frequency f [Hz] of either sign; bandwidth f_3dB [Hz] > 0.
Complex single_pole(double frequency_Hz, double bandwidth_Hz);
/// @param order number of poles, >= 1
Complex butterworth(double frequency_Hz, double bandwidth_Hz, int order);
Complex bessel_thomson4(double frequency_Hz, double bandwidth_Hz);
/// Zero phase: has no causal realisation, used as the reference of measurement bandwidths.
double gaussian_low_pass(double frequency_Hz, double bandwidth_Hz);

/// Equivalent noise bandwidths [Hz] of the same responses.
double single_pole_noise_bandwidth_Hz(double bandwidth_Hz);
double butterworth_noise_bandwidth_Hz(double bandwidth_Hz, int order);
double bessel_thomson4_noise_bandwidth_Hz(double bandwidth_Hz);
double gaussian_noise_bandwidth_Hz(double bandwidth_Hz);

}  // namespace photonlink
