#include "solvers/statistical_lane.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "links.hpp"
#include "monte_carlo_links.hpp"
#include "solvers/monte_carlo.hpp"
#include "support.hpp"

using namespace photonlink;

namespace {

constexpr double rate_Bd = 25e9;

double decades(double a, double b) {
  return std::abs(std::log10(a / b));
}

/// Short echoes behind a receiver of 13 GHz, white noise of `sigma` of the main cursor.
std::shared_ptr<Link> echo_link(int levels, double sigma, SerdesTransmitterParameters transmitter,
                                SerdesReceiverParameters receiver = {}) {
  receiver.bandwidth_Hz = 16e9;
  receiver.noise_V2_per_Hz = 2.0 * 0.25 * sigma * sigma / (16.0 * rate_Bd);
  transmitter.swing_Vpp = 1.0;
  transmitter.rise_time_s = 12e-12;
  const double g = levels == 2 ? 1.0 : 0.25;
  return test::copper_link(levels, rate_Bd, transmitter,
                           {std::make_shared<test::SymbolSpacedEcho>(
                               std::vector<double>{0.05 * g, 1.0, -0.11 * g, 0.07 * g}, rate_Bd)},
                           receiver);
}

struct Solved {
  Context context{2};
  PatternSolution solution;
  explicit Solved(const std::shared_ptr<const Link>& link) : solution(solve_pattern(link, context)) {}
  LaneModel& lane() { return *solution.lane[0]; }
};

struct JitterCase {
  std::string name;
  SerdesTransmitterParameters transmitter;
};
std::vector<JitterCase> jitter_cases() {
  return {{"none", {}},
          {"random", {.random_jitter_UI = 0.02}},
          {"deterministic", {.deterministic_jitter_UI = 0.1}},
          {"bounded", {.bounded_jitter_UI = 0.08}},
          {"sinusoidal", {.sinusoidal_jitter_UI = 0.12}},
          {"duty cycle", {.duty_cycle_distortion_UI = 0.06}},
          {"even-odd", {.even_odd_jitter_UI = 0.08}}};
}

/// Statistical against pattern solver, at the sampling instant and beside it.
void compare_solvers(int levels, double sigma) {
  int checked = 0;
  for (const JitterCase& each : jitter_cases()) {
    Solved solved(echo_link(levels, sigma, each.transmitter));
    const StatisticalEye eye = statistical_eye(solved.lane());
    for (const double delta : {0.0, 0.09}) {
      const double pattern = solved.lane().bit_error_ratio(delta, solved.lane().thresholds());
      const double statistical = eye.bit_error_ratio(delta, solved.lane().thresholds());
      CAPTURE(each.name);
      CAPTURE(levels);
      CAPTURE(delta);
      CAPTURE(pattern);
      CAPTURE(statistical);
      CHECK(pattern > 1e-18);
      // Lattice and tables of the pattern solver; noise between its quarter intervals; window of the jitter.
      CHECK(decades(pattern, statistical) <= 0.05);
      ++checked;
    }
  }
  CHECK(checked == 14);
}

}  // namespace

TEST_CASE("statistical lane: with every kind of jitter the error ratio is that of the pattern solver, NRZ") {
  compare_solvers(2, 0.36);
}

TEST_CASE("statistical lane: each kind of jitter costs, most of all at the edge of the eye") {
  Solved plain(echo_link(2, 0.36, {}));
  const double clean = statistical_eye(plain.lane()).bit_error_ratio(0.2, plain.lane().thresholds());
  for (const JitterCase& each : jitter_cases()) {
    if (each.name == "none") continue;
    Solved solved(echo_link(2, 0.36, each.transmitter));
    CAPTURE(each.name);
    CHECK(statistical_eye(solved.lane()).bit_error_ratio(0.2, solved.lane().thresholds()) > 1.05 * clean);
  }
}

TEST_SUITE("slow") {
  TEST_CASE(
      "statistical lane: with every kind of jitter the error ratio is that of the pattern solver, PAM4") {
    compare_solvers(4, 0.11);
  }

  TEST_CASE("statistical lane: with every kind of jitter Monte Carlo counts the errors it predicts") {
    std::vector<std::pair<int, JitterCase>> cases;
    for (const JitterCase& each : jitter_cases()) cases.emplace_back(2, each);
    cases.push_back({4,
                     {"all",
                      {.dac_bits = 6.0,
                       .random_jitter_UI = 0.01,
                       .deterministic_jitter_UI = 0.03,
                       .bounded_jitter_UI = 0.04,
                       .sinusoidal_jitter_UI = 0.05,
                       .duty_cycle_distortion_UI = 0.02,
                       .even_odd_jitter_UI = 0.03}}});
    for (auto& [levels, each] : cases) {
      // About 3e-3 with its own noise.
      each.transmitter.sinusoidal_frequency_Hz = 25e6;
      Solved solved(echo_link(levels, levels == 2 ? 1.1 : 0.31, each.transmitter));
      const StatisticalEye eye = statistical_eye(solved.lane());
      const double expected = eye.bit_error_ratio(0.0, solved.lane().thresholds());
      const auto count = [&, run = &solved](double noise_scale, std::uint64_t seed) {
        return run_monte_carlo(run->solution,
                               {.seed = seed, .target_errors = 1e4, .noise_scale = noise_scale}, run->context)
            .total;
      };
      const ErrorCount same = count(1.0, 11), more = count(std::pow(10.0, 0.15 / 20.0), 12);
      INFO(each.name, ", ", levels, " levels: predicted ", expected, ", counted ", same.ber, " +- ",
           same.sigma, ", with 0.15 dB more noise ", more.ber, " +- ", more.sigma);
      CHECK(same.errors >= 1e4);
      CHECK(std::abs(same.ber - expected) <= 5.0 * same.sigma);
      // The comparison notices 0.15 dB.
      CHECK(std::abs(more.ber - expected) > 5.0 * more.sigma);
    }
  }

  TEST_CASE("statistical lane: the copper links of the example have the error ratio of the pattern solver") {
    for (const char* name : {"copper_nrz", "copper_pam4"}) {
      Solved solved(build_link(test::example_link(name)));
      const StatisticalEye eye = statistical_eye(solved.lane());
      const double pattern = solved.lane().bit_error_ratio(0.0, solved.lane().thresholds()),
                   statistical = eye.bit_error_ratio(0.0, solved.lane().thresholds());
      CAPTURE(name);
      CAPTURE(pattern);
      CAPTURE(statistical);
      // Lattices, tables; sampling jitter averaged over the pattern.
      CHECK(decades(pattern, statistical) <= 0.1);
    }
  }
}
