#include "solvers/stream/noise_draws.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "core/random.hpp"
#include "signal/grid.hpp"
#include "signal/held_edges.hpp"
#include "solvers/noise_shape.hpp"

namespace photonlink {
namespace {

constexpr int colour_bins = 1 << 14;          // of the filter that colours draws
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

// Unit-variance white numbers first ... first + size - 1 of a term.
void draw_white(const NoiseTerm& term, const StreamNoise& noise, long first, std::vector<double>& draws) {
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
  if (term.keys.empty()) return;
  constexpr std::uint64_t keying = 0x6b65796564ULL;  // levels have a source of their own
  std::vector<int> level(draws.size());
  RandomStream(noise.seed, term.source ^ keying, noise.segment)
      .integers(static_cast<std::uint64_t>(first + first_draw_number), static_cast<int>(term.keys.size()),
                level);
  for (std::size_t d = 0; d < draws.size(); ++d) draws[d] *= term.keys[static_cast<std::size_t>(level[d])];
}

// Filter of a coloured term at a transform that holds `least` numbers.
NoiseMemory::Colour make_colour(const NoiseTerm& term, double draw_rate_Hz, std::size_t least,
                                Context& context) {
  std::vector<Complex> amplitude;
  for (const double a : bin_amplitudes(term, real_frequencies_Hz(colour_bins, draw_rate_Hz)))
    amplitude.emplace_back(a);
  RealWave kernel(colour_bins);
  context.fft(colour_bins).inverse(amplitude, kernel);
  const int size = static_cast<int>(std::bit_ceil(least));
  RealWave padded(static_cast<std::size_t>(size), 0.0);
  constexpr int half = colour_bins / 2;
  std::copy_n(kernel.begin(), half, padded.begin());
  std::copy_n(kernel.begin() + half, half, padded.end() - half);
  NoiseMemory::Colour colour{&context.fft(size),
                             std::vector<Complex>(static_cast<std::size_t>(size) / 2 + 1)};
  colour.fft->forward(padded, colour.response);
  return colour;
}

// Of unit variance where the term has carriers, 0 elsewhere; sample `first` is the first of the modulation.
void draw_multiplied(const NoiseTerm& term, const StreamNoise& noise, long first, NoiseMemory& memory) {
  auto& law = memory.multiplied[term.source];
  const GainLaw gain{term.avalanche_gain, term.ionization_ratio};
  if (!law) law = std::make_unique<MultipliedDraws>(gain);
  const RandomStream stream(noise.seed, term.source, noise.segment);
  const double unit = term.electron * term.electron * gain_moments(gain).second;
  for (std::size_t u = 0; u < memory.draws.size(); ++u) {
    const double sigma = term.modulation.empty() ? term.sigma : term.sigma * term.modulation[u];
    const double carriers = sigma * sigma / unit;
    memory.draws[u] =
        sigma == 0.0
            ? 0.0
            : term.electron / sigma *
                  law->draw(carriers, stream,
                            static_cast<std::uint64_t>(first + static_cast<long>(u) + first_draw_number));
  }
}

// Numbers first ... first + size - 1, coloured as the term says.
void draw(const NoiseTerm& term, const StreamNoise& noise, double sample_rate_Hz, long first,
          NoiseMemory& memory, Context& context) {
  if (term.law == NoiseTerm::Law::avalanche) {
    require(term.period == 1 && !is_coloured(term), "avalanche noise is white and draws once per sample");
    draw_multiplied(term, noise, first, memory);
    return;
  }
  if (!is_coloured(term)) {
    draw_white(term, noise, first, memory.draws);
    return;
  }
  const std::size_t wanted = memory.draws.size(), least = wanted + colour_bins;
  NoiseMemory::Colour& colour = memory.colour[term.source];
  if (!colour.fft || static_cast<std::size_t>(colour.fft->size()) < least)
    colour = make_colour(term, sample_rate_Hz / term.period, least, context);
  memory.numbers.resize(least);
  draw_white(term, noise, first - colour_bins / 2, memory.numbers);
  memory.numbers.resize(static_cast<std::size_t>(colour.fft->size()), 0.0);
  memory.spectrum.resize(colour.response.size());
  colour.fft->forward(memory.numbers, memory.spectrum);
  for (std::size_t k = 0; k < memory.spectrum.size(); ++k) memory.spectrum[k] *= colour.response[k];
  colour.fft->inverse(memory.spectrum, memory.numbers);
  std::copy_n(memory.numbers.begin() + colour_bins / 2, wanted, memory.draws.begin());
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

// Phase noise: one draw a sample.
void turn_field(const NoiseTerm& term, double scale, NoiseMemory& memory, ComplexWave& field) {
  require(term.period == 1, "phase noise draws once per sample");
  double& phase = memory.turn_rad[term.source];
  for (std::size_t u = 0; u < field.size(); ++u) {
    phase += scale * memory.draws[u];
    field[u] *= std::polar(1.0, phase);
  }
}

void add_to_field(const NoiseTerm& term, long begin, double scale, const std::vector<double>& draws,
                  ComplexWave& field) {
  if (term.field_modulation.empty())
    spread(term, begin, draws, field.size(), [&](std::size_t u, double x) { field[u] += scale * x; });
  else
    spread(term, begin, draws, field.size(),
           [&](std::size_t u, double x) { field[u] += scale * x * term.field_modulation[u]; });
}

void add_to_lane(const NoiseTerm& term, long begin, double scale, const std::vector<double>& draws,
                 RealWave& lane) {
  if (term.moves_edges)
    move_edges(term, begin, scale, draws, lane);
  else if (term.modulation.empty())
    spread(term, begin, draws, lane.size(), [&](std::size_t u, double x) { lane[u] += scale * x; });
  else
    spread(term, begin, draws, lane.size(),
           [&](std::size_t u, double x) { lane[u] += scale * x * term.modulation[u]; });
}

}  // namespace

void add_noise(const std::vector<NoiseTerm>& terms, long begin, const StreamNoise& noise, Bundle& bundle,
               NoiseMemory& memory, Context& context) {
  if (noise.scale == 0.0) return;
  for (const NoiseTerm& term : terms) {
    ComplexWave* field =
        term.carrier < 0
            ? nullptr
            : &bundle.port[static_cast<std::size_t>(term.port)].field[static_cast<std::size_t>(term.carrier)];
    RealWave* lane = field ? nullptr : &bundle.lane[static_cast<std::size_t>(term.lane)];
    const long samples = static_cast<long>(field ? field->size() : lane->size());
    const long first = floor_divide(begin, term.period);
    const long last = floor_divide(begin + samples - 1, term.period);
    memory.draws.resize(static_cast<std::size_t>(last - first + 1));
    draw(term, noise, bundle.grid.sample_rate_Hz(), first, memory, context);
    // The beat of a field is bounded: it does not grow with the noise.
    const double scale =
        field && term.law == NoiseTerm::Law::sinusoid ? term.sigma : noise.scale * term.sigma;
    if (!field)
      add_to_lane(term, begin, scale, memory.draws, *lane);
    else if (term.turns_field)
      turn_field(term, scale, memory, *field);
    else
      add_to_field(term, begin, scale, memory.draws, *field);
  }
}

}  // namespace photonlink
