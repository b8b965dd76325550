/// Tails of the sample at one phase, for each level sent.
///
/// The sample is y = Σ_k q_k x_k + crosstalk + Gaussian noise, all symbols independent.
/// When edges jitter, the `window` symbols around the sampled one are enumerated: in each sequence the
/// heights ΔV_a of the edges are known but for the symbols outside, whose share has a variance u_a, and
///   random jitter      adds σ² Σ_a h_a² (ΔV_a² + u_a) to the Gaussian variance
///   bounded jitter     adds the nodes of Σ_a ε_a h_a ΔV_a (jitter.hpp)
///   duty cycle         adds Σ_a E[ΔV_a; rising] late_a + E[ΔV_a; falling] early_a
/// Without jitter of single edges the window is the sampled symbol alone. The rest is one density:
///   P(y > v | level) = Σ_sequences,nodes weight Σ_j D_j Q((v - shift - x_j) / σ),
/// Gaussian parts last, sums of non-negative terms only.
///
/// Lattice: point masses between its points are split over three (density.hpp), the variance this adds is
/// taken off the Gaussian. What remains is of third order in the step. A Gaussian of more than twice the
/// smallest σ has a lattice of twice the step, and so on. Bins and Gaussian tails below `negligible_tail` are
/// left out. Verified against enumeration of all sequences down to 1e-18.
///
/// tail() evaluates one threshold, every Q by itself. curve() evaluates a row of thresholds on the lattice:
/// Q from one table for each component (noise_kernel.hpp), wide components at fewer thresholds and cubic
/// interpolation of their logarithm between, components left out where all they could add is below 1e-4 of
/// the tail. Both agree to 3e-4, with bounded jitter, whose nodes curve() puts on the lattice, to 2e-3.
#pragma once

#include <vector>

#include "solvers/statistical/edge_pulses.hpp"
#include "solvers/statistical/noise_kernel.hpp"
#include "solvers/statistical/tail_curve.hpp"

namespace photonlink {

/// Nothing smaller is reported: what is left out (negligible_tail, quadratures) stays below 1e-3 of it.
inline constexpr double resolved_tail = 1e-20;
inline constexpr long bins_per_point = 4;  ///< lattice bins between thresholds of a curve

/// Lattice on which all densities of one link lie, and what is common to all phases.
struct InterferenceGrid {
  double step = 0.0, merge_below = 0.0;
  double smallest_sigma = 0.0;      ///< of the noise
  Density crosstalk;                ///< phase averaged
  double crosstalk_variance = 0.0;  ///< of what is treated as Gaussian
  double crosstalk_mean = 0.0;      ///< of the same
};
/// @param bins_per_sigma lattice points in the smallest σ
InterferenceGrid interference_grid(const StatisticalLink& link, double bins_per_sigma = 12.0);

class PhaseTails {
 public:
  /// @param phase samples from the sampling instant
  PhaseTails(const StatisticalLink& link, const EdgePulses& pulses, const InterferenceGrid& grid, long phase);

  /// Probability that a sent level is found above or below v.
  double tail(int level, Beyond beyond, double v) const;
  /// The logarithm at thresholds in multiples of spacing(), the same at all phases, from where it is about 0
  /// until the tail falls below `resolved_tail`.
  TailCurve curve(int level, Beyond beyond) const;
  double spacing() const { return spacing_; }
  double mean(int level) const { return of_level_[static_cast<std::size_t>(level)].mean; }
  double rms(int level) const { return of_level_[static_cast<std::size_t>(level)].rms; }
  double main_cursor() const { return main_; }

 private:
  // A Gaussian about a shifted copy of the interference, displaced by the bounded jitter.
  struct Component {
    double shift = 0.0, sigma = 0.0, weight = 0.0;
    std::size_t interference = 0;  // index
    int coarseness = 0;            // its lattice has 2^coarseness times the step
    std::vector<JitterNode> displaced;
  };
  struct Level {
    std::vector<Component> component;
    double mean = 0.0, rms = 0.0;
  };
  void add_component(Level& level, Component component);
  std::vector<double> sum_of(const Level& level, int coarseness, Beyond beyond, double start,
                             double spacing) const;

  std::vector<Interference> interference_;  // for each parity and coarseness
  std::vector<Level> of_level_;
  double main_ = 0.0, spacing_ = 0.0;
};

}  // namespace photonlink
