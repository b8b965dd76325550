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
constexpr double left_out = 1e-4;  // of a tail, in components not visited

double sigma_at(const StatisticalLink& link, long phase) {
  if (link.sigma.size() == 1) return link.sigma.front();
  return link
      .sigma[static_cast<std::size_t>(wrap(phase + link.samples_per_symbol / 2, link.samples_per_symbol))];
}

Density node_density(const std::vector<JitterNode>& nodes, double step) {
  std::vector<double> at, weight;
  for (const JitterNode& node : nodes) {
    at.push_back(node.at);
    weight.push_back(node.weight);
  }
  return smooth_point_masses(at, weight, step);
}

}  // namespace

InterferenceGrid interference_grid(const StatisticalLink& link, double bins_per_sigma) {
  const double smallest = *std::min_element(link.sigma.begin(), link.sigma.end());
  const double main = EdgePulses(link).at(0, 1).main();
  require(main > 0.0,
          fmt::format("statistical eye: the main cursor is {}, must be above 0; check the sampling "
                      "instant and the polarity",
                      main));
  InterferenceGrid grid{
      .step = smallest / bins_per_sigma, .merge_below = merged_sigmas * smallest, .crosstalk = {}};
  grid.crosstalk = {grid.step, 0, {1.0}};
  const auto samples = static_cast<std::size_t>(link.samples_per_symbol);
  const std::vector<double> weight(samples, 1.0 / static_cast<double>(samples));
  for (const auto& pulse : link.aggressors) {
    std::vector<Density> phases;
    phases.reserve(samples);
    for (std::size_t phase = 0; phase < samples; ++phase) {
      std::vector<double> cursor;
      for (std::size_t u = phase; u < pulse.size(); u += samples) cursor.push_back(pulse[u]);
      auto one = interference_density(cursor, link.amplitude, grid.step, grid.merge_below, Split::quadratic);
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
    : of_level_(link.amplitude.size()) {
  const int parities = link.edges.even_odd_UI == 0.0 ? 1 : 2;
  alike_ = parities == 1 && link.edges.memoryless();
  for (int p = 0; p < parities; ++p) {
    const PhasePulses at = pulses.at(phase, 1 - 2 * p);
    main_ += at.main() / parities;
    const Window window = enumerate_window(link, pulses, at);
    std::vector<double> outside = at.cursor;
    for (long k = window.first_age; k <= window.last_age; ++k)
      outside[static_cast<std::size_t>(k - at.first_age)] = 0.0;
    const auto rest =
        interference_density(outside, link.amplitude, grid.step, grid.merge_below, Split::quadratic);
    const Density all = convolve(rest.density, grid.crosstalk);
    const double noise = sigma_at(link, phase), mean = rest.merged_mean + grid.crosstalk_mean;
    // The lattice's own variance is taken off, but never so much that the lattice shows.
    const double fixed =
        std::max(noise * noise + rest.merged_variance - rest.excess_variance + grid.crosstalk_variance,
                 0.25 * noise * noise);
    const double weight =
        static_cast<double>(link.levels()) / static_cast<double>(window.sequence.size()) / parities;
    std::size_t shared = 0;
    if (link.edges.bounded_UI == 0.0) shared = add_interference(all);
    for (const WindowSequence& sequence : window.sequence) {
      Component component{sequence.shift + mean, fixed + sequence.jitter_variance, weight, shared};
      if (link.edges.bounded_UI != 0.0) {
        const Density displaced = node_density(sequence.displaced, grid.step);
        component.interference = add_interference(convolve(all, displaced));
        component.sigma -= 0.25 * grid.step * grid.step;  // of the split
      }
      component.sigma = std::sqrt(component.sigma);
      add_component(of_level_[static_cast<std::size_t>(sequence.level)], component);
    }
  }
  for (Level& level : of_level_) {
    level.rms = std::sqrt(std::max(level.rms - level.mean * level.mean, 0.0));
    order(level);
  }
  if (of_level_.front().component.size() > 1) {
    bound_above_ = make_bound(Beyond::above);
    bound_below_ = make_bound(Beyond::below);
  }
}

std::size_t PhaseTails::add_interference(Density density) {
  Interference each;
  each.above = upper_tail(density);
  each.below = lower_tail(density);
  each.mean = photonlink::mean(density);
  each.variance = variance(density);
  each.density = std::move(density);
  interference_.push_back(std::move(each));
  return interference_.size() - 1;
}

void PhaseTails::add_component(Level& level, const Component& component) {
  const Interference& x = interference_[component.interference];
  const double centre = component.shift + x.mean;
  level.component.push_back(component);
  level.mean += component.weight * centre;
  level.rms += component.weight * (centre * centre + x.variance + component.sigma * component.sigma);
  largest_sigma_ = std::max(largest_sigma_, component.sigma);
}

void PhaseTails::order(Level& level) {
  auto& list = level.component;
  std::sort(list.begin(), list.end(),
            [](const Component& a, const Component& b) { return a.shift > b.shift; });
  level.rest_above.resize(list.size());
  level.rest_below.resize(list.size());
  double sum = 0.0;
  for (std::size_t i = list.size(); i-- > 0;) level.rest_above[i] = sum += list[i].weight;
  sum = 0.0;
  for (std::size_t i = 0; i < list.size(); ++i) level.rest_below[i] = sum += list[i].weight;
}

PhaseTails::Bound PhaseTails::make_bound(Beyond beyond) const {
  const double outward = beyond == Beyond::above ? 1.0 : -1.0;
  Bound bound;
  bound.step = 0.5 * largest_sigma_;
  for (double value = 1.0; value > negligible_tail;) {
    const double distance = bound.step * static_cast<double>(bound.value.size());
    value = 0.0;
    for (const Interference& x : interference_)
      value = std::max(value, tail_of(x, beyond, outward * distance, largest_sigma_));
    // Inside the interference a narrower Gaussian can lie above a wider one, by less than twofold.
    bound.value.push_back(2.0 * value);
  }
  return bound;
}

double PhaseTails::Bound::at(double distance) const {
  const double position = distance / step;
  if (position <= 0.0) return 1.0;
  return position >= static_cast<double>(value.size()) ? 0.0 : value[static_cast<std::size_t>(position)];
}

// P(X + σN > distance), or below it.
double PhaseTails::tail_of(const Interference& x, Beyond beyond, double distance, double sigma) {
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

double PhaseTails::tail(int level, Beyond beyond, double v) const {
  const Level& of = of_level_[static_cast<std::size_t>(level)];
  const std::size_t count = of.component.size();
  const auto part = [&](const Component& c) {
    return c.weight * tail_of(interference_[c.interference], beyond, v - c.shift, c.sigma);
  };
  if (count == 1) return part(of.component.front());
  double sum = 0.0;
  for (std::size_t n = 0; n < count; ++n) {
    const std::size_t i = beyond == Beyond::above ? n : count - 1 - n;
    const Component& c = of.component[i];
    const double rest = beyond == Beyond::above ? of.rest_above[i] * bound_above_.at(v - c.shift)
                                                : of.rest_below[i] * bound_below_.at(c.shift - v);
    if (rest <= left_out * sum || rest <= negligible_tail) break;
    sum += part(c);
  }
  return sum;
}

}  // namespace photonlink
