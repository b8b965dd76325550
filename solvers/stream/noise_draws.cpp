#include "solvers/stream/noise_draws.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/random.hpp"

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

}  // namespace

void add_noise(const std::vector<NoiseTerm>& terms, long begin, const StreamNoise& noise, Bundle& bundle,
               std::vector<double>& draws) {
  if (noise.scale == 0.0) return;
  for (const NoiseTerm& term : terms) {
    if (term.shape)
      throw ConfigError(fmt::format(
          "noise '{}': coloured noise cannot be drawn in a stream; use the pattern solver", term.label));
    const bool on_field = term.carrier >= 0;
    const std::size_t samples = on_field ? bundle.port[static_cast<std::size_t>(term.port)]
                                               .field[static_cast<std::size_t>(term.carrier)]
                                               .size()
                                         : bundle.lane[static_cast<std::size_t>(term.lane)].size();
    const long first = floor_divide(begin, term.period);
    const long last = floor_divide(begin + static_cast<long>(samples) - 1, term.period);
    draws.resize(static_cast<std::size_t>(last - first + 1));
    RandomStream(noise.seed, term.source, noise.segment)
        .normal(static_cast<std::uint64_t>(first + first_draw_number), draws);
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
    if (term.modulation.empty())
      spread(term, begin, draws, samples, [&](std::size_t u, double x) { lane[u] += scale * x; });
    else
      spread(term, begin, draws, samples,
             [&](std::size_t u, double x) { lane[u] += scale * x * term.modulation[u]; });
  }
}

}  // namespace photonlink
