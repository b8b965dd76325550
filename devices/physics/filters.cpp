#include "devices/physics/filters.hpp"

#include <cmath>
#include <numbers>

#include "core/constants.hpp"

namespace photonlink {
namespace {

using constants::pi;

// Normalised 3 dB frequency [rad/s] of the delay-normalised fourth-order Bessel polynomial: root of |H|² =
// 1/2.
constexpr double bessel4_corner = 2.113917674904216;

}  // namespace

Complex single_pole(double frequency_Hz, double bandwidth_Hz) {
  return 1.0 / Complex(1.0, frequency_Hz / bandwidth_Hz);
}

Complex butterworth(double frequency_Hz, double bandwidth_Hz, int order) {
  const Complex s(0.0, frequency_Hz / bandwidth_Hz);
  Complex denominator = 1.0;
  for (int k = 1; k <= order; ++k) {
    const Complex pole = std::polar(1.0, pi * (2 * k + order - 1) / (2.0 * order));
    denominator *= 1.0 - s / pole;
  }
  return 1.0 / denominator;
}

Complex bessel_thomson4(double frequency_Hz, double bandwidth_Hz) {
  const Complex s(0.0, bessel4_corner * frequency_Hz / bandwidth_Hz);
  return 105.0 / (105.0 + s * (105.0 + s * (45.0 + s * (10.0 + s))));
}

double gaussian_low_pass(double frequency_Hz, double bandwidth_Hz) {
  const double ratio = frequency_Hz / bandwidth_Hz;
  return std::exp(-0.5 * std::numbers::ln2 * ratio * ratio);
}

double single_pole_noise_bandwidth_Hz(double bandwidth_Hz) {
  return 0.5 * pi * bandwidth_Hz;
}

double butterworth_noise_bandwidth_Hz(double bandwidth_Hz, int order) {
  const double angle = pi / (2.0 * order);
  return bandwidth_Hz * angle / std::sin(angle);
}

double bessel_thomson4_noise_bandwidth_Hz(double bandwidth_Hz) {
  // ∫₀^∞ |H(jw)|² dw = π I₄ with the fourth-order Parseval integral of James, Nichols, Phillips (1947), App.:
  // I₄ = d0 (d2 d3 - d1 d4) / (2 (d1 d2 d3 - d0 d3² - d1² d4)).
  constexpr double d0 = 105.0, d1 = 105.0, d2 = 45.0, d3 = 10.0, d4 = 1.0;
  constexpr double integral = d0 * (d2 * d3 - d1 * d4) / (2.0 * (d1 * d2 * d3 - d0 * d3 * d3 - d1 * d1 * d4));
  return bandwidth_Hz * pi * integral / bessel4_corner;
}

double gaussian_noise_bandwidth_Hz(double bandwidth_Hz) {
  return 0.5 * bandwidth_Hz * std::sqrt(pi / std::numbers::ln2);
}

}  // namespace photonlink
