/// Options of the receiver in whole links: the semi-analytic solver against counted errors.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "links.hpp"
#include "monte_carlo_links.hpp"
#include "solvers/ber.hpp"
#include "solvers/mlse_analysis.hpp"
#include "solvers/monte_carlo.hpp"

using namespace photonlink;

namespace {

LinkSpec board(std::vector<std::pair<std::string, ParameterValue>> changes) {
  LinkSpec spec = test::example_link("copper_pam4");
  test::change(spec, "receiver", "ctle_gain", std::vector<double>{-8.0, -4.0});
  test::change(spec, "receiver", "ctle_low_gain", std::vector<double>{-2.0});
  for (auto& [key, value] : changes) test::change(spec, "receiver", key, value);
  return spec;
}

/// Counted errors within 5 sigma of the semi-analytic ratio; 0.1 dB more noise is noticed.
void compare(const LinkSpec& spec, double ber) {
  Context context(2);
  PatternSolution solution = solve_pattern(build_link(spec), context);
  const double scale = noise_scale_for_ber(solution, ber), expected = scaled_ber(solution, scale);
  const MonteCarloResult same =
      run_monte_carlo(solution, {.seed = 40, .target_errors = 1e4, .noise_scale = scale}, context);
  const MonteCarloResult more = run_monte_carlo(
      solution, {.seed = 41, .target_errors = 1e4, .noise_scale = scale * std::pow(10.0, 0.1 / 20.0)},
      context);
  MESSAGE("noise x ", scale, ", semi-analytic ", expected, ", counted ", same.total.ber, " +- ",
          same.total.sigma, ", with 0.1 dB more noise ", more.total.ber);
  CHECK(same.total.errors >= 1e4);
  CHECK(same.total.sigma < 0.03 * expected);
  CHECK(std::abs(same.total.ber - expected) <= 5.0 * same.total.sigma);
  CHECK(std::abs(more.total.ber - same.total.ber) > 2.5 * (more.total.sigma + same.total.sigma));
}

}  // namespace

TEST_CASE("receiver: sequence detection needs a target it can hold") {
  CHECK_THROWS_WITH_AS(build_link(board({{"detector", std::string("mlse")}, {"dfe_taps", 0}})),
                       doctest::Contains("dfe_taps = 0"), ConfigError);
  Context context(1);
  CHECK_THROWS_WITH_AS(solve_pattern(build_link(board({{"detector", std::string("mlse")}})), context),
                       doctest::Contains("1 ... 4 on 4 levels"), ConfigError);
}

TEST_CASE("receiver: an unstable clock recovery loop is refused") {
  Context context(1);
  CHECK_THROWS_WITH_AS(solve_pattern(build_link(board({{"clock", std::string("mueller_muller")},
                                                       {"clock_proportional", 0.05},
                                                       {"clock_latency", 1000}})),
                                     context),
                       doctest::Contains("unstable"), ConfigError);
}

TEST_CASE("receiver: sequence detection of one echo in white noise has the closed sum") {
  constexpr double rate_Bd = 25e9, alpha = 0.6;
  for (const int levels : {2, 4}) {
    // rms noise of a sample with the outer level of 0.5 V as 1.
    const double sigma = levels == 2 ? 0.19 : 0.065;
    SerdesReceiverParameters receiver{.dfe_taps = 1, .detector = "mlse"};
    receiver.noise_V2_per_Hz = 2.0 * 0.25 * sigma * sigma / (16.0 * rate_Bd);
    const auto link = test::copper_link(
        levels, rate_Bd, {.swing_Vpp = 1.0},
        {std::make_shared<test::SymbolSpacedEcho>(std::vector<double>{1.0, alpha}, rate_Bd)}, receiver);
    Context context(1);
    PatternSolution solution = solve_pattern(link, context);
    const double expected = alternating_mlse_ser(levels, alpha, sigma) / (levels == 4 ? 2.0 : 1.0);
    CAPTURE(levels);
    CHECK(expected < 1e-8);
    // Overlapping events, which the sum counts twice, are below 1 % here; band-limited symbols meet the echo
    // to 1e-3.
    CHECK(std::abs(std::log10(solution.ber[0] / expected)) <= 0.02);
    // A decision by itself with right feedback sees the first cursor alone.
    CHECK(solution.ber[0] < 0.2 * (levels == 2 ? nrz_ber(1.0 / sigma) : pam4_ber(1.0 / sigma)));
  }
}

TEST_SUITE("slow") {
  TEST_CASE("receiver: sequence detection of the PAM4 board is counted") {
    compare(board({{"detector", std::string("mlse")}, {"dfe_taps", 1}, {"ffe_pre", 3}, {"ffe_post", 16}}),
            1e-3);
  }

  TEST_CASE("receiver: the error ratio at the lock point of clock recovery is counted") {
    for (const std::string clock : {"mueller_muller", "bang_bang"}) {
      const double step = clock == "bang_bang" ? 2e-4 : 1e-3;
      LinkSpec spec = board(
          {{"clock", clock}, {"clock_proportional", step}, {"ffe_pre", 3}, {"ffe_post", 8}, {"dfe_taps", 1}});
      // Far from the best phase the jitter of the transmitter, linearised, is what differs: without it here.
      test::change(spec, "transmitter", "random_jitter", 0.0);
      test::change(spec, "transmitter", "deterministic_jitter", 0.0);
      compare(spec, 1e-3);
      Context context(2);
      const PatternSolution locked = solve_pattern(build_link(spec), context);
      test::change(spec, "receiver", "clock", std::string("optimised"));
      const PatternSolution best = solve_pattern(build_link(spec), context);
      const auto &a = locked.lane[0]->inputs(), &b = best.lane[0]->inputs();
      MESSAGE(clock, ": offset ", a.offset - b.offset, " samples from the best, jitter ",
              a.sampling_jitter_UI, " UI, BER ", locked.ber[0], " against ", best.ber[0]);
      CHECK(a.sampling_jitter_UI > b.sampling_jitter_UI);
      CHECK(locked.ber[0] >= best.ber[0]);
      CHECK(a.equalizer.mean_square_error >= b.equalizer.mean_square_error);
    }
  }
}
