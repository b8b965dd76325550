#include "solvers/detection/error_events.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/random.hpp"
#include "signal/pattern.hpp"
#include "solvers/detection/dfe_error_propagation.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

struct Symbols {
  std::vector<int> index;
  std::vector<double> sample, amplitude, threshold;
};

/// Random symbols, samples without interference.
Symbols random_symbols(int levels) {
  Symbols s{
      .index = std::vector<int>(4096), .sample = {}, .amplitude = level_amplitudes(levels), .threshold = {}};
  RandomStream(7, source_number("symbols")).integers(0, levels, s.index);
  for (const int each : s.index) s.sample.push_back(s.amplitude[static_cast<std::size_t>(each)]);
  for (std::size_t k = 0; k + 1 < s.amplitude.size(); ++k)
    s.threshold.push_back(0.5 * (s.amplitude[k] + s.amplitude[k + 1]));
  return s;
}

ErrorEvents events_of(const Symbols& s, const std::vector<double>& tap,
                      const std::vector<double>& covariance) {
  return draw_error_events({.sample = s.sample,
                            .index = s.index,
                            .amplitude = s.amplitude,
                            .threshold = s.threshold,
                            .tap = tap,
                            .covariance = covariance});
}

}  // namespace

TEST_CASE("error events: in white noise the Markov chain's figures come back") {
  // Oracle: the exact chain, at ratios from 1e-2 to 1e-20.
  const std::vector<std::vector<double>> taps = {{0.8}, {0.5, 0.3, -0.2}, {-0.6, 0.2}};
  for (const int levels : {2, 4}) {
    const Symbols s = random_symbols(levels);
    for (const auto& tap : taps)
      for (const double distance : {2.3, 5.0, 9.0}) {  // of a threshold, in sigmas
        const double sigma = 1.0 / (levels - 1) / distance;
        const DfeErrors exact = solve_dfe_errors({.levels = levels, .tap = tap, .sigma = sigma});
        const ErrorEvents drawn = events_of(s, tap, {sigma * sigma, 0.0, 0.0, 0.0});
        CAPTURE(levels);
        CAPTURE(distance);
        CAPTURE(drawn.sigma);
        // 4096 random symbols hold each level as often as a binomial count: 5 sigma of 4 %.
        CHECK(rel_error(drawn.event_ratio, exact.event_ratio) <= 0.2);
        // Five standard errors, and as much again for the symbols' own frequencies.
        CHECK(std::abs(drawn.bit_multiplication - exact.bit_error_ratio / exact.event_bit_ratio) <=
              5.0 * drawn.sigma + 0.01 * drawn.bit_multiplication);
        CHECK(std::abs(drawn.symbol_multiplication - exact.multiplication) <=
              5.0 * drawn.sigma + 0.01 * drawn.symbol_multiplication);
        CHECK(std::abs(drawn.precoded_bit_multiplication -
                       exact.precoded_bit_error_ratio / exact.event_bit_ratio) <= 10.0 * drawn.sigma + 0.03);
        for (std::size_t k = 0; k < 4; ++k) {
          // Five sigma of a binomial count of 2^14 events, and the symbols' frequencies.
          const double p = exact.event_errors[k], q = exact.precoded_event_errors[k];
          CHECK(std::abs(drawn.event_errors[k] - p) <= 5.0 * std::sqrt(p / 16384.0) + 0.02 * p + 1e-4);
          CHECK(std::abs(drawn.precoded_event_errors[k] - q) <=
                5.0 * std::sqrt(q / 16384.0) + 0.02 * q + 1e-4);
        }
      }
  }
}

TEST_CASE("error events: lingering noise opposes feedback of its own sign") {
  // One NRZ tap b behind a first error at the threshold, noise correlated by ρ: the next sample's mean moves
  // by -2 b + ρ n_0, and n_0 is 1 at least. With ρ = 0.9 and b = 0.45 the two nearly cancel.
  const Symbols s = random_symbols(2);
  const double variance = 0.04;
  const std::vector<double> tap = {0.45};
  const double white = events_of(s, tap, {variance, 0.0}).symbol_multiplication;
  const double coloured = events_of(s, tap, {variance, 0.9 * variance}).symbol_multiplication;
  const double against = events_of(s, tap, {variance, -0.9 * variance}).symbol_multiplication;
  CHECK(white > 1.15);
  CHECK(coloured < 1.0 + 0.5 * (white - 1.0));
  CHECK(against > white);
}

TEST_CASE("error events: what cannot be meant is refused") {
  const Symbols s = random_symbols(2);
  CHECK_THROWS_WITH_AS(events_of(s, {}, {0.01}), doctest::Contains("no feedback tap"), DomainError);
  CHECK_THROWS_WITH_AS(events_of(s, {0.5}, {0.0}), doctest::Contains("no variance"), DomainError);
  CHECK_THROWS_WITH_AS(events_of(s, {0.5}, {1e-8}), doctest::Contains("no decision is ever wrong"),
                       DomainError);
}
