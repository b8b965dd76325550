#include "solvers/lane_model.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "signal/averages.hpp"
#include "solvers/edge_displacement.hpp"
#include "solvers/lane_waves.hpp"

namespace photonlink {
namespace {

constexpr double bins_per_eye = 200;  // lattice of the densities: half a level step
constexpr double smallest_sigma =
    1e-3;  // of the main cursor: half a lattice step of NRZ; nothing finer is resolved

// Factor of a variance at the slicer, scaled back to a unit main cursor: noise that does not follow the
// signal grows as it shrinks.
double loss_factor(LossScaling scaling, double signal) {
  return scaling == LossScaling::with_signal ? 1.0
         : scaling == LossScaling::fixed     ? 1.0 / (signal * signal)
                                             : 1.0 / signal;
}

void add(const std::vector<double>& what, double factor, std::vector<double>& to) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * what[i];
}

double sequence_scale(const SequenceNoise& noise, Scaling scaling) {
  return loss_factor(noise.scaling, scaling.signal) *
         (noise.interference ? 1.0 : scaling.noise * scaling.noise);
}

}  // namespace

std::span<const JitterNode> LaneSamples::displacements(std::size_t symbol) const {
  static const JitterNode none{0.0, 1.0};
  return moved.empty() ? std::span(&none, 1) : std::span(moved[symbol]);
}

double LaneSamples::sigma(std::size_t symbol, Scaling scaling) const {
  double variance = 0.0, interference = 0.0;
  for (const NoiseVariance& each : noise) {
    const double scaled = loss_factor(each.scaling, scaling.signal) * each.at(symbol);
    (each.interference ? interference : variance) += scaled;
  }
  variance *= scaling.noise * scaling.noise;
  // The lattice's own variance is taken off, but never so much that the lattice shows.
  return std::max(std::sqrt(std::max(variance + interference, 0.25 * variance)), smallest_sigma);
}

double LaneSamples::beyond(std::size_t symbol, double deviation, double side, double sigma,
                           Scaling scaling) const {
  double distance = side * deviation, spread = sigma;
  if (compressed) {
    const ErrorPoint p = compressed->at(symbol, deviation);
    distance = side * (p.distance - p.shift * sigma * sigma) / p.tail;
    spread = p.stretch * sigma / p.tail;
  }
  const double gaussian = tail->exceeds(distance, spread);
  if (!skewed || gaussian == 0.0) return gaussian;
  // The distance in units of the noise, bounded interference part of it.
  const double total = std::sqrt(spread * spread + tail_variance);
  const double scale = sigma / spread;
  return std::min(
      gaussian * skewed->ratio(symbol, distance * scale, side, total * scale, scaling.signal, scaling.noise),
      1.0);
}

