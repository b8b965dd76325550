/// Frequency responses cut to a window in time, so that they can filter an endless signal.
///
/// A response sampled on a long frequency grid has the periodic impulse response h[n]. Kept is
///   h'[n] = w[n] (h[n] + c),  n = begin ... begin + length - 1,
/// with w = 1 where the response to a symbol has its energy, raised-cosine edges around it, and the constant
/// c that makes the response at f = 0 exact, so that means and thresholds do not move. `begin` may be
/// negative (acausal parts: rise times without phase, band edges) or positive (bulk delay); it is a multiple
/// of the samples per symbol, and a filter that runs causally delivers its output -begin samples late.
///
/// The window is the shortest found whose error is within the tolerance: rms error of the filtered waveform
/// of random symbols over its rms,  error² = Σ |H' - H|² sinc²(f/f_b) / Σ |H|² sinc²(f/f_b), f_b the symbol
/// rate; where the amplitude spectrum of the signal is given it stands for the sinc. Skin effect leaves tails
/// ~ t^-3/2, so copper needs hundreds of symbols; a response that does not vanish at the Nyquist frequency
/// leaves an alternating tail ~ (-1)^n / n, of which the smooth edges keep away what would fall on the band
/// of the signal. Verified in tests/solvers/stream_test.cpp against circular filters of the whole response.
#pragma once

#include <span>
#include <vector>

#include "core/context.hpp"
#include "core/conventions.hpp"

namespace photonlink {

/// Windowed impulse responses of signals that pass the same block and must stay aligned.
struct StreamFilterSet {
  long begin = 0;                    ///< sample of impulse[r][0], a multiple of the samples per symbol
  int length = 1;                    ///< [samples]
  double error = 0.0;                ///< largest of all responses
  std::vector<ComplexWave> impulse;  ///< (n_response, length)
  std::vector<bool> flat;            ///< the response is one number, impulse[r][-begin]
};

/// @param response (n_response, n_grid), full grid in FFT order, n_grid longer than any response lasts;
/// delays up to 3/4 of it count as delay, beyond as advance.
/// @param signal (n_grid) amplitude spectrum of what is filtered, any scale; empty: random held symbols.
/// @throws Error when `tolerance` needs more than half of the grid.
StreamFilterSet design_stream_filters(const std::vector<std::vector<Complex>>& response,
                                      int samples_per_symbol, double tolerance, Context& context,
                                      std::span<const double> signal = {});

/// Lets the windows begin at an earlier sample, zeros in front. @param begin <= set.begin.
void begin_earlier(StreamFilterSet& set, long begin);

/// Full response of a real signal (n) from the one-sided one (n/2 + 1), n even.
std::vector<Complex> two_sided(std::vector<Complex> one_sided);

}  // namespace photonlink
