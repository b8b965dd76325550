/// Compression of the receiver's amplifier and rounding in the transmitter's DAC, in whole links.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/special.hpp"
#include "links.hpp"
#include "monte_carlo_links.hpp"
#include "solvers/ber.hpp"
#include "solvers/evaluate.hpp"
#include "solvers/monte_carlo.hpp"
#include "solvers/statistical_lane.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double rate_Bd = 25e9;

/// Levels of ±0.5 V in white noise of `sigma` (0.5 V = 1) behind a cascade of echoes.
std::shared_ptr<Link> echo_link(int levels, double sigma, SerdesReceiverParameters receiver,
                                std::vector<double> echo = {1.0},
                                SerdesTransmitterParameters transmitter = {}) {
  transmitter.swing_Vpp = 1.0;
  receiver.noise_V2_per_Hz = 2.0 * 0.25 * sigma * sigma / (16.0 * rate_Bd);
  return test::copper_link(levels, rate_Bd, transmitter,
                           {std::make_shared<test::SymbolSpacedEcho>(std::move(echo), rate_Bd)}, receiver);
}

/// An amplifier whose gain puts the peak at 0.24 V of what ends at `saturation` times that.
SerdesReceiverParameters amplifier(double saturation) {
  return {.vga_compression_Vpp = 2.0 * one_dB_fundamental() * 0.24 * saturation};
}

