#include "devices/edge_coupler.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "device_checks.hpp"
#include "devices/physics/reflection.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = std::numbers::pi, wavelength = 1310e-9;

/// |∫ψ₁ψ₂*|² / (∫|ψ₁|² ∫|ψ₂|²) of one axis by the trapezoidal rule; the beam is spread by the complex beam
/// parameter q = z + j z_R, ψ₁ = exp(-jkx²/(2q)).
double integrated_overlap(double mode_1, double mode_2, double gap, double offset, double tilt,
                          double index) {
  const double k = 2.0 * pi * index / wavelength, w1 = 0.5 * mode_1, w2 = 0.5 * mode_2;
  const Complex q(gap, 0.5 * k * w1 * w1);
  Complex overlap = 0.0;
  double first = 0.0, second = 0.0;
  for (int i = -20000; i <= 20000; ++i) {
    const double x = 60e-6 * i / 20000.0;
    const Complex a = std::exp(Complex(0.0, -0.5 * k * x * x) / q);
    const Complex b = std::exp(Complex(-(x - offset) * (x - offset) / (w2 * w2), -k * tilt * x));
    overlap += a * std::conj(b);
    first += std::norm(a);
    second += std::norm(b);
  }
  return std::norm(overlap) / (first * second);
}

EdgeCouplerParameters plain() {
  return {.fiber_index = 1.45, .gap_index = 1.45, .chip_index = 1.45, .excess_loss_dB = 0.0};
}

}  // namespace

TEST_CASE("edge coupler: every parameter refuses values outside its range by name") {
  test::check_range_messages<EdgeCoupler, EdgeCouplerParameters>();
}

TEST_CASE("edge coupler: overlap is that of numerically integrated fields, all misalignments together") {
  int checked = 0;
  for (const double chip_x : {9.2e-6, 3.0e-6})
    for (const double gap : {0.0, 20e-6})
      for (const double offset : {0.0, 1.3e-6, -2e-6})
        for (const double tilt : {0.0, 0.03}) {
          EdgeCouplerParameters p = plain();
          p.chip_mode_x_m = chip_x;
          p.chip_mode_y_m = 4e-6;
          p.gap_m = gap;
          p.offset_x_m = offset;
          p.tilt_x_rad = tilt;
          p.tilt_y_rad = -0.02;
          const double expected = integrated_overlap(p.fiber_mode_m, chip_x, gap, offset, tilt, p.gap_index) *
                                  integrated_overlap(p.fiber_mode_m, 4e-6, gap, 0.0, -0.02, p.gap_index);
          // The trapezoidal rule of analytic functions that vanish at the ends converges to rounding; the
          // spread beam still has e^-30 at 60 um.
          CHECK(rel_error(EdgeCoupler("ec", p).mode_overlap(wavelength), expected) <= 1e-9);
          ++checked;
        }
  CHECK(checked == 24);
}

TEST_CASE("edge coupler: single misalignments of equal modes follow Marcuse and Joyce and DeLoach") {
  const double w = 4.6e-6, n = 1.45;
  EdgeCouplerParameters p = plain();
  const auto overlap = [&] { return EdgeCoupler("ec", p).mode_overlap(wavelength); };
  // Rounding throughout.
  CHECK(rel_error(overlap(), 1.0) <= 1e-14);
  p.offset_x_m = 2e-6;
  CHECK(rel_error(overlap(), std::exp(-4e-12 / (w * w))) <= 1e-13);
  p.offset_x_m = 0.0;
  p.tilt_y_rad = 0.02;
  CHECK(rel_error(overlap(), std::exp(-std::pow(pi * n * w * 0.02 / wavelength, 2))) <= 1e-13);
  p.tilt_y_rad = 0.0;
  p.gap_m = 30e-6;
  // 1 / (1 + (z / 2 z_R)²) in two axes.
  const double rayleigh = pi * n * w * w / wavelength;
  CHECK(rel_error(overlap(), 1.0 / (1.0 + std::pow(0.5 * p.gap_m / rayleigh, 2))) <= 1e-13);
  p.gap_m = 0.0;
  p.chip_mode_x_m = p.chip_mode_y_m = 3e-6;
  CHECK(rel_error(overlap(), std::pow(2.0 * 9.2 * 3.0 / (9.2 * 9.2 + 9.0), 2)) <= 1e-13);
  // 1.8 dB of such a facet is why spot-size converters exist: 9.2 um against 3 um lose 4.6 dB.
  CHECK(abs_error(-10.0 * std::log10(overlap()), 4.60) <= 0.01);
}

TEST_CASE("edge coupler: fiber and chip may be exchanged") {
  EdgeCouplerParameters p = plain();
  p.chip_mode_x_m = p.chip_mode_y_m = 3.5e-6;
  p.gap_m = 8e-6;
  p.offset_x_m = 1e-6;
  const double forward = EdgeCoupler("ec", p).mode_overlap(wavelength);
  std::swap(p.fiber_mode_m, p.chip_mode_x_m);
  p.chip_mode_y_m = p.chip_mode_x_m;
  // Reciprocity; rounding.
  CHECK(rel_error(EdgeCoupler("ec", p).mode_overlap(wavelength), forward) <= 1e-13);
}

TEST_CASE("edge coupler: Fresnel, polarisation and excess losses add up") {
  EdgeCouplerParameters p = plain();
  p.gap_index = 1.0;
  const double reflected = std::pow(0.45 / 2.45, 2);
  // The textbook's 0.15 dB per glass-air surface.
  CHECK(abs_error(EdgeCoupler("ec", p).total_loss_dB(wavelength), -20.0 * std::log10(1.0 - reflected)) <=
        1e-12);
  CHECK(abs_error(EdgeCoupler("ec", p).total_loss_dB(wavelength), 0.30) <= 0.01);
  p = plain();
  p.excess_loss_dB = 1.5;
  p.polarization_dependent_loss_dB = 0.5;
  p.favoured_polarization_share = 0.0;
  CHECK(abs_error(EdgeCoupler("ec", p).total_loss_dB(wavelength), 2.0) <= 1e-12);
  const double offset_Hz = 50e9;
  Complex response(0.0, 1.0);
  EdgeCoupler("ec", p).multiply_optical(0, 228e12, {&offset_Hz, 1}, {&response, 1});
  CHECK(abs_error(-10.0 * std::log10(std::norm(response)), 2.0) <= 1e-12);
}

TEST_CASE("edge coupler: a perpendicular facet in air reflects 14.7 dB and warns, an angled one is quiet") {
  EdgeCouplerParameters p = plain();
  p.gap_index = 1.0;
  p.facet_angle_rad = 0.0;
  // 20 log₁₀(0.45 / 2.45).
  CHECK(abs_error(EdgeCoupler("ec", p).return_loss_dB(wavelength), -20.0 * std::log10(0.45 / 2.45)) <= 1e-12);
  const Bundle bundle = test::random_bundle(0, 1, 2, 3);
  std::vector<Warning> warnings;
  EdgeCoupler("ec", p).validity(bundle, warnings);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].text.find("14.7 dB") != std::string::npos);
  warnings.clear();
  p.facet_angle_rad = 0.14;
  EdgeCoupler("ec", p).validity(bundle, warnings);
  CHECK(warnings.empty());
  // The reflected beam leaves at 2θ: the overlap of two modes tilted by 2θ.
  const double expected = integrated_overlap(9.2e-6, 9.2e-6, 0.0, 0.0, 2.0 * 0.03, 1.45);
  CHECK(rel_error(tilted_facet_ratio(0.03, 4.6e-6, 1.45, wavelength), expected) <= 1e-9);
}
