#include "devices/physics/saturation.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

/// n-th harmonic of the curve driven by a sine: (2/T) ∫ f(a sin θ) sin nθ dθ by Simpson's rule.
double harmonic(const Saturation& curve, double amplitude, int n) {
  constexpr int steps = 2000;
  const double width = 2.0 * constants::pi / steps;
  double sum = 0.0;
  for (int k = 0; k < steps; ++k) {
    const double angle = width * k;
    sum += (k % 2 == 0 ? 2.0 : 4.0) * curve(amplitude * std::sin(angle)) * std::sin(n * angle);
  }
  return sum * width / 3.0 / constants::pi;
}

}  // namespace

TEST_CASE("saturation: harmonics of a small sine are those of the third order") {
  const Saturation curve{0.5};
  for (const double a : {0.02, 0.05, 0.1}) {
    const double first = harmonic(curve, a * 0.5, 1), third = harmonic(curve, a * 0.5, 3);
    // The fifth order: x⁵ 2/15 adds 2/15 · 5/16 a⁴ to the third harmonic and 2/15 · 5/8 a⁴ to the
    // fundamental.
    CHECK(rel_error(third / first, a * a / 12.0) <= 0.6 * a * a);
    CHECK(rel_error(1.0 - first / (a * 0.5), a * a / 4.0) <= 0.6 * a * a);
  }
}

TEST_CASE("saturation: the gain of a sine at the 1 dB compression point has fallen by 1 dB") {
  const double output = one_dB_fundamental();
  // SciPy: brentq and quad of b(a)/a = 10^(-1/20), all digits printed.
  CHECK(rel_error(output, 0.6351919846167384) <= 1e-12);
  const Saturation curve{2.0};
  // Simpson's rule over a periodic function is exact to rounding.
  CHECK(
      rel_error(20.0 * std::log10(harmonic(curve, 0.7126971287646694 * 2.0, 1) / (0.7126971287646694 * 2.0)),
                -1.0) <= 1e-12);
}

TEST_CASE("saturation: slope and limits") {
  const Saturation curve{0.3};
  for (const double x : {-0.8, -0.2, 0.0, 0.1, 0.5}) {
    const double h = 1e-5;
    // Central difference: h²/6 of the third derivative, at most 2 / y_s².
    CHECK(abs_error(curve.slope(x), (curve(x + h) - curve(x - h)) / (2.0 * h)) <= 1e-8);
    CHECK(curve(-x) == -curve(x));
  }
  CHECK(curve(100.0) == 0.3);
  const Saturation none;
  CHECK_FALSE(none.active());
  CHECK(none(0.7) == 0.7);
  CHECK(none.slope(0.7) == 1.0);
  // x³ / (3 y_s²) of the sample is left far below where the curve ends.
  CHECK(rel_error(Saturation{1e4}(0.7), 0.7) <= 2e-9);
}
