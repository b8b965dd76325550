/// Coloured noise for streams: independent draws through a filter whose response is the root of the shape.
///
///   x[d] = Σ_n g[n] w[d + n],  n = -half ... half,  G(f) = sqrt(shape(f)),  w white, of unit variance
///
/// G is real and even, so g is symmetric and delays nothing: terms of one source id and shape stay the same
/// numbers wherever they enter, as the semi-analytic solver takes them. The taps are those of G on a grid of
/// frequencies, cut by raised cosines to the shortest window whose error
///   error² = Σ_f (G' - G)² / Σ_f G²
/// is within the tolerance, both over all frequencies and over those below the symbol rate, where the
/// receiver listens.
///
/// Validity: what varies within less than 1/16384 of the draw rate (near 0 Hz: the steep end of 1/f noise) is
/// averaged over that width, or refused when it holds more power than the tolerance.
///
/// Verified in tests/solvers/coloured_noise_test.cpp by the covariance of a shape that has a closed form and
/// by Monte Carlo against the semi-analytic error ratio.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/context.hpp"
#include "signal/fft.hpp"
#include "signal/grid.hpp"
#include "signal/noise_term.hpp"

namespace photonlink {

/// Buffers of a filter of draws; one per thread.
struct ColourScratch {
  std::vector<double> white;
  RealWave piece;
  std::vector<Complex> spectrum;
};

class ColourFilter {
 public:
  /// @param term with a shape. @param grid of the stream: its sample and symbol rate.
  /// @throws Error when the shape is negative or not finite, or needs more than half of the design's grid.
  ColourFilter(const NoiseTerm& term, const TimeGrid& grid, Context& context);

  std::uint64_t source() const { return source_; }
  long half() const { return half_; }  ///< draws needed on either side of those that are coloured
  double error() const { return error_; }

  /// out[d] = x[d]. @param white (out.size() + 2 half()), the first of them `half()` draws in front of
  /// out[0].
  void apply(std::span<const double> white, std::span<double> out, ColourScratch& scratch) const;

 private:
  std::uint64_t source_;
  long half_ = 0;
  double error_ = 0.0;
  const Fft* fft_;
  std::vector<Complex> response_;  // of the taps, (n_fft / 2 + 1)
};

}  // namespace photonlink
