/// Two orthogonal polarisations that are received together.
///
/// A share s of the power is in the first polarisation, 1 - s in the second, which loses `dependent_loss`
/// (PDL, extinction) and comes τ later. Orthogonal polarisations add as powers:
///   w = s + (1 - s) g,   g = 10^(-PDL/10)                          received share of the power
///   H(f) = (s + (1 - s) g e^{-jωτ}) / w                            response of the sum to the modulation
///   |H(f)|² = 1 - 4 a (1 - a) sin²(πfτ),   a = s / w               so the worst share is a = 1/2
///
/// A splitter with crosstalk x couples that share of the power into the wrong arm, which turns the state: the
/// Jones vector (√s, √(1-s) e^{jφ}) behind [√(1-x), j√x; j√x, √(1-x)] has in its first arm
///   s' = s (1 - x) + (1 - s) x - 2 sqrt(s (1 - s) x (1 - x)) sin φ
/// A fiber turns the state at random: s evenly between 0 and 1, φ over the circle; the mean of w is then
/// (1 + g)/2, its range from g to 1, with or without crosstalk.
///
/// Verified in tests/devices/physics/polarization_test.cpp.
#pragma once

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/conventions.hpp"
#include "core/units.hpp"

namespace photonlink {

/// w
inline double received_polarization_share(double first_share, double dependent_loss_dB) {
  return first_share + (1.0 - first_share) * power_ratio(Gain_dB{-dependent_loss_dB});
}

/// s'; the crosstalk as a loss in dB, 100 and more: none.
inline double split_share(double first_share, double crosstalk_dB, double phase_rad) {
  const double s = first_share, x = crosstalk_dB >= 100.0 ? 0.0 : power_ratio(Gain_dB{-crosstalk_dB});
  const double beat = 2.0 * std::sqrt(s * (1.0 - s) * x * (1.0 - x)) * std::sin(phase_rad);
  return std::clamp(s * (1.0 - x) + (1.0 - s) * x - beat, 0.0, 1.0);
}

/// H; `a` = s / w.
inline Complex skewed_polarizations(double a, double skew_s, double frequency_Hz) {
  return a + (1.0 - a) * std::polar(1.0, -2.0 * constants::pi * frequency_Hz * skew_s);
}

/// What the skew takes from the photocurrent's modulation at a frequency, in optical dB: -10 log₁₀ |H|;
/// infinite where equal halves cancel.
inline double skew_penalty_dB(double a, double skew_s, double frequency_Hz) {
  return -power_gain_dB(std::abs(skewed_polarizations(a, skew_s, frequency_Hz))).value;
}

}  // namespace photonlink
