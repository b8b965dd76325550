/// Waveforms and densities a lane model is made of.
#pragma once

#include <span>
#include <vector>

#include "core/context.hpp"
#include "signal/density.hpp"
#include "signal/grid.hpp"
#include "solvers/equalizer.hpp"
#include "solvers/pulse_response_solver.hpp"

namespace photonlink {

inline constexpr int upsampling = 4;  ///< of the waveforms that are read between samples
/// Cursors below this share of half a level step count as Gaussian.
inline constexpr double merged_cursor = 2e-3;

/// Band-limited interpolation by zero padding, (upsampling · n).
RealWave upsample(const RealWave& wave, Context& context);
/// The periodic wave behind the FFE.
RealWave feed_forward(const RealWave& wave, const Equalizer& equalizer, int samples);

/// A periodic wave behind the FFE, read once per symbol anywhere between its samples.
///
/// Interpolated by four points of a band-limited wave of four times the samples, or, where that would be
/// large, straight from the wave by 64 points of a sinc function in a Kaiser window: exact to 1e-9 up to 3/4
/// of the Nyquist frequency, which waves of eight samples per symbol or more behind a receiver do not reach.
class EqualizedWave {
 public:
  EqualizedWave() = default;
  enum class Reading { upsampled, direct };
  EqualizedWave(RealWave wave, const Equalizer& equalizer, const TimeGrid& grid, Reading reading,
                Context& context);
  bool empty() const { return wave_.empty(); }
  /// At samples first + i · samples per symbol, i = 0 ... n_symbol - 1; `first` of either sign.
  std::vector<double> at_symbols(double first) const;

 private:
  RealWave wave_;  // upsampled and equalised, or as it came
  Equalizer equalizer_;
  TimeGrid grid_;
  Reading reading_ = Reading::upsampled;
};

/// Four-point Lagrange interpolation of an upsampled periodic wave at `position` [samples].
double read_upsampled(const RealWave& upsampled, double position);

/// Σ_k q_k d_{i-k} for each symbol i of a periodic sequence d. @param cursor (n_cursor <= n_symbol),
/// periodic: the last ones are those in front of the main one, 0.
std::vector<double> interference(std::span<const double> cursor, std::span<const double> symbols,
                                 Context& context);

/// Crosstalk of aggressors averaged over their phases; what is merged adds to `gaussian_variance`.
Density crosstalk_density(const std::vector<RealWave>& pulses, const TimeGrid& grid,
                          std::span<const double> amplitude, std::span<const double> probability, double step,
                          double& gaussian_variance);

}  // namespace photonlink
