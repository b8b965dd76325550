/// Covariances of every noise source at the sampler of one lane.
///
/// A term enters at a node with draws of standard deviation σ, one each `period` samples, scaled by m(u).
/// With g_i(u) the sensitivity of sample i of the sampler to sample u of the node,
///   C[i][k] = σ² Σ_draws (Σ_hold g_i m) (Σ_hold g_{i+k} m).
/// Behind the last non-linear core g_i(u) = h(t_i - u) is one impulse response and the sums are correlations.
/// Sinusoidal jitter is left out: the lane moves as a whole (lane_model.hpp). In front of it g_i comes from a
/// backward sweep: window by window through the transposed linear blocks and tangents, so a term that crosses
/// a modulated ring keeps the ring's memory and its periodic time variation. Carriers whose mean power at the
/// detector is below `weak_carrier` of the strongest are left out of the sweep; their relative intensity
/// noise enters with the square of that ratio.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "solvers/chain.hpp"
#include "solvers/skewed_noise.hpp"

namespace photonlink {

inline constexpr double weak_carrier = 0.02;

/// Covariance of one source at one sampling offset.
struct NoiseCovariance {
  std::string label;
  LossScaling scaling = LossScaling::fixed;
  int lags = 0;               ///< largest symbol lag held
  bool moves_edges = false;   ///< jitter of single edges
  bool bounded = false;       ///< of bounded displacements, not Gaussian
  std::vector<double> value;  ///< (n_symbol, lags + 1), or (1, lags + 1) when stationary
  bool stationary() const { return static_cast<int>(value.size()) == lags + 1; }
  double at(long symbol, int lag) const {
    return value[(stationary() ? 0u : static_cast<std::size_t>(symbol) * (lags + 1u)) +
                 static_cast<std::size_t>(lag)];
  }
  std::vector<double> mean() const;  ///< (lags + 1), averaged over the pattern
};

class LaneNoise {
 public:
  /// @param tail extra lane response behind the chain (CTLE), (n_sample/2 + 1) of the response grid
  LaneNoise(const Chain& chain, const PeriodicSolution& solution, int lane, std::vector<Complex> tail,
            Context& context);

  /// Pattern-averaged covariances of the sources behind the last core; cheap, for adaptation.
  std::vector<NoiseCovariance> average(long offset, int lags) const;
  /// Covariances symbol by symbol at sampling offset `offset` [samples], all sources.
  std::vector<NoiseCovariance> per_symbol(long offset, int lags) const;
  /// Avalanche noise behind the last core, responses those of the sampler in front of the FFE.
  std::vector<AvalancheSource> avalanches() const;
  /// In front of the last core: there its tails count as Gaussian.
  bool hidden_avalanches() const;

 private:
  struct Term {
    const NoiseTerm* term;
    RealWave response;   // of the sampler to one draw of unit size, periodic
    double mean_square;  // of the modulation
  };
  NoiseCovariance covariance(const Term& term, long offset, int lags, bool average) const;
  std::vector<NoiseCovariance> swept(long offset, int lags) const;

  const Chain& chain_;
  const PeriodicSolution& solution_;
  int lane_;
  std::vector<Complex> tail_;
  Context& context_;
  std::vector<Term> linear_terms_;
  std::vector<RealWave> impulse_;  // response of the lane from each linear node to the sampler, periodic
  int last_core_ = 0;              // node of the last core
};

}  // namespace photonlink
