/// The spectrum of a coloured noise term on the bins of a transform.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "signal/noise_term.hpp"

namespace photonlink {

inline bool is_coloured(const NoiseTerm& term) {
  return term.shape || term.band_mean;
}

/// Amplitude of each bin relative to white noise, (n_frequency): root of the density's mean over the bin.
/// @param frequency_Hz evenly spaced from 0 upward
inline std::vector<double> bin_amplitudes(const NoiseTerm& term, std::span<const double> frequency_Hz) {
  const double half_Hz = frequency_Hz.size() > 1 ? 0.5 * frequency_Hz[1] : 0.0;
  std::vector<double> amplitude;
  amplitude.reserve(frequency_Hz.size());
  for (const double f : frequency_Hz)
    amplitude.push_back(
        std::sqrt(term.band_mean ? term.band_mean(std::max(f - half_Hz, 0.0), f + half_Hz) : term.shape(f)));
  return amplitude;
}

}  // namespace photonlink
