/// What a carrier's beat with in-band crosstalk does to the samples.
///
/// A term of sinusoidal law on a field stands for an interferer whose phase drifts slowly: its displacement
/// of the waveform at the sampler is cos φ · B(t), with B half the difference of the waveforms for φ = 0 and
/// π, each carried through everything behind the place where it enters. With φ even and levels k of the
/// interferer the displacement of symbol i is k B_i cos φ:
///   nodes k B_i cos((2m - 1) π / 2n), m = 1 … n, of equal weight (Gauss-Chebyshev).
///
/// Verified in tests/solvers/in_band_beat_test.cpp.
#pragma once

#include "solvers/chain.hpp"
#include "solvers/statistical/jitter.hpp"

namespace photonlink {

/// B(t) of every lane at the sampler, in front of the CTLE, by one stage.
struct InBandBeat {
  std::vector<RealWave> lane;  ///< (n_lane, n_sample)
  std::vector<double> keys;    ///< amplitudes of the interferer's levels, mean square 1; never empty
};

/// One entry for each stage with such terms.
std::vector<InBandBeat> in_band_beats(const Chain& chain, const PeriodicSolution& solution, Context& context);

/// Nodes of Σ_b B_b k_b cos φ_b, all independent. @param beat B of each stage at one sample
/// @param keys of each stage. @throws ConfigError for more than two beats.
std::vector<JitterNode> beat_nodes(std::span<const double> beat, std::span<const std::vector<double>> keys);

}  // namespace photonlink
