/// The bend of skin effect at 0 Hz, which no polynomial between points follows. Part of interpolate(),
/// s_parameters.hpp.
///
/// Metal of resistance R_dc and skin effect has the internal impedance √(R_dc² + j f ...), so S near DC holds
///   r(f) = √(f_c + jf) - √f_c,
/// a root at f_c = 0 and smooth again where f_c exceeds the step of the file. What is left of S when a r(f)
/// is taken off runs smoothly through f = 0 into its mirror image S(-f) = S(f)*.
///
/// a (real) and f_c (0 or one of eight values up to twice the step) are those for which the fourth
/// differences of S - a r over the first 16 points, mirrored at 0 Hz, have least squares. Differences of r
/// stand at the first points only, those of echoes and noise at all: a is scaled by 1 - c N, not below 0,
/// with N the mean square behind the third point over what a r explains, and c = 4, or 32 where the value at
/// 0 Hz is fitted too, which echoes can feign more easily. Nothing is found on fewer than 8 points or on
/// uneven steps. Verified in tests/lib/skin_root_test.cpp: roots, metal and echoes in closed form.
#pragma once

#include <span>

#include "core/conventions.hpp"

namespace photonlink {

struct SkinRoot {
  double amplitude = 0.0;     ///< a √step; 0: nothing was found
  double corner = 0.0;        ///< f_c / step
  double step_Hz = 1.0;       ///< of the points at DC
  Complex value_at_dc = 0.0;  ///< fitted, or that of the trace

  /// a r(f). @param frequency_Hz >= 0
  Complex at(double frequency_Hz) const;
};

/// @param frequency_Hz, s (n) a trace from 0 Hz on whose delay is taken out.
/// @param dc whether s[0] is a value of the file, or a guess that the fit may replace
enum class DcValue { measured, guessed };
SkinRoot find_skin_root(std::span<const double> frequency_Hz, std::span<const Complex> s, DcValue dc);

}  // namespace photonlink
