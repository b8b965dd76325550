/// Smooth insertion loss through a measured one, and what remains: reflections and resonances.
///
///   IL_fit(f) = a0 + a1 sqrt(f) + a2 f + a4 f²  [dB],   ILD(f) = IL(f) - IL_fit(f)  [dB]
/// by least squares with weights 10^(-IL/20), IEEE Std 802.3-2022 Annex 93A.3 and 93A.4 \cite IEEE8023: what
/// hardly arrives hardly counts. Its figure of merit is a mean over the N points of the band, weighted with
/// the spectrum of the data behind transmitter and receiver filters,
///   FOM_ILD = sqrt( 1/N Σ W(f_n) ILD(f_n)² ),
///   W(f) = sinc²(f/f_b) / (1 + (f/f_t)⁴) / (1 + (f/f_r)⁸),   f_t = 0.2365 / T  (T: 20-80 % rise time).
/// Verified in tests/solvers/fitted_loss_test.cpp: losses that are such a sum, ripple on them in closed form,
/// and the example channel against NumPy (tests/oracles/fitted_loss.py).
#pragma once

#include <array>
#include <limits>
#include <span>
#include <vector>

#include "network/s_parameters.hpp"

namespace photonlink {

struct FittedLoss {
  /// a0 [dB], a1 [dB/sqrt(Hz)], a2 [dB/Hz], a4 [dB/Hz²]
  std::array<double, 4> coefficient{};
  double low_Hz = 0.0, high_Hz = 0.0;  ///< band of the fit
  double at_dB(double frequency_Hz) const;
};

/// Through the points of a differential 2-port within [low_Hz, high_Hz].
/// @throws DomainError unless the band holds at least 8 points of the file.
FittedLoss fit_insertion_loss(const SParameters& two_port, double low_Hz, double high_Hz);

/// IL - IL_fit at the points of the file, NaN outside the band of the fit, (n_frequency) [dB].
std::vector<double> insertion_loss_deviation_dB(const SParameters& two_port, const FittedLoss& fit);

struct IldWeight {
  double symbol_rate_Bd = 0.0;                                             ///< f_b
  double rise_time_s = 0.0;                                                ///< T; 0: no transmitter filter
  double receiver_bandwidth_Hz = std::numeric_limits<double>::infinity();  ///< f_r; infinite: no filter
};
/// FOM_ILD over the points where the deviation is a number [dB]. @throws DomainError without any.
double ild_figure_of_merit_dB(std::span<const double> frequency_Hz, std::span<const double> deviation_dB,
                              const IldWeight& weight);

}  // namespace photonlink
