#include "solvers/clock_recovery.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "signal/pattern.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr int samples = 32;

double analytic_pulse(double t) {
  return std::exp(-std::pow(t / 0.6, 2)) + 0.25 * std::exp(-std::pow((t - 1.0) / 0.8, 2));
}

std::vector<double> pulse_of(double (*shape)(double)) {
  constexpr int symbols = 64;
  std::vector<double> pulse(samples * symbols);
  for (int u = 0; u < samples * symbols; ++u)
    pulse[static_cast<std::size_t>(u)] = shape(static_cast<double>(u) / samples - 20.0);
  return pulse;
}
constexpr long main_sample = 20L * samples;

std::vector<int> random_levels(int levels, long size, std::uint64_t seed) {
  std::vector<int> level(static_cast<std::size_t>(size));
  RandomStream(seed, source_number("levels")).integers(0, levels, level);
  return level;
}

struct Moments {
  double mean = 0.0, mean_error = 0.0, variance = 0.0, variance_error = 0.0;
};
/// Mean and variance around `centre` with standard errors from blocks.
Moments moments(std::span<const double> values, double centre, std::size_t block) {
  std::vector<double> means, squares;
  for (std::size_t at = 0; at + block <= values.size(); at += block) {
    double mean = 0.0, square = 0.0;
    for (const double v : values.subspan(at, block)) {
      mean += (v - centre) / static_cast<double>(block);
      square += (v - centre) * (v - centre) / static_cast<double>(block);
    }
    means.push_back(mean);
    squares.push_back(square);
  }
  const auto summary = [](const std::vector<double>& x, double& mean, double& error) {
    const double n = static_cast<double>(x.size());
    mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
    double square = 0.0;
    for (const double v : x) square += (v - mean) * (v - mean);
    error = std::sqrt(square / (n * (n - 1.0)));
  };
  Moments result;
  summary(means, result.mean, result.mean_error);
  summary(squares, result.variance, result.variance_error);
  return result;
}

struct Case {
  PhaseDetector detector;
  int levels;
  double sigma, feedback_limit;
};
const std::vector<Case> cases = {{PhaseDetector::mueller_muller, 2, 0.05, 0.0},
                                 {PhaseDetector::mueller_muller, 4, 0.02, 0.05},
                                 {PhaseDetector::bang_bang, 2, 0.15, 0.0},
                                 {PhaseDetector::bang_bang, 4, 0.1, 0.0}};

ClockInput input_of(const Case& c, const std::vector<double>& pulse, const std::vector<double>& covariance) {
  return {.pulse = pulse,
          .samples_per_symbol = samples,
          .main_sample = main_sample,
          .levels = c.levels,
          .covariance = covariance,
          .feedback_limit = c.feedback_limit};
}

}  // namespace

TEST_CASE("clock recovery: Mueller-Mueller locks where the neighbours of the main cursor are equal") {
  const auto pulse = pulse_of(analytic_pulse);
  const ClockInput input{.pulse = pulse, .samples_per_symbol = samples, .main_sample = main_sample};
  const LockPoint lock = find_lock_point(PhaseDetector::mueller_muller, input);
  // Oracle: bisection on the formula of the pulse; the interpolation of 32 samples per symbol errs by 1e-5.
  double low = -0.5, high = 0.8;
  while (high - low > 1e-12) {
    const double middle = 0.5 * (low + high);
    (analytic_pulse(middle + 1.0) > analytic_pulse(middle - 1.0) ? low : high) = middle;
  }
  CHECK(abs_error(lock.phase_UI, low) <= 1e-4);
  const double slope = (analytic_pulse(low + 1.001) - analytic_pulse(low - 0.999) -
                        analytic_pulse(low + 0.999) + analytic_pulse(low - 1.001)) /
                       0.002;
  CHECK(rel_error(lock.gain_per_UI, -slope) <= 1e-3);
}

TEST_CASE("clock recovery: a DFE moves the Mueller-Mueller lock point to the first precursor") {
  const auto pulse =
      pulse_of([](double t) { return t > -1.0 ? std::sin(3.0 * (t + 1.0)) * std::exp(-t) : 0.0; });
  ClockInput input{.pulse = pulse, .samples_per_symbol = samples, .main_sample = main_sample};
  input.feedback_limit = 10.0;
  // h_1 is taken out whole, so S = -P h_{-1}, which rises through zero where the pulse begins, one symbol
  // late.
  const LockPoint lock = find_lock_point(PhaseDetector::mueller_muller, input);
  // The corner of the pulse is interpolated over one sample.
  CHECK(abs_error(lock.phase_UI, 0.0) <= 1.0 / samples);
}

