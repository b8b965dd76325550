#include "devices/physics/laser_noise.hpp"

#include <doctest/doctest.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "devices/device_checks.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

const LaserNoise typical{1e-14, 12e9, 5e9, 14.0, 3e6, 2e6, 30.0, 5.0, 1e-12};

}  // namespace

TEST_CASE(
    "laser noise: the spectrum is 1 at low frequency, the stated peak at resonance, and falls as 1/f^2") {
  // Sums and quotients.
  CHECK(rel_error(relaxation_shape(typical, 0.0), 1.0) <= 1e-14);
  CHECK(abs_error(10.0 * std::log10(relaxation_shape(typical, 12e9)), 14.0) <= 1e-12);
  // (f_r/f)² relative.
  CHECK(rel_error(relaxation_shape(typical, 2e13) * 4.0, relaxation_shape(typical, 1e13)) <= 1e-4);
  LaserNoise white = typical;
  white.relaxation_frequency_Hz = 0.0;
  CHECK(relaxation_shape(white, 12e9) == 1.0);
}

TEST_CASE("laser noise: the mean over a bin is the integral, 1/f included") {
  for (const auto& [low, high] : {std::pair{0.0, 1e8}, {1e8, 3e8}, {11e9, 12e9}}) {
    const double from = std::max(low, 1e4);
    const auto integrate = [](auto f, double a, double b) {
      return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(f, a, b, 15, 1e-11);
    };
    const double smooth = integrate([](double f) { return relaxation_shape(typical, f); }, low, high);
    // In ln f the 1/f part is constant.
    const double flicker = integrate([](double) { return 3e6; }, std::log(from), std::log(high));
    // Simpson on 1 GHz of a resonance with 2.5 GHz half width: (1/2.5)^4 / 180 = 1.4e-4.
    CHECK(rel_error(mean_rin_shape(typical, low, high), (smooth + flicker) / (high - low)) <= 3e-4);
  }
}

TEST_CASE("laser noise: returned light adds noise in proportion") {
  // R_fb 10^-3.5 on top of R; a dozen roundings.
  CHECK(rel_error(low_frequency_rin_per_Hz(typical), 1e-14 + 1e-12 * std::pow(10.0, -3.5)) <= 1e-13);
  LaserNoise isolated = typical;
  isolated.isolation_dB += 10.0;
  CHECK(rel_error((low_frequency_rin_per_Hz(typical) - 1e-14) / (low_frequency_rin_per_Hz(isolated) - 1e-14),
                  10.0) <= 1e-10);
}

TEST_CASE("laser noise: intensity and phase terms of each carrier are independent and have their size") {
  const Bundle light = test::random_bundle(0, 1, 2, 3);
  const auto terms = laser_noise_terms("laser", typical, light);
  REQUIRE(terms.size() == 4);
  const double rate_Hz = light.grid.sample_rate_Hz();
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t k = 0; k < i; ++k) CHECK(terms[i].source != terms[k].source);
    const Complex field = light.port[0].field[i / 2][5];
    const bool phase = i % 2 == 1;
    CHECK(terms[i].turns_field == phase);
    CHECK(terms[i].field_modulation[5] == field * (phase ? Complex(0.0, 1.0) : Complex(0.5)));
    // σ² = RIN f_s/2 or 2πΔν/f_s in a few roundings.
    CHECK(rel_error(terms[i].sigma * terms[i].sigma,
                    phase ? 2.0 * std::numbers::pi * 2e6 / rate_Hz
                          : 0.5 * low_frequency_rin_per_Hz(typical) * rate_Hz) <= 1e-14);
  }
}

TEST_CASE("laser noise: a peak below the bare resonance is refused") {
  LaserNoise flat = typical;
  flat.relaxation_peak_dB = 3.0;
  // 20 log(12/5) = 7.604 dB.
  CHECK_THROWS_WITH_AS(check_laser_noise("laser", flat),
                       doctest::Contains("relaxation_peak = 3 dB is below 7.604 dB"), ConfigError);
}
