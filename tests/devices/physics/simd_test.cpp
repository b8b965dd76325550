#include "devices/physics/simd.hpp"

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
