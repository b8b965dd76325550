#include "solvers/edge_displacement.hpp"

#include <algorithm>
#include <cmath>

#include "signal/grid.hpp"
#include "solvers/statistical/edge_pulses.hpp"

namespace photonlink {
namespace {

constexpr double negligible = 1e-5;  // of the largest response of an edge

// ΔV_n of the equalised levels of a periodic pattern.
std::vector<double> edge_heights(const StatisticalLink& link, std::span<const double> symbols) {
  const long count = static_cast<long>(symbols.size());
  std::vector<double> level(symbols.size(), 0.0), height(symbols.size());
  for (long n = 0; n < count; ++n)
    for (long j = 0; j < static_cast<long>(link.transmit_taps.size()); ++j)
      level[static_cast<std::size_t>(n)] +=
          link.transmit_taps[static_cast<std::size_t>(j)] *
          symbols[static_cast<std::size_t>(wrap(n - j + link.transmit_main, count))];
  for (long n = 0; n < count; ++n)
    height[static_cast<std::size_t>(n)] =
        level[static_cast<std::size_t>(n)] - level[static_cast<std::size_t>(wrap(n - 1, count))];
  return height;
}

struct Response {
  long age = 0;
  double slope = 0.0, late = 0.0, early = 0.0;  // of an edge
};

std::vector<Response> strong_edges(const PhasePulses& pulses) {
  double largest = 0.0;
  for (const double h : pulses.slope) largest = std::max(largest, std::abs(h));
  std::vector<Response> edges;
  for (std::size_t i = 0; i < pulses.slope.size(); ++i) {
    if (std::abs(pulses.slope[i]) <= negligible * largest) continue;
    Response& edge = edges.emplace_back();
    edge.age = pulses.first_age + static_cast<long>(i);
    edge.slope = pulses.slope[i];
    if (pulses.late.empty()) continue;
    edge.late = pulses.late[i];
    edge.early = pulses.early[i];
  }
  return edges;
}

// Change of the sample by even-odd jitter of one parity: Σ_k (q_k moved - q_k) x_{i-k}, (n_symbol).
std::vector<double> even_odd_shifts(const PhasePulses& moved, const PhasePulses& still,
                                    std::span<const double> symbols) {
  const long count = static_cast<long>(symbols.size());
  std::vector<double> shift(symbols.size(), 0.0);
  for (std::size_t k = 0; k < moved.cursor.size(); ++k) {
    const double change = moved.cursor[k] - still.cursor[k];
    if (std::abs(change) <= negligible * still.main()) continue;
    for (long i = 0; i < count; ++i)
      shift[static_cast<std::size_t>(i)] +=
          change * symbols[static_cast<std::size_t>(wrap(i - moved.first_age - static_cast<long>(k), count))];
  }
  return shift;
}

}  // namespace

EdgeDisplacements edge_displacements(const StatisticalLink& link, std::span<const double> symbols,
                                     double time_UI) {
  const EdgeJitter& jitter = link.edges;
  const bool moves = jitter.bounded_UI != 0.0 || jitter.duty_cycle_UI != 0.0 || jitter.even_odd_UI != 0.0;
  if (!moves && jitter.random_UI == 0.0) return {};
  const long phase = std::lround(time_UI * link.samples_per_symbol),
             count = static_cast<long>(symbols.size());
  StatisticalLink still = link;
  still.edges.even_odd_UI = 0.0;
  const EdgePulses plain(still);
  const PhasePulses pulses = plain.at(phase, 1);
  const auto edges = strong_edges(pulses);
  const auto height = edge_heights(link, symbols);
  const EvenCumulants unit = bounded_cumulants(jitter.bounded_shape, jitter.bounded_UI);
  std::vector<std::vector<double>> parity;
  if (jitter.even_odd_UI != 0.0) {
    const EdgePulses moved(link);
    for (const int sign : {1, -1}) parity.push_back(even_odd_shifts(moved.at(phase, sign), pulses, symbols));
  } else {
    parity.emplace_back(symbols.size(), 0.0);
  }
  EdgeDisplacements result;
  if (moves) result.moved.resize(symbols.size());
  for (long i = 0; i < count; ++i) {
    EvenCumulants bounded;
    double shift = -plain.mean_shift(), power = 0.0;
    for (const Response& edge : edges) {
      const double dv = height[static_cast<std::size_t>(wrap(i - edge.age, count))];
      power += edge.slope * edge.slope * dv * dv;
      bounded.add(unit, edge.slope * dv);
      shift += dv * (dv > 0.0 ? edge.late : edge.early);
    }
    if (jitter.random_UI != 0.0) result.variance.push_back(jitter.random_UI * jitter.random_UI * power);
    if (!moves) continue;
    const auto n = static_cast<std::size_t>(i);
    for (const JitterNode& node : symmetric_nodes(bounded))
      for (const auto& even_odd : parity)
        result.moved[n].push_back(
            {node.at + shift + even_odd[n], node.weight / static_cast<double>(parity.size())});
  }
  return result;
}

}  // namespace photonlink
