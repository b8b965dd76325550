/// Edges of a waveform that is held for each symbol, moved by less than a sample or by many.
#pragma once

#include <span>

namespace photonlink {

/// Moves the edge in front of sample `at` by `late` samples (negative: early): the area between the old and
/// the new place changes sides. The edge lies at `at` - 1/2; the area is shared among samples by linear
/// interpolation, so that its size and its centre are exact: what a filter of much less than the sample rate
/// sees.
/// @param wave periodic @param height of the edge, new level minus old
void move_edge(std::span<double> wave, long at, double late, double height);

}  // namespace photonlink
