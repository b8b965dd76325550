#include "solvers/com/filters.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "support.hpp"
#include "synthetic.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = std::numbers::pi;

Parameters with_filter(const std::string& name) {
  Parameters p = test::small_configuration();
  p.receiver.filters = {name};
  return p;
}

Ctle two_stages() {
  Ctle c = test::small_configuration().ctle;
  c.pole_Hz = 8e9;  // unlike the zero, so that they cannot be exchanged
  c.low_corner_Hz = 0.7e9;
  return c;
}

Complex closed_form(const Ctle& c, double gain_dB, double low_gain_dB, Complex s) {  // (93A-22), s in Hz
  const double g = std::pow(10.0, gain_dB / 20.0), g2 = std::pow(10.0, low_gain_dB / 20.0);
  Complex h = (g + s / c.zero_Hz) / ((1.0 + s / c.pole_Hz) * (1.0 + s / c.second_pole_Hz));
  if (c.low_corner_Hz > 0.0) h *= (g2 + s / c.low_corner_Hz) / (1.0 + s / c.low_corner_Hz);
  return h;
}

}  // namespace

TEST_CASE("com filters: Butterworth magnitude is 1 / sqrt(1 + x^8)") {
  const Parameters p = with_filter("butterworth");
  const double corner_Hz = 0.75 * 25e9;
  for (const double x : {0.0, 0.3, 1.0, 1.7, 4.0}) {
    // The standard prints its coefficients with seven digits.
    CHECK(rel_error(std::norm(receiver_filter(p, x * corner_Hz)), 1.0 / (1.0 + std::pow(x, 8.0))) <= 2e-6);
  }
  CHECK(butterworth_filter(p, 1e10) == receiver_filter(p, 1e10));
}

TEST_CASE("com filters: Bessel-Thomson has half its power at f_r f_b and flat delay below") {
  const Parameters p = with_filter("bessel_thomson");
  const double corner_Hz = 0.75 * 25e9;
  // The script's 0.473037 stands for 0.473055 (half power) : 4e-5, times the slope of 1.4 of ln |H|².
  CHECK(rel_error(std::norm(receiver_filter(p, corner_Hz)), 0.5) <= 1e-4);
  const auto delay_s = [&](double f) {
    const double step = 1e6;
    return std::arg(receiver_filter(p, f) / receiver_filter(p, f + step)) / (2.0 * pi * step);
  };
  // Maximally flat: the first four derivatives vanish, below half the corner nothing is seen.
  CHECK(rel_error(delay_s(0.4 * corner_Hz), delay_s(1e6)) <= 1e-4);
}

TEST_CASE(
    "com filters: the raised cosine is 1, then 0 at its ends, one half in the middle; 0 takes its defaults") {
  Parameters p = with_filter("raised_cosine");
  for (const bool given : {true, false}) {
    // Defaults of the script: half the symbol rate, f_r times the symbol rate.
    p.receiver.cosine_begin_Hz = given ? 12.5e9 : 0.0;
    p.receiver.cosine_end_Hz = given ? 18.75e9 : 0.0;
    CHECK(receiver_filter(p, 0.0) == 1.0);
    CHECK(receiver_filter(p, 12.4e9) == 1.0);
    // cos(π/2), rounding.
    CHECK(std::abs(receiver_filter(p, 15.625e9) - 0.5) <= 1e-15);
    CHECK(std::abs(receiver_filter(p, 18.75e9)) <= 1e-15);
    CHECK(receiver_filter(p, 19e9) == 0.0);
  }
}

TEST_CASE("com filters: filters in series multiply") {
  Parameters p = with_filter("butterworth");
  const Complex one = receiver_filter(p, 14e9);
  p.receiver.filters = {"bessel_thomson"};
  const Complex other = receiver_filter(p, 14e9);
  p.receiver.filters = {"butterworth", "bessel_thomson"};
  // Rounding.
  CHECK(std::abs(receiver_filter(p, 14e9) - one * other) <= 1e-15);
}

TEST_CASE("com filters: the Gaussian edge rises from 20 to 80 % within T_r, its middle 3 T_r late") {
  const double rise_s = 10e-12;
  // Step response by the inverse transform of H / (jω): 1/2 + 1/π ∫ Im(H e^{jωt}) / ω dω.
  const auto step = [&](double t) {
    double sum = 0.0;
    const double df = 0.05e9;
    for (int k = 0; k < 10000; ++k) {
      const double f = (k + 0.5) * df;
      sum += std::imag(transmit_filter(rise_s, f) * std::polar(1.0, 2.0 * pi * f * t)) / f * df;
    }
    return 0.5 + sum / pi;
  };
  // 1.6832 is Φ^-1(0.8) - Φ^-1(0.2) = 1.68324 rounded: the level is off by 1e-6; the midpoint rule by less.
  CHECK(abs_error(step(2.5 * rise_s), 0.2) <= 1e-5);
  CHECK(abs_error(step(3.5 * rise_s), 0.8) <= 1e-5);
  CHECK(transmit_filter(0.0, 30e9) == 1.0);
}

