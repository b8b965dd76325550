/// Circular filter of a long periodic wave by a response that ends, block by block.
///
///   y[n] = Σ_k h[k] x[n - k],   k = begin ... begin + length - 1, n around the period of the wave.
/// Blocks overlap by the length of h (overlap-save, Oppenheim & Schafer, Discrete-Time Signal Processing, 3rd
/// ed., Sec. 8.7.3) and are short enough to stay in the cache, so that the period may have any length, prime
/// numbers of symbols too. Blocks are shared among the threads of the context; none depends on their number.
/// Verified against the sum in tests/solvers/block_filter_test.cpp.
#pragma once

#include <span>
#include <vector>

#include "core/context.hpp"
#include "core/conventions.hpp"
#include "signal/fft.hpp"

namespace photonlink {

class BlockFilter {
 public:
  /// @param impulse h, size (length) >= 1; @param begin k of its first sample, any sign
  BlockFilter(std::span<const Complex> impulse, long begin, Context& context);
  /// Replaces the wave, at least as long as h, by the filtered one; of a real wave h is real.
  void apply(RealWave& wave) const;
  void apply(ComplexWave& wave) const;

 private:
  template <class Wave, class Filter>
  void run(Wave& wave, Filter filter) const;

  long begin_;
  std::size_t length_;
  Context& context_;
  const Fft& fft_;
  std::vector<Complex> response_;  // of h from its first sample on, (n_fft)
};

}  // namespace photonlink