TEST_CASE("clock recovery: what cannot be meant is refused") {
  const auto pulse = pulse_of(analytic_pulse);
  const std::vector<double> flat(pulse.size(), 1.0);
  ClockInput input{.pulse = pulse, .samples_per_symbol = samples, .main_sample = main_sample};
  CHECK_THROWS_WITH_AS(find_lock_point(PhaseDetector::bang_bang, input), doctest::Contains("without noise"),
                       DomainError);
  const LockPoint lock{.phase_UI = 0.0, .gain_per_UI = 1.0, .error_PSD = {1.0, 1.0}};
  CHECK_THROWS_WITH_AS(generated_jitter_UI({.proportional_UI = 0.1, .latency = 100}, lock),
                       doctest::Contains("unstable"), DomainError);
  const std::vector<double> negative = {-1e-3};
  input.covariance = negative;
  CHECK_THROWS_WITH_AS(find_lock_point(PhaseDetector::mueller_muller, input),
                       doctest::Contains("noise variance = -0.001"), DomainError);
  input.covariance = {};
  CHECK_THROWS_WITH_AS(jitter_transfer({.proportional_UI = 0.0}, 1.0, 0.1), doctest::Contains("proportional"),
                       DomainError);
  input.pulse = flat;
  CHECK_THROWS_WITH_AS(find_lock_point(PhaseDetector::mueller_muller, input),
                       doctest::Contains("fall through zero"), DomainError);
  input.pulse = std::span(flat).first(100);
  CHECK_THROWS_WITH_AS(find_lock_point(PhaseDetector::mueller_muller, input),
                       doctest::Contains("100 samples"), DomainError);
}

TEST_CASE("clock recovery: a first-order loop has the transfer of its difference equation") {
  // τ_{k+1} = τ_k + g (j_k - τ_k): H = g z⁻¹ / (1 - (1 - g) z⁻¹); white noise of variance v gives g v / (2 -
  // g).
  const double g = 0.05;
  const ClockLoop loop{.proportional_UI = 0.025};
  for (const double f : {1e-4, 1e-2, 0.2, 0.5}) {
    const Complex z = std::polar(1.0, -2.0 * constants::pi * f);
    const Complex expected = g * z / (1.0 - (1.0 - g) * z);
    // Rounding.
    CHECK(std::abs(jitter_transfer(loop, 2.0, f) - expected) <= 1e-12);
    CHECK(rel_error(jitter_tolerance_UI(loop, 2.0, f, 0.2), 0.2 / std::abs(1.0 - expected)) <= 1e-10);
  }
  const LockPoint lock{.phase_UI = 0.0, .gain_per_UI = 2.0, .error_PSD = std::vector<double>(65, 4.0)};
  // Trapezoids of 1 % steps in frequency.
  CHECK(rel_error(generated_jitter_UI(loop, lock), std::sqrt(g / (2.0 - g))) <= 1e-4);
  // Crossover where 2 sin(ω/2) = g: margin 90 degrees less half a symbol's delay.
  CHECK(abs_error(phase_margin_deg(loop, 2.0), 90.0 - g * 90.0 / constants::pi) <= 0.02);
}

TEST_CASE("clock recovery: latency and the integral path take phase margin until the loop is unstable") {
  // Oracle: the delayed integrator with gain g is stable for g < 2 sin(π / (2 (2 D + 1))).
  for (const int latency : {0, 1, 4, 40}) {
    const double limit = 2.0 * std::sin(0.5 * constants::pi / (2 * latency + 1));
    CHECK(phase_margin_deg({.proportional_UI = 0.97 * limit, .latency = latency}, 1.0) > 0.0);
    CHECK(phase_margin_deg({.proportional_UI = 1.03 * limit, .latency = latency}, 1.0) < 0.0);
  }
  const double first = phase_margin_deg({.proportional_UI = 0.01}, 1.0);
  // k_i = k_p² puts the corner of the integral path near the crossover: 1/(1 + j) falls behind by some 40
  // degrees.
  const double second = phase_margin_deg({.proportional_UI = 0.01, .integral_UI = 1e-4}, 1.0);
  CHECK(first - second > 35.0);
  CHECK(first - second < 45.0);
}

