#include "solvers/statistical/window.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/special.hpp"

namespace photonlink {
namespace {

constexpr double lumped_share = 1e-6;  // of the jitter variance, in edges whose height is taken on average

double mean_of(const StatisticalLink& link) {
  double sum = 0.0;
  for (std::size_t l = 0; l < link.amplitude.size(); ++l) sum += link.amplitude[l] * link.probability_of(l);
  return sum;
}
double variance_of(const StatisticalLink& link) {
  double sum = 0.0;
  const double mean = mean_of(link);
  for (std::size_t l = 0; l < link.amplitude.size(); ++l)
    sum += (link.amplitude[l] - mean) * (link.amplitude[l] - mean) * link.probability_of(l);
  return sum;
}

// E[max(N, 0)] of a normal variable.
double rising_part(double mean, double sigma) {
  if (sigma == 0.0) return std::max(mean, 0.0);
  const double z = mean / sigma;
  return mean * gaussian_tail(-z) + sigma * std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi);
}

struct Effect {
  double shift = 0.0, variance = 0.0;
  EvenCumulants bounded;
};

class Builder {
 public:
  Builder(const StatisticalLink& link, const EdgePulses& pulses, const PhasePulses& phase)
      : link_(link),
        pulses_(pulses),
        phase_(phase),
        mean_(mean_of(link)),
        variance_(variance_of(link)),
        unit_bounded_(bounded_cumulants(link.edges.bounded_shape, link.edges.bounded_UI)) {}

  Window build() {
    choose_window();
    lumped_.shift = -pulses_.mean_shift();
    if (!link_.edges.memoryless()) choose_edges();
    const int levels = link_.levels();
    const long symbols = window_.last_age - window_.first_age + 1;
    long count = 1;
    for (long k = 0; k < symbols; ++k) count *= levels;
    window_.sequence.reserve(static_cast<std::size_t>(count));
    std::vector<double> x(static_cast<std::size_t>(symbols));
    for (long code = 0; code < count; ++code) {
      WindowSequence sequence;
      Effect effect = lumped_;
      long rest = code;
      for (long k = window_.first_age; k <= window_.last_age; ++k, rest /= levels) {
        const auto index = static_cast<std::size_t>(rest % levels);
        x[static_cast<std::size_t>(k - window_.first_age)] = link_.amplitude[index];
        effect.shift +=
            link_.amplitude[index] * phase_.cursor[static_cast<std::size_t>(k - phase_.first_age)];
        if (k == 0)
          sequence.level = static_cast<int>(index);
        else
          sequence.weight *= link_.probability_of(index);
      }
      for (const Edge& edge : edges_) {
        double known = edge.unknown_mean;
        for (std::size_t k = 0; k < x.size(); ++k) known += edge.share[k] * x[k];
        add_edge(edge.age, known, edge.unknown_variance, effect);
      }
      sequence.shift = effect.shift;
      sequence.jitter_variance = effect.variance;
      sequence.displaced = symmetric_nodes(effect.bounded);
      window_.sequence.push_back(std::move(sequence));
    }
    return std::move(window_);
  }

 private:
  struct Edge {
    long age = 0;
    std::vector<double> share;  // of each window symbol in the height
    double unknown_mean = 0.0, unknown_variance = 0.0;
  };

  long taps() const { return static_cast<long>(link_.transmit_taps.size()); }
  long last_age() const { return phase_.first_age + static_cast<long>(phase_.cursor.size()) - 1; }
  double slope(long age) const { return phase_.slope[static_cast<std::size_t>(age - phase_.first_age)]; }
  // Symbols that have a share in the edge: ages from age - main to age - main + taps.
  long first_symbol(long age) const { return age - link_.transmit_main; }
  long last_symbol(long age) const { return first_symbol(age) + taps(); }

  double height_variance(long age) const {
    double sum = 0.0;
    for (long k = first_symbol(age); k <= last_symbol(age); ++k) {
      const double share = pulses_.height_share(k, age);
      sum += share * share * variance_;
    }
    return sum;
  }

  void choose_window() {
    if (link_.edges.memoryless()) return;
    const int automatic = link_.levels() > 2 ? 3 : 6;
    const long symbols = link_.window_symbols > 0 ? link_.window_symbols : automatic;
    double best = -1.0;
    for (long first = 1 - symbols; first <= 0; ++first) {
      if (first < phase_.first_age || first + symbols - 1 > last_age()) continue;
      double energy = 0.0;
      for (long a = phase_.first_age; a <= last_age(); ++a)
        for (long k = std::max(first, first_symbol(a)); k <= std::min(first + symbols - 1, last_symbol(a));
             ++k)
          energy += std::pow(slope(a) * pulses_.height_share(k, a), 2);
      if (energy <= best) continue;
      best = energy;
      window_.first_age = first;
      window_.last_age = first + symbols - 1;
    }
  }

  void choose_edges() {
    std::vector<std::pair<double, long>> energy;
    double total = 0.0;
    for (long a = phase_.first_age; a <= last_age(); ++a) {
      energy.emplace_back(slope(a) * slope(a), a);
      total += energy.back().first;
    }
    std::sort(energy.begin(), energy.end());
    double lumped = 0.0;
    for (const auto& [each, age] : energy) {
      lumped += each;
      if (lumped <= lumped_share * total) {
        add_edge(age, 0.0, height_variance(age), lumped_);
        continue;
      }
      Edge& edge = edges_.emplace_back();
      edge.age = age;
      for (long k = window_.first_age; k <= window_.last_age; ++k)
        edge.share.push_back(pulses_.height_share(k, age));
      for (long k = first_symbol(age); k <= last_symbol(age); ++k) {
        if (k >= window_.first_age && k <= window_.last_age) continue;
        const double share = pulses_.height_share(k, age);
        edge.unknown_mean += share * mean_;
        edge.unknown_variance += share * share * variance_;
      }
    }
  }

  // An edge whose height has the given mean and variance.
  void add_edge(long age, double height, double spread, Effect& effect) const {
    const double h = slope(age), power = height * height + spread;
    const EdgeJitter& jitter = link_.edges;
    effect.variance += h * h * jitter.random_UI * jitter.random_UI * power;
    if (jitter.bounded_UI != 0.0) effect.bounded.add(unit_bounded_, h * std::sqrt(power));
    if (phase_.late.empty()) return;
    const auto i = static_cast<std::size_t>(age - phase_.first_age);
    const double rising = rising_part(height, std::sqrt(spread)), falling = height - rising,
                 size = rising - falling;
    effect.shift += rising * phase_.late[i] + falling * phase_.early[i];
    const double mean_shift = 0.5 * (phase_.late[i] - phase_.early[i]);
    effect.variance += mean_shift * mean_shift * std::max(power - size * size, 0.0);
  }

  const StatisticalLink& link_;
  const EdgePulses& pulses_;
  const PhasePulses& phase_;
  double mean_, variance_;
  EvenCumulants unit_bounded_;
  Window window_;
  std::vector<Edge> edges_;
  Effect lumped_;
};

}  // namespace

Window enumerate_window(const StatisticalLink& link, const EdgePulses& pulses, const PhasePulses& phase) {
  return Builder(link, pulses, phase).build();
}

}  // namespace photonlink
