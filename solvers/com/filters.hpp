/// Fixed and adjustable filters of channel operating margin in the frequency domain.
#pragma once

#include <array>
#include <vector>

#include "core/conventions.hpp"
#include "solvers/com/parameters.hpp"

namespace photonlink::com {

/// Receiver filter H_r: product of the chosen ones. Butterworth of fourth order (93A-20), Bessel-Thomson of
/// fourth order with the same -3 dB frequency f_r f_b, cosine roll-off between two frequencies.
Complex receiver_filter(const Parameters& parameters, double frequency_Hz);
/// Its Butterworth part alone: all that the script's noise spectrum of Annex 178A knows.
Complex butterworth_filter(const Parameters& parameters, double frequency_Hz);
/// Gaussian transmit edge, exp(-2 (π f T_r / 1.6832)²) (93A-46) with a delay of 3 T_r; 1 without a rise time.
Complex transmit_filter(double rise_time_s, double frequency_Hz);
/// 1 below `begin`, cosine to 0 at `end`.
double cosine_window(double frequency_Hz, double begin_Hz, double end_Hz);

/// One setting of the continuous-time filter.
struct CtleSetting {
  double gain_dB = 0.0, low_gain_dB = 0.0;
  int gain_index = 0, low_gain_index = 0;  ///< in the order of the grid
};
/// Settings that the limits leave, g_DC outside and g_DC2 inside; without second stage one g_DC2 of 0.
/// @throws ConfigError when the grid is too large to be searched.
std::vector<CtleSetting> ctle_settings(const Parameters& parameters);

/// H_ctf is bilinear in the two direct gains g = 10^(g_DC/20), g2 = 10^(g_DC2/20):
///   H_ctf = g g2 U_0 + g U_1 + g2 U_2 + U_3,
/// so each filter of the grid costs one sum instead of one transform. A single stage is g U_1 + U_3.
constexpr int ctle_parts = 4;
std::array<Complex, ctle_parts> ctle_basis(const Ctle& ctle, double frequency_Hz);
std::array<double, ctle_parts> ctle_weights(const Ctle& ctle, const CtleSetting& setting);
Complex ctle(const Ctle& ctle, const CtleSetting& setting, double frequency_Hz);

/// Sums of products of the four parts under a spectrum, Σ S Re(U_i* U_j): every quadratic quantity behind the
/// CTLE is then Σ_ij w_i w_j gram_ij.
using CtleGram = std::array<std::array<double, ctle_parts>, ctle_parts>;
void add_to_gram(CtleGram& gram, double weight, const std::array<Complex, ctle_parts>& basis);
double quadratic(const CtleGram& gram, const std::array<double, ctle_parts>& weights);

/// The same four parts applied to a sampled impulse response by the bilinear transform with 2 / Δt, as the
/// IEEE script does: exact at low frequencies, compressed towards half the sampling rate.
std::array<std::vector<double>, ctle_parts> bilinear_ctle_basis(const Ctle& ctle, double sample_rate_Hz,
                                                                const std::vector<double>& impulse);

}  // namespace photonlink::com