LaneModel::LaneModel(Inputs inputs, const LaneNoise& noise, Context& context)
    : in_(std::move(inputs)), noise_source_(&noise), context_(context) {
  require(!in_.equalizer.ffe.empty(), "receiver: nothing that was sent arrives; check the stages before it");
  const int samples = in_.grid.samples_per_symbol;
  const bool whole = in_.pulse.value.size() == in_.waveform.size();
  const auto reading = whole ? EqualizedWave::Reading::upsampled : EqualizedWave::Reading::direct;
  RealWave converted = in_.waveform;
  if (in_.adc.curve.active()) {
    Equalizer none;
    none.ffe = {1.0};
    input_ = EqualizedWave(in_.waveform, none, in_.grid, reading, context);
    for (double& x : converted) x = in_.adc.curve(x);
    const auto slope = curve_slopes(in_.offset);
    mean_slope_ = mean(slope);
    for (SampledPulse& pulse : in_.aggressors)
      for (double& each : pulse.value) each *= mean_slope_;
  }
  equalized_ = EqualizedWave(std::move(converted), in_.equalizer, in_.grid, reading, context);
  if (in_.linear && !in_.rounding.empty())
    rounding_ = EqualizedWave(in_.rounding, in_.equalizer, in_.grid, reading, context);
  beats_.reserve(in_.beats.size());
  for (RealWave& beat : in_.beats) {
    for (double& each : beat) each *= mean_slope_;
    beats_.emplace_back(std::move(beat), in_.equalizer, in_.grid, reading, context);
  }
  equalized_pulse_ = upsample(feed_forward(in_.pulse.value, in_.equalizer, samples), context);
  fft_ = &context.fft(in_.grid.size());
  avalanches_ = noise.avalanches();
  for (AvalancheSource& source : avalanches_) {
    source.response = feed_forward(source.response, in_.equalizer, samples);
    for (double& each : source.response) each *= mean_slope_;
    // Of a long pattern the response comes on a shorter period: zeros in its middle.
    const auto period = static_cast<std::size_t>(in_.grid.size()), size = source.response.size();
    source.response.insert(source.response.begin() + static_cast<long>(size / 2), period - size, 0.0);
  }
  std::vector<RealWave> aggressors;
  aggressors.reserve(in_.aggressors.size());
  for (const SampledPulse& pulse : in_.aggressors)
    aggressors.push_back(feed_forward(pulse.value, in_.equalizer, samples));
  const double step = 1.0 / (in_.levels - 1) / bins_per_eye;
  crosstalk_ =
      crosstalk_density(aggressors, in_.grid, amplitudes(), probabilities(), step, merged_crosstalk_);
  if (in_.linear && !in_.plain_pulse.empty()) statistics_ = make_statistics(context);
  timing_ =
      timing_nodes({.dual_dirac_UI = in_.deterministic_jitter_UI, .sinusoidal_UI = in_.sinusoidal_jitter_UI});
  choose_window();
  optimize_thresholds();
}

StatisticalLink LaneModel::make_statistics(Context& context) const {
  constexpr int phases = 32;
  const long fine = static_cast<long>(in_.grid.samples_per_symbol) * upsampling;
  const int samples = fine % phases == 0 ? phases : in_.grid.samples_per_symbol;
  const long hop = fine / samples, before = std::min<long>(in_.grid.symbols / 4, 64);  // symbols in front
  const auto unrolled = [&](const RealWave& wave) {
    const RealWave up = upsample(feed_forward(wave, in_.equalizer, in_.grid.samples_per_symbol), context);
    const long size = static_cast<long>(up.size()), first = in_.offset * upsampling - before * fine;
    std::vector<double> pulse(up.size() / static_cast<std::size_t>(hop));
    for (std::size_t u = 0; u < pulse.size(); ++u)
      pulse[u] = up[static_cast<std::size_t>(wrap(first + static_cast<long>(u) * hop, size))];
    return pulse;
  };
  StatisticalLink link;
  link.amplitude = amplitudes();
  link.probability = probabilities();
  link.samples_per_symbol = samples;
  link.pulse = unrolled(in_.plain_pulse);
  link.transmit_taps = in_.transmit_taps;
  link.transmit_main = in_.transmit_main;
  link.main_sample = before * samples;
  for (const SampledPulse& aggressor : in_.aggressors) link.aggressors.push_back(unrolled(aggressor.value));
  link.dfe = in_.equalizer.dfe;
  link.edges = in_.edges;
  link.timing = {.dual_dirac_UI = in_.deterministic_jitter_UI, .sinusoidal_UI = in_.sinusoidal_jitter_UI};
  return link;
}

double LaneModel::first_sample(double delta_UI) const {
  return static_cast<double>(in_.offset) + delta_UI * in_.grid.samples_per_symbol;
}

std::vector<double> LaneModel::cursors(double delta_UI) const {
  const long samples = in_.grid.samples_per_symbol;
  std::vector<double> q(in_.pulse.value.size() / static_cast<std::size_t>(samples));
  for (std::size_t k = 0; k < q.size(); ++k)
    q[k] = read_upsampled(equalized_pulse_, first_sample(delta_UI) + static_cast<double>(k) * samples);
  for (std::size_t m = 0; m < in_.equalizer.dfe.size(); ++m)
    q[static_cast<std::size_t>(wrap(static_cast<long>(m) + 1, static_cast<long>(q.size())))] -=
        in_.equalizer.dfe[m];
  return q;
}

