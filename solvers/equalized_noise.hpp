/// Noise variances behind an FFE, from covariances in front of it.
///
/// The samples in front of the FFE may have passed a curve (adc.hpp): then noise of symbol i arrives with the
/// slope s_i of the curve at its noise-free sample, a linear system that varies from symbol to symbol.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "solvers/equalizer.hpp"
#include "solvers/noise_covariance.hpp"

namespace photonlink {

/// Share of one noise source in the variance of each symbol at one time offset.
struct NoiseVariance {
  std::string label;
  LossScaling scaling = LossScaling::fixed;
  std::vector<double> value;  ///< (n_symbol) or (1)
  bool interference = false;  ///< small ISI and crosstalk treated as Gaussian: no part of Scaling::noise
  bool moves_edges = false;   ///< jitter of single edges
  bool sampling = false;      ///< jitter of the sampling instant
  bool bounded = false;       ///< bounded displacements as a variance, in chains that are not linear
  double at(std::size_t symbol) const { return value[value.size() == 1 ? 0 : symbol]; }
  double mean() const;
};

/// Variance behind an FFE of each source, from covariances at its input.
/// @param slope (n_symbol) of the curve in front of it; empty: 1
std::vector<NoiseVariance> equalized_noise(const std::vector<NoiseCovariance>& covariance,
                                           const Equalizer& equalizer, int symbols,
                                           std::span<const double> slope = {});
/// Covariance (lags + 1) behind the curve, averaged over the pattern.
std::vector<double> mean_covariance(const NoiseCovariance& covariance, std::span<const double> slope);
/// Σ_i x_i x_{i+l} / n of a periodic sequence, l = 0 ... lags.
std::vector<double> autocovariance(std::span<const double> x, int lags);

}  // namespace photonlink
