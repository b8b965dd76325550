#include "solvers/stream/noise_draws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "core/random.hpp"
#include "signal/held_edges.hpp"

namespace photonlink {
namespace {

constexpr long first_draw_number = 1L << 24;  // streams count from 0, samples in front of symbol 0 do not

long floor_divide(long a, long b) {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

// What sample u of the block gets from the term's draws: weight(u) · draw.
template <class Add>
void spread(const NoiseTerm& term, long begin, const std::vector<double>& draws, std::size_t samples,
            Add add) {
  if (term.period == 1) {
    for (std::size_t u = 0; u < samples; ++u) add(u, draws[u]);
    return;
  }
  const long first = floor_divide(begin, term.period);
  for (std::size_t d = 0; d < draws.size(); ++d) {
    const long at = (first + static_cast<long>(d)) * term.period - begin;
    for (long u = std::max(at, 0L); u < std::min(at + term.hold, static_cast<long>(samples)); ++u)
      add(static_cast<std::size_t>(u), draws[d]);
  }
}

// Unit-variance numbers first ... first + size - 1 of a term.
void draw(const NoiseTerm& term, const StreamNoise& noise, long first, std::vector<double>& draws) {
  const RandomStream stream(noise.seed, term.source, noise.segment);
  if (term.law == NoiseTerm::Law::gaussian) {
    stream.normal(static_cast<std::uint64_t>(first + first_draw_number), draws);
    return;
  }
  if (term.law == NoiseTerm::Law::uniform) {
    stream.uniform(static_cast<std::uint64_t>(first + first_draw_number), draws);
    for (double& x : draws) x = std::sqrt(12.0) * (x - 0.5);
    return;
  }
  double phase = 0.0;  // of the segment
  stream.uniform(0, {&phase, 1});
  for (std::size_t d = 0; d < draws.size(); ++d)
    draws[d] = std::numbers::sqrt2 *
               std::sin(2.0 * std::numbers::pi *
                        (phase + term.cycles_per_draw * static_cast<double>(first + static_cast<long>(d))));
}

// The same for a coloured term, whose numbers follow from those around them.
void draw_coloured(const NoiseTerm& term, std::span<const ColourFilter> colour, const StreamNoise& noise,
                   long first, DrawScratch& scratch) {
  const auto filter = std::find_if(colour.begin(), colour.end(),
                                   [&](const ColourFilter& each) { return each.source() == term.source; });
  if (filter == colour.end())
    throw Error(fmt::format("noise '{}': the periodic solution had no such coloured source", term.label));
  auto& white = scratch.colour.white;
  white.resize(scratch.draws.size() + 2 * static_cast<std::size_t>(filter->half()));
  draw(term, noise, first - filter->half(), white);
  filter->apply(white, scratch.draws, scratch.colour);
}

// Edges in front of the draws' samples, moved to first order (Gaussian) or, since bounded displacements may
// be many samples wide, as they are.
void move_edges(const NoiseTerm& term, long begin, double scale, const std::vector<double>& draws,
                RealWave& lane) {
  const long first = floor_divide(begin, term.period), size = static_cast<long>(lane.size());
  for (std::size_t d = 0; d < draws.size(); ++d) {
    const long at = (first + static_cast<long>(d)) * term.period - begin;
    if (at < 0 || at >= size) continue;
    const double height = -term.modulation[static_cast<std::size_t>(at)];
    if (term.law != NoiseTerm::Law::gaussian) {
      move_edge(lane, at, term.sigma * draws[d], height);
      continue;
    }
    const double half_area = -0.5 * scale * draws[d] * height;
    lane[static_cast<std::size_t>(at)] += half_area;
    if (at > 0) lane[static_cast<std::size_t>(at) - 1] += half_area;
  }
}

}  // namespace

void add_noise(const std::vector<NoiseTerm>& terms, std::span<const ColourFilter> colour, long begin,
               const StreamNoise& noise, Bundle& bundle, DrawScratch& scratch) {
  if (noise.scale == 0.0) return;
  auto& draws = scratch.draws;
  for (const NoiseTerm& term : terms) {
    const bool on_field = term.carrier >= 0;
    const std::size_t samples = on_field ? bundle.port[static_cast<std::size_t>(term.port)]
                                               .field[static_cast<std::size_t>(term.carrier)]
                                               .size()
                                         : bundle.lane[static_cast<std::size_t>(term.lane)].size();
    const long first = floor_divide(begin, term.period);
    const long last = floor_divide(begin + static_cast<long>(samples) - 1, term.period);
    draws.resize(static_cast<std::size_t>(last - first + 1));
    if (term.shape)
      draw_coloured(term, colour, noise, first, scratch);
    else
      draw(term, noise, first, draws);
    const double scale = noise.scale * term.sigma;
    if (on_field) {
      ComplexWave& field =
          bundle.port[static_cast<std::size_t>(term.port)].field[static_cast<std::size_t>(term.carrier)];
      if (term.field_modulation.empty())
        spread(term, begin, draws, samples, [&](std::size_t u, double x) { field[u] += scale * x; });
      else
        spread(term, begin, draws, samples,
               [&](std::size_t u, double x) { field[u] += scale * x * term.field_modulation[u]; });
      continue;
    }
    RealWave& lane = bundle.lane[static_cast<std::size_t>(term.lane)];
    if (term.moves_edges)
      move_edges(term, begin, scale, draws, lane);
    else if (term.modulation.empty())
      spread(term, begin, draws, samples, [&](std::size_t u, double x) { lane[u] += scale * x; });
    else
      spread(term, begin, draws, samples,
             [&](std::size_t u, double x) { lane[u] += scale * x * term.modulation[u]; });
  }
}

}  // namespace photonlink
