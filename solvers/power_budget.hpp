/// The waterfall of a link: where the signal's power goes, step by step, down to what the receiver needs.
///
/// Optical links: carrier power of the worst lane up to the modulator, from there the optical modulation
/// amplitude. Copper: transmitted swing, loss at the Nyquist frequency, what the equalisers bring back,
/// amplitude at the slicer.
#pragma once

#include <vector>

#include "solvers/pattern_solver.hpp"

namespace photonlink {

/// @param margin_dB the margin shown as the last bar (loss margin on optics, noise margin on copper)
std::vector<BudgetStep> power_budget(const PatternSolution& solution, int lane, double scale_V,
                                     double margin_dB);

/// Optical modulation amplitude and extinction ratio of one lane's carrier at a node's input, from the mean
/// power in the middle fifth of the outermost symbols (long runs and short runs averaged). The field arrives
/// late by an unknown delay: of all delays within the period the one at which they differ most is taken.
struct Modulation {
  double low_W = 0.0, high_W = 0.0, average_W = 0.0;
};
Modulation modulation_of(const ComplexWave& field, const TimeGrid& grid, std::span<const int> level,
                         int levels, Context& context);

}  // namespace photonlink
