#include "studies/validation/judge.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "quantities.hpp"
#include "support.hpp"

using namespace photonlink;
using namespace photonlink::test;

namespace {

constexpr double missing_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double rounding = 1e-12;  // a subtraction, a division and a square root

QuantityResult after(QuantityResult result) {
  judge(result);
  return result;
}

/// Error of one point.
double error_at(Bound bound, double published, double computed, double tolerance) {
  return after(quantity({point(published, computed, tolerance)}, bound)).error;
}

}  // namespace

TEST_CASE("judge: an error is signed and in tolerances, and 0 where a limit is kept") {
  CHECK(abs_error(error_at(Bound::value, 50.0, 47.0, 2.0), -1.5) <= rounding);
  CHECK(abs_error(error_at(Bound::value, 50.0, 51.0, 2.0), 0.5) <= rounding);
  CHECK(abs_error(error_at(Bound::at_least, 50.0, 47.0, 2.0), -1.5) <= rounding);
  CHECK(error_at(Bound::at_least, 50.0, 80.0, 2.0) == 0.0);
  CHECK(abs_error(error_at(Bound::at_most, 50.0, 53.0, 2.0), 1.5) <= rounding);
  CHECK(error_at(Bound::at_most, 50.0, 20.0, 2.0) == 0.0);
  PointResult between = point(50.0, 55.0, 2.0);
  between.published_high = 60.0;
  CHECK(after(quantity({between}, Bound::interval)).error == 0.0);
  between.computed = 61.0;
  CHECK(abs_error(after(quantity({between}, Bound::interval)).error, 0.5) <= rounding);
  between.computed = 47.0;
  CHECK(abs_error(after(quantity({between}, Bound::interval)).error, -1.5) <= rounding);
}

TEST_CASE("judge: an infinite value keeps a limit on its side and misses everything else") {
  CHECK(after(quantity({point(50.0, infinity, 2.0)}, Bound::at_least)).verdict == Verdict::pass);
  CHECK(after(quantity({point(50.0, -infinity, 2.0)}, Bound::at_most)).verdict == Verdict::pass);
  CHECK(after(quantity({point(50.0, -infinity, 2.0)}, Bound::at_least)).verdict == Verdict::miss);
  CHECK(after(quantity({point(50.0, infinity, 2.0)})).verdict == Verdict::miss);
  CHECK(after(quantity({point(50.0, infinity, 2.0)})).error == infinity);
}

// Errors of the points by hand: 0.5, -2, 1.
TEST_CASE("judge: the worst error keeps its sign, the root mean square has none") {
  const std::vector<PointResult> points{point(10.0, 10.5, 1.0), point(20.0, 16.0, 2.0),
                                        point(30.0, 31.0, 1.0)};
  const QuantityResult worst = after(quantity(points));
  CHECK(abs_error(worst.error, -2.0) <= rounding);
  CHECK(worst.verdict == Verdict::miss);
  CHECK(abs_error(worst.points[0].error, 0.5) <= rounding);
  CHECK(std::isnan(worst.band_low));
  const QuantityResult rms = after(quantity(points, Bound::value, Measure::rms));
  CHECK(abs_error(rms.error, std::sqrt((0.25 + 4.0 + 1.0) / 3.0)) <= rounding);
}

TEST_CASE("judge: pass up to the tolerance itself, whatever its rounding") {
  // 1.3 - 1.2 is more than 0.1 in doubles.
  CHECK(1.3 - 1.2 > 0.1);
  CHECK(after(quantity({point(1.2, 1.3, 0.1)})).verdict == Verdict::pass);
  CHECK(after(quantity({point(1.2, 1.30001, 0.1)})).verdict == Verdict::miss);
}

// Point 1: errors from -3 to -0.5, as written -2. Point 2: from -1 to 2, as written 0.5.
TEST_CASE("judge: a band is taken at each point on its own and combined by the measure") {
  const std::vector<PointResult> points{point(10.0, 8.0, 1.0, 7.0, 9.5), point(20.0, 21.0, 2.0, 18.0, 24.0)};
  const QuantityResult worst = after(quantity(points));
  CHECK(abs_error(worst.error, -2.0) <= rounding);
  CHECK(abs_error(worst.band_low, 0.5) <= rounding);
  CHECK(abs_error(worst.band_high, 3.0) <= rounding);
  CHECK(worst.verdict == Verdict::band);
  const QuantityResult rms = after(quantity(points, Bound::value, Measure::rms));
  CHECK(abs_error(rms.band_low, std::sqrt(0.25 / 2.0)) <= rounding);
  CHECK(abs_error(rms.band_high, std::sqrt((9.0 + 4.0) / 2.0)) <= rounding);
  // One point that no choice of inputs reaches makes the whole a miss.
  QuantityResult unreachable = quantity(points);
  unreachable.points[0].high = 8.5;
  CHECK(after(unreachable).verdict == Verdict::miss);
  CHECK(abs_error(after(unreachable).band_low, 1.5) <= rounding);
}

TEST_CASE("judge: the computed value belongs to its band, points without one stand as they are") {
  const QuantityResult outside = after(quantity({point(10.0, 10.2, 1.0, 12.0, 13.0)}));
  CHECK(abs_error(outside.band_low, 0.2) <= rounding);
  CHECK(abs_error(after(quantity({point(10.0, 9.8, 1.0, 7.0, 8.0)})).band_low, 0.2) <= rounding);
  const QuantityResult mixed = after(quantity({point(10.0, 12.0, 1.0, 10.5, 13.0), point(20.0, 23.0, 2.0)}));
  CHECK(abs_error(mixed.band_low, 1.5) <= rounding);
  CHECK(mixed.verdict == Verdict::miss);
  // A limit is kept anywhere above.
  const QuantityResult limit = after(quantity({point(10.0, 8.0, 1.0, 7.0, infinity)}, Bound::at_least));
  CHECK(limit.verdict == Verdict::band);
  CHECK(limit.band_low == 0.0);
  CHECK(abs_error(limit.band_high, 3.0) <= rounding);
}

