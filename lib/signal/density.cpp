#include "signal/density.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/special.hpp"
#include "signal/pattern.hpp"

namespace photonlink {
namespace {

constexpr double max_bins = 1 << 24;

// Messages are made only when needed: these run once for each cursor and phase.
void require_step(double step) {
  if (std::isfinite(step) && step > 0.0) return;
  throw DomainError(fmt::format("density: step = {} is outside (0, infinity)", step));
}

void require_span(double low, double high, double step) {
  if (std::isfinite(low) && std::isfinite(high) && (high - low) / step < max_bins &&
      std::max(std::abs(low), std::abs(high)) / step < 0x1p52)
    return;
  throw DomainError(fmt::format(
      "density: values {} ... {} with a step of {} exceed 2^24 bins; take a larger step", low, high, step));
}

void require_sizes(std::size_t values, std::size_t probabilities) {
  if (values != 0 && values == probabilities) return;
  throw DomainError(fmt::format("density: {} values and {} probabilities, must be equal and not zero", values,
                                probabilities));
}

// Empty bins from one below the least value to two above the largest.
Density empty_lattice(std::span<const double> value, std::span<const double> probability, double step) {
  require_step(step);
  require_sizes(value.size(), probability.size());
  if (const auto bad =
          std::find_if(probability.begin(), probability.end(), [](double p) { return !(p >= 0.0); });
      bad != probability.end())
    throw DomainError(fmt::format("density: probability = {} is below 0", *bad));
  const auto [low, high] = std::minmax_element(value.begin(), value.end());
  require_span(*low, *high, step);
  const long first = static_cast<long>(std::floor(*low / step)) - 1,
             last = static_cast<long>(std::floor(*high / step)) + 2;
  return {step, first, std::vector<double>(static_cast<std::size_t>(last - first + 1), 0.0)};
}

void trim_zeros(Density& density) {
  while (density.mass.size() > 1 && density.mass.back() == 0.0) density.mass.pop_back();
  const auto first =
      std::find_if(density.mass.begin(), density.mass.end(), [](double m) { return m != 0.0; });
  density.first += first - density.mass.begin();
  density.mass.erase(density.mass.begin(), first);
}

// Σ over the bins of a: a[i] · b shifted by i. The inner loop runs over the longer list.
std::vector<double> convolved(const std::vector<double>& few, const std::vector<double>& many) {
  std::vector<double> sum(few.size() + many.size() - 1, 0.0);
  for (std::size_t i = 0; i < few.size(); ++i) {
    if (few[i] == 0.0) continue;
    double* const out = sum.data() + i;
    for (std::size_t j = 0; j < many.size(); ++j) out[j] += few[i] * many[j];
  }
  return sum;
}

}  // namespace

Density point_masses(std::span<const double> value, std::span<const double> probability, double step) {
  Density density = empty_lattice(value, probability, step);
  for (std::size_t i = 0; i < value.size(); ++i) {
    const double place = value[i] / step, below = std::floor(place);
    double* const bin = density.mass.data() + (static_cast<long>(below) - density.first);
    bin[0] += probability[i] * (1.0 - (place - below));
    bin[1] += probability[i] * (place - below);
  }
  trim_zeros(density);
  return density;
}

Density smooth_point_masses(std::span<const double> value, std::span<const double> probability, double step) {
  Density density = empty_lattice(value, probability, step);
  for (std::size_t i = 0; i < value.size(); ++i) {
    const double place = value[i] / step, nearest = std::floor(place + 0.5), g = place - nearest;
    double* const bin = density.mass.data() + (static_cast<long>(nearest) - density.first);
    bin[-1] += probability[i] * 0.5 * (0.5 - g) * (0.5 - g);
    bin[0] += probability[i] * (0.75 - g * g);
    bin[1] += probability[i] * 0.5 * (0.5 + g) * (0.5 + g);
  }
  trim_zeros(density);
  return density;
}

Density coarser(const Density& density) {
  require_step(density.step);
  // Even bins 2 i keep 3/4 and give 1/8 to either neighbour, odd ones give a half to both.
  const long last = density.first + static_cast<long>(density.mass.size()) - 1;
  const long first = (density.first >> 1) - 1;
  Density result{2.0 * density.step, first,
                 std::vector<double>(static_cast<std::size_t>((last >> 1) + 2 - first), 0.0)};
  for (std::size_t i = 0; i < density.mass.size(); ++i) {
    const long index = density.first + static_cast<long>(i);
    double* const bin = result.mass.data() + ((index >> 1) - first);
    const double mass = density.mass[i];
    if (index % 2 == 0) {
      bin[-1] += 0.125 * mass;
      bin[0] += 0.75 * mass;
      bin[1] += 0.125 * mass;
    } else {
      bin[0] += 0.5 * mass;
      bin[1] += 0.5 * mass;
    }
  }
  return result;
}

Density convolve(const Density& a, const Density& b) {
  if (a.step != b.step) throw DomainError(fmt::format("density: steps {} and {} differ", a.step, b.step));
  require(!a.mass.empty() && !b.mass.empty(), "density: has no bins");
  const auto filled = [](const Density& d) {
    return static_cast<std::size_t>(d.mass.size()) -
           static_cast<std::size_t>(std::count(d.mass.begin(), d.mass.end(), 0.0));
  };
  const bool a_outside = filled(a) < filled(b);
  return {a.step, a.first + b.first, a_outside ? convolved(a.mass, b.mass) : convolved(b.mass, a.mass)};
}

Density mixture(std::span<const Density> densities, std::span<const double> weight) {
  require(!densities.empty() && densities.size() == weight.size(),
          fmt::format("density: {} densities and {} weights, must be equal and not zero", densities.size(),
                      weight.size()));
  long first = densities[0].first, last = first;
  for (const Density& d : densities) {
    require(d.step == densities[0].step,
            fmt::format("density: steps {} and {} differ", d.step, densities[0].step));
    first = std::min(first, d.first);
    last = std::max(last, d.first + static_cast<long>(d.mass.size()));
  }
  Density sum{densities[0].step, first, std::vector<double>(static_cast<std::size_t>(last - first), 0.0)};
  for (std::size_t k = 0; k < densities.size(); ++k) {
    const auto offset = static_cast<std::size_t>(densities[k].first - first);
    for (std::size_t i = 0; i < densities[k].mass.size(); ++i)
      sum.mass[offset + i] += weight[k] * densities[k].mass[i];
  }
  return sum;
}

double total_mass(const Density& density) {
  double sum = 0.0;
  for (const double mass : density.mass) sum += mass;
  return sum;
}

double mean(const Density& density) {
  double sum = 0.0;
  for (std::size_t i = 0; i < density.mass.size(); ++i) sum += density.mass[i] * density.value(i);
  return sum;
}

double variance(const Density& density) {
  const double centre = mean(density);
  double sum = 0.0;
  for (std::size_t i = 0; i < density.mass.size(); ++i) {
    sum += density.mass[i] * (density.value(i) - centre) * (density.value(i) - centre);
  }
  return sum;
}

std::vector<double> upper_tail(const Density& density) {
  std::vector<double> tail(density.mass.size());
  double sum = 0.0;
  for (std::size_t i = tail.size(); i-- > 0;) tail[i] = sum += density.mass[i];
  return tail;
}

std::vector<double> lower_tail(const Density& density) {
  std::vector<double> tail(density.mass.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < tail.size(); ++i) tail[i] = sum += density.mass[i];
  return tail;
}

double upper_tail_with_noise(const Density& density, double sigma, double threshold) {
  require(sigma >= 0.0, fmt::format("density: sigma = {} is below 0", sigma));
  if (sigma > 0.0) {
    return gaussian_tail_sum(density.mass, (threshold - density.value(0)) / sigma, -density.step / sigma);
  }
  double sum = 0.0;
  for (std::size_t i = density.mass.size(); i-- > 0 && density.value(i) >= threshold;) {
    sum += density.value(i) > threshold ? density.mass[i] : 0.5 * density.mass[i];
  }
  return sum;
}

InterferenceDensity interference_density(std::span<const double> cursor, int levels, double step,
                                         double merge_below) {
  return interference_density(cursor, level_amplitudes(levels), step, merge_below, Split::linear,
                              level_probabilities(levels));
}

InterferenceDensity interference_density(std::span<const double> cursor, std::span<const double> amplitude,
                                         double step, double merge_below, Split split,
                                         std::span<const double> level_probability) {
  require_step(step);
  std::vector<double> probability(level_probability.begin(), level_probability.end());
  if (probability.empty()) probability.assign(amplitude.size(), 1.0 / static_cast<double>(amplitude.size()));
  require(probability.size() == amplitude.size(),
          fmt::format("density: {} probabilities for {} levels", probability.size(), amplitude.size()));
  double mean = 0.0, power = 0.0, largest = 0.0;  // E[a], var[a], max |a|
  for (std::size_t l = 0; l < amplitude.size(); ++l) mean += amplitude[l] * probability[l];
  for (std::size_t l = 0; l < amplitude.size(); ++l) {
    power += (amplitude[l] - mean) * (amplitude[l] - mean) * probability[l];
    largest = std::max(largest, std::abs(amplitude[l]));
  }

  // Smallest first: the running density stays short as long as possible.
  std::vector<double> ordered(cursor.begin(), cursor.end());
  std::sort(ordered.begin(), ordered.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  double reach = 0.0;
  for (const double c : ordered) reach += largest * std::abs(c) + step;
  require_span(-reach, reach, step);

  InterferenceDensity result{{step, 0, {1.0}}, 0.0, 0.0, 0.0};
  for (const double c : ordered) {
    if (c == 0.0) continue;
    if (std::abs(c) < merge_below) {
      result.merged_variance += c * c * power;
      result.merged_mean += c * mean;
      continue;
    }
    std::vector<double> value(amplitude.begin(), amplitude.end());
    for (double& a : value) a *= c;
    const Density one = split == Split::linear ? point_masses(value, probability, step)
                                               : smooth_point_masses(value, probability, step);
    result.excess_variance += variance(one) - c * c * power;
    result.density = convolve(result.density, one);
  }
  return result;
}

}  // namespace photonlink
