/// Where a bathtub crosses its target.
#pragma once

#include "solvers/result.hpp"

namespace photonlink {

/// Fills width, height and both ends from the curves and `target_ber`, linear in log₁₀ between points; NaN
/// where the target is missed in the middle or not left before the end. @param floor ratio that NaN points of
/// the curves stand for.
void add_openings(Bathtub& tub, double floor);

}  // namespace photonlink
