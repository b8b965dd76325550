#include "devices/physics/ieee_line.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi;

}  // namespace

IeeeLine ieee_line_of_sheet(double gamma0_per_mm, double a1_sqrt_ns_per_mm, double a2_ns_per_mm,
                            double tau_ns_per_mm, double characteristic_ohm) {
  return {.gamma0_per_m = 1e3 * gamma0_per_mm,
          .a1_sqrt_s_per_m = 1e3 * std::sqrt(1e-9) * a1_sqrt_ns_per_mm,
          .a2_s_per_m = 1e-6 * a2_ns_per_mm,
          .tau_s_per_m = 1e-6 * tau_ns_per_mm,
          .characteristic_ohm = characteristic_ohm};
}

Complex ieee_propagation_per_m(const IeeeLine& line, double f) {
  if (f == 0.0) return line.gamma0_per_m;
  const double root = line.a1_sqrt_s_per_m * std::sqrt(f), slope = line.a2_s_per_m * f;
  return {line.gamma0_per_m + root + slope,
          root - slope * (2.0 / pi) * std::log(f / 1e9) + 2.0 * pi * line.tau_s_per_m * f};
}

Abcd ieee_line(const IeeeLine& line, double length_m, double frequency_Hz) {
  constexpr double largest_loss_Np = 300.0;  // 2600 dB: no chain matrix overflows
  const Complex exact = ieee_propagation_per_m(line, frequency_Hz) * length_m,
                angle(std::min(exact.real(), largest_loss_Np), exact.imag());
  // cosh and sinh of a complex number from the same four real functions.
  const double cosh_loss = std::cosh(angle.real()), sinh_loss = std::sinh(angle.real()),
               cosine = std::cos(angle.imag()), sine = std::sin(angle.imag());
  const Complex c(cosh_loss * cosine, sinh_loss * sine), s(sinh_loss * cosine, cosh_loss * sine);
  return {c, line.characteristic_ohm * s, s / line.characteristic_ohm, c};
}

S2 ieee_line_s(const IeeeLine& line, double length_m, double frequency_Hz, double reference_ohm) {
  const double rho = (line.characteristic_ohm - reference_ohm) / (line.characteristic_ohm + reference_ohm);
  const Complex e = std::exp(-ieee_propagation_per_m(line, frequency_Hz) * length_m);
  const Complex denominator = 1.0 - rho * rho * e * e;
  const Complex reflected = rho * (1.0 - e * e) / denominator;
  const Complex through = (1.0 - rho * rho) * e / denominator;
  return {reflected, through, through, reflected};
}

Abcd ieee_shunt_capacitance(double capacitance_F, double frequency_Hz) {
  return shunt_admittance(Complex(0.0, pi * frequency_Hz * capacitance_F));  // jω C/2
}

Abcd ieee_series_inductance(double inductance_H, double frequency_Hz) {
  return series_impedance(Complex(0.0, 4.0 * pi * frequency_Hz * inductance_H));  // jω 2L
}

}  // namespace photonlink
