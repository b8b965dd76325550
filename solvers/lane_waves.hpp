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
/// Crosstalk of aggressors averaged over their phases; what is merged adds to `gaussian_variance`.
Density crosstalk_density(const std::vector<RealWave>& pulses, const TimeGrid& grid,
                          std::span<const double> amplitude, std::span<const double> probability, double step,
                          double& gaussian_variance);

}  // namespace photonlink
