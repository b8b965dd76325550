#include "solvers/compressed_decision.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/special.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

double probability(const ErrorPoint& p, double sigma) {
  return gaussian_tail((p.distance - p.shift * sigma * sigma) / (p.stretch * sigma));
}

}  // namespace

TEST_CASE("compressed decision: one tap is the Gaussian tail at the inverse of the curve") {
  const Saturation curve{1.5};
  constexpr double tap = 1.3, sigma_in = 0.09;
  const std::vector<double> taps = {tap}, sample = {0.7, 0.25, -0.25, -0.7},
                            covariance(4, sigma_in * sigma_in);
  const CompressedDecision decision({.taps = taps,
                                     .curve = curve,
                                     .sample = sample,
                                     .covariance = covariance,
                                     .mean_slope = 0.9,
                                     .step = 0.6});
  for (std::size_t i = 0; i < sample.size(); ++i) {
    for (const double u : {-0.45, -0.3, -0.2, -0.05, 0.1, 0.25, 0.33}) {
      const double y = tap * curve(sample[i]), share = (y + u) / (tap * curve.level);
      const double expected = (curve.level * std::atanh(share) - sample[i]) / sigma_in;
      const ErrorPoint p = decision.at(i, u);
      const double sigma = tap * curve.slope(sample[i]) * sigma_in;
      CAPTURE(i);
      CAPTURE(u);
      // Five points over a step of 0.4 y_s leave 2e-4 of a ratio; nothing lies across one direction.
      CHECK(rel_error(p.distance / (p.stretch * sigma), expected) <= 2e-4);
      // The tangent alone is far off where it matters.
      if (i == 0 && u < -0.2) CHECK(std::abs(u / sigma / expected - 1.0) > 0.05);
      CHECK(abs_error(p.shift, 0.0) <= 1e-12);
      // The slope where the error happens, (1 - share²), over the mean one.
      CHECK(rel_error(p.tail, (1.0 - share * share) / 0.9) <= 2e-3);
    }
  }
}

TEST_CASE("compressed decision: two taps with correlated noise are the integral over both") {
  const Saturation curve{1.6};
  const std::vector<double> taps = {1.15, -0.35}, sample = {0.75, -0.4};
  constexpr double variance = 0.012, correlation = 0.45, converter = 0.02;
  const std::vector<double> covariance = {variance, correlation * variance, variance, correlation * variance};
  const CompressedDecision decision({.taps = taps,
                                     .curve = curve,
                                     .sample = sample,
                                     .covariance = covariance,
                                     .converter_variance = converter * converter,
                                     .step = 2.0 / 3.0});
  // Symbol 0: the main tap reads sample 0, the other one sample 1, the symbol before in a period of two.
  const double s0 = taps[0] * curve.slope(sample[0]), s1 = taps[1] * curve.slope(sample[1]);
  const double sigma =
      std::sqrt(variance * (s0 * s0 + s1 * s1 + 2.0 * correlation * s0 * s1) + converter * converter);
  const double y0 = taps[0] * curve(sample[0]) + taps[1] * curve(sample[1]);
  for (const double u : {-0.38, -0.3, -0.2, 0.15, 0.25}) {
    // P(y beyond y0 + u) by rectangles over both noises in independent coordinates; converter in closed form.
    constexpr double step = 0.02;
    double expected = 0.0;
    for (double a = -7.0; a < 7.0; a += step)
      for (double b = -7.0; b < 7.0; b += step) {
        const double n0 = std::sqrt(variance) * a,
                     n1 = std::sqrt(variance) *
                          (correlation * a + std::sqrt(1.0 - correlation * correlation) * b);
        const double y = taps[0] * curve(sample[0] + n0) + taps[1] * curve(sample[1] + n1) - y0;
        expected += step * step * std::exp(-0.5 * (a * a + b * b)) / (2.0 * constants::pi) *
                    gaussian_tail((u > 0.0 ? u - y : y - u) / converter);
      }
    const ErrorPoint p = decision.at(0, u);
    const double found = u > 0.0 ? probability(p, sigma) : 1.0 - probability(p, sigma);
    const double tangent = gaussian_tail(std::abs(u) / sigma);
    MESSAGE("u = ", u, ": integral ", expected, ", error point ", found, ", tangent ", tangent);
    // Second order in the curvature is what is left out: 2 % of a probability; the tangent misses it by more.
    CHECK(rel_error(found, expected) <= 0.02);
    CHECK(std::abs(std::log(tangent / expected)) > 0.1);
  }
}

TEST_CASE("compressed decision: far below saturation it is the tangent, deep in it there is none") {
  const std::vector<double> taps = {1.0, 0.2}, sample = {0.6, -0.2, 0.2}, noise(6, 0.0);
  CompressedDecision::Inputs in{.taps = taps, .curve = {1e5}, .sample = sample, .covariance = noise};
  const CompressedDecision linear(in);
  for (const double u : {-1.5, -0.4, 0.0, 0.7}) {
    const ErrorPoint p = linear.at(1, u);
    // (x / y_s)² is what the curve leaves, without noise too.
    CHECK(abs_error(p.distance, u) <= 1e-9);
    CHECK(abs_error(p.stretch, 1.0) <= 1e-9);
    CHECK(abs_error(p.tail, 1.0) <= 1e-9);
    CHECK(abs_error(p.shift, 0.0) <= 1e-9);
  }
  in.curve.level = 1e-3;
  CHECK_THROWS_WITH_AS(CompressedDecision{in}, doctest::Contains("saturated"), DomainError);
}
