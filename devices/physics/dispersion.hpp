/// Chromatic dispersion of a fiber as a response on the field envelope.
///
///   D(λ) = λ S₀/4 (1 - (λ₀/λ)⁴)                      [s/m²]
///   β₂ = -λ² D / (2πc)                               [s²/m]
///   β₃ = (λ²/(2πc))² (dD/dλ + 2 D/λ)                 [s³/m]
///   H(Ω) = exp(-j (β₂ Ω²/2 + β₃ Ω³/6) L)             propagation e^{-jβz}, delay of the carrier removed
///
/// D(λ): the form of the dispersion limits in ITU-T G.652 (\cite ITUTG652); β₂, β₃: Agrawal, Nonlinear
/// Fiber Optics, Sec. 1.2.3 (\cite Agrawal2013). Phase noise turned into intensity: \cite Wang1992.
#pragma once

#include "core/conventions.hpp"

namespace photonlink {

/// Fiber of the G.652 family at one carrier.
struct DispersionTerms {
  double dispersion_s_per_m2 = 0.0;  ///< D; 1 ps/(nm km) = 1e-6 s/m²
  double beta2_s2_per_m = 0.0;
  double beta3_s3_per_m = 0.0;
};

/// @param zero_dispersion_wavelength_m λ₀, @param dispersion_slope_s_per_m3 S₀ (1 ps/(nm² km) = 1000 s/m³)
DispersionTerms dispersion_terms(double carrier_Hz, double zero_dispersion_wavelength_m,
                                 double dispersion_slope_s_per_m3);

/// H at an offset [Hz] of either sign from the carrier, after `length_m`.
Complex dispersion_response(const DispersionTerms& terms, double length_m, double offset_Hz);

/// One-sided relative intensity noise density [1/Hz] at `frequency_Hz` that dispersion makes of the phase
/// noise of a Lorentzian line of full width Δν: 4 sin²(β₂ω²L/2) Δν/(πf²). First order in the phase.
double phase_to_intensity_noise_per_Hz(double linewidth_Hz, double beta2_s2_per_m, double length_m,
                                       double frequency_Hz);
/// Its upper bound over all dispersions, 4 Δν/(πf²).
double phase_to_intensity_noise_bound_per_Hz(double linewidth_Hz, double frequency_Hz);

}  // namespace photonlink
