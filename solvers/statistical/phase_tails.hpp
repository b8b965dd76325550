/// Tails of the sample at one phase, for each level sent.
///
/// The sample is y = Σ_k q_k x_k + crosstalk + Gaussian noise, all symbols independent and equally likely.
/// When edges jitter, the `window` symbols around the sampled one are enumerated: in each sequence the
/// heights ΔV_a of the edges are known but for the symbols outside, whose share has a variance u_a, and
///   random jitter      adds σ² Σ_a h_a² (ΔV_a² + u_a) to the Gaussian variance
///   bounded jitter     adds the nodes of Σ_a ε_a h_a ΔV_a (jitter.hpp)
///   duty cycle         adds Σ_a E[ΔV_a; rising] late_a + E[ΔV_a; falling] early_a
/// Without jitter of single edges the window is the sampled symbol alone. The rest is one density:
///   P(y > v | level) = Σ_sequences,nodes weight Σ_j D_j Q((v - shift - x_j) / σ),
/// Gaussian parts last, sums of non-negative terms only.
///
/// Lattice: point masses between its points are split linearly (density.hpp), the variance this adds is taken
/// off the Gaussian. What remains is of third order in the step. Bins and Gaussian tails below
/// `negligible_tail` are left out. Verified against enumeration of all sequences down to 1e-18.
#pragma once

#include <vector>

#include "signal/density.hpp"
#include "solvers/statistical/edge_pulses.hpp"

namespace photonlink {

inline constexpr double negligible_tail = 1e-26;

enum class Beyond { above, below };

/// Lattice on which all densities of one link lie, and what is common to all phases.
struct InterferenceGrid {
  double step = 0.0, merge_below = 0.0;
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
  double mean(int level) const { return of_level_[static_cast<std::size_t>(level)].mean; }
  double rms(int level) const { return of_level_[static_cast<std::size_t>(level)].rms; }
  double largest_sigma() const { return largest_sigma_; }
  double main_cursor() const { return main_; }
  /// All levels have the same tails about their `centre`.
  bool alike() const { return alike_; }
  double centre(int level) const {
    return of_level_[static_cast<std::size_t>(level)].component.front().shift;
  }

  /// A Gaussian about a shifted copy of the interference.
  struct Component {
    double shift = 0.0, sigma = 0.0, weight = 0.0;
    std::size_t interference = 0;  ///< index
  };

 private:
  struct Interference {
    Density density;
    std::vector<double> above, below;  // sums of the mass at and beyond each bin
    double mean = 0.0, variance = 0.0;
  };
  struct Level {
    std::vector<Component> component;            // descending shift
    std::vector<double> rest_above, rest_below;  // weight of a component and all with a lower, a higher shift
    double mean = 0.0, rms = 0.0;
  };
  // Upper bound of the tails of all components against the distance from the centre, in steps of σ / 2; 1
  // inside.
  struct Bound {
    double step = 0.0;
    std::vector<double> value;
    double at(double distance) const;
  };
  Bound make_bound(Beyond beyond) const;
  std::size_t add_interference(Density density);
  void add_component(Level& level, const Component& component);
  static void order(Level& level);
  static double tail_of(const Interference& density, Beyond beyond, double distance, double sigma);

  std::vector<Interference> interference_;  // one for each parity, or each sequence with bounded jitter
  std::vector<Level> of_level_;
  Bound bound_above_, bound_below_;
  double largest_sigma_ = 0.0, main_ = 0.0;
  bool alike_ = true;
};

}  // namespace photonlink
