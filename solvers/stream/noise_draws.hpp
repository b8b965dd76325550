/// Noise terms as random numbers: the same records that feed the covariances of the semi-analytic solver.
///
/// Sample t of a term is  scale · sigma · m(t) · draw[floor(t / period)]  while t mod period < hold. Draw
/// number d of a source is a pure function of (seed, source id, segment, d): terms of one source id share
/// their numbers wherever they enter, and nothing depends on how a stream is cut into blocks. Bounded laws
/// (uniform, sinusoid) belong to jitter of edges and do not grow with `scale`; a sinusoid has a random phase
/// in each segment. The draws of a coloured term pass the filter of its source first (coloured_noise.hpp).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "signal/bundle.hpp"
#include "signal/noise_term.hpp"
#include "solvers/stream/coloured_noise.hpp"

namespace photonlink {

struct StreamNoise {
  std::uint64_t seed = 1, segment = 0;
  double scale = 1.0;     ///< amplitude factor of all Gaussian noise; 0: no noise, no jitter
  bool crosstalk = true;  ///< aggressors of the channel send
};

/// Buffers of the draws; one per thread.
struct DrawScratch {
  std::vector<double> draws;
  ColourScratch colour;
};

/// Adds the terms to a block. @param begin sample number of the block's first sample, any sign above -2^23.
/// @param colour filters of the coloured sources among the terms. @throws Error when one is missing.
void add_noise(const std::vector<NoiseTerm>& terms, std::span<const ColourFilter> colour, long begin,
               const StreamNoise& noise, Bundle& bundle, DrawScratch& scratch);

}  // namespace photonlink
