#include "devices/physics/polarization.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

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
  // Equal halves cancel where the skew is half a period, and arrive τ/2 late below.
  CHECK(std::abs(skewed_polarizations(0.5, 5e-12, 100e9)) <= 1e-15);
  CHECK(rel_error(std::arg(skewed_polarizations(0.5, 5e-12, 10e9)), -std::numbers::pi * 10e9 * 5e-12) <=
        1e-14);
}