bool warned(const std::shared_ptr<const Link>& link, const char* text, Context& context) {
  const LinkResult result = evaluate(link, {.pictures = false}, context);
  return std::any_of(result.warnings.begin(), result.warnings.end(),
                     [&](const Warning& each) { return each.text.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("compression: the gain puts the compressed peak where adc_fill asks") {
  const SerdesReceiverParameters p = amplifier(1.4);
  for (const double peak : {0.01, 0.1, 0.7}) {
    const AdcScale scale = scale_adc(p, peak);
    const double gain = std::pow(10.0, scale.gain_dB / 20.0);
    // Output-referred: y_s tanh(G x / y_s). Tolerances: rounding of decibels.
    CHECK(rel_error(0.24 * 1.4 * std::tanh(gain * peak / (0.24 * 1.4)), 0.24) <= 1e-12);
    CHECK(rel_error(scale.curve(peak) * gain, 0.24) <= 1e-12);
    CHECK(std::isinf(scale.limit));
    CHECK(scale.variance() == 0.0);
  }
  // Without compression the rule is the plain one, and without a converter there is nothing to set.
  CHECK(rel_error(scale_adc({.vga_compression_Vpp = 999.0}, 0.1).gain_dB, 20.0 * std::log10(2.4)) <= 1e-6);
  CHECK_FALSE(scale_adc({}, 0.1).curve.active());
  CHECK_THROWS_WITH_AS(SerdesReceiver("receiver", amplifier(0.99)), doctest::Contains("allowed above"),
                       ConfigError);
}

TEST_CASE("compression: levels move together as the curve says") {
  Context context(1);
  PatternSolution solution = solve_pattern(echo_link(4, 0.02, amplifier(1.5)), context);
  LaneModel& lane = *solution.lane[0];
  std::vector<double> level(4, 0.0);
  const auto y = lane.eye_samples(0.0);
  for (std::size_t i = 0; i < y.size(); ++i)
    level[static_cast<std::size_t>(lane.inputs().index[i])] += y[i] / (static_cast<double>(y.size()) / 4.0);
  // The peak a = atanh(1/1.5) of where the curve ends; levels at ±a and ±a/3.
  const double a = std::atanh(1.0 / 1.5), expected = std::tanh(a / 3.0) / std::tanh(a);
  // The wave is the main cursor to 1e-3.
  CHECK(rel_error((level[2] - level[1]) / (level[3] - level[0]), expected) <= 2e-3);
  CHECK(expected > 1.1 / 3.0);
  // Thresholds stand in the middle of levels that are no longer equally spaced, nearer to the outer ones
  // where the noise is smaller.
  CHECK(lane.thresholds()[2] > 0.5 * (level[2] + level[3]));
  CHECK(abs_error(lane.thresholds()[1], 0.0) <= 2e-3);
}

TEST_CASE("compression: in front of one tap it moves levels and noise alike and costs nothing") {
  Context context(1);
  for (const int levels : {2, 4}) {
    const double sigma = levels == 2 ? 0.2 : 0.075;
    for (const double saturation : {3.0, 1.4}) {
      PatternSolution solution = solve_pattern(echo_link(levels, sigma, amplifier(saturation)), context);
      const double expected = levels == 2 ? nrz_ber(1.0 / sigma) : pam4_ber(1.0 / sigma);
      CAPTURE(levels);
      CAPTURE(saturation);
      // The wave is the main cursor to 1e-3; an exponent of 12 makes 1 % of the ratio of it each.
      CHECK(std::abs(std::log10(solution.ber[0] / expected)) <= 0.02);
      const LaneSamples& s = solution.lane[0]->samples(0.0);
      double tangent = 0.0;
      for (std::size_t i = 0; i < s.value.size(); ++i)
        if (solution.lane[0]->inputs().index[i] == levels - 1)
          tangent += gaussian_tail((s.value[i] - solution.lane[0]->thresholds().back()) / s.sigma(i, {})) /
                     static_cast<double>(s.value.size());
      // The tangent at the outer level alone misses it.
      if (saturation < 2.0) CHECK(tangent < 0.2 * expected);
    }
  }
}

TEST_CASE("compression: far from where the amplifier ends the result is the linear one") {
  Context context(1);
  SerdesReceiverParameters receiver{.ffe_pre = 1, .ffe_post = 3, .dfe_taps = 1};
  const std::vector<double> echo = {0.1, 1.0, -0.3, 0.1, 0.05};
  const auto ber = [&](double compression_Vpp, int lags) {
    receiver.vga_compression_Vpp = compression_Vpp;
    receiver.ffe_post = lags;
    return solve_pattern(echo_link(4, 0.05, receiver, echo), context).ber[0];
  };
  const double linear = ber(linear_vga_Vpp, 3);
  // x³ / (3 y_s²) of the sample: (0.24 / 787)² / 3 = 3e-8, on an error ratio of steepness 40; interpolation
  // between samples of pulse and wave 1e-6.
  CHECK(rel_error(ber(999.0, 3), linear) <= 1e-5);
  CHECK(ber(0.5, 3) > 1.01 * linear);
  receiver.sampling_jitter_UI = 0.01;
  receiver.adc_bits = 6.0;
  CHECK(rel_error(ber(999.0, 3), ber(linear_vga_Vpp, 3)) <= 1e-5);
  receiver.detector = "mlse";
  CHECK(rel_error(ber(999.0, 4), ber(linear_vga_Vpp, 4)) <= 1e-4);
}

TEST_CASE("compression: the statistical eye is told, the eye of the pattern takes its place") {
  Context context(1);
  const auto link = echo_link(4, 0.05, amplifier(1.5));
  link->pattern = "deBruijn4";
  PatternSolution solution = solve_pattern(link, context);
  CHECK_THROWS_WITH_AS(statistical_link(*solution.lane[0]), doctest::Contains("not linear"), DomainError);
  const LinkResult result = summarize(solution, {});
  CHECK(result.eye.contours.size() > 0);
  CHECK(std::any_of(result.noise.begin(), result.noise.end(),
                    [](const NoiseShare& each) { return each.source == "compression (bounded)"; }));
}

TEST_CASE("compression: warnings where it ends") {
  Context context(1);
  CHECK_FALSE(warned(echo_link(4, 0.05, amplifier(1.5)), "saturation", context));
  CHECK(warned(echo_link(4, 0.05, amplifier(1.05)), "deep in saturation", context));
  SerdesReceiverParameters p = amplifier(1.1);
  p.ffe_post = 4;
  p.ffe_pre = 2;
  const std::vector<double> echo = {0.2, 1.0, 0.5};
  CHECK(warned(echo_link(2, 0.4, p, echo), "not small against the curvature", context));
  CHECK_FALSE(warned(echo_link(2, 0.02, p, echo), "not small against the curvature", context));
  p.vga_gain_maximum_dB = -20.0;
  CHECK(warned(echo_link(4, 0.05, p), "takes its compression as it is", context));
}

TEST_CASE("DAC: samples of a rounded waveform are the linear ones plus the rounding") {
  Context context(1);
  SerdesTransmitterParameters transmitter{.ffe_taps = {-0.07, 0.78, -0.15}, .ffe_main = 1};
  const auto solve = [&](double bits) {
    transmitter.dac_resolution = bits;
    return solve_pattern(echo_link(4, 0.05, {}, {1.0, 0.1}, transmitter), context);
  };
  PatternSolution rounded = solve(4.0), exact = solve(32.0), fine = solve(31.0);
  LaneModel& lane = *rounded.lane[0];
  REQUIRE(lane.inputs().linear);
  const LaneSamples& s = lane.samples(0.0);
  const auto y = lane.eye_samples(0.0), unrounded = exact.lane[0]->eye_samples(0.0);
  double largest = 0.0, moved = 0.0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    // Four cursors within the memory of the pattern: its waveform holds all there is, to 1e-3 of band limits.
    largest = std::max(largest, std::abs(s.value[i] - y[i]));
    moved = std::max(moved, std::abs(y[i] - unrounded[i]));
  }
  CHECK(largest <= 2e-3);
  CHECK(moved > 0.02);
  CHECK(rounded.ber[0] > 1.02 * exact.ber[0]);
  // A step of 31 bits.
  CHECK(rel_error(fine.ber[0], exact.ber[0]) <= 1e-6);
  CHECK(exact.lane[0]->distortion_variance(0.0) == 0.0);
  CHECK(warned(rounded.link, "rounding in the DAC", context));
  CHECK_FALSE(warned(fine.link, "rounding in the DAC", context));
}

TEST_CASE("DAC: the statistical eye takes rounding as noise of its mean square") {
  Context context(1);
  SerdesTransmitterParameters transmitter{.ffe_taps = {-0.0717, 0.7631, -0.1529}, .ffe_main = 1};
  SerdesReceiverParameters receiver{.dfe_taps = 1};
  const auto solve = [&](double bits) {
    transmitter.dac_resolution = bits;
    return solve_pattern(echo_link(4, 0.045, receiver, {0.08, 1.0, 0.3}, transmitter), context);
  };
  PatternSolution rounded = solve(7.0), exact = solve(32.0);
  LaneModel& lane = *rounded.lane[0];
  // 64 combinations of three taps, each error within half a step: sent errors have Δ²/12 to 20 %; a unit main
  // cursor is 0.76 of the swing less what the echoes take.
  const auto cursor =
      lane.inputs()
          .pulse.value[static_cast<std::size_t>(wrap(lane.inputs().offset, lane.inputs().grid.size()))];
  const double step = 1.0 / 127.0 / cursor, power = 1.0 + 0.08 * 0.08 + 0.3 * 0.3;
  CHECK(rel_error(lane.distortion_variance(0.0), step * step / 12.0 * power) <= 0.3);
  const StatisticalEye eye = statistical_eye(lane), plain = statistical_eye(*exact.lane[0]);
  const double found = eye.bit_error_ratio(0.0, lane.thresholds()),
               without = plain.bit_error_ratio(0.0, exact.lane[0]->thresholds());
  MESSAGE("pattern ", rounded.ber[0], ", statistical ", found, ", not rounded ", exact.ber[0], " and ",
          without);
  // The two solvers agree to 0.05 decades on linear links.
  CHECK(std::abs(std::log10(found / rounded.ber[0])) <= 0.05);
  CHECK(found > 1.02 * without);
}

namespace {

LinkSpec board(std::vector<std::pair<std::string, ParameterValue>> receiver) {
  LinkSpec spec = test::example_link("copper_pam4");
  test::change(spec, "receiver", "ctle_gain", std::vector<double>{-8.0});
  test::change(spec, "receiver", "ctle_low_gain", std::vector<double>{-2.0});
  test::change(spec, "receiver", "ffe_pre", 3);
  test::change(spec, "receiver", "ffe_post", 8);
  test::change(spec, "receiver", "dfe_taps", 1);
  for (auto& [key, value] : receiver) test::change(spec, "receiver", key, value);
  return spec;
}

/// Counted errors within 5 sigma of the semi-analytic ratio; 0.1 dB more noise is noticed, and so is the
/// effect when one of the two solvers has the link without it.
void compare(const LinkSpec& spec, const LinkSpec& without) {
  Context context(2);
  PatternSolution solution = solve_pattern(build_link(spec), context);
  const double scale = noise_scale_for_ber(solution, 1e-3), expected = scaled_ber(solution, scale);
  const MonteCarloResult same =
      run_monte_carlo(solution, {.seed = 50, .target_errors = 1e4, .noise_scale = scale}, context);
  const MonteCarloResult more = run_monte_carlo(
      solution, {.seed = 51, .target_errors = 1e4, .noise_scale = scale * std::pow(10.0, 0.1 / 20.0)},
      context);
  PatternSolution plain = solve_pattern(build_link(without), context);
  const double mutated = scaled_ber(plain, scale);
  MESSAGE("noise x ", scale, ": semi-analytic ", expected, ", counted ", same.total.ber, " +- ",
          same.total.sigma, ", with 0.1 dB more noise ", more.total.ber, ", without the effect ", mutated);
  CHECK(same.total.errors >= 1e4);
  CHECK(same.total.sigma < 0.03 * expected);
  CHECK(std::abs(same.total.ber - expected) <= 5.0 * same.total.sigma);
  CHECK(std::abs(more.total.ber - same.total.ber) > 2.5 * (more.total.sigma + same.total.sigma));
  CHECK(std::abs(same.total.ber - mutated) > 5.0 * same.total.sigma);
}

}  // namespace

TEST_SUITE("slow") {
  TEST_CASE("compression: the error ratio of a compressed PAM4 board is counted") {
    for (const double compression_Vpp : {0.6, 0.4}) {
      LinkSpec spec = board({{"vga_compression", compression_Vpp}});
      // Interference beyond its memory is a sample in a pattern: 8 % of the ratio with deBruijn5 at 0.4 Vpp.
      spec.pattern = "deBruijn6";
      compare(spec, board({}));
    }
  }

  TEST_CASE("compression: with a converter and jitter the error ratio is counted") {
    const std::vector<std::pair<std::string, ParameterValue>> converter = {
        {"adc_bits", 6.5}, {"adc_fill", 0.7}, {"sampling_jitter", 0.01}};
    LinkSpec spec = board(converter);
    test::change(spec, "receiver", "vga_compression", 0.4);
    LinkSpec without = board(converter);
    spec.pattern = without.pattern = "PRBS13Q";  // de Bruijn patterns are farther beside the ratio
    compare(spec, without);
  }

  TEST_CASE("compression: sequence detection behind it is counted") {
    const std::vector<std::pair<std::string, ParameterValue>> detector = {{"detector", std::string("mlse")},
                                                                          {"ffe_post", 16}};
    LinkSpec spec = board(detector);
    test::change(spec, "receiver", "vga_compression", 0.6);
    compare(spec, board(detector));
  }

  TEST_CASE("DAC: the error ratio of few levels is counted") {
    for (const double bits : {4.0, 5.0}) {
      LinkSpec spec = board({});
      const LinkSpec exact = spec;
      test::change(spec, "transmitter", "dac_resolution", bits);
      compare(spec, exact);
    }
  }
}
