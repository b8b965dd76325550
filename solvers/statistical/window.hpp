/// Sequences of the symbols around the sampled one, and what jitter of the edges does to the sample in each.
#pragma once

#include <vector>

#include "solvers/statistical/edge_pulses.hpp"
#include "solvers/statistical/jitter.hpp"

namespace photonlink {

/// One sequence of the window.
struct WindowSequence {
  int level = 0;        ///< of the sampled symbol
  double weight = 1.0;  ///< probability of the other symbols of the window
  double shift = 0.0;   ///< of the sample, window cursors and duty-cycle distortion
  double jitter_variance = 0.0;
  std::vector<JitterNode> displaced;  ///< bounded jitter [amplitude]
};

struct Window {
  long first_age = 0, last_age = 0;
  std::vector<WindowSequence> sequence;
};

/// The window that holds most of the jitter: link.window_symbols long, just the sampled symbol without edge
/// jitter.
Window enumerate_window(const StatisticalLink& link, const EdgePulses& pulses, const PhasePulses& phase);

}  // namespace photonlink
