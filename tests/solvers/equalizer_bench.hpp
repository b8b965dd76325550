/// A pulse and noise, and the error that taps leave of them, written out cursor by cursor.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include "solvers/equalizer.hpp"

namespace photonlink::test {

struct EqualizerBench {
  std::vector<double> pulse;       // periodic, main cursor at 0
  std::vector<double> covariance;  // R_n
  double symbol_power = 1.0;

  double at(long k) const {
    const long size = static_cast<long>(pulse.size());
    return pulse[static_cast<std::size_t>(((k % size) + size) % size)];
  }
  double cursor(const std::vector<double>& w, int pre, long m) const {
    double q = 0.0;
    for (std::size_t j = 0; j < w.size(); ++j) q += w[j] * at(m + pre - static_cast<long>(j));
    return q;
  }
  double main_cursor(const std::vector<double>& w, int pre) const { return cursor(w, pre, 0); }

  double error(const std::vector<double>& w, const std::vector<double>& b, int pre) const {
    double sum = 0.0;
    for (long m = 0; m < static_cast<long>(pulse.size()); ++m) {
      double q = cursor(w, pre, m) - (m == 0 ? 1.0 : 0.0);
      if (m >= 1 && m <= static_cast<long>(b.size())) q -= b[static_cast<std::size_t>(m - 1)];
      sum += symbol_power * q * q;
    }
    for (std::size_t i = 0; i < w.size(); ++i)
      for (std::size_t j = 0; j < w.size(); ++j) sum += w[i] * w[j] * covariance[i > j ? i - j : j - i];
    return sum;
  }

  /// Least error that a random walk over allowed taps finds from `found`. The problem is convex, so a minimum
  /// over random feasible directions is the minimum.
  /// @param forward,feedback limits by distance from the main tap, the last holds; no `forward`: none
  double least_nearby(const Equalizer& found, const std::vector<double>& forward,
                      const std::vector<double>& feedback, int trials, unsigned seed) const {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    const auto pre = static_cast<std::size_t>(found.ffe_pre);
    auto best_w = found.ffe, best_b = found.dfe;
    double least = error(best_w, best_b, found.ffe_pre);
    for (int trial = 0; trial < trials; ++trial) {
      auto w = best_w;
      auto b = best_b;
      const double size = std::pow(10.0, -1.0 - trial % 5);
      for (double& each : w) each += size * normal(random);
      for (std::size_t m = 0; m < b.size(); ++m) {
        const double limit = feedback[std::min(m, feedback.size() - 1)];
        b[m] = std::clamp(b[m] + size * normal(random), -limit, limit);
      }
      for (std::size_t j = 0; j < w.size(); ++j) {
        if (j == pre || forward.empty()) continue;
        const std::size_t away = (j > pre ? j - pre : pre - j) - 1;
        const double limit = forward[std::min(away, forward.size() - 1)] * std::abs(w[pre]);
        w[j] = std::clamp(w[j], -limit, limit);
      }
      const double scale = main_cursor(w, found.ffe_pre);
      for (double& each : w) each /= scale;
      const double here = error(w, b, found.ffe_pre);
      if (here >= least) continue;
      least = here;
      best_w = std::move(w);
      best_b = std::move(b);
    }
    return least;
  }
};

/// Cursors at the places named, periodic over `symbols`.
inline std::vector<double> cursors_at(long symbols, const std::vector<std::pair<long, double>>& cursors) {
  std::vector<double> p(static_cast<std::size_t>(symbols), 0.0);
  for (const auto& [k, value] : cursors)
    p[static_cast<std::size_t>(((k % symbols) + symbols) % symbols)] = value;
  return p;
}

inline std::vector<double> white(double variance, int lags) {
  std::vector<double> r(static_cast<std::size_t>(lags) + 1, 0.0);
  r[0] = variance;
  return r;
}

}  // namespace photonlink::test