TEST_CASE("clock recovery: the mask ratio is that of its worst corner") {
  const ClockLoop loop{.proportional_UI = 1e-3};
  const std::vector<JitterMaskPoint> mask = {{4e4, 5.0}, {4e6, 0.05}, {4e7, 0.05}};
  double least = INFINITY;
  for (const auto& point : mask)
    least =
        std::min(least, jitter_tolerance_UI(loop, 1.0, point.frequency_Hz / 53.125e9, 0.1) / point.peak_UI);
  // Between the corners tolerance ~ 1/f and flat like the mask: corners decide, to the curvature near 8 MHz.
  CHECK(rel_error(jitter_mask_ratio(loop, 1.0, 0.1, 53.125e9, mask), least) <= 0.02);
  CHECK_THROWS_WITH_AS(jitter_mask_ratio(loop, 1.0, 0.1, 53.125e9, std::span(mask).first(1)),
                       doctest::Contains("fewer than two"), DomainError);
}

TEST_CASE("clock recovery: a bang-bang loop hunts in the triangle of its latency") {
  // Every symbol a transition, no noise: the limit cycle is exact, and its fundamental is the amplitude at
  // which a relay's describing function 4/(πA) closes the loop, A = (4/π) k_p / (2 sin(π / (4 D + 2))).
  const auto pulse = pulse_of([](double t) { return std::exp(-std::pow(t / 0.6, 2)); });
  const std::vector<double> quiet;
  std::vector<int> alternating(4000);
  for (std::size_t k = 0; k < alternating.size(); ++k) alternating[k] = static_cast<int>(k % 2);
  const ClockInput input{
      .pulse = pulse, .samples_per_symbol = samples, .main_sample = main_sample, .covariance = quiet};
  for (const int latency : {0, 1, 5, 20}) {
    const ClockLoop loop{.detector = PhaseDetector::bang_bang,
                         .proportional_UI = 1e-3,
                         .integral_UI = 0.0,
                         .latency = latency};
    const Hunting expected = bang_bang_hunting(loop);
    auto phase = run_clock_loop(loop, input, alternating, {}, 0.00037, 1);
    const std::span settled = std::span(phase).subspan(2000, static_cast<std::size_t>(expected.period) * 20);
    CAPTURE(latency);
    const auto [low, high] = std::minmax_element(settled.begin(), settled.end());
    const double middle = 0.5 * (*low + *high);
    double square = 0.0;
    Complex fundamental = 0.0;
    for (std::size_t k = 0; k < settled.size(); ++k) {
      square += (settled[k] - middle) * (settled[k] - middle) / static_cast<double>(settled.size());
      fundamental += 2.0 / static_cast<double>(settled.size()) * (settled[k] - middle) *
                     std::polar(1.0, -2.0 * constants::pi * static_cast<double>(k) / expected.period);
    }
    // Rounding of thousands of steps.
    CHECK(rel_error(*high - *low, expected.peak_to_peak_UI) <= 1e-9);
    CHECK(rel_error(std::sqrt(square), expected.rms_UI) <= 1e-9);
    const double describing = 4.0 / constants::pi * 1e-3 / (2.0 * std::sin(constants::pi / expected.period));
    // The harmonics that the describing function leaves out: the third has 1/9 of the fundamental. For D = 0
    // the limit cycle is at half the symbol rate and has no phase.
    if (latency > 0) CHECK(rel_error(std::abs(fundamental), describing) <= 0.05);
  }
}

