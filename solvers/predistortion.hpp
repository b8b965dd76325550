/// PAM4 drive levels for which the settled levels of light behind a modulator are even.
///
///   T(d_i u) = T(-u) + (T(u) - T(-u)) i/3,   i = 0 … 3,   d_0 = -1, d_3 = 1
/// T static transmission of the lane's own carrier (static_levels.hpp), u half the swing in front of the
/// modulator that a long run of the outermost symbols reaches: half of full_scale_Vpp times the sum of the
/// transmitter's FFE taps. The outer levels, and with them the outer OMA, stay; R_LM of the settled light
/// becomes 1.
///
/// Validity: long runs; a modulator with memory still bends its levels from symbol to symbol. Lane 0 speaks
/// for all. The path from transmitter to modulator does not invert. Verified in
/// tests/solvers/predistortion_test.cpp: the Lorentzian of a ring solved for its levels, the sine of a
/// Mach-Zehnder.
#pragma once

#include <vector>

#include "solvers/link.hpp"

namespace photonlink {

/// d_0 … d_3, ascending. @throws ConfigError when the link is not PAM4, has no modulator, its transmitter has
/// drive_levels already, or T does not rise or fall all the way over the swing.
std::vector<double> even_light_levels(const Link& link);

}  // namespace photonlink
