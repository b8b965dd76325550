/// Noise of one lane as sequence detection sees it: covariances from symbol to symbol behind the FFE.
#pragma once

#include <span>
#include <vector>

#include "solvers/equalizer.hpp"
#include "solvers/noise_covariance.hpp"
#include "solvers/pulse_response_solver.hpp"

namespace photonlink {

/// Symbol lags behind the FFE that sequence detection takes into account. A covariance cut off there would
/// have a spectrum that rings below zero: it is tapered by exp(-½ (lag / 16)²), which smooths the spectrum by
/// 1 % of the symbol rate.
inline constexpr int sequence_lags = 48;

/// Mean covariance of one cause behind the FFE.
struct SequenceNoise {
  LossScaling scaling = LossScaling::fixed;
  bool interference = false;       ///< bounded, taken as Gaussian; no part of random noise
  std::vector<double> covariance;  ///< (sequence_lags + 1)
  bool residual = false;           ///< interference of the lane's own symbols, part of its samples
};

/// R_y(l) = Σ_j Σ_k w_j w_k R_x(l + j - k) for l = 0 ... sequence_lags.
/// @param covariance R_x at lags 0 ... at least sequence_lags + taps - 1
std::vector<double> equalized_covariance(std::span<const double> covariance, const Equalizer& equalizer);

/// Aggressors on their own clock, averaged over the phase: σ_d² Σ_n h(n) h(n + lag), (lags + 1).
std::vector<double> crosstalk_covariance(std::span<const SampledPulse> pulses, const TimeGrid& grid,
                                         double symbol_power, int lags);
/// σ_d² Σ_k q_k q_{k+l} of cursors that follow each other, periodic, (sequence_lags + 1).
std::vector<double> interference_covariance(std::span<const double> cursor, double symbol_power);

/// Bit error ratio of the detector of mlse.hpp with target 1 + Σ dfe_m D^m, from mlse_analysis.hpp: its
/// estimate, or the upper bound where there is none. Causes are added with weight `scale` (n_cause).
double sequence_bit_error_ratio(std::span<const double> amplitude, const Equalizer& equalizer,
                                std::span<const SequenceNoise> noise, std::span<const double> scale);

}  // namespace photonlink
