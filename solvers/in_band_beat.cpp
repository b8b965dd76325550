#include "solvers/in_band_beat.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace photonlink {
namespace {

bool is_beat(const NoiseTerm& term) {
  return term.law == NoiseTerm::Law::sinusoid && term.carrier >= 0;
}

// Lanes at the sampler with the fields behind a node moved by `sign` times the interferer at φ = 0.
std::vector<RealWave> moved(const Chain& chain, const PeriodicSolution& solution, std::size_t node,
                            double sign, Context& context) {
  Bundle bundle = solution.behind_core[node];
  for (const NoiseTerm& term : solution.noise[node]) {
    if (!is_beat(term)) continue;
    ComplexWave& field =
        bundle.port[static_cast<std::size_t>(term.port)].field[static_cast<std::size_t>(term.carrier)];
    const double amplitude = sign * std::numbers::sqrt2 * term.sigma;
    for (std::size_t u = 0; u < field.size(); ++u) field[u] += amplitude * term.field_modulation[u];
  }
  return sampler_lanes(chain, static_cast<int>(node), std::move(bundle), context);
}

}  // namespace

std::vector<InBandBeat> in_band_beats(const Chain& chain, const PeriodicSolution& solution,
                                      Context& context) {
  std::vector<InBandBeat> beats;
  for (std::size_t node = 0; node < solution.noise.size(); ++node) {
    const NoiseTerm* first = nullptr;
    for (const NoiseTerm& term : solution.noise[node])
      if (is_beat(term) && !first) first = &term;
    if (!first) continue;
    InBandBeat beat{moved(chain, solution, node, 1.0, context),
                    first->keys.empty() ? std::vector{1.0} : first->keys};
    const auto opposite = moved(chain, solution, node, -1.0, context);
    for (std::size_t l = 0; l < beat.lane.size(); ++l)
      for (std::size_t u = 0; u < beat.lane[l].size(); ++u)
        beat.lane[l][u] = 0.5 * (beat.lane[l][u] - opposite[l][u]);
    beats.push_back(std::move(beat));
  }
  return beats;
}

std::vector<JitterNode> beat_nodes(std::span<const double> beat, std::span<const std::vector<double>> keys) {
  if (beat.size() > 2)
    throw ConfigError(fmt::format(
        "{} stages of in-band crosstalk in one link, allowed up to 2; add their powers into fewer",
        beat.size()));
  // Exact for polynomials of degree 2n - 1: a Gaussian tail of σ displaced by ±6 σ is met to 1e-3 with 16.
  const int points = beat.size() == 1 ? 16 : 8;
  std::vector<JitterNode> nodes{{0.0, 1.0}};
  for (std::size_t b = 0; b < beat.size(); ++b) {
    std::vector<JitterNode> next;
    next.reserve(nodes.size() * keys[b].size() * static_cast<std::size_t>(points));
    const double weight = 1.0 / (points * static_cast<double>(keys[b].size()));
    for (const JitterNode& node : nodes)
      for (const double key : keys[b])
        for (int m = 1; m <= points; ++m)
          next.push_back({node.at + key * beat[b] * std::cos((2 * m - 1) * std::numbers::pi / (2 * points)),
                          node.weight * weight});
    nodes = std::move(next);
  }
  return nodes;
}

}  // namespace photonlink