std::vector<double> LaneModel::residual_cursors() const {
  return cursors(0.0);
}

std::vector<double> LaneModel::amplitudes() const {
  std::vector<double> amplitude(static_cast<std::size_t>(in_.levels), 0.0);
  for (std::size_t i = 0; i < in_.index.size(); ++i)
    amplitude[static_cast<std::size_t>(in_.index[i])] = in_.symbols[i];
  return amplitude;
}

std::vector<double> LaneModel::probabilities() const {
  return level_probabilities(in_.levels);
}

void LaneModel::choose_window() {
  const auto q = cursors(0.0);
  const auto square = [](double x) { return x * x; };
  double best = -1.0;
  for (long begin = 1 - in_.memory; begin <= 0; ++begin) {
    double energy = 0.0;
    for (long k = begin; k < begin + in_.memory; ++k)
      energy += square(q[static_cast<std::size_t>(wrap(k, static_cast<long>(q.size())))]);
    if (energy > best) {
      best = energy;
      window_begin_ = begin;
    }
  }
}

std::vector<double> LaneModel::eye_samples(double delta_UI) const {
  const long symbols = in_.grid.symbols;
  std::vector<double> y = equalized_.at_symbols(first_sample(delta_UI));
  for (std::size_t m = 0; m < in_.equalizer.dfe.size(); ++m) {
    long sent = wrap(-1 - static_cast<long>(m), symbols);
    for (double& value : y) {
      value -= in_.equalizer.dfe[m] * in_.symbols[static_cast<std::size_t>(sent)];
      if (++sent == symbols) sent = 0;
    }
  }
  return y;
}

std::vector<NoiseVariance> LaneModel::noise_at(double delta_UI) {
  // Variances change slowly over the unit interval: computed on quarter intervals, linear in between, and the
  // middle one holds around the sampling instant, where deterministic jitter reads it.
  if (std::abs(delta_UI) <= 0.0625) return noise_point(0);
  const double quarter = delta_UI * 4.0;
  const int below = static_cast<int>(std::floor(quarter));
  const double share = quarter - below;
  auto low = noise_point(below);
  if (share == 0.0) return low;
  const auto& high = noise_point(below + 1);
  for (std::size_t s = 0; s < low.size(); ++s)
    for (std::size_t i = 0; i < low[s].value.size(); ++i)
      low[s].value[i] += share * (high[s].value[i] - low[s].value[i]);
  return low;
}

const std::vector<NoiseVariance>& LaneModel::noise_point(int quarter) {
  const auto [entry, fresh] = noise_.try_emplace(quarter);
  if (!fresh) return entry->second;
  const int samples = in_.grid.samples_per_symbol;
  const long offset = in_.offset + std::lround(0.25 * quarter * samples);
  const int lags = static_cast<int>(in_.equalizer.ffe.size()) - 1;
  const auto slope = curve_slopes(offset);
  const auto noise = noise_source_->per_symbol(offset, lags);
  entry->second = equalized_noise(noise, in_.equalizer, in_.grid.symbols, slope);
  if (!slope.empty()) input_covariance_[quarter] = input_covariance(noise, offset);
  if (in_.sampling_jitter_UI > 0.0) {
    NoiseVariance jitter{"sampling jitter", LossScaling::with_signal,
                         std::vector<double>(static_cast<std::size_t>(in_.grid.symbols), 0.0)};
    for (long i = 0; i < in_.grid.symbols; ++i) {
      for (int j = 0; j < static_cast<int>(in_.equalizer.ffe.size()); ++j) {
        const long symbol = i + in_.equalizer.ffe_pre - j;
        double error = in_.equalizer.ffe[static_cast<std::size_t>(j)] *
                       slope_per_UI(offset + symbol * samples) * in_.sampling_jitter_UI;
        if (!slope.empty()) error *= slope[static_cast<std::size_t>(wrap(symbol, in_.grid.symbols))];
        jitter.value[static_cast<std::size_t>(i)] += error * error;
      }
    }
    jitter.sampling = true;
    entry->second.push_back(std::move(jitter));
  }
  if (in_.adc.variance() > 0.0) {
    const auto& w = in_.equalizer.ffe;
    entry->second.push_back({"ADC resolution",
                             adc_scaling(),
                             {in_.adc.variance() * std::inner_product(w.begin(), w.end(), w.begin(), 0.0)}});
  }
  return entry->second;
}