TEST_SUITE("slow") {
  TEST_CASE("clock recovery: mean and spectrum of the detector equal counted outputs") {
    // With k_p far below resolution the loop stands still and its phase sums the detector outputs.
    const auto pulse = pulse_of(analytic_pulse);
    for (const Case& c : cases) {
      const std::vector<double> covariance = {c.sigma * c.sigma};
      const ClockInput input = input_of(c, pulse, covariance);
      const LockPoint lock = find_lock_point(c.detector, input);
      const auto level = random_levels(c.levels, 400000, 3);
      const double tiny = 1e-12;
      for (const double away : {-0.08, 0.0, 0.05}) {
        const auto phase = run_clock_loop({.detector = c.detector, .proportional_UI = tiny}, input, level, {},
                                          lock.phase_UI + away, 4);
        std::vector<double> error;
        for (std::size_t k = 100; k + 100 < phase.size(); ++k)
          error.push_back((phase[k + 1] - phase[k]) / tiny);
        const Moments counted = moments(error, 0.0, 500);
        CAPTURE(away);
        // Rounding of phase steps near 1e-12: a few 1e-16 of it.
        CHECK(std::abs(counted.mean - mean_detector_output(c.detector, input, lock.phase_UI + away)) <=
              5.0 * counted.mean_error + 2e-4);
        if (away != 0.0) continue;
        // Variance of blocks of 500 outputs is S_e(0) / 500 where the spectrum is flat near 0; all of it is ∫
        // S_e.
        double total = 0.0;
        for (std::size_t n = 0; n < lock.error_PSD.size(); ++n)
          total += lock.error_PSD[n] * (n == 0 || n + 1 == lock.error_PSD.size() ? 0.5 : 1.0) /
                   static_cast<double>(lock.error_PSD.size() - 1);
        CHECK(std::abs(counted.variance - total) <= 5.0 * counted.variance_error);
      }
    }
  }

  TEST_CASE("clock recovery: the loop symbol by symbol has the jitter of the linear theory") {
    const auto pulse = pulse_of(analytic_pulse);
    for (const Case& c : cases) {
      const std::vector<double> covariance = {c.sigma * c.sigma};
      const ClockInput input = input_of(c, pulse, covariance);
      const LockPoint lock = find_lock_point(c.detector, input);
      const ClockLoop loop{.detector = c.detector,
                           .proportional_UI = 0.01 / lock.gain_per_UI,
                           .integral_UI = 1e-5 / lock.gain_per_UI,
                           .latency = 8};
      REQUIRE(phase_margin_deg(loop, lock.gain_per_UI) > 45.0);
      const auto level = random_levels(c.levels, 1000000, 5);
      const auto phase = run_clock_loop(loop, input, level, {}, lock.phase_UI, 6);
      const Moments counted = moments(std::span(phase).subspan(20000, 970000), lock.phase_UI, 10000);
      const double expected = generated_jitter_UI(loop, lock);
      MESSAGE("own jitter ", expected, " UI rms, counted ", std::sqrt(counted.variance), ", lock ",
              lock.phase_UI, ", mean off by ", counted.mean, " +- ", counted.mean_error);
      REQUIRE(expected < 0.03);
      // Bending of S(τ) over the jitter: 3 % of the variance.
      CHECK(std::abs(counted.variance - expected * expected) <=
            5.0 * counted.variance_error + 0.03 * expected * expected);
      CHECK(counted.variance_error < 0.05 * expected * expected);
      // Three tenths more gain would be noticed.
      ClockLoop faster = loop;
      faster.proportional_UI *= 1.3;
      const double other = generated_jitter_UI(faster, lock);
      CHECK(std::abs(counted.variance - other * other) > 5.0 * counted.variance_error);
    }
  }

  TEST_CASE("clock recovery: the loop symbol by symbol follows small jitter as the linear theory says") {
    const auto pulse = pulse_of(analytic_pulse);
    for (const Case& c : cases) {
      const std::vector<double> covariance = {c.sigma * c.sigma};
      const ClockInput input = input_of(c, pulse, covariance);
      const LockPoint lock = find_lock_point(c.detector, input);
      const ClockLoop loop{.detector = c.detector,
                           .proportional_UI = 0.01 / lock.gain_per_UI,
                           .integral_UI = 2e-5 / lock.gain_per_UI,
                           .latency = 8};
      for (const long period : {10000L, 1000L, 250L}) {
        const long symbols = 400000;
        const double peak = 0.02, ratio = 1.0 / static_cast<double>(period);
        std::vector<double> jitter;
        for (long k = 0; k < symbols; ++k)
          jitter.push_back(peak * std::sin(2.0 * constants::pi * static_cast<double>(k) * ratio));
        const auto phase =
            run_clock_loop(loop, input, random_levels(c.levels, symbols, 7), jitter, lock.phase_UI, 8);
        // Response in blocks of one 10000th symbol, so that every period fits.
        std::vector<Complex> blocks;
        for (long begin = 20000; begin + 10000 < symbols; begin += 10000) {
          Complex sum = 0.0;
          for (long k = begin; k < begin + 10000; ++k)
            sum += (phase[static_cast<std::size_t>(k)] - lock.phase_UI) *
                   std::polar(2.0 / (10000.0 * peak), -2.0 * constants::pi * static_cast<double>(k) * ratio);
          blocks.push_back(sum * Complex(0.0, 1.0));
        }
        const double n = static_cast<double>(blocks.size());
        const Complex mean = std::accumulate(blocks.begin(), blocks.end(), Complex(0.0)) / n;
        double square = 0.0;
        for (const Complex& each : blocks) square += std::norm(each - mean);
        const double error = std::sqrt(square / (n * (n - 1.0)));
        const Complex expected = jitter_transfer(loop, lock.gain_per_UI, ratio);
        CAPTURE(period);
        CAPTURE(std::abs(expected));
        CAPTURE(std::abs(mean));
        // Bending of S(τ) over the jitter: 2 %.
        CHECK(std::abs(mean - expected) <= 5.0 * error + 0.02);
        CHECK(error < 0.05);
      }
    }
  }
}
