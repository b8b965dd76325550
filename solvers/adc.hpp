/// Variable-gain amplifier and analogue-to-digital converter behind the CTLE, in front of the FFE.
///
/// The gain G makes the peak of the noise-free samples behind the amplifier `adc_fill` of half the full scale
/// V_FS, within its range. An amplifier that compresses ends at ±y_s (serdes_receiver.hpp): then
///   G = (y_s / peak) atanh(adc_fill V_FS / (2 y_s)),
/// and referred to its input, where all amplitudes are kept, samples pass f(x) = x_s tanh(x / x_s),
/// x_s = y_s / G. Referred likewise the converter has the step and the limit
///   Δ = V_FS / (G 2^R),   limit = V_FS / (2 G),   σ² = (V_FS / (G 2^N))² / 12,
/// R the bits of the quantiser (`adc_resolution`), N the smaller of R and `adc_bits`, the effective number:
/// σ² is the power of all errors, Δ²/12 that of rounding \cite Bennett1948, the rest Gaussian noise of the
/// converter. The semi-analytic solver takes σ² as Gaussian and white; the Monte Carlo solver adds the noise,
/// rounds to Δ and clips at the limit. Rounding is bounded: where it makes up much of the noise, Gaussian is
/// pessimistic. Clipping is no part of the semi-analytic result. The power of each tells when it matters.
/// Verified against the closed form of a clear channel and against counted errors.
#pragma once

#include <limits>
#include <span>

#include "devices/physics/saturation.hpp"
#include "devices/serdes_receiver.hpp"

namespace photonlink {

/// Referred to the waveform in front of the amplifier.
struct AdcScale {
  Saturation curve;    ///< of the amplifier
  double step = 0.0;   ///< of the quantiser, 0: infinitely fine
  double sigma = 0.0;  ///< of the converter's own noise
  double limit = std::numeric_limits<double>::infinity();
  double gain_dB = 0.0;
  bool at_end = false;  ///< the gain stands at an end of its range and does not follow the signal

  double variance() const { return step * step / 12.0 + sigma * sigma; }
};

/// @param peak_V largest |sample| without noise in front of the amplifier
AdcScale scale_adc(const SerdesReceiverParameters& receiver, double peak_V);

/// Mean square of what clipping takes off noise-free samples behind the curve with Gaussian noise of standard
/// deviation sigma: mean of σ² ((1 + t²) Q(t) - t φ(t)), t = (limit ∓ x) / σ.
double clipping_power(const AdcScale& adc, std::span<const double> samples, double sigma);

}  // namespace photonlink
