/// Power spectra of a bus of add-drop rings, each by round trips: through port and every drop port.
///
/// Light passes ring 0 first; drop i = (product of the through responses of rings 0..i-1) · drop response of
/// ring i. No reflections. Eight wavelengths are worked on at once (see simd.hpp).
#pragma once

#include <span>
#include <vector>

#include "devices/physics/ring_round_trip.hpp"

namespace photonlink {

struct BusSpectrum {
  std::vector<double> through;            ///< (n_wavelength), power
  std::vector<std::vector<double>> drop;  ///< (n_ring, n_wavelength), power
};

/// @param propagation_per_m (n_wavelength), β; @returns powers per unit input power.
BusSpectrum bus_spectrum(std::span<const RoundTripRing> rings, std::span<const double> propagation_per_m);

}  // namespace photonlink
