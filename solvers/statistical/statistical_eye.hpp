/// Eye of a linear link over all symbol sequences: contours of equal error ratio, bathtubs, openings,
/// density.
///
/// Contour of opening k at ratio b: where P(level k found above v) = b and P(level k + 1 found below v) = b,
/// at each time; open where the first lies below the second. Widths are read at the threshold, heights at the
/// sampling instant.
///   thresholds  P(level k above) = P(level k + 1 below) at the sampling instant, unless given
///   A_s         half the smallest distance of neighbouring level means; A_ni the largest distance from its
///   mean that a
///               level exceeds with the given probability; VEO = 2 (A_s - A_ni), VEC = -20 log₁₀((A_s - A_ni)
///               / A_s), as IEEE Std 802.3 defines them from A_s and A_ni \cite IEEE8023 (there of densities
///               with jitter as amplitude noise)
///   linearity   smallest over largest distance of neighbouring level means
///
/// Cost: one density at each of M phases, a table of Q for each sequence of the window, a row of tails for
/// each level, then a look-up for each point of a contour. The eye of a PAM4 link with 40 cursors, two
/// aggressors and 32 phases takes a few ms, with every kind of jitter some 40 (bench/statistical_bench.cpp).
/// Floor: `resolved_tail`. What lies below is not reported: a bathtub is NaN there, a contour of a smaller
/// ratio is refused. Valid for linear chains; jitter of single edges to first order (statistical_link.hpp).
/// Jitter of aggressors is left out: they are averaged over all phases already. Verified against enumeration
/// of all sequences (1 % at 1e-15), closed forms of single cursors and of jitter on a ramp, the pattern
/// solver and Monte Carlo on the same links.
#pragma once

#include <span>

#include "solvers/result.hpp"
#include "solvers/statistical/tail_surface.hpp"

namespace photonlink {

class StatisticalEye {
 public:
  /// @throws DomainError as check(), or when the main cursor is not positive.
  explicit StatisticalEye(StatisticalLink link);

  /// Amplitude that `level` exceeds outward with probability `ber` at t.
  double quantile(int level, Beyond beyond, double ber, double time_UI) const;
  /// Lower and upper limit of an opening at each of `time_UI`, NaN where closed.
  EyeDiagram::Contour contour(int opening, double ber, std::span<const double> time_UI) const;
  /// One for each of several ratios, size (n_ber).
  std::vector<EyeDiagram::Contour> contours(int opening, std::span<const double> ber,
                                            std::span<const double> time_UI) const;
  EyeMeasures measures(double ber) const;
  /// Bit error ratio with these thresholds at t; NaN below the floor.
  double bit_error_ratio(double time_UI, std::span<const double> thresholds) const;
  const std::vector<double>& thresholds() const { return thresholds_; }
  void set_thresholds(std::vector<double> thresholds);
  /// Against time at the thresholds, and against a common shift of all thresholds.
  Bathtub bathtub(double target_ber) const;
  /// Two unit intervals, timing jitter included, with contours.
  EyeDiagram diagram(int time_bins_per_UI, int level_bins, std::span<const double> contour_ber) const;

  const TailSurface& surface() const { return surface_; }
  const StatisticalLink& link() const { return link_; }

 private:
  EyeOpening opening(int k, double ber) const;
  double edge_of(int opening, double ber, double direction) const;
  double wrong_bits(double time_UI, std::span<const double> thresholds) const;

  StatisticalLink link_;
  TailSurface surface_;
  std::vector<double> thresholds_;
};

}  // namespace photonlink
