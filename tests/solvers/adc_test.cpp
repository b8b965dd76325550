#include "solvers/adc.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "core/constants.hpp"
#include "links.hpp"
#include "solvers/ber.hpp"
#include "solvers/evaluate.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

SerdesReceiverParameters converter(double bits, double fill) {
  SerdesReceiverParameters p;
  p.adc_bits = bits;
  p.adc_full_scale_Vpp = 1.0;
  p.adc_fill = fill;
  return p;
}

/// Two levels of ±0.5 V in white noise of `sigma` (0.5 V = 1) and nothing else.
std::shared_ptr<Link> clear_link(SerdesReceiverParameters receiver, double sigma) {
  constexpr double rate_Bd = 25e9;
  receiver.noise_V2_per_Hz = 2.0 * 0.25 * sigma * sigma / (16.0 * rate_Bd);
  return test::copper_link(2, rate_Bd, {.swing_Vpp = 1.0},
                           {std::make_shared<test::SymbolSpacedEcho>(std::vector<double>{1.0}, rate_Bd)},
                           receiver);
}

}  // namespace

TEST_CASE("ADC: the gain fills the full scale within its range") {
  SerdesReceiverParameters p = converter(6.0, 0.8);
  const AdcScale free = scale_adc(p, 0.1);
  // By hand: G = 0.8 · 0.5 / 0.1 = 4. Tolerances: rounding of decibels.
  CHECK(rel_error(free.gain_dB, 20.0 * std::log10(4.0)) <= 1e-12);
  CHECK(rel_error(free.limit, 0.125) <= 1e-12);
  CHECK(free.step == 0.0);
  CHECK(rel_error(free.sigma, 0.25 / 64.0 / std::sqrt(12.0)) <= 1e-12);
  CHECK_FALSE(free.at_end);
  p.vga_gain_maximum_dB = 20.0 * std::log10(2.0);
  const AdcScale held = scale_adc(p, 0.1);
  CHECK(rel_error(held.sigma, 0.5 / 64.0 / std::sqrt(12.0)) <= 1e-12);
  CHECK(held.at_end);
  // Seven bits round, six are effective; with fewer bits than effective ones rounding is all there is.
  p.adc_resolution = 7.0;
  const AdcScale split = scale_adc(p, 0.1);
  CHECK(rel_error(split.step, 0.5 / 128.0) <= 1e-12);
  CHECK(rel_error(split.variance(), held.variance()) <= 1e-12);
  p.adc_resolution = 5.0;
  CHECK(scale_adc(p, 0.1).sigma == 0.0);
  CHECK(rel_error(scale_adc(p, 0.1).step, 0.5 / 32.0) <= 1e-12);
  CHECK(scale_adc(converter(32.0, 0.8), 0.1).variance() == 0.0);
  p.vga_gain_minimum_dB = 10.0;
  CHECK_THROWS_WITH_AS(SerdesReceiver("receiver", p), doctest::Contains("vga_gain_minimum = 10 dB"),
                       ConfigError);
}

TEST_CASE("ADC: the power of clipping is the integral over the Gaussian tail") {
  const AdcScale adc = scale_adc(converter(6.0, 0.8), 0.4);  // limit 0.5
  const std::array<double, 2> sample = {0.42, -0.1};
  constexpr double sigma = 0.1, step = 1e-4;
  double expected = 0.0;
  for (const double x : sample)
    for (double e = -0.9; e < 0.9; e += step) {
      const double over = std::max(0.0, std::abs(x + e) - adc.limit);
      expected += 0.5 * over * over * step * std::exp(-0.5 * e * e / (sigma * sigma)) /
                  (sigma * std::sqrt(2.0 * constants::pi));
    }
  // Rectangles of a thousandth of sigma, smooth but for the second derivative at the limit.
  CHECK(rel_error(clipping_power(adc, sample, sigma), expected) <= 1e-5);
  CHECK(expected > 1e-4);
}

TEST_CASE("ADC: a clear channel has the closed form with the noise of the steps") {
  Context context(1);
  constexpr double sigma = 0.17;
  const double step = 2.0 / 0.8 / std::exp2(4.0), total = std::hypot(sigma, step / std::sqrt(12.0));
  const PatternSolution plain = solve_pattern(clear_link({}, sigma), context);
  const PatternSolution with = solve_pattern(clear_link(converter(4.0, 0.8), sigma), context);
  // The wave is the main cursor to 1e-3; an exponent of 15 makes 1 % of the ratio of it each.
  CHECK(std::abs(std::log10(plain.ber[0] / nrz_ber(1.0 / sigma))) <= 0.02);
  CHECK(std::abs(std::log10(with.ber[0] / nrz_ber(1.0 / total))) <= 0.02);
  CHECK(with.ber[0] > 3.0 * plain.ber[0]);
}

TEST_CASE("ADC: warnings name clipping and the end of the gain") {
  Context context(1);
  const auto warned = [&](SerdesReceiverParameters p, const char* text) {
    const LinkResult result = evaluate(clear_link(p, 0.1), {.pictures = false}, context);
    for (const Warning& each : result.warnings)
      if (each.text.find(text) != std::string::npos) return true;
    return false;
  };
  SerdesReceiverParameters p = converter(6.0, 0.5);
  CHECK_FALSE(warned(p, "clipping in the ADC"));
  CHECK_FALSE(warned(p, "end of its range"));
  CHECK_FALSE(warned(p, "rounding in the ADC"));
  p.adc_resolution = 3.0;
  CHECK(warned(p, "rounding in the ADC"));
  p.adc_resolution = 8.0;
  p.adc_fill = 1.5;
  CHECK(warned(p, "clipping in the ADC"));
  p.adc_fill = 0.5;
  p.vga_gain_maximum_dB = -20.0;
  CHECK(warned(p, "end of its range"));
}
