/// What a copper channel is judged by: losses, delay, integrated crosstalk noise.
///
///   insertion loss  -20 log10 |Sdd21|,   return loss  -20 log10 |Sdd11| or |Sdd22|          [dB]
///   delay           -d arg Sdd21 / dω, mean over a band (network/s_parameters.hpp)              [s]
///   MDNEXT, MDFEXT  -10 log10 Σ_i |Sdd21,i|² over the near-end (far-end) disturbers             [dB]
///
/// Integrated crosstalk noise, IEEE Std 802.3-2022 Eq. (92-44) to (92-48) \cite IEEE8023: rms voltage of all
/// disturbers sending random two-level symbols,
///   W(f) = (A²/f_b) sinc²(f/f_b) / (1 + (f/f_t)⁴) / (1 + (f/f_r)⁸),    f_t = 0.2365 / T,
///   σ_nx² = 2 Δf Σ_n W_nt(f_n) 10^(-MDNEXT(f_n)/10),   σ_fx² alike,   σ_x² = σ_nx² + σ_fx²
/// A: peak differential amplitude of the disturber (half its peak-to-peak swing), T: its 20-80 % rise time,
/// f_b: symbol rate, f_r: 3 dB bandwidth of the receiver, sinc x = sin(πx)/(πx), f_n: points of the files,
/// Δf: their spacing. A²/f_b sinc² is the two-sided spectrum of ±A; 0.2365 is the rise time of a Butterworth
/// response of second order times its bandwidth.
///
/// Validity: linear and time-invariant, references of 100 ohm differential at all ends; no transmit or
/// receive equaliser. Frequencies outside a file are NaN. Verified in
/// tests/solvers/channel_measures_test.cpp: scikit-rf, tests/oracles/channel_measures.py (NumPy, written from
/// the equations), flat crosstalk in closed form.
#pragma once

#include <limits>
#include <span>
#include <vector>

#include "devices/touchstone_channel.hpp"

namespace photonlink {

/// Losses of a differential 2-port at any frequencies [Hz], (n_frequency); NaN outside the network's points.
std::vector<double> insertion_loss_dB(const SParameters& two_port, std::span<const double> frequency_Hz);
/// @param port 0: transmitter's end, 1: receiver's. @throws DomainError on another one.
std::vector<double> return_loss_dB(const SParameters& two_port, std::span<const double> frequency_Hz,
                                   int port);
/// Delay of Sdd21 averaged over a band of this width around each frequency [s]; NaN where the band leaves the
/// network's points. Ripple makes a band narrower than the inverse of the echoes' delay meaningless.
std::vector<double> through_delay_s(const SParameters& two_port, std::span<const double> frequency_Hz,
                                    double band_Hz);

/// Power-sum loss of several disturbers (MDNEXT or MDFEXT) at the points of the networks [dB]; infinite
/// without any. @throws DomainError unless all have the same points.
std::vector<double> multidisturber_loss_dB(std::span<const SParameters> disturbers);

/// sinc²(f/f_b) / (1 + (f/f_t)⁴) / (1 + (f/f_r)⁸), the part of W that has no unit; f_t = 0.2365 / T, no
/// filter for T = 0 or an infinite f_r.
double data_spectrum_weight(double frequency_Hz, double symbol_rate_Bd, double rise_time_s,
                            double receiver_bandwidth_Hz);

struct CrosstalkSettings {
  double symbol_rate_Bd = 0.0;                           ///< f_b
  double near_amplitude_V = 0.0, far_amplitude_V = 0.0;  ///< A_nt, A_ft, peak differential
  double near_rise_time_s = 0.0, far_rise_time_s = 0.0;  ///< T_nt, T_ft, 20-80 %; 0: no transmit filter
  double receiver_bandwidth_Hz = std::numeric_limits<double>::infinity();  ///< f_r; infinite: no filter
  double low_Hz = 0.0;  ///< points within [low, high] are summed
  double high_Hz = std::numeric_limits<double>::infinity();
};

struct IntegratedCrosstalk {
  double near_V = 0.0, far_V = 0.0;  ///< σ_nx, σ_fx, rms; 0 without disturbers of that kind
  double total_V = 0.0;              ///< σ_x
};

/// @param near, far differential 2-ports, disturber's transmitter to victim's receiver.
/// @throws DomainError on settings that cannot be meant, points that are not evenly spaced or differ between
/// networks, and a band with fewer than two points.
IntegratedCrosstalk integrated_crosstalk(std::span<const SParameters> near, std::span<const SParameters> far,
                                         const CrosstalkSettings& settings);
/// The aggressors of a channel: the equalised ones are far-end, the others near-end.
IntegratedCrosstalk integrated_crosstalk(const TouchstoneChannel& channel, const CrosstalkSettings& settings);

}  // namespace photonlink
