/// Microring by round trips: exact for a uniform waveguide and lossless couplers, all resonances at once.
///
/// With z = a e^{-jφ} per round trip (a amplitude, φ = βL), couplers t² = 1 - κ² and cross fields jκ
/// (\cite Bogaerts2012, written for e^{+jωt}):
///   all-pass  (t - z) / (1 - t z)
///   add-drop  through (t₁ - t₂ z) / (1 - t₁ t₂ z),  drop -κ₁ κ₂ sqrt(z) / (1 - t₁ t₂ z)
///
/// Distance from the coupled mode. With x = -ln t₁, w = -ln(t₂ a) + jφ and q = (w + x)/2 the through response
/// is sinh((w-x)/2)/sinh(q), while the coupled mode (rates_from_couplings) is (w-x)/(w+x). The product form
/// of sinh gives, for every |φ| <= π from the nearest resonance,
///   |H_rt - H_cm| <= |H_cm| (exp(2 |w| x / π²) - 1),
/// and for the drop port, x₂ = -ln t₂,
///   |H_rt - H_cm| <= |H_cm| (exp(2 |q|²/π² + (x² + x₂²)/12) - 1).
#pragma once

#include "core/conventions.hpp"

namespace photonlink {

/// Couplers and loss of one ring; drop_power_coupling 0 makes it all-pass.
struct RoundTripRing {
  double bus_power_coupling = 0.0;   ///< κ₁², [0, 1)
  double drop_power_coupling = 0.0;  ///< κ₂², [0, 1)
  double round_trip_loss_dB = 0.0;   ///< -20 log₁₀ a, >= 0
  double length_m = 0.0;             ///< round trip
};

/// Effective index linear in wavelength: n_eff and n_g hold at the reference wavelength.
struct WaveguideIndex {
  double effective = 0.0, group = 0.0;
  double reference_m = 1.55e-6;
  /// β at a wavelength [rad/m].
  double propagation_per_m(double wavelength_m) const;
};

/// Field responses at round-trip phase `phase` [rad].
Complex round_trip_through(const RoundTripRing& ring, double phase);
Complex round_trip_drop(const RoundTripRing& ring, double phase);

/// The bounds above, |H_rt - H_cm| / |H_cm| at `phase` from the nearest resonance (|phase| <= π).
double through_error_bound(const RoundTripRing& ring, double phase);
double drop_error_bound(const RoundTripRing& ring, double phase);

}  // namespace photonlink
