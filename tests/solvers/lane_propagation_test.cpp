#include "solvers/lane_propagation.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "monte_carlo_links.hpp"
#include "solvers/monte_carlo.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

/// Error ratio of the lane with decisions fed back, at a noise scale.
double propagated(PatternSolution& solution, double scale) {
  return scaled_ber(solution, scale) * error_events(*solution.lane[0], {.noise = scale}).bit_multiplication;
}

/// Counted with decisions fed back; the ratio with right feedback is no match.
void compare(const LinkSpec& spec, double ber) {
  Context context(2);
  PatternSolution solution = solve_pattern(build_link(spec), context);
  const double scale = noise_scale_for_ber(solution, ber), expected = propagated(solution, scale);
  const MonteCarloResult counted = run_monte_carlo(
      solution,
      {.seed = 60, .target_errors = 4e4, .feedback = FeedbackSymbols::decided, .noise_scale = scale},
      context);
  MESSAGE("noise x ", scale, ", right feedback ", ber, ", fed back ", expected, ", counted ",
          counted.total.ber, " +- ", counted.total.sigma, ", burst ", counted.total.burst);
  CHECK(counted.total.errors >= 1e4);
  CHECK(counted.total.sigma < 0.03 * expected);
  // The events' own standard error is below 1 %.
  CHECK(std::abs(counted.total.ber - expected) <= 5.0 * counted.total.sigma + 0.01 * expected);
  CHECK(std::abs(counted.total.ber - ber) > 5.0 * counted.total.sigma);
}

}  // namespace

TEST_CASE("decisions fed back: events of a lane follow its own error ratio") {
  Context context(1);
  for (const char* name : {"copper_nrz", "copper_pam4"}) {
    PatternSolution solution = solve_pattern(build_link(test::example_link(name)), context);
    for (const double ber : {1e-4, 1e-12}) {
      const double scale = noise_scale_for_ber(solution, ber);
      const ErrorEvents events = error_events(*solution.lane[0], {.noise = scale});
      const double first_bits = name == std::string("copper_nrz") ? 1.0 : 2.0;  // bits of a symbol
      CAPTURE(name);
      CAPTURE(events.event_ratio);
      // One mean variance for all symbols and one sequence of what lies outside the pattern's memory: three
      // quarters of a decade at 1e-12. Only quotients of the events are used.
      CHECK(std::abs(std::log10(events.event_ratio / first_bits / ber)) <= 0.75);
      CHECK(events.symbol_multiplication >= 1.0);
      CHECK(events.bit_multiplication < 3.0);
      CHECK(events.sigma < 0.02);
    }
  }
}

TEST_SUITE("slow") {
  TEST_CASE("decisions fed back: the growth of the error ratio is counted, NRZ") {
    compare(test::example_link("copper_nrz"), 2e-3);
  }
  TEST_CASE("decisions fed back: the growth of the error ratio is counted, PAM4") {
    compare(test::example_link("copper_pam4"), 1e-3);
  }
}
