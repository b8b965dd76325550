/// Links whose pulses and edge responses are known in closed form, for the tests of the statistical eye.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "core/special.hpp"
#include "solvers/statistical/statistical_eye.hpp"

namespace photonlink::test {

/// Step response of Gaussian edges: one main edge and echoes, each (height, delay [UI], width σ [UI]).
struct SmoothStep {
  struct Part {
    double height, delay, width;
  };
  std::vector<Part> part;
  double at(double t) const {
    double sum = 0.0;
    for (const Part& p : part) sum += p.height * gaussian_tail((p.delay - t) / p.width);
    return sum;
  }
  double slope(double t) const {
    double sum = 0.0;
    for (const Part& p : part) {
      const double z = (t - p.delay) / p.width;
      sum += p.height * std::exp(-0.5 * z * z) / (p.width * std::sqrt(2.0 * std::numbers::pi));
    }
    return sum;
  }
};

/// Three echoes, off every lattice.
inline SmoothStep echoing_step() {
  return {{{1.0, 2.51, 0.31}, {-0.0713, 3.67, 0.27}, {0.0431, 5.23, 0.33}, {-0.0177, 6.11, 0.29}}};
}

/// Link of that step, sampled in the middle of the symbol.
inline StatisticalLink smooth_link(const SmoothStep& step, std::vector<double> amplitude, double sigma,
                                   int samples = 32, int symbols = 10) {
  StatisticalLink link;
  link.amplitude = std::move(amplitude);
  link.samples_per_symbol = samples;
  for (int u = 0; u < symbols * samples; ++u) {
    const double t = static_cast<double>(u) / samples;
    link.pulse.push_back(step.at(t) - step.at(t - 1.0));
  }
  link.main_sample = 3 * samples;
  link.sigma = {sigma};
  return link;
}

/// Every sequence of symbols of ages first ... last, the sampled one of age 0 fixed: calls visit(x), x[k -
/// first].
template <class Visit>
void for_each_sequence(const std::vector<double>& amplitude, long first, long last, int level, Visit visit) {
  const auto count = static_cast<std::size_t>(last - first + 1), levels = amplitude.size();
  std::uint64_t sequences = 1;
  for (std::size_t k = 0; k + 1 < count; ++k) sequences *= levels;
  std::vector<double> x(count);
  for (std::uint64_t code = 0; code < sequences; ++code) {
    std::uint64_t rest = code;
    for (std::size_t k = 0; k < count; ++k) {
      if (static_cast<long>(k) + first == 0) {
        x[k] = amplitude[static_cast<std::size_t>(level)];
        continue;
      }
      x[k] = amplitude[rest % levels];
      rest /= levels;
    }
    visit(x, 1.0 / static_cast<double>(sequences));
  }
}

/// Where a falling function takes a value, by bisection in the logarithm.
template <class F>
double where_it_falls_to(F probability, double value, double low, double high) {
  for (int k = 0; k < 80; ++k) {
    const double middle = 0.5 * (low + high);
    (probability(middle) > value ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace photonlink::test
