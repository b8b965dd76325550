#include "solvers/statistical/edge_pulses.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace photonlink {

EdgePulses::EdgePulses(const StatisticalLink& link) : link_(link), step_(link.pulse) {
  const auto samples = static_cast<std::size_t>(link.samples_per_symbol);
  for (std::size_t u = samples; u < step_.size(); ++u) step_[u] += step_[u - samples];
  if (link.edges.duty_cycle_UI != 0.0)
    mean_shift_ = -0.5 * link.edges.duty_cycle_UI * mean_height() * settled();
}

// E|ΔV| over all symbols that share in an edge; as of a Gaussian where they are too many to enumerate.
double EdgePulses::mean_height() const {
  constexpr double most_sequences = 1e6;
  const std::vector<double>& x = link_.amplitude;
  const long symbols = static_cast<long>(link_.transmit_taps.size()) + 1;
  const double sequences = std::pow(static_cast<double>(x.size()), static_cast<double>(symbols));
  const long first = -link_.transmit_main;
  if (sequences > most_sequences) {
    double mean = 0.0, power = 0.0, shares = 0.0;
    for (std::size_t l = 0; l < x.size(); ++l) mean += x[l] * link_.probability_of(l);
    for (std::size_t l = 0; l < x.size(); ++l)
      power += (x[l] - mean) * (x[l] - mean) * link_.probability_of(l);
    for (long k = 0; k < symbols; ++k) shares += std::pow(height_share(first + k, 0), 2);
    return std::sqrt(2.0 * power * shares / std::numbers::pi);
  }
  double sum = 0.0;
  for (long code = 0; code < static_cast<long>(sequences); ++code) {
    double height = 0.0, likely = 1.0;
    long rest = code;
    for (long k = 0; k < symbols; ++k, rest /= static_cast<long>(x.size())) {
      const auto level = static_cast<std::size_t>(rest % static_cast<long>(x.size()));
      height += height_share(first + k, 0) * x[level];
      likely *= link_.probability_of(level);
    }
    sum += std::abs(height) * likely;
  }
  return sum;
}

double EdgePulses::settled() const {
  const auto samples = static_cast<long>(link_.samples_per_symbol);
  double sum = 0.0;
  for (auto each = step_.end() - samples; each != step_.end(); ++each)
    sum += *each / static_cast<double>(samples);
  return sum;
}

// Four-point Lagrange between samples; 0 before the pulse, periodic in the symbol behind it.
double EdgePulses::step(double sample) const {
  const long size = static_cast<long>(step_.size()), samples = link_.samples_per_symbol;
  const auto value = [&](long u) {
    if (u < 0) return 0.0;
    if (u >= size) u = size - samples + (u - size) % samples;
    return step_[static_cast<std::size_t>(u)];
  };
  const double floor = std::floor(sample), t = sample - floor;
  const long u = static_cast<long>(floor);
  if (t == 0.0) return value(u);
  return value(u - 1) * (-t * (t - 1.0) * (t - 2.0) / 6.0) +
         value(u) * ((t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0) +
         value(u + 1) * (-(t + 1.0) * t * (t - 2.0) / 2.0) + value(u + 2) * ((t + 1.0) * t * (t - 1.0) / 6.0);
}

double EdgePulses::slope(long sample) const {
  const auto at = [&](long d) { return step(static_cast<double>(sample + d)); };
  return link_.samples_per_symbol * (8.0 * (at(1) - at(-1)) - (at(2) - at(-2))) / 12.0;
}

double EdgePulses::height_share(long symbol_age, long edge_age) const {
  const long j = symbol_age - edge_age + link_.transmit_main,
             taps = static_cast<long>(link_.transmit_taps.size());
  const auto tap = [&](long k) {
    return k >= 0 && k < taps ? link_.transmit_taps[static_cast<std::size_t>(k)] : 0.0;
  };
  return tap(j) - tap(j - 1);
}

PhasePulses EdgePulses::at(long phase, int parity) const {
  const long samples = link_.samples_per_symbol, taps = static_cast<long>(link_.transmit_taps.size());
  const long origin = link_.main_sample + phase;  // of the edge of age 0
  // From the first edge that has begun to the last whose pulse has not ended, and what the taps reach beyond.
  const long first = -(origin / samples) - taps - 1,
             last = std::max((static_cast<long>(step_.size()) - origin) / samples + taps + 1,
                             static_cast<long>(link_.dfe.size()));
  PhasePulses result;
  result.first_age = std::min(first, 0L);
  const double half_duty = 0.5 * link_.edges.duty_cycle_UI * static_cast<double>(samples);
  std::vector<double> edge;
  for (long a = result.first_age; a <= last; ++a) {
    const double even_odd = 0.5 * parity * (a % 2 == 0 ? 1.0 : -1.0) * link_.edges.even_odd_UI;
    const double at = static_cast<double>(origin + a * samples) - even_odd * static_cast<double>(samples);
    edge.push_back(step(at));
    result.slope.push_back(link_.edges.memoryless() ? 0.0 : slope(origin + a * samples));
    if (half_duty == 0.0) continue;
    result.late.push_back(step(at - half_duty) - edge.back());
    result.early.push_back(step(at + half_duty) - edge.back());
  }
  const long count = static_cast<long>(edge.size());
  const auto response = [&](long a) {
    const long i = a - result.first_age;
    return i < 0 ? 0.0 : edge[static_cast<std::size_t>(std::min(i, count - 1))];
  };
  result.cursor.resize(edge.size());
  for (long i = 0; i < count; ++i) {
    const long k = result.first_age + i;
    double sum = 0.0;
    for (long j = 0; j < taps; ++j) {
      const long a = k - j + link_.transmit_main;
      sum += link_.transmit_taps[static_cast<std::size_t>(j)] * (response(a) - response(a - 1));
    }
    if (k >= 1 && k <= static_cast<long>(link_.dfe.size())) sum -= link_.dfe[static_cast<std::size_t>(k - 1)];
    result.cursor[static_cast<std::size_t>(i)] = sum;
  }
  return result;
}

}  // namespace photonlink
