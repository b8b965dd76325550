#include "solvers/statistical/phase_tails.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/special.hpp"
#include "signal/grid.hpp"
#include "solvers/statistical/window.hpp"

namespace photonlink {
namespace {

constexpr double merged_sigmas =
    0.02;  // of the smallest σ: at 1e-15 each errs by 1e-4 of the probability at most
constexpr int most_coarseness = 3;  // Gaussians wider still keep more bins than they need

double sigma_at(const StatisticalLink& link, long phase) {
  if (link.sigma.size() == 1) return link.sigma.front();
  return link
      .sigma[static_cast<std::size_t>(wrap(phase + link.samples_per_symbol / 2, link.samples_per_symbol))];
}

// Doublings of the step that leave a Gaussian the bins that the smallest noise has, or more.
int coarseness(double sigma, const InterferenceGrid& grid) {
  return std::clamp(static_cast<int>(std::floor(std::log2(sigma / grid.smallest_sigma))), 0, most_coarseness);
}

// What coarsening has added: step² (1 + 4 + 16 ...).
double coarse_variance(double step, int coarseness) {
  return step * step * (std::ldexp(1.0, 2 * coarseness) - 1.0) / 3.0;
}

// P(X + σN > distance), or below it.
double tail_of(const Interference& x, Beyond beyond, double distance, double sigma) {
  static const double reach = inverse_gaussian_tail(negligible_tail);
  const Density& d = x.density;
  const long bins = static_cast<long>(d.mass.size());
  const double origin = static_cast<double>(d.first) * d.step;
  // Bins between these are within reach of the threshold: Q is 0 on one side of them and 1 on the other.
  const auto clamped = [&](double v) {
    return static_cast<long>(std::clamp(v, 0.0, static_cast<double>(bins)));
  };
  const long first = clamped(std::ceil((distance - reach * sigma - origin) / d.step)),
             last = clamped(std::floor((distance + reach * sigma - origin) / d.step) + 1.0);
  const double at_first = (distance - origin - static_cast<double>(first) * d.step) / sigma;
  const auto part = [&](long from, long to) {
    return std::span(d.mass).subspan(static_cast<std::size_t>(from),
                                     static_cast<std::size_t>(std::max(to - from, 0L)));
  };
  if (beyond == Beyond::above) {
    const double certain = last < bins ? x.above[static_cast<std::size_t>(last)] : 0.0;
    // Bins whose mass and all beyond it is negligible end the sum.
    const auto end = std::partition_point(x.above.begin() + first, x.above.begin() + std::max(first, last),
                                          [](double mass) { return mass > negligible_tail; }) -
                     x.above.begin();
    return certain + gaussian_tail_sum(part(first, end), at_first, -d.step / sigma);
  }
  const double certain = first > 0 ? x.below[static_cast<std::size_t>(first) - 1] : 0.0;
  const auto begin = std::partition_point(x.below.begin() + first, x.below.begin() + std::max(first, last),
                                          [](double mass) { return mass <= negligible_tail; }) -
                     x.below.begin();
  return certain + gaussian_tail_sum(part(begin, last),
                                     -at_first + static_cast<double>(begin - first) * d.step / sigma,
                                     d.step / sigma);
}

}  // namespace

InterferenceGrid interference_grid(const StatisticalLink& link, double bins_per_sigma) {
  const double smallest = *std::min_element(link.sigma.begin(), link.sigma.end());
  const double main = EdgePulses(link).at(0, 1).main();
  require(main > 0.0,
          fmt::format("statistical eye: the main cursor is {}, must be above 0; check the sampling "
                      "instant and the polarity",
                      main));
  InterferenceGrid grid{.step = smallest / bins_per_sigma,
                        .merge_below = merged_sigmas * smallest,
                        .smallest_sigma = smallest,
                        .crosstalk = {}};
  grid.crosstalk = {grid.step, 0, {1.0}};
  const auto samples = static_cast<std::size_t>(link.samples_per_symbol);
  const std::vector<double> weight(samples, 1.0 / static_cast<double>(samples));
  for (const auto& pulse : link.aggressors) {
    std::vector<Density> phases;
    phases.reserve(samples);
    for (std::size_t phase = 0; phase < samples; ++phase) {
      std::vector<double> cursor;
      for (std::size_t u = phase; u < pulse.size(); u += samples) cursor.push_back(pulse[u]);
      auto one = interference_density(cursor, link.amplitude, grid.step, grid.merge_below, Split::quadratic,
                                      link.probability);
      grid.crosstalk_variance += (one.merged_variance - one.excess_variance) / static_cast<double>(samples);
      grid.crosstalk_mean += one.merged_mean / static_cast<double>(samples);
      phases.push_back(std::move(one.density));
    }
    grid.crosstalk = convolve(grid.crosstalk, mixture(phases, weight));
  }
  return grid;
}

PhaseTails::PhaseTails(const StatisticalLink& link, const EdgePulses& pulses, const InterferenceGrid& grid,
                       long phase)
    : of_level_(link.amplitude.size()), spacing_(bins_per_point * grid.step) {
  const int parities = link.edges.even_odd_UI == 0.0 ? 1 : 2;
  for (int p = 0; p < parities; ++p) {
    const PhasePulses at = pulses.at(phase, 1 - 2 * p);
    main_ += at.main() / parities;
    Window window = enumerate_window(link, pulses, at);
    std::vector<double> outside = at.cursor;
    for (long k = window.first_age; k <= window.last_age; ++k)
      outside[static_cast<std::size_t>(k - at.first_age)] = 0.0;
    const auto rest = interference_density(outside, link.amplitude, grid.step, grid.merge_below,
                                           Split::quadratic, link.probability);
    const double noise = sigma_at(link, phase), mean = rest.merged_mean + grid.crosstalk_mean;
    // The lattice's own variance is taken off, but never so much that the lattice shows.
    const double fixed =
        std::max(noise * noise + rest.merged_variance - rest.excess_variance + grid.crosstalk_variance,
                 0.25 * noise * noise);
    const std::size_t finest = interference_.size();
    interference_.emplace_back(convolve(rest.density, grid.crosstalk));
    for (WindowSequence& sequence : window.sequence) {
      const double square = fixed + sequence.jitter_variance;
      const int coarse = coarseness(std::sqrt(square), grid);
      while (interference_.size() <= finest + static_cast<std::size_t>(coarse))
        interference_.emplace_back(coarser(interference_.back().density));
      add_component(of_level_[static_cast<std::size_t>(sequence.level)],
                    {.shift = sequence.shift + mean,
                     .sigma = std::sqrt(square - coarse_variance(grid.step, coarse)),
                     .weight = sequence.weight / parities,
                     .interference = finest + static_cast<std::size_t>(coarse),
                     .coarseness = coarse,
                     .displaced = std::move(sequence.displaced)});
    }
  }
  for (Level& level : of_level_) level.rms = std::sqrt(std::max(level.rms - level.mean * level.mean, 0.0));
}

void PhaseTails::add_component(Level& level, Component component) {
  const Interference& x = interference_[component.interference];
  const double centre = component.shift + x.mean;
  double square = centre * centre + x.variance + component.sigma * component.sigma;
  for (const JitterNode& node : component.displaced) square += node.weight * node.at * node.at;
  level.mean += component.weight * centre;
  level.rms += component.weight * square;
  level.component.push_back(std::move(component));
}

double PhaseTails::tail(int level, Beyond beyond, double v) const {
  double sum = 0.0;
  for (const Component& c : of_level_[static_cast<std::size_t>(level)].component)
    for (const JitterNode& node : c.displaced)
      sum += c.weight * node.weight *
             tail_of(interference_[c.interference], beyond, v - c.shift - node.at, c.sigma);
  return sum;
}

}  // namespace photonlink
