#include "devices/physics/polarization.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

TEST_CASE("polarisation: the received share is that of Jones vectors, averaged over the phase between them") {
  // Two orthogonal components through diag(1, sqrt(g)): |E|² = s + (1 - s) g, whatever the phase.
  const double s = 0.3, g = std::pow(10.0, -0.05);
  for (const double phase : {0.0, 1.0, 2.5}) {
    const Complex x = std::sqrt(s), y = std::sqrt(1.0 - s) * std::polar(1.0, phase) * std::sqrt(g);
    CHECK(rel_error(received_polarization_share(s, 0.5), std::norm(x) + std::norm(y)) <= 1e-14);
  }
  CHECK(abs_error(received_polarization_share(1.0, 40.0), 1.0) <= 0.0);
}

TEST_CASE("polarisation: crosstalk turns the state as its Jones matrix does") {
  for (const double s : {0.0, 0.3, 0.5, 1.0})
    for (const double x_dB : {0.0, 10.0, 25.0})
      for (const double phase : {-1.2, 0.0, 0.7, 2.9}) {
        const double x = std::pow(10.0, -x_dB / 10.0);
        const Complex first = std::sqrt((1.0 - x) * s) +
                              Complex(0.0, std::sqrt(x)) * std::sqrt(1.0 - s) * std::polar(1.0, phase);
        // Rounding.
        CHECK(abs_error(split_share(s, x_dB, phase), std::norm(first)) <= 1e-15);
      }
  CHECK(abs_error(split_share(0.4, 100.0, 1.0), 0.4) <= 0.0);
}

TEST_CASE("polarisation: random states receive (1 + g)/2 on average, crosstalk or not") {
  std::mt19937_64 random(11);
  for (const double x_dB : {100.0, 12.0}) {
    double sum = 0.0;
    const int trials = 100000;
    for (int i = 0; i < trials; ++i) {
      // A complex Gaussian pair is even over the sphere of states, unlike how the header draws them.
      std::normal_distribution<double> normal;
      const Complex a(normal(random), normal(random)), b(normal(random), normal(random));
      const double s = std::norm(a) / (std::norm(a) + std::norm(b));
      sum += received_polarization_share(split_share(s, x_dB, std::arg(b * std::conj(a))), 3.0);
    }
    const double g = std::pow(10.0, -0.3);
    // s is even: σ = (1 - g)/sqrt(12) = 0.144, five of it over sqrt(1e5).
    CHECK(abs_error(sum / trials, 0.5 * (1.0 + g)) <= 5.0 * 0.144 / std::sqrt(1e5));
  }
}

TEST_CASE("polarisation: skew takes 4 a (1 - a) sin²(πfτ) of the modulation's power, and nothing at 0 Hz") {
  for (const double a : {0.0, 0.2, 0.5, 1.0}) {
    // Rounding.
    CHECK(abs_error(std::abs(skewed_polarizations(a, 5e-12, 0.0)), 1.0) <= 1e-15);
    for (const double f : {5e9, 26.5e9, 80e9}) {
      const double sine = std::sin(std::numbers::pi * f * 5e-12);
      CHECK(abs_error(std::norm(skewed_polarizations(a, 5e-12, f)),
                      1.0 - 4.0 * a * (1.0 - a) * sine * sine) <= 1e-14);
    }
  }
  // 5 ps at 26.5 GHz: cos(π 0.1325) of equal halves, 0.39 dB of light.
  CHECK(abs_error(skew_penalty_dB(0.5, 5e-12, 26.5e9),
                  -10.0 * std::log10(std::cos(0.1325 * std::numbers::pi))) <= 1e-12);
  // Equal halves cancel where the skew is half a period, and arrive τ/2 late below.
  CHECK(std::abs(skewed_polarizations(0.5, 5e-12, 100e9)) <= 1e-15);
  CHECK(rel_error(std::arg(skewed_polarizations(0.5, 5e-12, 10e9)), -std::numbers::pi * 10e9 * 5e-12) <=
        1e-14);
}
