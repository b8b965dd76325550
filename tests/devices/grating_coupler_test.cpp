#include "devices/grating_coupler.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/units.hpp"
#include "device_checks.hpp"
#include "devices/physics/optics.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

double loss_dB(const GratingCoupler& coupler, double wavelength) {
  const double offset_Hz = 0.0;
  Complex response = 1.0;
  coupler.multiply_optical(0, optical_frequency_Hz(wavelength), {&offset_Hz, 1}, {&response, 1});
  return -20.0 * std::log10(std::abs(response));
}

/// Wavelength that solves λ = Λ (n(λ, T) - n_c sin θ) by bisection, n linear in λ and T.
double solved_wavelength_m(const GratingCouplerParameters& p, double angle_rad, double warmer_K) {
  const double index = 2.6,
               period_m = p.centre_wavelength_m / (index - p.cladding_index * std::sin(p.angle_rad));
  const double slope_per_m = (index - p.group_index) / p.centre_wavelength_m;
  double low = 1.2e-6, high = 1.45e-6;
  for (int i = 0; i < 80; ++i) {
    const double middle = 0.5 * (low + high);
    const double n = index + slope_per_m * (middle - p.centre_wavelength_m) + p.index_slope_per_K * warmer_K;
    (middle < period_m * (n - p.cladding_index * std::sin(angle_rad)) ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

TEST_CASE("grating coupler: every parameter refuses values outside its range by name") {
  test::check_range_messages<GratingCoupler, GratingCouplerParameters>();
}

TEST_CASE("grating coupler: least loss at the centre, 1 dB more at half the width, 4 dB more at the width") {
  const GratingCoupler coupler("gc",
                               {.peak_loss_dB = 1.3, .centre_wavelength_m = 1310e-9, .bandwidth_m = 20e-9});
  // Rounding of 229 THz: 3e-2 Hz; the loss is flat at the peak.
  CHECK(abs_error(loss_dB(coupler, 1310e-9), 1.3) <= 1e-9);
  CHECK(abs_error(loss_dB(coupler, 1320e-9), 2.3) <= 1e-9);
  CHECK(abs_error(loss_dB(coupler, 1300e-9), 2.3) <= 1e-9);
  CHECK(abs_error(loss_dB(coupler, 1330e-9), 5.3) <= 1e-9);
}

TEST_CASE("grating coupler: the response at an offset is that of a carrier there") {
  const GratingCoupler coupler("gc", {});
  const double carrier_Hz = optical_frequency_Hz(1305e-9), offset_Hz = 1.2e12;
  Complex response = 1.0;
  coupler.multiply_optical(0, carrier_Hz, {&offset_Hz, 1}, {&response, 1});
  // The same sum of frequencies up to rounding.
  CHECK(abs_error(-20.0 * std::log10(std::abs(response)),
                  loss_dB(coupler, wavelength_m(carrier_Hz + offset_Hz))) <= 1e-9);
}

TEST_CASE("grating coupler: angle and temperature move the centre as the grating equation does") {
  GratingCouplerParameters p;
  // Second order of the grating equation over 1 mrad: about tan θ/2 · 1e-3 of the shift, and of 1 K nothing
  // but the bisection's 1e-22 m over 0.06 nm.
  p.angle_error_rad = 1e-3;
  double shift_m = GratingCoupler("gc", p).centre_m() - p.centre_wavelength_m;
  CHECK(rel_error(shift_m, solved_wavelength_m(p, p.angle_rad + 1e-3, 0.0) - p.centre_wavelength_m) <= 1e-3);
  CHECK(shift_m < 0.0);
  p.angle_error_rad = 0.0;
  p.temperature_error_K = 1.0;
  shift_m = GratingCoupler("gc", p).centre_m() - p.centre_wavelength_m;
  CHECK(rel_error(shift_m, solved_wavelength_m(p, p.angle_rad, 1.0) - p.centre_wavelength_m) <= 1e-9);
  CHECK(shift_m > 0.0);
}

TEST_CASE("grating coupler: light in the other polarisation is lost but for the extinction") {
  const auto loss = [](double share) {
    return loss_dB(GratingCoupler("gc", {.peak_loss_dB = 0.0,
                                         .wanted_polarization_share = share,
                                         .polarization_extinction_dB = 20.0}),
                   1310e-9);
  };
  // Powers add: 1, 1/2 + 1/200, 1/100.
  CHECK(abs_error(loss(1.0), 0.0) <= 1e-9);
  CHECK(abs_error(loss(0.5), -10.0 * std::log10(0.505)) <= 1e-9);
  CHECK(abs_error(loss(0.0), 20.0) <= 1e-9);
}

TEST_CASE("grating coupler: warns of strong reflections and of carriers off the spectrum") {
  Bundle bundle = test::random_bundle(0, 1, 1, 3);  // 228 THz, 1314.9 nm
  const auto warnings = [&](const GratingCouplerParameters& p) {
    std::vector<Warning> list;
    GratingCoupler("gc", p).validity(bundle, list);
    return list;
  };
  CHECK(warnings({}).empty());
  const auto loud = warnings({.return_loss_dB = 27.0});
  REQUIRE(loud.size() == 1);
  // 2 R = 2 · 10^-2.7 = 0.4 %.
  CHECK(loud[0].text.find("ripples by 0.4 %") != std::string::npos);
  const auto off = warnings({.centre_wavelength_m = 1290e-9});
  REQUIRE(off.size() == 1);
  CHECK(off[0].text.find("24.9 nm from the centre") != std::string::npos);
  CHECK_THROWS_WITH_AS(GratingCoupler("gc", {.angle_rad = 0.9, .group_index = 1.0}),
                       doctest::Contains("raise group_index"), ConfigError);
}
