#include "devices/physics/ring_medium.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/optics.hpp"

namespace photonlink {

double silicon::carrier_index_m3(double density_per_m3) {
  // \cite Soref1987 with N in cm^-3, 1 cm³ = 1e-6 m³.
  const double per_cm3 = density_per_m3 * 1e-6;
  return (8.8e-22 + 8.5e-18 * std::pow(per_cm3, -0.2)) * 1e-6;
}

double thermal_shift_Hz_per_K(double frequency_Hz, double overlap, double group_index) {
  return frequency_Hz * overlap * silicon::thermo_optic_per_K / group_index;
}

RingMedium make_ring_medium(const RingGuide& g) {
  constexpr double c = constants::speed_of_light_m_per_s;
  const double volume_m3 = g.mode_area_m2 * g.ring_length_m, n2 = g.group_index * g.group_index;
  const double wavelengths = c / g.frequency_Hz / silicon::carrier_reference_m;
  const double drude = wavelengths * wavelengths;
  RingMedium m;
  m.absorbed_share = g.absorbed_share;
  m.two_photon_per_s_J = g.two_photon * silicon::two_photon_m_per_W * c * c / (2.0 * n2 * volume_m3);
  m.kerr_Hz_per_J = g.frequency_Hz * g.kerr * silicon::kerr_m2_per_W * c / (n2 * volume_m3);
  m.pairs_per_s_J2 = m.two_photon_per_s_J / photon_energy_J(g.frequency_Hz);
  m.carrier_lifetime_s = g.carrier_lifetime_s;
  m.carrier_loss_per_s =
      g.overlap * silicon::carrier_cross_section_m2 * drude * c / (2.0 * g.group_index * volume_m3);
  m.carrier_shift_Hz = g.frequency_Hz * g.overlap *
                       silicon::carrier_index_m3(silicon::carrier_reference_per_m3) * drude /
                       (g.group_index * volume_m3);
  m.thermal_resistance_K_per_W = g.thermal_resistance_K_per_W;
  m.thermal_time_s = g.thermal_time_s;
  m.thermal_shift_Hz_per_K = thermal_shift_Hz_per_K(g.frequency_Hz, g.overlap, g.group_index);
  m.current_A_per_W = g.collection_efficiency * quantum_limited_responsivity_A_per_W(g.frequency_Hz);
  m.bias_V = g.bias_V;
  return m;
}

}  // namespace photonlink
