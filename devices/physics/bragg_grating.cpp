#include "devices/physics/bragg_grating.hpp"

#include <cmath>

namespace photonlink {
namespace {

constexpr int sections = 64;

/// Transfer matrix e^x [a, b; b*, a*] of a section, |a|² - |b|² = e^(-2x): (A, B) in front = matrix · (A, B)
/// behind. The exponent stands apart, since long gratings reach e^1000.
struct Section {
  Complex a = 1.0, b = 0.0;
  double exponent = 0.0;
};

Section operator*(const Section& first, const Section& second) {
  return {first.a * second.a + first.b * std::conj(second.b),
          first.a * second.b + first.b * std::conj(second.a), first.exponent + second.exponent};
}

Section uniform(double coupling_per_m, double detuning_per_m, double length_m) {
  const double square = coupling_per_m * coupling_per_m - detuning_per_m * detuning_per_m;
  const double s = std::sqrt(std::abs(square)), x = s * length_m;
  double even = 1.0, odd = length_m,
         exponent = 0.0;  // cosh x and sinh x / s, real on either side of the edge
  if (x > 1e-6 && square > 0.0) {
    even = 0.5 * (1.0 + std::exp(-2.0 * x));
    odd = -0.5 * std::expm1(-2.0 * x) / s;
    exponent = x;
  } else if (x > 1e-6) {
    even = std::cos(x);
    odd = std::sin(x) / s;
  }
  return {Complex(even, detuning_per_m * odd), Complex(0.0, coupling_per_m * odd), exponent};
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
  return {std::conj(whole.b) / whole.a, std::exp(-whole.exponent) / whole.a};
}

}  // namespace photonlink
