/// Noise terms as random numbers: the same records that feed the covariances of the semi-analytic solver.
///
/// Coloured numbers are white ones behind a filter of the root of their density, 2^14 bins wide and without
/// phase; it reaches into the future, whose draws are as well defined as those of the past, so nothing is
/// kept between blocks. What varies within a bin (1/f) has the bin's power. Phase noise turns the field by
/// the running sum, exactly, however far.
///
/// Sample t of a term is  scale · sigma · m(t) · draw[floor(t / period)]  while t mod period < hold. Draw
/// number d of a source is a pure function of (seed, source id, segment, d): terms of one source id share
/// their numbers wherever they enter, and nothing depends on how a stream is cut into blocks. Bounded laws
/// (uniform, sinusoid) belong to jitter of edges or to the beat of a field and do not grow with `scale`; a
/// sinusoid has a random phase in each segment. Avalanche noise is drawn carrier by carrier in effect
/// (multiplied_draws.hpp), and its deviation from the mean grows with `scale`.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/context.hpp"
#include "signal/bundle.hpp"
#include "signal/fft.hpp"
#include "signal/noise_term.hpp"
#include "solvers/stream/multiplied_draws.hpp"

namespace photonlink {

struct StreamNoise {
  std::uint64_t seed = 1, segment = 0;
  double scale = 1.0;     ///< amplitude factor of all Gaussian noise; 0: no noise, no jitter
  bool crosstalk = true;  ///< aggressors of the channel send
};

/// What the draws of one node need from block to block.
struct NoiseMemory {
  struct Colour {
    const Fft* fft = nullptr;       ///< of the context
    std::vector<Complex> response;  ///< (n_fft/2 + 1)
  };
  std::map<std::uint64_t, Colour> colour;    ///< by source; outlives a run
  std::map<std::uint64_t, double> turn_rad;  ///< by source, reached at the end of the last block
  std::map<std::uint64_t, std::unique_ptr<MultipliedDraws>> multiplied;  ///< by source; outlives a run
  std::vector<double> draws, numbers;
  std::vector<Complex> spectrum;
};

/// Adds the terms to a block. @param begin sample number of the block's first sample, any sign above -2^24;
/// blocks of a node with phase noise follow one another.
/// @param memory of this node, used with one context
void add_noise(const std::vector<NoiseTerm>& terms, long begin, const StreamNoise& noise, Bundle& bundle,
               NoiseMemory& memory, Context& context);

}  // namespace photonlink