TEST_CASE("judge: a published point without a computed value leaves the quantity not computed") {
  const QuantityResult missing =
      after(quantity({point(10.0, 10.5, 1.0, 9.0, 11.0), point(20.0, missing_value, 2.0)}));
  CHECK(missing.verdict == Verdict::uncomputed);
  CHECK(std::isnan(missing.error));
  CHECK(std::isnan(missing.band_low));
  CHECK(abs_error(missing.points[0].error, 0.5) <= rounding);
  // A point of the model alone asks for nothing, not even a tolerance.
  CHECK(after(quantity({point(10.0, 10.5, 1.0), point(missing_value, 3.0, 0.0)})).verdict == Verdict::pass);
  CHECK(after(quantity({point(missing_value, 3.0, 1.0)})).verdict == Verdict::uncomputed);
  CHECK(after(quantity({})).verdict == Verdict::uncomputed);
  for (const Bound bound : {Bound::value, Bound::at_least, Bound::at_most})
    CHECK(after(quantity({point(10.0, missing_value, 1.0)}, bound)).verdict == Verdict::uncomputed);
}

TEST_CASE("judge: a point without a tolerance, and an interval without an upper end, are errors") {
  for (const double tolerance : {0.0, -1.0, missing_value, infinity}) {
    CAPTURE(tolerance);
    CHECK_THROWS_WITH_AS(after(quantity({point(10.0, 10.0, tolerance)})),
                         doctest::Contains("GHz at published 10 GHz is not positive"), DomainError);
  }
  PointResult open = point(10.0, 20.0, 1.0);
  CHECK_THROWS_WITH_AS(after(quantity({open}, Bound::interval)),
                       doctest::Contains("'f3dB': interval from 10 to nan"), DomainError);
  open.published_high = 9.0;
  CHECK_THROWS_AS(after(quantity({open}, Bound::interval)), DomainError);
}

namespace {

CaseResult small_case(const std::string& name, const std::string& family,
                      std::vector<QuantityResult> quantities) {
  CaseResult result;
  result.name = name;
  result.family = family;
  result.quantities = std::move(quantities);
  return result;
}

}  // namespace

TEST_CASE("tally: counts measurements by family, and predictions beside") {
  QuantityResult fitted = judged("eo", Verdict::miss, -4.0);
  fitted.prediction = false;
  const std::vector<CaseResult> cases{
      small_case("pd_01", "photodiode",
                 {judged("a", Verdict::pass, 0.25), judged("b", Verdict::band, -1.5),
                  judged("c", Verdict::uncomputed, missing_value), judged("d", Verdict::pass, 0.75)}),
      small_case("mrm_02", "microring", {fitted, judged("q", Verdict::pass, 0.5)}),
      small_case(
          "mrm_03", "microring",
          {judged("x", Verdict::miss, 9.0, Role::identity), judged("y", Verdict::miss, 9.0, Role::fit)}),
      small_case("fib_01", "fiber", {judged("x", Verdict::miss, 9.0, Role::alternative)})};
  const auto [measured, predictions] = tally(cases);
  REQUIRE(measured.size() == 4);
  CHECK(measured[0].family == "fiber");
  CHECK(measured[0].quantities == 0);
  CHECK(std::isnan(measured[0].median_error));
  CHECK(measured[0].worst.empty());
  const Tally& microring = measured[1];
  CHECK(microring.quantities == 2);
  CHECK(microring.miss == 1);
  CHECK(microring.median_error == 2.25);
  CHECK(microring.worst_error == 4.0);
  CHECK(microring.worst == "mrm_02/eo");
  const Tally& photodiode = measured[2];
  CHECK(photodiode.family == "photodiode");
  CHECK(photodiode.quantities == 4);
  CHECK(photodiode.pass == 2);
  CHECK(photodiode.band == 1);
  CHECK(photodiode.not_computed == 1);
  CHECK(photodiode.median_error == 0.75);
  CHECK(photodiode.worst == "pd_01/b");
  const Tally& all = measured[3];
  CHECK(all.family == "all");
  CHECK(all.quantities == 6);
  CHECK(all.pass + all.band + all.miss + all.not_computed == 6);
  CHECK(all.median_error == 0.75);
  CHECK(all.worst == "mrm_02/eo");
  REQUIRE(predictions.size() == 4);
  CHECK(predictions[1].quantities == 1);
  CHECK(predictions[1].worst == "mrm_02/q");
  CHECK(predictions[3].quantities == 5);
  CHECK(predictions[3].median_error == 0.625);
}

TEST_CASE("judge: roles and verdicts are called as in the file") {
  CHECK(role_name(Role::measurement) == "measurement");
  CHECK(role_name(Role::alternative) == "alternative");
  CHECK(role_name(Role::fit) == "fit");
  CHECK(role_name(Role::identity) == "identity");
  CHECK(role_name(Role::arithmetic) == "arithmetic");
  CHECK(role_name(Role::code) == "code");
  CHECK(verdict_name(Verdict::pass) == "pass");
  CHECK(verdict_name(Verdict::band) == "band");
  CHECK(verdict_name(Verdict::miss) == "miss");
  CHECK(verdict_name(Verdict::uncomputed) == "not_computed");
}
