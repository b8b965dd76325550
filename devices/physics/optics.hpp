/// Wavelength, frequency, photon energy and what one photon can do at most in a photodiode.
///
///   λ = c / f,   E = h f,   R_max = q / (h f)       [m, J, A/W]
///
/// Saleh, Teich, Fundamentals of Photonics, 2nd ed., Secs. 12.1 and 18.1 (\cite SalehTeich2007). Vacuum
/// wavelengths throughout.
#pragma once

#include "core/constants.hpp"

namespace photonlink {

/// Vacuum wavelength [m] of a frequency [Hz] > 0.
inline double wavelength_m(double frequency_Hz) {
  return constants::speed_of_light_m_per_s / frequency_Hz;
}
/// Frequency [Hz] of a vacuum wavelength [m] > 0.
inline double optical_frequency_Hz(double wavelength_m) {
  return constants::speed_of_light_m_per_s / wavelength_m;
}
inline double photon_energy_J(double frequency_Hz) {
  return constants::planck_J_s * frequency_Hz;
}
/// Responsivity [A/W] at which every photon yields one electron; q λ / (h c) = 1.0566 A/W at 1310 nm.
inline double quantum_limited_responsivity_A_per_W(double frequency_Hz) {
  return constants::elementary_charge_C / photon_energy_J(frequency_Hz);
}

}  // namespace photonlink
