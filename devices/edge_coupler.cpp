#include "devices/edge_coupler.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "devices/physics/optics.hpp"
#include "devices/physics/polarization.hpp"
#include "devices/physics/reflection.hpp"

namespace photonlink {
namespace {

/// η of one axis.
double axis_overlap(double first_m, double second_m, double gap_m, double offset_m, double tilt_rad,
                    double wave_number_per_m) {
  const double rayleigh_m = 0.5 * wave_number_per_m * first_m * first_m;
  const double spread_m = first_m * std::hypot(1.0, gap_m / rayleigh_m);
  const double curvature_per_m = gap_m / (gap_m * gap_m + rayleigh_m * rayleigh_m);
  const Complex a(1.0 / (spread_m * spread_m), 0.5 * wave_number_per_m * curvature_per_m);
  const double b = 1.0 / (second_m * second_m);
  const Complex slope(2.0 * b * offset_m, wave_number_per_m * tilt_rad);
  const double exponent = 2.0 * (slope * slope / (4.0 * (a + b))).real() - 2.0 * b * offset_m * offset_m;
  return 2.0 / (spread_m * second_m * std::abs(a + b)) * std::exp(exponent);
}

}  // namespace

template <>
const ParameterTable<EdgeCouplerParameters>& parameter_table() {
  using P = EdgeCouplerParameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"fiber_mode", "mode-field diameter of the fiber; G.652 9.2 um at 1310 nm, lensed 2.5 to 4 um", length,
       &P::fiber_mode_m, 0.5e-6, 50e-6},
      {"chip_mode_x", "mode-field diameter of the chip's facet, horizontal", length, &P::chip_mode_x_m,
       0.2e-6, 50e-6},
      {"chip_mode_y", "mode-field diameter of the chip's facet, vertical", length, &P::chip_mode_y_m, 0.2e-6,
       50e-6},
      {"offset_x", "lateral offset, horizontal", length, &P::offset_x_m, -50e-6, 50e-6, 0.0},
      {"offset_y", "lateral offset, vertical", length, &P::offset_y_m, -50e-6, 50e-6, 0.0},
      {"gap", "z between the facets", length, &P::gap_m, 0.0, 1e-3, 0.0},
      {"tilt_x", "tilt of the fiber, horizontal, in rad", dimensionless, &P::tilt_x_rad, -0.2, 0.2, 0.0},
      {"tilt_y", "tilt of the fiber, vertical, in rad", dimensionless, &P::tilt_y_rad, -0.2, 0.2, 0.0},
      {"fiber_index", "index of the fiber's core", dimensionless, &P::fiber_index, 1.0, 4.0},
      {"gap_index", "n of what fills the gap; air 1, index gel 1.45", dimensionless, &P::gap_index, 1.0, 4.0},
      {"chip_index", "effective index at the chip's facet", dimensionless, &P::chip_index, 1.0, 4.0},
      {"facet_angle", "angle of the facets that sends reflections out of the mode, in rad", dimensionless,
       &P::facet_angle_rad, 0.0, 0.5},
      {"excess_loss", "loss of the spot-size converter behind the facet", loss, &P::excess_loss_dB, 0.0, 30.0,
       0.0},
      {"polarization_dependent_loss", "PDL, what the other polarisation loses in addition", loss,
       &P::polarization_dependent_loss_dB, 0.0, 40.0, 0.0},
      {"favoured_polarization_share", "s, share of the power in the favoured polarisation", dimensionless,
       &P::favoured_polarization_share, 0.0, 1.0, 1.0},
  };
  return table;
}

EdgeCoupler::EdgeCoupler(std::string name, const EdgeCouplerParameters& parameters)
    : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
}

double EdgeCoupler::mode_overlap(double wavelength_m) const {
  const double k = 2.0 * constants::pi * p_.gap_index / wavelength_m;
  return axis_overlap(0.5 * p_.fiber_mode_m, 0.5 * p_.chip_mode_x_m, p_.gap_m, p_.offset_x_m, p_.tilt_x_rad,
                      k) *
         axis_overlap(0.5 * p_.fiber_mode_m, 0.5 * p_.chip_mode_y_m, p_.gap_m, p_.offset_y_m, p_.tilt_y_rad,
                      k);
}

double EdgeCoupler::total_loss_dB(double wavelength_m) const {
  const double passed =
      (1.0 - fresnel_reflectance(p_.fiber_index, p_.gap_index)) *
      (1.0 - fresnel_reflectance(p_.gap_index, p_.chip_index)) *
      received_polarization_share(p_.favoured_polarization_share, p_.polarization_dependent_loss_dB);
  return p_.excess_loss_dB - power_gain_dB(mode_overlap(wavelength_m) * passed).value;
}

double EdgeCoupler::return_loss_dB(double wavelength_m) const {
  const double fiber =
      fresnel_reflectance(p_.fiber_index, p_.gap_index) *
      tilted_facet_ratio(p_.facet_angle_rad, 0.5 * p_.fiber_mode_m, p_.fiber_index, wavelength_m);
  const double chip =
      fresnel_reflectance(p_.gap_index, p_.chip_index) *
      tilted_facet_ratio(p_.facet_angle_rad, 0.5 * p_.chip_mode_x_m, p_.chip_index, wavelength_m);
  return -power_gain_dB(std::max({fiber, chip, 1e-12})).value;  // nothing is measured below -120 dB
}

void EdgeCoupler::multiply_optical(int, double carrier_Hz, std::span<const double>,
                                   std::span<Complex> response) const {
  const double field = field_ratio(Gain_dB{-total_loss_dB(wavelength_m(carrier_Hz))});
  for (Complex& value : response) value *= field;
}

void EdgeCoupler::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  for (const double carrier_Hz : input.carrier_Hz) {
    warn_of_reflection(name(), "facet", return_loss_dB(wavelength_m(carrier_Hz)), warnings);
    break;
  }
}

}  // namespace photonlink
