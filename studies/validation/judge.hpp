/// From published and computed numbers to errors, verdicts and counts. Pure functions: nothing is evaluated.
///
/// Error of a point, c computed, p published [low end p, high end q], T > 0 its tolerance:
///   value     (c - p) / T
///   at_least  min(0, c - p) / T        at_most  max(0, c - p) / T        0 where the limit is kept
///   interval  (c - p) / T below, (c - q) / T above, 0 inside
/// Error of the quantity: the signed point error of the largest magnitude (Measure::worst), or the root mean
/// square (Measure::rms).
///
/// Band: the error never falls when c grows, so that over a point's band [low, high], c included, |error|
/// runs from its least value (0 where the sign changes) to the larger of both ends. The least and the largest
/// values of all points are combined by the same measure. Each point is taken on its own: `Verdict::band`
/// means that every point (or their root mean square) lies between values that choices of the assumed inputs
/// give, not that one choice gives all. Whether a value in between is given by any is not asked: where a
/// result jumps (the bandwidth of a response that dips), none may.
///
/// Verdict: pass when |error| <= 1, else band when the least |error| of the band is <= 1, else miss; 1e-9 is
/// added for rounding. not_computed when a point with a published value has no computed one (NaN), or no
/// point has a published value; then there is no error.
///
/// Verified in tests/studies/validation/judge_test.cpp by hand calculations.
#pragma once

#include <string_view>
#include <vector>

#include "studies/validation/case_result.hpp"

namespace photonlink {

/// Fills `error` of every point that has a published and a computed value, and error, band_low, band_high and
/// verdict of the quantity; band_low and band_high stay NaN when no point has a band.
/// @throws DomainError naming quantity and point when a tolerance is not positive and finite, or an interval
/// has no upper end or one below its lower.
void judge(QuantityResult& quantity);

struct Tallies {
  std::vector<Tally> measured;     ///< by family, in alphabetic order; last: all
  std::vector<Tally> predictions;  ///< the same families, only what nothing was fitted for
};

/// Counts quantities of Role::measurement; errors are magnitudes, over those that have one.
Tallies tally(const std::vector<CaseResult>& cases);

}  // namespace photonlink
