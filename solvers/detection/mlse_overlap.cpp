#include "solvers/detection/mlse_overlap.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "core/constants.hpp"
#include "core/special.hpp"

namespace photonlink {
namespace {

// φ(x) has fallen by e^-40 from its value at h where x² = h² + 80.
constexpr double fallen = 80.0;
constexpr int pieces = 4;  // of the integral

using Steps = std::vector<int>;
using Difference = std::vector<double>;

// δ_k = Δ Σ_m g_m e_{k-m}; as long as the steps, which end in ν zeros.
Difference difference(const Steps& step, std::span<const double> target, int levels) {
  const double spacing = 2.0 / (levels - 1);
  Difference delta(step.size(), 0.0);
  for (std::size_t k = 0; k < step.size(); ++k) {
    delta[k] = spacing * step[k];
    for (std::size_t m = 0; m < std::min(target.size(), k); ++m)
      delta[k] += spacing * target[m] * step[k - m - 1];
  }
  return delta;
}

double product(const Difference& a, const Difference& b) {
  double sum = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

// aᵀ R b.
double covariance_of(const Difference& a, const Difference& b, std::span<const double> covariance) {
  const long size = static_cast<long>(a.size()), reach = static_cast<long>(covariance.size()) - 1;
  double sum = 0.0;
  for (long i = 0; i < size; ++i)
    for (long j = std::max(0L, i - reach); j <= std::min(size - 1, i + reach); ++j)
      sum += a[static_cast<std::size_t>(i)] * b[static_cast<std::size_t>(j)] *
             covariance[static_cast<std::size_t>(std::abs(i - j))];
  return sum;
}

// Sent levels open to both steps over those open to the first.
double also_open(int levels, int step, int other) {
  int first = 0, both = 0;
  for (int s = 0; s < levels; ++s) {
    if (s + step < 0 || s + step >= levels) continue;
    ++first;
    both += s + other >= 0 && s + other < levels;
  }
  return static_cast<double>(both) / first;
}

}  // namespace

double bivariate_gaussian_tail(double h, double k, double correlation) {
  const double spread = std::sqrt(std::max(1.0 - correlation * correlation, 1e-24));
  const double end = std::sqrt(h * h + fallen), width = (end - h) / pieces;
  const auto integrand = [&](double x) {
    return std::exp(-0.5 * x * x) * gaussian_tail((k - correlation * x) / spread);
  };
  double sum = 0.0;
  for (int n = 0; n < pieces; ++n)
    sum +=
        boost::math::quadrature::gauss<double, 20>::integrate(integrand, h + n * width, h + (n + 1) * width);
  return sum / std::sqrt(2.0 * constants::pi);
}

double surviving_share(int levels, std::span<const double> target, std::span<const double> covariance,
                       std::span<const int> step) {
  // ν places on each side where a step still belongs to the event, and ν for its echoes.
  Steps event(step.size() + 3 * target.size(), 0);
  std::copy(step.begin(), step.end(), event.begin() + static_cast<long>(target.size()));
  const Difference delta = difference(event, target, levels);
  const double square = product(delta, delta), sigma = std::sqrt(covariance_of(delta, delta, covariance));
  const double h = 0.5 * square / sigma, beats_sent = gaussian_tail(h);
  if (beats_sent == 0.0) return 1.0;
  double share = 1.0;
  const auto meet = [&](const Steps& rival) {
    double open = 1.0;
    bool none = true;
    for (std::size_t k = 0; k < rival.size(); ++k) {
      if (std::abs(rival[k]) >= levels) return;
      none &= rival[k] == 0;
      open *= also_open(levels, event[k], rival[k]);
    }
    if (none) return;
    Difference away = difference(rival, target, levels);
    const double threshold = 0.5 * (product(away, away) - square);
    for (std::size_t n = 0; n < away.size(); ++n) away[n] -= delta[n];
    const double rival_sigma = std::sqrt(covariance_of(away, away, covariance));
    const double correlation = covariance_of(delta, away, covariance) / (sigma * rival_sigma);
    const double both = bivariate_gaussian_tail(h, threshold / rival_sigma, correlation);
    share *= 1.0 - open * std::min(both / beats_sent, 1.0);
  };
  const std::size_t places = step.size() + 2 * target.size();
  for (std::size_t k = 0; k < places; ++k)
    for (const int change : {-1, 1}) {
      Steps rival = event;
      rival[k] += change;
      meet(rival);
      for (std::size_t j = k + 1; j < std::min(places, k + 1 + target.size()); ++j)
        for (const int second : {-1, 1}) {
          rival[j] += second;
          meet(rival);
          rival[j] -= second;
        }
    }
  return share;
}

}  // namespace photonlink
