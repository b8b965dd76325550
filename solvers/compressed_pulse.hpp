/// Samples behind a compressing amplifier as linear cursors plus distortion, for the adaptation.
///
/// f(x) = s̄ x + r: s̄ is the mean slope at the samples, with which every small contribution passes on average.
/// Linear cursors of f(x) are s̄ times those in front of the amplifier plus a least-squares fit to r, which is
/// left with the few large ones. Its window must not exceed the memory of the pattern, which shows every
/// sequence of that length: beyond it chance correlation with products of symbols would pass for cursors.
/// What no cursor describes is the distortion: levels that are no longer equally spaced, interference that
/// depends on the level.
#pragma once

#include <span>
#include <vector>

#include "devices/physics/saturation.hpp"
#include "solvers/pulse_response_solver.hpp"

namespace photonlink {

struct CompressedSamples {
  double mean_slope = 1.0;
  std::vector<double> slope;       ///< (n_symbol) f'(x_i)
  std::vector<double> cursor;      ///< as given, of f(x), main at 0
  std::vector<double> distortion;  ///< (n_symbol) f(x_i) - s̄ x_i less its cursors, mean removed
};

std::vector<double> slopes(const Saturation& curve, std::span<const double> sample);

/// @param sample (n_symbol) in front of the amplifier @param cursor periodic, of the same
CompressedSamples compress_samples(const Saturation& curve, std::span<const double> sample,
                                   std::span<const double> cursor, const CursorFit& fit);

/// The same at all phases: pulse of the whole waveform behind the amplifier.
/// @param main sample of the main cursor
SampledPulse compress_pulse(const Saturation& curve, double mean_slope, std::span<const double> waveform,
                            const SampledPulse& pulse, long main, const CursorFit& fit, const TimeGrid& grid,
                            Context& context);

}  // namespace photonlink
