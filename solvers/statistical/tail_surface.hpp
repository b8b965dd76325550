/// Tails of every level over time and amplitude, timing jitter mixed in.
///
/// At each phase j / M log P is tabulated against v, three points or more in the smallest σ, from about 1
/// outward until P falls below `resolved_tail`, and read by cubic interpolation in v and in time. With timing
/// jitter of density w(τ)
///   P(v, t | level) = ∫ w(τ) P₀(v, t + τ | level) dτ,
/// which is exact for displacements that all parts of a sample share: the waveform itself moves, at whatever
/// slope and curvature it has there. The tables hold P, made from those of P₀, which reach as far beyond the
/// unit interval as the jitter does. Verified against the exact sums of PhaseTails, and against closed forms
/// on a linear ramp.
#pragma once

#include <span>
#include <vector>

#include "solvers/statistical/jitter.hpp"
#include "solvers/statistical/phase_tails.hpp"

namespace photonlink {

class TailSurface {
 public:
  explicit TailSurface(const StatisticalLink& link);

  /// Probability that a sent level is found above or below v at time t [UI], |t| <= 0.5; 0 below
  /// `resolved_tail`.
  double tail(int level, Beyond beyond, double v, double time_UI) const;
  /// Its logarithm, continued smoothly below the floor for searches.
  double log_tail(int level, Beyond beyond, double v, double time_UI) const;
  /// Amplitude at which log_tail takes a value, from near the mean down to about the floor.
  double quantile(int level, Beyond beyond, double log_p, double time_UI) const;
  /// The same for each of several values, size (n_log_p), for the cost of one between the phases.
  std::vector<double> quantiles(int level, Beyond beyond, std::span<const double> log_p,
                                double time_UI) const;
  /// Exact tails at a phase, without timing jitter. @param phase from -M/2 to M/2
  const PhaseTails& at(long phase) const;
  /// Row of tails at a phase, without timing jitter.
  TailCurve still(int level, Beyond beyond, long phase) const;
  /// Mean of a level at t, without timing jitter.
  double mean(int level, double time_UI) const;
  const std::vector<JitterNode>& timing() const { return nodes_; }
  int samples_per_symbol() const { return samples_; }

 private:
  // Of one level and side.
  struct Row {
    std::vector<TailCurve> still;  // without timing jitter, over all of `tails_`
    std::vector<TailCurve> mixed;  // with it, from -M/2 to M/2
  };
  const Row& row(int level, Beyond beyond) const;
  // Place among `still`.
  double place(double time_UI) const { return time_UI * samples_ + static_cast<double>(extent_); }
  Row make_row(int level, Beyond beyond) const;

  int samples_, levels_;
  bool mirrored_;    // tails below one level are those above its opposite
  long extent_ = 0;  // phases of `tails_` on either side of the sampling instant
  double spacing_ = 0.0;
  std::vector<JitterNode> nodes_, displaced_;  // in UI; in phases
  std::vector<PhaseTails> tails_;
  std::vector<Row> above_, below_;  // (n_level - 1) from the lowest level up; below: from the second
};

}  // namespace photonlink
