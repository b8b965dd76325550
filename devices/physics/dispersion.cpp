#include "devices/physics/dispersion.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/optics.hpp"

namespace photonlink {

using constants::pi;

DispersionTerms dispersion_terms(double carrier_Hz, double zero_dispersion_wavelength_m,
                                 double dispersion_slope_s_per_m3) {
  const double wavelength = wavelength_m(carrier_Hz);
  const double ratio4 = std::pow(zero_dispersion_wavelength_m / wavelength, 4);
  const double dispersion = 0.25 * dispersion_slope_s_per_m3 * wavelength * (1.0 - ratio4);
  const double slope = 0.25 * dispersion_slope_s_per_m3 * (1.0 + 3.0 * ratio4);  // dD/dλ
  const double scale = wavelength * wavelength / (2.0 * pi * constants::speed_of_light_m_per_s);
  return {.dispersion_s_per_m2 = dispersion,
          .beta2_s2_per_m = -scale * dispersion,
          .beta3_s3_per_m = scale * scale * (slope + 2.0 * dispersion / wavelength)};
}

Complex dispersion_response(const DispersionTerms& terms, double length_m, double offset_Hz) {
  const double omega = 2.0 * pi * offset_Hz;
  const double phase =
      omega * omega * (terms.beta2_s2_per_m / 2.0 + terms.beta3_s3_per_m * omega / 6.0) * length_m;
  return std::polar(1.0, -phase);
}

double phase_to_intensity_noise_per_Hz(double linewidth_Hz, double beta2_s2_per_m, double length_m,
                                       double frequency_Hz) {
  const double omega = 2.0 * pi * frequency_Hz;
  const double sine = std::sin(0.5 * beta2_s2_per_m * omega * omega * length_m);
  return sine * sine * phase_to_intensity_noise_bound_per_Hz(linewidth_Hz, frequency_Hz);
}

double phase_to_intensity_noise_bound_per_Hz(double linewidth_Hz, double frequency_Hz) {
  return 4.0 * linewidth_Hz / (pi * frequency_Hz * frequency_Hz);
}

}  // namespace photonlink
