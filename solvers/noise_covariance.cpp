#include "solvers/noise_covariance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "signal/averages.hpp"
#include "signal/fft.hpp"
#include "solvers/block_filter.hpp"
#include "solvers/noise_shape.hpp"
#include "solvers/noise_sweep.hpp"

namespace photonlink {
namespace {

RealWave impulse_of(std::vector<Complex> response, const Fft& fft) {
  RealWave impulse(static_cast<std::size_t>(fft.size()));
  if (fft.size() % 2 == 0) response.back() = response.back().real();
  fft.inverse(response, impulse);
  return impulse;
}

// Response to a draw that is held over several samples.
RealWave held(const RealWave& impulse, int hold) {
  if (hold == 1) return impulse;
  const long size = static_cast<long>(impulse.size());
  RealWave result(impulse.size(), 0.0);
  for (long u = 0; u < size; ++u)
    for (long v = u; v > u - hold; --v)
      result[static_cast<std::size_t>(u)] += impulse[static_cast<std::size_t>(v < 0 ? wrap(v, size) : v)];
  return result;
}

double mean_square(const NoiseTerm& term, int samples) {
  if (term.modulation.empty()) return 1.0;
  double sum = 0.0;
  for (int u = 0; u < samples; u += term.period)
    sum += term.modulation[static_cast<std::size_t>(u)] * term.modulation[static_cast<std::size_t>(u)];
  return sum * term.period / samples;
}

// An edge of a held waveform lies half a sample in front of its first sample.
RealWave between_samples(const RealWave& impulse) {
  RealWave result(impulse.size());
  for (std::size_t u = 0; u < result.size(); ++u)
    result[u] = 0.5 * (impulse[u] + impulse[u + 1 < impulse.size() ? u + 1 : 0]);
  return result;
}

// Response to one draw, coloured and held.
RealWave draw_response(const NoiseTerm& term, const RealWave& impulse, const TimeGrid& grid, const Fft& fft) {
  require(term.period == 1 || term.period == grid.samples_per_symbol,
          "noise terms draw once per sample or once per symbol");
  RealWave h = term.moves_edges ? between_samples(impulse) : held(impulse, term.hold);
  if (!is_coloured(term)) return h;
  require(term.modulation.empty(), "coloured noise behind the last core cannot be modulated");
  std::vector<Complex> spectrum(h.size() / 2 + 1);
  const auto frequency = real_frequencies_Hz(grid.size(), grid.sample_rate_Hz());
  fft.forward(h, spectrum);
  const auto amplitude = bin_amplitudes(term, frequency);
  for (std::size_t k = 0; k < spectrum.size(); ++k) spectrum[k] *= amplitude[k];
  return impulse_of(spectrum, fft);
}

// A response on a circle as one that begins and ends: what lies around its ends sums to less than 1e-14 of
// it.
std::pair<long, std::vector<Complex>> unrolled(const RealWave& circle) {
  const long size = static_cast<long>(circle.size());
  const auto at = [&](long n) { return circle[static_cast<std::size_t>(wrap(n, size))]; };
  double total = 0.0;
  for (const double value : circle) total += std::abs(value);
  const long peak = strongest(circle);
  long first = peak - size / 2, last = first + size - 1;
  for (double left = 0.0; first < peak && (left += std::abs(at(first))) <= 1e-14 * total;) ++first;
  for (double right = 0.0; last > peak && (right += std::abs(at(last))) <= 1e-14 * total;) --last;
  std::vector<Complex> kernel;
  kernel.reserve(static_cast<std::size_t>(last - first + 1));
  for (long n = first; n <= last; ++n) kernel.emplace_back(at(n));
  return {first > size / 2 ? first - size : first, std::move(kernel)};
}

// Circular convolution of a period with a response, which has the same period or ends within a shorter one.
RealWave convolve(RealWave a, const RealWave& b, Context& context) {
  if (a.size() != b.size()) {
    const auto [begin, kernel] = unrolled(b);
    BlockFilter(kernel, begin, context).apply(a);
    return a;
  }
  const Fft& fft = context.fft(static_cast<int>(a.size()));
  std::vector<Complex> fa(a.size() / 2 + 1), fb(a.size() / 2 + 1);
  fft.forward(a, fa);
  fft.forward(b, fb);
  for (std::size_t k = 0; k < fa.size(); ++k) fa[k] *= fb[k];
  RealWave result(a.size());
  fft.inverse(fa, result);
  return result;
}

}  // namespace

std::vector<double> NoiseCovariance::mean() const {
  std::vector<double> sum(static_cast<std::size_t>(lags + 1), 0.0);
  for (std::size_t i = 0; i < value.size(); ++i) sum[i % sum.size()] += value[i];
  const double share = static_cast<double>(sum.size()) / static_cast<double>(value.size());
  for (double& each : sum) each *= share;
  return sum;
}

LaneNoise::LaneNoise(const Chain& chain, const PeriodicSolution& solution, int lane,
                     std::vector<Complex> tail, Context& context)
    : chain_(chain), solution_(solution), lane_(lane), tail_(std::move(tail)), context_(context) {
  const int nodes = static_cast<int>(chain.nodes().size());
  for (int node = 0; node < nodes; ++node)
    if (chain.stage(chain.nodes()[static_cast<std::size_t>(node)]).has_core()) last_core_ = node;
  const TimeGrid& grid = solution.response_grid;
  const Fft& fft = context.fft(grid.size());
  std::vector<Complex> response = tail_;
  impulse_.resize(static_cast<std::size_t>(nodes));
  for (int node = nodes - 1; node >= last_core_; --node) {
    const auto& block = solution.lane_response[static_cast<std::size_t>(node)];
    for (std::size_t k = 0; k < response.size(); ++k) response[k] *= block[k];
    impulse_[static_cast<std::size_t>(node)] = impulse_of(response, fft);
    for (const NoiseTerm& term : solution.noise[static_cast<std::size_t>(node)]) {
      if (term.lane != lane || term.law == NoiseTerm::Law::sinusoid) continue;
      for (const Term& other : linear_terms_)
        require(
            other.term->source != term.source,
            fmt::format("noise '{}': two terms of one source on one lane behind the last core", term.label));
      linear_terms_.push_back({&term,
                               draw_response(term, impulse_[static_cast<std::size_t>(node)], grid, fft),
                               mean_square(term, solution.sampler.grid.size())});
    }
  }
}

NoiseCovariance LaneNoise::covariance(const Term& entry, long offset, int lags, bool average) const {
  const NoiseTerm& term = *entry.term;
  const TimeGrid& grid = solution_.sampler.grid;
  const long size = grid.size(), samples = grid.samples_per_symbol, symbols = grid.symbols;
  const RealWave& h = entry.response;
  const long reach = static_cast<long>(h.size());  // the period, or less
  NoiseCovariance result{
      term.label, term.scaling, lags, term.moves_edges, term.law == NoiseTerm::Law::uniform, {}};
  const bool stationary = average || term.modulation.empty();
  result.value.assign(
      static_cast<std::size_t>(lags + 1) * (stationary ? 1u : static_cast<std::size_t>(symbols)), 0.0);
  const double scale = term.sigma * term.sigma * (stationary ? entry.mean_square : 1.0);
  // Products of the response with itself k symbols later, at every draw that reaches the sampler.
  const long first = term.period == 1 ? 0 : wrap(offset, samples);
  for (int lag = 0; lag <= lags; ++lag) {
    RealWave product(static_cast<std::size_t>(reach / term.period));
    long u = first, later = wrap(first + lag * samples, reach);
    for (double& each : product) {
      each = h[static_cast<std::size_t>(u)] * h[static_cast<std::size_t>(later)];
      u += term.period;
      later += term.period;
      if (later >= reach) later -= reach;
    }
    if (stationary) {
      double sum = 0.0;
      for (double each : product) sum += each;
      result.value[static_cast<std::size_t>(lag)] = scale * sum;
      continue;
    }
    RealWave power(static_cast<std::size_t>(size / term.period));
    for (std::size_t j = 0; j < power.size(); ++j) {
      const double m = term.modulation[j * static_cast<std::size_t>(term.period)];
      power[j] = m * m;
    }
    const RealWave variance = convolve(power, product, context_);
    for (long i = 0; i < symbols; ++i) {
      const long at =
          term.period == 1 ? wrap(i * samples + offset, size) : wrap(i + (offset - first) / samples, symbols);
      result.value[static_cast<std::size_t>(i * (lags + 1) + lag)] =
          scale * variance[static_cast<std::size_t>(at)];
    }
  }
  return result;
}

std::vector<NoiseCovariance> LaneNoise::average(long offset, int lags) const {
  std::vector<NoiseCovariance> all;
  all.reserve(linear_terms_.size());
  for (const Term& term : linear_terms_) all.push_back(covariance(term, offset, lags, true));
  return all;
}

std::vector<NoiseCovariance> LaneNoise::per_symbol(long offset, int lags) const {
  std::vector<NoiseCovariance> all;
  all.reserve(linear_terms_.size());
  for (const Term& term : linear_terms_) all.push_back(covariance(term, offset, lags, false));
  for (NoiseCovariance& each : swept(offset, lags)) all.push_back(std::move(each));
  return all;
}

std::vector<AvalancheSource> LaneNoise::avalanches() const {
  std::vector<AvalancheSource> sources;
  for (const Term& entry : linear_terms_) {
    const NoiseTerm& term = *entry.term;
    if (term.law != NoiseTerm::Law::avalanche) continue;
    AvalancheSource source{.law = {term.avalanche_gain, term.ionization_ratio},
                           .scaling = term.scaling,
                           .primaries = {},
                           .response = entry.response};
    for (double& each : source.response) each *= term.electron;
    const double unit = term.electron * term.electron * gain_moments(source.law).second,
                 carriers = term.sigma * term.sigma / unit;
    if (term.modulation.empty()) source.primaries.push_back(carriers);
    for (const double m : term.modulation) source.primaries.push_back(carriers * m * m);
    sources.push_back(std::move(source));
  }
  return sources;
}

bool LaneNoise::hidden_avalanches() const {
  for (int node = 0; node < last_core_; ++node)
    for (const NoiseTerm& term : solution_.noise[static_cast<std::size_t>(node)])
      if (term.law == NoiseTerm::Law::avalanche) return true;
  return false;
}

std::vector<NoiseCovariance> LaneNoise::swept(long offset, int lags) const {
  // Without a source in front of the last core there is nothing to sweep back to.
  const auto first = solution_.noise.begin();
  if (std::all_of(first, first + last_core_, [](const auto& terms) { return terms.empty(); })) return {};
  return sweep_noise(chain_, solution_, lane_, last_core_, impulse_[static_cast<std::size_t>(last_core_)],
                     offset, lags, context_);
}

}  // namespace photonlink
