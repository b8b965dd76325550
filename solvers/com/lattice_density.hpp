/// Density of a sum of independent equally likely symbols on a lattice of bins, built by shifted additions.
#pragma once

#include <span>
#include <vector>

#include "signal/density.hpp"

namespace photonlink::com {

/// Starts as a certain 0; each `add` convolves with one cursor,
///   p(y) ← 1/L Σ_l p(y - h (2l/(L-1) - 1))                                              (93A-39, 93A-40),
/// each of the L values rounded to its bin, as the IEEE script does: +h and -h stay mirror images, the error
/// per cursor is below half a bin. Bins at the ends below 1e-40 are dropped: nothing near DER_0 is lost, and
/// no denormal slows the sums.
class LatticeDensity {
 public:
  LatticeDensity(double step, int levels) : step_(step), levels_(levels), now_{1.0} {}
  void add(double cursor);
  /// Cursors in order of falling size; those not larger than a bin are left out.
  void add_all(std::span<const double> cursors);
  double step() const { return step_; }
  /// Mass of bin -half() ... half().
  const std::vector<double>& mass() const { return now_; }
  long half() const { return static_cast<long>(now_.size() / 2); }
  double rms() const;
  /// Most negative value y with P(<= y) >= probability, as a positive number.
  double peak_at(double probability) const;

 private:
  double step_;
  int levels_;
  std::vector<double> now_, padded_;
  std::vector<double> sorted_;
};

/// Variance that a cursor adds, with its values rounded to bins.
double rounded_variance(double cursor, int levels, double step);

/// Gaussian masses on the lattice, cut at ± `span` standard deviations and scaled to a sum of 1.
std::vector<double> gaussian_masses(double sigma, double span, double step);

}  // namespace photonlink::com
