#include "devices/grating_coupler.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/units.hpp"
#include "devices/physics/optics.hpp"
#include "devices/physics/polarization.hpp"
#include "devices/physics/reflection.hpp"

namespace photonlink {

template <>
const ParameterTable<GratingCouplerParameters>& parameter_table() {
  using P = GratingCouplerParameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"peak_loss", "loss at the centre wavelength", loss, &P::peak_loss_dB, 0.0, 30.0, 0.0},
      {"centre_wavelength", "lambda_0 as designed, at the designed angle and temperature", length,
       &P::centre_wavelength_m, 1.0e-6, 2.0e-6},
      {"bandwidth", "B, full width where the loss is 1 dB above the least; 1 um is flat", length,
       &P::bandwidth_m, 1e-9, 1e-6, 1e-6},
      {"centre_error", "centre wavelength as fabricated minus lambda_0", length, &P::centre_error_m, -100e-9,
       100e-9, 0.0},
      {"angle", "theta of the fiber in the cladding from the normal, in rad", dimensionless, &P::angle_rad,
       -1.0, 1.0},
      {"angle_error", "angle as mounted minus theta, in rad", dimensionless, &P::angle_error_rad, -0.1, 0.1,
       0.0},
      {"cladding_index", "n_c above the grating", dimensionless, &P::cladding_index, 1.0, 2.0},
      {"group_index", "n_g of the grating's mode", dimensionless, &P::group_index, 1.0, 10.0},
      {"index_slope", "dn/dT of the grating's mode in 1/K; silicon alone 1.86e-4", dimensionless,
       &P::index_slope_per_K, 0.0, 1e-3, 0.0},
      {"temperature_error", "temperature of the chip minus that at which lambda_0 holds", temperature,
       &P::temperature_error_K, -150.0, 150.0, 0.0},
      {"wanted_polarization_share", "s, share of the power in the polarisation that couples", dimensionless,
       &P::wanted_polarization_share, 0.0, 1.0, 1.0},
      {"polarization_extinction", "X, how much more the other polarisation loses", loss,
       &P::polarization_extinction_dB, 0.0, 60.0},
      {"return_loss", "back reflection; below 30 dB a warning", loss, &P::return_loss_dB, 0.0, 100.0, 100.0},
  };
  return table;
}

GratingCoupler::GratingCoupler(std::string name, const GratingCouplerParameters& parameters)
    : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
  if (p_.group_index - p_.cladding_index * std::sin(p_.angle_rad) < 0.1)
    throw ConfigError(
        fmt::format("{}: group_index = {} does not exceed cladding_index · sin(angle) = {:.3f} by 0.1: no "
                    "grating couples "
                    "there; raise group_index",
                    this->name(), p_.group_index, p_.cladding_index * std::sin(p_.angle_rad)));
}

double GratingCoupler::angle_slope_m_per_rad() const {
  return -p_.centre_wavelength_m * p_.cladding_index * std::cos(p_.angle_rad) /
         (p_.group_index - p_.cladding_index * std::sin(p_.angle_rad));
}

double GratingCoupler::temperature_slope_m_per_K() const {
  return p_.centre_wavelength_m * p_.index_slope_per_K /
         (p_.group_index - p_.cladding_index * std::sin(p_.angle_rad));
}

double GratingCoupler::centre_m() const {
  return p_.centre_wavelength_m + p_.centre_error_m + angle_slope_m_per_rad() * p_.angle_error_rad +
         temperature_slope_m_per_K() * p_.temperature_error_K;
}

double GratingCoupler::total_loss_dB(double wavelength_m) const {
  const double x = 2.0 * (wavelength_m - centre_m()) / p_.bandwidth_m;
  const double share =
      received_polarization_share(p_.wanted_polarization_share, p_.polarization_extinction_dB);
  return p_.peak_loss_dB + x * x - power_gain_dB(share).value;
}

void GratingCoupler::multiply_optical(int, double carrier_Hz, std::span<const double> offset_Hz,
                                      std::span<Complex> response) const {
  const double centre = centre_m(), peak = field_ratio(Gain_dB{-total_loss_dB(centre)});
  const double neper =
      std::log(field_ratio(Gain_dB{-4.0})) / (p_.bandwidth_m * p_.bandwidth_m);  // of (λ - λ_c)²
  for (std::size_t k = 0; k < response.size(); ++k) {
    const double off_m = wavelength_m(carrier_Hz + offset_Hz[k]) - centre;
    response[k] *= peak * std::exp(neper * off_m * off_m);
  }
}

void GratingCoupler::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  warn_of_reflection(name(), "grating", p_.return_loss_dB, warnings);
  for (const double carrier_Hz : input.carrier_Hz) {
    const double off_m = wavelength_m(carrier_Hz) - centre_m();
    if (std::abs(off_m) <= p_.bandwidth_m) continue;
    warnings.push_back(
        {name(), fmt::format("carrier at {:.1f} nm is {:.1f} nm from the centre, more than the 1-dB width of "
                             "{:.1f} nm: the Gaussian spectrum is a guess there",
                             wavelength_m(carrier_Hz) * 1e9, off_m * 1e9, p_.bandwidth_m * 1e9)});
    break;
  }
}

}  // namespace photonlink
