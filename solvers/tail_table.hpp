/// Probability that a Gaussian plus a bounded density exceeds a level, fast enough to be asked for millions
/// of times.
///
///   K(x) = Σ_j D_j Q((x - d_j) / σ)
/// is tabulated as log K over x in steps of at most σ/8 for σ on a geometric ladder of 4 %, and interpolated
/// quadratically in both, in σ at a fixed number of σ from the upper edge of the density. The relative error
/// of K is below 1e-3 down to K = 1e-250, beyond the edge always, inside where the density has no gaps of
/// many σ; between masses further apart than that it reaches 5 % (measured against the direct sum).
#pragma once

#include <vector>

#include "signal/density.hpp"

namespace photonlink {

class TailTable {
 public:
  /// @param density zero-mean additive density (residual ISI, crosstalk); an empty one stands for none
  explicit TailTable(Density density);
  /// P(noise > distance) for noise of standard deviation `sigma` plus the density; sigma > 0.
  double exceeds(double distance, double sigma);
  /// Tabulates all that sigma between these ask for: until another one is asked for, exceeds() only reads and
  /// may be called from several threads.
  void prepare(double least_sigma, double largest_sigma);
  const Density& density() const { return density_; }

 private:
  struct Rung {
    double sigma = 0.0, begin = 0.0, step = 0.0;
    std::vector<double> log_tail;
  };
  void tabulate(int index);
  bool direct(double sigma) const;
  double log_tail(const Rung& rung, double distance) const;

  Density density_;
  bool trivial_;
  double low_ = 0.0, high_ = 0.0;
  int first_rung_ = 0;       // index of rungs_[0]
  std::vector<Rung> rungs_;  // (n_rung) neighbours; not tabulated yet: empty
};

}  // namespace photonlink
