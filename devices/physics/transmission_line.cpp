#include "devices/physics/transmission_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/quantity.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi;
constexpr double c0 = constants::speed_of_light_m_per_s;
constexpr double largest_loss_Np = 300.0;

double skin_depth_m(double frequency_Hz) {
  return std::sqrt(copper_resistivity_ohm_m / (pi * frequency_Hz * constants::vacuum_permeability_H_per_m));
}

// K of \cite Hammerstad1980 as an analytic function, see the header.
Complex hammerstad(double rms_height_m, double frequency_Hz) {
  const double ratio = rms_height_m / skin_depth_m(frequency_Hz);
  const Complex w = std::sqrt(Complex(0.0, 1.4 * ratio * ratio));
  return 1.0 + (2.0 / pi) * (std::log(1.0 + w) + std::atan(w) - 0.5 * std::log(1.0 + w * w));
}

// K of \cite Huray2010 in the causal form of \cite Dmitriev2018.
Complex huray(const Roughness& r, double frequency_Hz) {
  const double ratio = skin_depth_m(frequency_Hz) / r.sphere_radius_m;
  return 1.0 + 1.5 * r.area_ratio / (1.0 + ratio * Complex(0.5, -0.5));
}

// sinh(x)/x, and tanh(x)/x; by their series where they are 1 to rounding.
Complex sinh_ratio(Complex x) {
  return std::norm(x) < 1e-8 ? 1.0 + x * x / 6.0 : std::sinh(x) / x;
}
Complex tanh_ratio(Complex x) {
  return std::norm(x) < 1e-8 ? 1.0 - x * x / 3.0 : std::tanh(x) / x;
}

// Roots one by one: both lie in the first quadrant, so their product is the root with Re γ >= 0.
Complex propagation(const LineImmittance& line) {
  return std::sqrt(line.series_ohm_per_m) * std::sqrt(line.shunt_S_per_m);
}

Complex angle(const LineImmittance& line, double length_m) {
  const Complex exact = propagation(line) * length_m;
  return {std::min(exact.real(), largest_loss_Np), exact.imag()};
}

// A of the wideband dielectric.
double logarithm_weight(const WidebandDielectric& d) {
  return d.permittivity * d.loss_tangent /
         (std::atan(d.reference_Hz / d.low_Hz) - std::atan(d.reference_Hz / d.high_Hz));
}

Complex logarithm(const WidebandDielectric& d, double frequency_Hz) {
  return std::log(Complex(d.high_Hz, frequency_Hz) / Complex(d.low_Hz, frequency_Hz));
}

}  // namespace

Complex roughness_factor(const Roughness& roughness, double frequency_Hz) {
  if (frequency_Hz == 0.0) return 1.0;
  switch (roughness.model) {
    case RoughnessModel::hammerstad:
      return hammerstad(roughness.rms_height_m, frequency_Hz);
    case RoughnessModel::huray:
      return roughness.sphere_radius_m > 0.0 ? huray(roughness, frequency_Hz) : 1.0;
    case RoughnessModel::smooth:
      break;
  }
  return 1.0;
}

Complex internal_impedance_ohm_per_m(const LineMetal& metal, double frequency_Hz) {
  const double root = metal.skin_resistance_ohm_per_m * std::sqrt(frequency_Hz / metal.skin_frequency_Hz);
  const Complex skin = Complex(root, root) * roughness_factor(metal.roughness, frequency_Hz);
  const double dc = metal.dc_resistance_ohm_per_m;
  return std::sqrt(dc * dc + skin * skin);
}

Complex permittivity(const WidebandDielectric& d, double frequency_Hz) {
  const Complex step = logarithm(d, frequency_Hz) - logarithm(d, d.reference_Hz).real();
  return d.permittivity + logarithm_weight(d) * step;
}

double permittivity_at_infinity(const WidebandDielectric& d) {
  return d.permittivity - logarithm_weight(d) * logarithm(d, d.reference_Hz).real();
}

void check_dielectric(const std::string& stage, const WidebandDielectric& d) {
  const auto hertz = [](double value_Hz) { return format_quantity(value_Hz, Quantity::frequency); };
  if (d.low_Hz >= d.high_Hz)
    throw ConfigError(fmt::format("{}: dielectric_low = {} is not below dielectric_high = {}; swap them",
                                  stage, hertz(d.low_Hz), hertz(d.high_Hz)));
  if (d.loss_tangent > 0.0 && (d.reference_Hz <= d.low_Hz || d.reference_Hz >= d.high_Hz))
    throw ConfigError(fmt::format(
        "{}: dielectric_frequency = {} is not between dielectric_low = {} and dielectric_high = {}, "
        "where the loss tangent is nearly constant; move a corner beyond it",
        stage, hertz(d.reference_Hz), hertz(d.low_Hz), hertz(d.high_Hz)));
  if (const double left = permittivity_at_infinity(d); left < 1.0)
    throw ConfigError(fmt::format(
        "{}: with loss_tangent = {:g} the permittivity of {:g} falls to {:.3g} above {}, below 1; lower "
        "loss_tangent or dielectric_high",
        stage, d.loss_tangent, d.permittivity, left, hertz(d.high_Hz)));
}

LineImmittance line_immittance(const LineParameters& line, double frequency_Hz) {
  const double root = std::sqrt(line.dielectric.permittivity) / c0;
  const Complex s(0.0, 2.0 * pi * frequency_Hz);
  const double inductance_H_per_m = line.impedance_ohm * root;
  const double vacuum_F_per_m = root / (line.impedance_ohm * line.dielectric.permittivity);
  return {s * inductance_H_per_m + internal_impedance_ohm_per_m(line.metal, frequency_Hz),
          s * vacuum_F_per_m * permittivity(line.dielectric, frequency_Hz)};
}

Complex line_propagation_per_m(const LineParameters& line, double frequency_Hz) {
  return propagation(line_immittance(line, frequency_Hz));
}

Abcd line_two_port(const LineParameters& line, double length_m, double frequency_Hz) {
  const LineImmittance per_m = line_immittance(line, frequency_Hz);
  const Complex x = angle(per_m, length_m), c = std::cosh(x), s = sinh_ratio(x) * length_m;
  return {c, per_m.series_ohm_per_m * s, per_m.shunt_S_per_m * s, c};
}

Complex open_line_admittance_S(const LineParameters& line, double length_m, double frequency_Hz) {
  const LineImmittance per_m = line_immittance(line, frequency_Hz);
  return per_m.shunt_S_per_m * length_m * tanh_ratio(angle(per_m, length_m));
}

double front_delay_s(const LineParameters& line, double length_m) {
  return length_m * std::sqrt(permittivity_at_infinity(line.dielectric)) / c0;
}

double line_group_delay_s(const LineParameters& line, double length_m, double frequency_Hz) {
  // A step of 1e-4 leaves rounding of 1e-12 and a curvature error of 1e-8 in a smooth function of ln f.
  const double step_Hz = 1e-4 * frequency_Hz;
  require(step_Hz > 0.0, "the group delay of a line at 0 Hz is not defined; give a frequency above it");
  const double rise = line_propagation_per_m(line, frequency_Hz + step_Hz).imag() -
                      line_propagation_per_m(line, frequency_Hz - step_Hz).imag();
  return length_m * rise / (4.0 * pi * step_Hz);
}

}  // namespace photonlink
