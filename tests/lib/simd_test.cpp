#include "core/simd.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

TEST_CASE("simd: sine, cosine and exponential of packed numbers equal the C library's") {
  using L = simd::Lanes<4>;
  int checked = 0;
  for (double x = -700.0; x < 700.0; x += 0.3711) {
    const double numbers[4] = {x, 0.01 * x, 100.0 * x, 1e-9 * x};
    L::Real sine, cosine;
    simd::sincos<4>(L::load(numbers), sine, cosine);
    const L::Real power = simd::exp<4>(L::load(numbers));
    for (int k = 0; k < 4; ++k) {
      // Two roundings of numbers up to one.
      CHECK(abs_error(sine[k], std::sin(numbers[k])) <= 3e-16);
      CHECK(abs_error(cosine[k], std::cos(numbers[k])) <= 3e-16);
      if (k == 2) continue;  // beyond ±700 the argument is clamped
      // Two roundings, relative.
      CHECK(rel_error(power[k], std::exp(numbers[k])) <= 5e-16);
      ++checked;
    }
  }
  CHECK(checked > 10000);
}

TEST_CASE("simd: logarithm of packed numbers equals the C library's") {
  using L = simd::Lanes<8>;
  int checked = 0;
  for (double x = -700.0; x < 700.0; x += 0.3711) {
    const double next = 1.0 + 1e-3 * x;
    const double numbers[8] = {std::exp(x),     std::exp(0.01 * x),      std::abs(next),
                               1.0 + 1e-12 * x, std::sqrt(0.5),          1.0,
                               0x1p-65,         std::nextafter(1.0, 0.0)};
    const L::Real y = simd::log<8>(L::load(numbers));
    for (int k = 0; k < 8; ++k, ++checked) {
      const double expected = std::log(numbers[k]);
      // Three roundings, relative, also where ln x passes 0.
      CHECK(std::abs(y[k] - expected) <= 4e-16 * std::abs(expected));
    }
  }
  CHECK(checked > 10000);
}
