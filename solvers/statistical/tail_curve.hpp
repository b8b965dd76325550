/// Logarithm of a tail on a lattice of amplitudes, and its average over displaced times.
///
/// Positions are counted in lattice points outward, away from the level: ascending for a tail above,
/// descending for one below. Read by cubic interpolation; behind the last point the parabola of the last
/// three goes on, in front of the first its value stays.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "solvers/statistical/jitter.hpp"

namespace photonlink {

/// Cubic through values at -1, 0, 1, 2.
std::array<double, 4> cubic_weights(double t);

struct TailCurve {
  long first = 0;                ///< position of the first value
  std::vector<double> log_tail;  ///< four or more, falling
  double at(double position) const;
  /// Inverse of at().
  double where(double log_p) const;
};

/// log Σ_nodes w exp(log P(v, t_j + τ)) at the lattice points, log P between phases by cubic interpolation.
/// Ends where it falls below `log_least`; nodes of weight below `negligible_tail` are left out.
/// @param of_phase (n_phase) @param phase place among them @param nodes times of displacement [phases]
TailCurve mixed_in_time(std::span<const TailCurve> of_phase, double phase, std::span<const JitterNode> nodes,
                        double log_least);

}  // namespace photonlink
