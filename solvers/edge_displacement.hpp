/// What displacements of transmitted edges add to the samples of a known pattern.
///
/// Random jitter adds the variance σ² Σ_a (h_a ΔV)² of the time asked for: near the edges of the eye it
/// changes too fast to be read between quarter intervals. Sample i sees the edges of heights ΔV_n, n = i - a,
/// of the equalised levels: to first order bounded uncorrelated jitter adds Σ_a ε_a h_a ΔV, as the five nodes
/// of its density (statistical/jitter.hpp); duty-cycle distortion adds the exact change of the step responses
/// of rising and falling edges, even-odd jitter that of all cursors, with either parity. Verified against the
/// statistical eye, which enumerates sequences instead, and Monte Carlo.
#pragma once

#include <span>

#include "solvers/statistical/jitter.hpp"

namespace photonlink {

struct EdgeDisplacements {
  std::vector<std::vector<JitterNode>> moved;  ///< (n_symbol) by bounded jitter and distortion; empty: none
  std::vector<double> variance;                ///< (n_symbol) of random jitter; empty: none
};

/// @param symbols amplitudes of the periodic pattern @param time_UI from the sampling instant, read to half a
/// phase
EdgeDisplacements edge_displacements(const StatisticalLink& link, std::span<const double> symbols,
                                     double time_UI);

}  // namespace photonlink
