/// The backward sweep behind LaneNoise: sensitivities of each sample at the sampler to every node in front of
/// the last non-linear core, and the covariances of the noise that enters there.
#pragma once

#include <vector>

#include "solvers/noise_covariance.hpp"

namespace photonlink {

/// @param last_core node of the last core; its own noise is behind the core and not part of the sweep
/// @param impulse lane response from behind that core to the sampler, periodic (n_sample)
/// @param offset sampling instant of symbol 0 [samples]
std::vector<NoiseCovariance> sweep_noise(const Chain& chain, const PeriodicSolution& solution, int lane,
                                         int last_core, const RealWave& impulse, long offset, int lags,
                                         Context& context);

}  // namespace photonlink
