/// Tails of every level over time and amplitude, timing jitter mixed in.
///
/// At each phase j / M log P is tabulated against v in steps of half a σ from near the level's mean outward
/// until P falls below `resolved_tail`, and read by cubic interpolation in v and in time. With timing jitter
/// of density w(τ)
///   P(v, t | level) = ∫ w(τ) P₀(v, t + τ | level) dτ,
/// which is exact for displacements that all parts of a sample share: the waveform itself moves, at whatever
/// slope and curvature it has there. Tables reach as far beyond the unit interval as the jitter does.
/// Verified against the exact sums of PhaseTails, and against closed forms on a linear ramp.
#pragma once

#include <vector>

#include "solvers/statistical/jitter.hpp"
#include "solvers/statistical/phase_tails.hpp"

namespace photonlink {

/// Nothing smaller is reported: what is left out (negligible_tail, quadratures) stays below 1e-3 of it.
inline constexpr double resolved_tail = 1e-20;

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
  /// Exact tails at a phase, without timing jitter. @param phase from -M/2 to M/2
  const PhaseTails& at(long phase) const;
  /// Mean of a level at t, without timing jitter.
  double mean(int level, double time_UI) const;
  const std::vector<JitterNode>& timing() const { return nodes_; }
  int samples_per_symbol() const { return samples_; }

 private:
  struct Curve {
    double start = 0.0, step = 0.0;  // step: sign outward
    std::vector<double> log_tail;
    double at(double v) const;
    double where(double log_p) const;
  };
  struct Phase {
    std::vector<Curve> above, below;  // (n_level - 1), or (1) about the levels' centres when they are alike
  };
  double log_tail_at(long index, int level, Beyond beyond, double v) const;
  double quantile_at(long index, int level, Beyond beyond, double log_p) const;
  static Curve make_curve(const PhaseTails& tails, int level, Beyond beyond, double centre);

  int samples_, levels_;
  bool mirrored_;  // tails below one level are those above its opposite
  long extent_;    // phases on either side of the sampling instant
  std::vector<PhaseTails> tails_;
  std::vector<Phase> phases_;
  std::vector<JitterNode> nodes_;
};

}  // namespace photonlink
