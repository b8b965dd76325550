// Tails of a phase at rows of thresholds, the fast form of PhaseTails::tail().
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "solvers/statistical/phase_tails.hpp"

namespace photonlink {
namespace {

constexpr double left_out = 1e-4;                 // of a tail, in components not visited
constexpr double row_end = 1e-3 * resolved_tail;  // where a component's row may end
constexpr double start_rms = 3.0;                 // of the level's own spread, in front of its mean
constexpr std::size_t most_points = 20000;

// Values at and between all points, cubic.
std::vector<double> refined(const std::vector<double>& y) {
  const std::size_t n = y.size();
  std::vector<double> result(2 * n - 1);
  for (std::size_t i = 0; i < n; ++i) result[2 * i] = y[i];
  for (std::size_t i = 1; i + 2 < n; ++i)
    result[2 * i + 1] = (9.0 * (y[i] + y[i + 1]) - y[i - 1] - y[i + 2]) / 16.0;
  const auto end = [](double y0, double y1, double y2, double y3) {  // between y0 and y1
    return (5.0 * y0 + 15.0 * y1 - 5.0 * y2 + y3) / 16.0;
  };
  result[1] = end(y[0], y[1], y[2], y[3]);
  result[2 * n - 3] = end(y[n - 1], y[n - 2], y[n - 3], y[n - 4]);
  return result;
}

// On the lattice, step² / 4 wider; no bins where nothing is displaced.
Density node_density(const std::vector<JitterNode>& nodes, double step) {
  if (nodes.size() == 1 && nodes.front().at == 0.0) return {step, 0, {}};
  std::vector<double> at, weight;
  for (const JitterNode& node : nodes) {
    at.push_back(node.at);
    weight.push_back(node.weight);
  }
  return smooth_point_masses(at, weight, step);
}

void require_room(std::size_t points, double sigmas_per_bin) {
  if (points < most_points) return;
  throw DomainError(
      fmt::format("statistical eye: interference reaches {} times the noise; sigma is too small to be meant",
                  static_cast<double>(most_points * bins_per_point) * sigmas_per_bin));
}

double positive(double p) {
  return std::max(p, std::numeric_limits<double>::min());
}

}  // namespace

// Σ of the components on one lattice, at start, start ± spacing ... until below `row_end`.
std::vector<double> PhaseTails::sum_of(const Level& level, int coarseness, Beyond beyond, double start,
                                       double spacing) const {
  const double outward = beyond == Beyond::above ? 1.0 : -1.0;
  std::vector<const Component*> order;
  for (const Component& c : level.component)
    if (c.coarseness == coarseness) order.push_back(&c);
  // What reaches out furthest first, so that less of the others matters.
  std::sort(order.begin(), order.end(), [&](const Component* a, const Component* b) {
    return outward * a->shift + 4.0 * a->sigma > outward * b->shift + 4.0 * b->sigma;
  });
  std::vector<double> sum;
  NoiseKernel kernel;
  for (const Component* c : order) {
    const Interference& x = interference_[c->interference];
    const double step = x.density.step,
                 place = (start - c->shift) / step - static_cast<double>(x.density.first);
    const Density displaced = node_density(c->displaced, step);
    const double sigma = std::sqrt(c->sigma * c->sigma - (displaced.mass.empty() ? 0.0 : 0.25 * step * step));
    kernel.tabulate(beyond, sigma / step, place - std::floor(place), displaced);
    const long bin = static_cast<long>(std::floor(place)), stride = std::lround(outward * spacing / step);
    double last = 1.0;  // a tail falls: no more than this is to come
    for (std::size_t k = 0;; ++k) {
      const auto small = [&](double sum_k) { return last <= left_out * sum_k; };
      if (k < sum.size() && small(sum[k]))
        k = static_cast<std::size_t>(
            std::partition_point(sum.begin() + static_cast<long>(k), sum.end(), small) - sum.begin());
      if (k == sum.size()) {
        if (k >= 4 && last <= row_end) break;
        require_room(k, x.density.step / c->sigma);
        sum.push_back(0.0);
      }
      last = kernel.tail(x, bin + static_cast<long>(k) * stride);
      sum[k] += c->weight * last;
    }
  }
  return sum;
}

TailCurve PhaseTails::curve(int level, Beyond beyond) const {
  const Level& of = of_level_[static_cast<std::size_t>(level)];
  const double outward = beyond == Beyond::above ? 1.0 : -1.0;
  int coarsest = 0;
  for (const Component& c : of.component) coarsest = std::max(coarsest, c.coarseness);
  // All lattices share the first point.
  const double common = std::ldexp(spacing_, coarsest);
  const long start = static_cast<long>(std::floor((outward * of.mean - start_rms * of.rms) / common))
                     << coarsest;
  std::vector<double> sum;
  for (int n = 0; n <= coarsest; ++n) {
    std::vector<double> row =
        sum_of(of, n, beyond, outward * static_cast<double>(start) * spacing_, std::ldexp(spacing_, n));
    if (row.empty()) continue;
    if (n > 0) {
      for (double& p : row) p = std::log(positive(p));
      for (int k = 0; k < n; ++k) row = refined(row);
      for (double& p : row) p = std::exp(p);
    }
    if (row.size() > sum.size()) sum.swap(row);
    for (std::size_t k = 0; k < row.size(); ++k) sum[k] += row[k];
  }
  TailCurve curve{start, {}};
  for (const double p : sum) {
    curve.log_tail.push_back(std::log(positive(p)));
    if (p < resolved_tail && curve.log_tail.size() >= 4) break;
  }
  return curve;
}

}  // namespace photonlink
