/// Probability densities on a uniform grid of amplitudes, accurate in their tails.
///
/// A density is a list of point masses at value(i) = (first + i) · step; all densities of one step share one
/// lattice, so they convolve without resampling. Point masses off the lattice are split linearly over their
/// two neighbours: mass and mean are exact, the variance grows by step² f (1 - f) each (f: fraction of the
/// way), step² / 4 at most. The quadratic split over the three nearest points, (g ± 1/2)² / 2 and 3/4 - g² (a
/// quadratic B-spline, g: distance from the nearest), adds step² / 4 to every mass wherever it lies, so that
/// taking it off a Gaussian leaves an error of third order also for levels that fall differently on the
/// lattice.
///
/// Convolution is direct: sums of non-negative products keep every bin, however small, to relative rounding,
/// where a Fourier transform would leave a floor of 1e-16 of the largest bin (and negative bins). Cost:
/// product of the numbers of bins that are not zero; 4096 x 4096 bins take about 10 ms. Verified against
/// enumeration of all symbol sequences, closed variances, and second order in the step.
#pragma once

#include <span>
#include <vector>

namespace photonlink {

struct Density {
  double step = 0.0;         ///< distance of neighbouring values, amplitude unit
  long first = 0;            ///< lattice index of mass[0]
  std::vector<double> mass;  ///< (n_bin) probabilities, sum 1

  double value(std::size_t bin) const { return static_cast<double>(first + static_cast<long>(bin)) * step; }
};

/// Sum of point masses. @param value,probability size (n_point). @param step > 0.
/// @throws DomainError when sizes differ, a probability is negative, or the lattice exceeds 2^24 bins.
Density point_masses(std::span<const double> value, std::span<const double> probability, double step);
/// The same with the quadratic split.
Density smooth_point_masses(std::span<const double> value, std::span<const double> probability, double step);
/// The same on a lattice of twice the step, by the quadratic split: adds step² to the variance, with the step
/// of the finer lattice.
Density coarser(const Density& density);
/// Density of the sum of two independent variables. @throws DomainError when the steps differ.
Density convolve(const Density& a, const Density& b);
/// Σ weight · density on a common lattice, for example over sampling phases; weights sum to 1.
Density mixture(std::span<const Density> densities, std::span<const double> weight);

double total_mass(const Density& density);
double mean(const Density& density);
double variance(const Density& density);
/// P(X >= value(i)) and P(X <= value(i)), size (n_bin), summed from the outside in: small tails keep their
/// digits.
std::vector<double> upper_tail(const Density& density);
std::vector<double> lower_tail(const Density& density);
/// P(X + sigma N > threshold) = Σ mass_i Q((threshold - value_i) / sigma); sigma = 0: the step function, with
/// one half at the threshold.
double upper_tail_with_noise(const Density& density, double sigma, double threshold);

/// Intersymbol interference of independent symbols.
struct InterferenceDensity {
  Density density;               ///< of Σ cursor · amplitude over the cursors kept
  double merged_variance = 0.0;  ///< of the cursors below the limit: to be treated as Gaussian
  double merged_mean = 0.0;      ///< of the same; 0 for levels about 0
  double excess_variance = 0.0;  ///< added by the splits: subtract it from a Gaussian variance
};

/// @param cursor (n_cursor) contribution per unit amplitude, main cursor left out; any order, zeros allowed.
/// @param levels amplitudes evenly spaced in [-1, 1], as likely as level_probabilities() says.
/// @param merge_below cursors with |cursor| < merge_below are merged into one Gaussian variance Σ cursor²
/// E[a²]. Each is
///   strictly sub-Gaussian, so the Chernoff bound of the Gaussian is not below that of the true sum. 0: none.
InterferenceDensity interference_density(std::span<const double> cursor, int levels, double step,
                                         double merge_below = 0.0);
enum class Split { linear, quadratic };
/// The same for any `amplitude`, size (n_level). Each cursor costs two or three shifted additions for each
/// level. @param probability (n_level) of the levels; empty: equally likely.
InterferenceDensity interference_density(std::span<const double> cursor, std::span<const double> amplitude,
                                         double step, double merge_below, Split split,
                                         std::span<const double> probability = {});

}  // namespace photonlink