// At the nearest quarter of the unit interval, as its variances.
std::shared_ptr<const SkewedNoise> LaneModel::skewed_noise(double delta_UI) {
  if (avalanches_.empty()) return nullptr;
  const int quarter = static_cast<int>(std::lround(4.0 * delta_UI));
  auto& entry = skewed_[quarter];
  if (!entry)
    entry = std::make_shared<const SkewedNoise>(
        avalanches_, in_.grid, in_.offset + std::lround(0.25 * quarter * in_.grid.samples_per_symbol), *fft_);
  return entry;
}

// Of the waveform in front of amplifier and FFE.
double LaneModel::slope_per_UI(long sample) const {
  const long size = in_.grid.size();
  return 0.5 * in_.grid.samples_per_symbol *
         (in_.waveform[static_cast<std::size_t>(wrap(sample + 1, size))] -
          in_.waveform[static_cast<std::size_t>(wrap(sample - 1, size))]);
}

// Mean variance of a sample by sampling jitter, in front of the FFE.
double LaneModel::jitter_power(long offset) const {
  const auto curve = curve_slopes(offset);
  double sum = 0.0;
  for (long i = 0; i < in_.grid.symbols; ++i) {
    double slope = slope_per_UI(offset + i * in_.grid.samples_per_symbol);
    if (!curve.empty()) slope *= curve[static_cast<std::size_t>(i)];
    sum += slope * slope;
  }
  return sum / static_cast<double>(in_.grid.symbols) * in_.sampling_jitter_UI * in_.sampling_jitter_UI;
}

const LaneSamples& LaneModel::samples(double delta_UI) {
  const auto [entry, fresh] = cache_.try_emplace(std::lround(delta_UI * 1e6));
  LaneSamples& result = entry->second;
  if (!fresh) return result;
  std::vector<double> window = cursors(delta_UI), outside = window;
  const auto cursors = static_cast<long>(window.size());
  for (long k = window_begin_; k < window_begin_ + cursors; ++k)
    (k < window_begin_ + in_.memory ? outside : window)[static_cast<std::size_t>(wrap(k, cursors))] = 0.0;
  if (in_.linear) {
    result.value = interference(window, in_.symbols, context_);
    if (!rounding_.empty()) add(rounding_.at_symbols(first_sample(delta_UI)), 1.0, result.value);
  } else {
    result.value = eye_samples(delta_UI);
    add(interference(outside, in_.symbols, context_), -1.0, result.value);
  }
  const double step = 1.0 / (in_.levels - 1) / bins_per_eye;
  const auto residual = interference_density(outside, amplitudes(), step, merged_cursor / (in_.levels - 1),
                                             Split::linear, probabilities());
  result.noise = noise_at(delta_UI);
  if (!statistics_.pulse.empty()) {  // jitter of edges at this very time, bounded by its density
    auto edges = edge_displacements(statistics_, in_.symbols, delta_UI);
    result.moved = std::move(edges.moved);
    std::erase_if(result.noise, [](const NoiseVariance& each) { return each.bounded; });
    for (NoiseVariance& each : result.noise)
      if (each.moves_edges) each.value = edges.variance;
  }
  if (!beats_.empty()) add_beats(delta_UI, result.moved);
  result.noise.push_back({"small residual ISI and crosstalk",
                          LossScaling::with_signal,
                          {residual.merged_variance - residual.excess_variance + merged_crosstalk_},
                          true});
  result.tail = std::make_shared<TailTable>(convolve(residual.density, crosstalk_));
  result.tail_variance = variance(result.tail->density());
  result.skewed = skewed_noise(delta_UI);
  if (in_.adc.curve.active()) result.compressed = compressed_decision(delta_UI);
  return result;
}

