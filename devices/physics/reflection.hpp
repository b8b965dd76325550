/// Back reflections: what one is at a facet, and when two of them disturb a signal.
///
///   R = ((n_1 - n_2) / (n_1 + n_2))²                     normal incidence between two indices (Fresnel)
///   R_θ = R exp(-(2π n w θ / λ)²)                        power of a Gaussian mode of radius w that a facet
///                                                        tilted by θ sends back into the same mode
///   δP/P = 2 sqrt(R_1 R_2)                               peak ripple where light reflected twice beats with
///                                                        the signal (multipath interference, no loss
///                                                        between)
///
/// R: \cite SalehTeich2007, Sec. 6.2. R_θ: the reflected beam leaves at 2θ, and two Gaussian modes tilted
/// against each other by 2θ share exp(-(π n w 2θ / λ)²) of their power (\cite JoyceDeLoach1984).
///
/// No solver here propagates reflected light: stages warn instead. Two equal reflections of -30 dB ripple the
/// power by 0.2 %; at an extinction ratio of 4 dB the upper level is 1.66 OMA, so that is 2 % of the half
/// eye of PAM4, 0.09 dB. Verified in tests/devices/edge_coupler_test.cpp.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// Least return loss [dB] that goes without a warning.
inline constexpr double quiet_return_loss_dB = 30.0;

/// R between two indices.
inline double fresnel_reflectance(double first_index, double second_index) {
  const double ratio = (first_index - second_index) / (first_index + second_index);
  return ratio * ratio;
}

/// R_θ / R of a mode of radius `mode_radius_m` (1/e² of the power) in a medium of index `index`.
inline double tilted_facet_ratio(double facet_angle_rad, double mode_radius_m, double index,
                                 double wavelength_m) {
  const double x = 2.0 * constants::pi * index * mode_radius_m * facet_angle_rad / wavelength_m;
  return std::exp(-x * x);
}

/// Warns when a reflection is stronger than `quiet_return_loss_dB`.
/// @param where "facet", "port in".
inline void warn_of_reflection(const std::string& stage, const std::string& where, double return_loss_dB,
                               std::vector<Warning>& warnings) {
  if (return_loss_dB >= quiet_return_loss_dB) return;
  warnings.push_back(
      {stage, fmt::format("{}: return loss {:.1f} dB is below {:.0f} dB: reflected light is not propagated; "
                          "with another reflection like it the power ripples by {:.2g} % (multipath "
                          "interference)",
                          where, return_loss_dB, quiet_return_loss_dB,
                          200.0 * power_ratio(Gain_dB{-return_loss_dB}))});
}

}  // namespace photonlink
