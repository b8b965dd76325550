/// Tails of a density on a lattice with Gaussian noise, for many thresholds at the same place between two
/// lattice points.
///
///   P(X + σN > v) = Σ_j D_j Q((v - x_j) / σ),   P(X + σN < v) = Σ_j D_j Q((x_j - v) / σ)
/// Thresholds that are whole bins apart see the same values of Q: they are tabulated once, each tail is then
/// one product of two rows, all terms non-negative. Q below `negligible_tail` is taken as 0 and above
/// 1 - 1e-7 as 1: relative 1e-7. A further independent displacement on the lattice is folded into the table.
/// Verified against PhaseTails::tail, which evaluates every Q.
#pragma once

#include <vector>

#include "signal/density.hpp"

namespace photonlink {

inline constexpr double negligible_tail = 1e-26;

enum class Beyond { above, below };

/// A density with its sums from either end; less than `negligible_tail` is cut off each.
struct Interference {
  explicit Interference(const Density& of);
  Density density;
  std::vector<double> above, below;  ///< (n_bin) mass at and beyond each bin
  double mean = 0.0, variance = 0.0;
};

class NoiseKernel {
 public:
  /// @param sigma_bins σ in bins @param fraction of a bin from a lattice point up to the threshold, [0, 1)
  /// @param displaced on the lattice; no bins: none
  void tabulate(Beyond beyond, double sigma_bins, double fraction, const Density& displaced);
  /// Tail at the threshold `fraction` above a bin, counted from the first of the density; any sign.
  double tail(const Interference& x, long bin) const;

 private:
  Beyond beyond_ = Beyond::above;
  long first_ = 0;         // bin of the first value, from the threshold's
  std::vector<double> q_;  // ascending in the bin
  std::vector<double> undisplaced_;
};

}  // namespace photonlink
