#include "devices/physics/bragg_grating.hpp"

#include <cmath>

namespace photonlink {
namespace {

constexpr int sections = 64;

/// Transfer matrix [a, b; b*, a*] of a section, |a|² - |b|² = 1: (A, B) in front = matrix · (A, B) behind.
struct Section {
  Complex a = 1.0, b = 0.0;
};

Section operator*(const Section& first, const Section& second) {
  return {first.a * second.a + first.b * std::conj(second.b),
          first.a * second.b + first.b * std::conj(second.a)};
}

Section uniform(double coupling_per_m, double detuning_per_m, double length_m) {
  const double square = coupling_per_m * coupling_per_m - detuning_per_m * detuning_per_m;
  const double s = std::sqrt(std::abs(square)), x = s * length_m;
  double even, odd;  // cosh sl and sinh sl / s, real on either side of the band's edge
  if (x < 1e-6) {
    even = 1.0;
    odd = length_m;
  } else if (square > 0.0) {
    even = std::cosh(x);
    odd = std::sinh(x) / s;
  } else {
    even = std::cos(x);
    odd = std::sin(x) / s;
  }
  return {Complex(even, detuning_per_m * odd), Complex(0.0, coupling_per_m * odd)};
}

}  // namespace

BraggFields bragg_fields(const BraggGrating& grating, double detuning_per_m) {
  Section whole;
  if (grating.apodisation == 0.0) {
    whole = uniform(grating.coupling_per_m, detuning_per_m, grating.length_m);
  } else {
    for (int m = 0; m < sections; ++m) {
      const double place = (2.0 * m + 1.0) / sections - 1.0;  // 2z/L - 1 in the middle of the section
      const double coupling_per_m = grating.coupling_per_m * std::exp(-grating.apodisation * place * place);
      whole = whole * uniform(coupling_per_m, detuning_per_m, grating.length_m / sections);
    }
  }
  return {std::conj(whole.b) / whole.a, 1.0 / whole.a};
}

}  // namespace photonlink