double LaneModel::jitter_free_ber(double delta_UI, std::span<const double> thresholds, Scaling scaling) {
  return in_.detector == Detector::mlse ? sequence_ber(delta_UI, scaling)
                                        : slicer_ber(delta_UI, thresholds, scaling);
}

const std::vector<SequenceNoise>& LaneModel::sequence_noise(double delta_UI) {
  const auto [entry, fresh] = sequence_.try_emplace(std::lround(delta_UI * 1e6));
  if (!fresh) return entry->second;
  const int lags = sequence_lags + static_cast<int>(in_.equalizer.ffe.size()) - 1;
  const double power = std::inner_product(in_.symbols.begin(), in_.symbols.end(), in_.symbols.begin(), 0.0) /
                       static_cast<double>(in_.symbols.size());
  const long offset = in_.offset + std::lround(delta_UI * in_.grid.samples_per_symbol);
  auto& list = entry->second;
  const auto slope = curve_slopes(offset);
  for (const NoiseCovariance& each : noise_source_->per_symbol(offset, lags))
    list.push_back({each.scaling, false, equalized_covariance(mean_covariance(each, slope), in_.equalizer)});
  std::vector<double> jitter(static_cast<std::size_t>(lags + 1), 0.0);
  jitter[0] = jitter_power(offset);
  if (jitter[0] > 0.0)
    list.push_back({LossScaling::with_signal, false, equalized_covariance(jitter, in_.equalizer)});
  std::vector<double> resolution(static_cast<std::size_t>(lags + 1), 0.0);
  resolution[0] = in_.adc.variance();
  if (resolution[0] > 0.0)
    list.push_back({adc_scaling(), false, equalized_covariance(resolution, in_.equalizer)});
  auto residual = cursors(delta_UI);
  residual[0] -= 1.0;
  list.push_back({LossScaling::with_signal, true, interference_covariance(residual, power), true});
  if (const auto rest = distortion(delta_UI); !rest.empty())
    list.push_back({LossScaling::with_signal, true, autocovariance(rest, sequence_lags), true});
  for (std::size_t b = 0; b < beats_.size(); ++b) {  // mean square of cos φ, keys of mean square 1
    auto beat = autocovariance(beat_samples(b, delta_UI), sequence_lags);
    for (double& each : beat) each *= 0.5;
    list.push_back({LossScaling::with_signal, true, std::move(beat)});
  }
  list.push_back(
      {LossScaling::with_signal, true,
       equalized_covariance(crosstalk_covariance(in_.aggressors, in_.grid, power, lags), in_.equalizer)});
  return list;
}

std::vector<double> LaneModel::error_covariance(Scaling scaling) {
  std::vector<double> total(sequence_lags + 1, 0.0);
  for (const SequenceNoise& each : sequence_noise(0.0)) {
    if (each.residual) continue;
    const double scale = sequence_scale(each, scaling);
    for (std::size_t lag = 0; lag < total.size(); ++lag) total[lag] += scale * each.covariance[lag];
  }
  return total;
}

double LaneModel::sequence_ber(double delta_UI, Scaling scaling) {
  const auto& noise = sequence_noise(delta_UI);
  std::vector<double> scale;
  scale.reserve(noise.size());
  for (const SequenceNoise& each : noise) scale.push_back(sequence_scale(each, scaling));
  return sequence_bit_error_ratio(amplitudes(), in_.equalizer, noise, scale);
}

}  // namespace photonlink