TEST_CASE("com filters: the sum over the CTLE's four parts is (93A-22)") {
  const CtleSetting setting{-7.0, -3.0, 0, 0};
  for (const bool both : {true, false}) {
    Ctle c = two_stages();
    if (!both) c.low_corner_Hz = 0.0;
    for (const double f : {0.0, 0.1e9, 0.7e9, 5e9, 40e9}) {
      // Rounding.
      CHECK(std::abs(ctle(c, setting, f) - closed_form(c, -7.0, both ? -3.0 : 0.0, {0.0, f})) <= 1e-15);
    }
  }
}

TEST_CASE("com filters: the sampled CTLE is (93A-22) at the warped frequency of the bilinear transform") {
  const Ctle c = two_stages();
  const double rate_Hz = 200e9;
  std::vector<double> impulse(8000, 0.0);
  impulse[3] = 1.0;
  const auto parts = bilinear_ctle_basis(c, rate_Hz, impulse);
  const auto weight = ctle_weights(c, {-7.0, -3.0, 0, 0});
  for (const double f : {0.0, 0.5e9, 12.5e9, 60e9}) {
    Complex sum = 0.0;
    for (std::size_t n = 3; n < impulse.size(); ++n) {
      double value = 0.0;
      for (std::size_t i = 0; i < ctle_parts; ++i) value += weight[i] * parts[i][n];
      sum += value * std::polar(1.0, -2.0 * pi * f / rate_Hz * static_cast<double>(n - 3));
    }
    const Complex s(0.0, rate_Hz / pi * std::tan(pi * f / rate_Hz));  // 2 fs tan(ω / 2 fs) / 2π
    // The slowest pole decays by exp(-2π 0.7/200 8000) = 1e-76 within the wave: rounding of 8000 sums.
    CHECK(std::abs(sum - closed_form(c, -7.0, -3.0, s)) <= 1e-12);
  }
}

TEST_CASE("com filters: settings run over g_DC outside and g_DC2 inside, within the limit of their sum") {
  Parameters p = test::small_configuration();
  p.ctle.low_corner_Hz = 0.5e9;
  p.ctle.first_low_gain_dB = -2.0;
  CHECK(ctle_settings(p).size() == 9);
  CHECK(ctle_settings(p)[1].low_gain_dB == -1.0);
  CHECK(ctle_settings(p)[3].gain_dB == -3.0);
  CHECK(ctle_settings(p)[5].low_gain_index == 2);
  p.ctle.largest_gain_sum_dB = -4.0;
  for (const CtleSetting& s : ctle_settings(p)) CHECK(s.gain_dB + s.low_gain_dB <= -4.0);
  CHECK(ctle_settings(p).size() == 5);  // all three of -6 dB, two of -3 dB
  p.ctle.low_corner_Hz = 0.0;
  p.ctle.largest_gain_sum_dB = 0.0;
  CHECK(ctle_settings(p).size() == 3);
}

TEST_CASE("com filters: the windows of 120G keep g_DC of each band of g_DC2, upper ends excluded") {
  Parameters p = test::small_configuration();
  p.ctle.first_gain_dB = -13.0;
  p.ctle.gain_step_dB = 1.0;
  p.ctle.low_corner_Hz = 1.3e9;
  p.ctle.first_low_gain_dB = -3.0;
  p.ctle.low_gain_step_dB = 0.5;
  p.ctle.low_gain_floor_dB = {0.0, -1.0, -2.0, -3.0};
  p.ctle.gain_top_dB = {-2.0, -2.0, -4.0, -4.0};
  p.ctle.gain_bottom_dB = {-9.0, -11.0, -10.0, -9.0};
  // By hand: 0 alone: -9 ... -3 (7); -1 and -0.5: -11 ... -3 (9 each); -2, -1.5: -10 ... -5 (6 each); -3,
  // -2.5: -9 ... -5 (5 each).
  const auto settings = ctle_settings(p);
  CHECK(settings.size() == 7 + 2 * 9 + 2 * 6 + 2 * 5);
  const auto count = [&](double low) {
    return std::count_if(settings.begin(), settings.end(), [&](auto& s) { return s.low_gain_dB == low; });
  };
  CHECK(count(0.0) == 7);
  CHECK(count(-0.5) == 9);
  CHECK(count(-1.5) == 6);
  CHECK(count(-3.0) == 5);
}
