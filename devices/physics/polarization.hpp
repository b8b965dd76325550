/// Two orthogonal polarisations that are received together.
///
/// A share s of the power is in the first polarisation, 1 - s in the second, which loses `dependent_loss`
/// (PDL, extinction) and comes τ later. Orthogonal polarisations add as powers:
///   w = s + (1 - s) g,   g = 10^(-PDL/10)                          received share of the power
///   H(f) = (s + (1 - s) g e^{-jωτ}) / w                            response of the sum to the modulation
///   |H(f)|² = 1 - 4 a (1 - a) sin²(πfτ),   a = s / w               so the worst share is a = 1/2
///
/// Verified in tests/devices/physics/polarization_test.cpp.
#pragma once

#include <cmath>

#include "core/constants.hpp"
#include "core/conventions.hpp"
#include "core/units.hpp"

namespace photonlink {

/// w
inline double received_polarization_share(double first_share, double dependent_loss_dB) {
  return first_share + (1.0 - first_share) * power_ratio(Gain_dB{-dependent_loss_dB});
}

/// H; `a` = s / w.
inline Complex skewed_polarizations(double a, double skew_s, double frequency_Hz) {
  return a + (1.0 - a) * std::polar(1.0, -2.0 * constants::pi * frequency_Hz * skew_s);
}

}  // namespace photonlink
