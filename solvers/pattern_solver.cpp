#include "solvers/pattern_solver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "signal/averages.hpp"
#include "signal/fft.hpp"
#include "signal/pattern.hpp"
#include "solvers/adc.hpp"
#include "solvers/clock_recovery.hpp"
#include "solvers/compressed_pulse.hpp"
#include "solvers/cut_response.hpp"
#include "solvers/equalized_noise.hpp"
#include "solvers/in_band_beat.hpp"

namespace photonlink {
namespace {

// Cursors fitted to the waveform of a non-linear chain, before and behind the main one.
constexpr int fitted_pre = 6, fitted_post = 24;
constexpr int clock_lags = 2;  // of the noise that clock recovery looks at

// Sequence detection holds every combination of the last dfe_taps levels; it and clock recovery know
// independent symbols only.
void require_detector(const Link& link) {
  const auto& receiver = link.receiver();
  const int most = link.levels == 2 ? 7 : 4;
  if (link.levels > 4 && receiver.parameters().clock != "optimised")
    throw ConfigError(
        fmt::format("{}: clock = \"{}\" is for NRZ and PAM4, the link is {}; write clock = \"optimised\"",
                    receiver.name(), receiver.parameters().clock, modulation_name(link.levels)));
  if (receiver.parameters().detector == "mlse" && link.levels > 4)
    throw ConfigError(fmt::format(
        "{}: detector = \"mlse\" is for NRZ and PAM4, the link is {}; write detector = \"slicer\"",
        receiver.name(), modulation_name(link.levels)));
  if (receiver.parameters().detector == "mlse" && receiver.parameters().dfe_taps > most)
    throw ConfigError(
        fmt::format("{}: detector = \"mlse\" with dfe_taps = {}, allowed 1 ... {} on {} levels; give the "
                    "further taps to the FFE",
                    receiver.name(), receiver.parameters().dfe_taps, most, link.levels));
}

struct Adaptation {
  CtleSetting ctle;
  Equalizer equalizer;
  long offset = 0;
  SampledPulse pulse;
  double sampling_jitter_UI = 0.0;
  std::optional<LockedClock> clock;
  AdcScale adc;
  double mean_slope = 1.0;  // of the amplifier's curve at the samples
  double mean_square_error = std::numeric_limits<double>::infinity();
};

class Adapter {
 public:
  Adapter(const Chain& chain, const PeriodicSolution& solution,
          const std::vector<std::vector<double>>& symbols, int memory, Context& context)
      : chain_(chain),
        solution_(solution),
        symbols_(symbols),
        context_(context),
        grid_(solution.sampler.grid),
        response_grid_(solution.response_grid),
        fft_(context.fft(response_grid_.size())),
        frequency_(real_frequencies_Hz(response_grid_.size(), response_grid_.sample_rate_Hz())) {
    // Within the pattern's memory, where products of symbols do not look like cursors.
    const int pre = std::min(1, memory - 1);
    if (chain.link().receiver().parameters().compresses())
      for (const auto& each : symbols) fit_.emplace_back(each, pre, memory - 1 - pre);
    if (!chain.linear()) {
      for (const auto& each : symbols) cursor_fit_.emplace_back(each, fitted_pre, fitted_post);
      return;
    }
    spectrum_ = linear_pulse_spectrum(chain, grid_, context);
    plain_spectrum_ = linear_pulse_spectrum(chain, grid_, context, -1, TransmitTaps::plain);
    for (int k = 0; k < static_cast<int>(chain.aggressors().size()); ++k)
      aggressor_spectra_.push_back(linear_pulse_spectrum(chain, grid_, context, k));
  }

  std::vector<Complex> ctle_response(CtleSetting setting) const {
    std::vector<Complex> response(frequency_.size(), 1.0);
    chain_.link().receiver().multiply_ctle(setting, frequency_, response);
    return response;
  }

  RealWave behind_ctle(RealWave wave, CtleSetting setting) const {
    filter(setting, wave);
    return wave;
  }

  RealWave waveform(int lane, CtleSetting setting) const {
    RealWave wave = behind_ctle(solution_.sampler.lane[static_cast<std::size_t>(lane)], setting);
    const double level = mean(wave);
    for (double& value : wave) value -= level;
    return wave;
  }

  SampledPulse pulse(int lane, CtleSetting setting) const {
    if (chain_.linear()) return pulse_from_spectrum(spectrum_, ctle_response(setting), fft_);
    return fit_pulse(waveform(lane, setting), cursor_fit_[static_cast<std::size_t>(lane)], grid_,
                     response_grid_.size(), context_);
  }

  /// Of the waveform behind the amplifier that an adaptation found the gain of.
  SampledPulse compressed_pulse(int lane, const Adaptation& adaptation) const {
    if (!adaptation.adc.curve.active()) return adaptation.pulse;
    return compress_pulse(adaptation.adc.curve, adaptation.mean_slope, waveform(lane, adaptation.ctle),
                          adaptation.pulse, adaptation.offset, fit_[static_cast<std::size_t>(lane)], grid_,
                          context_);
  }

  /// What rounding in the transmitter's DAC adds to the waveform of a linear chain; empty: nothing.
  RealWave rounding(int lane, std::span<const Complex> ctle) const {
    const auto& transmitter = chain_.link().transmitter();
    if (!chain_.linear() || !transmitter.rounds()) return {};
    const auto& symbols = symbols_[static_cast<std::size_t>(lane)];
    const auto sent = transmitter.sent_levels_V(symbols), exact = transmitter.equalized_levels_V(symbols),
               unit = transmitter.plain_levels_V(std::vector<double>{1.0});
    RealWave train(static_cast<std::size_t>(grid_.size()), 0.0);
    for (std::size_t i = 0; i < symbols.size(); ++i)
      train[i * static_cast<std::size_t>(grid_.samples_per_symbol)] = (sent[i] - exact[i]) / unit.front();
    std::vector<Complex> spectrum(frequency_.size());
    fft_.forward(train, spectrum);
    spectrum[0] = 0.0;  // as the waveform, without its mean
    for (std::size_t k = 0; k < spectrum.size(); ++k) spectrum[k] *= plain_spectrum_[k];
    return pulse_from_spectrum(std::move(spectrum), ctle, fft_).value;
  }

  /// Without the transmit FFE; empty unless the chain is linear.
  RealWave plain_pulse(std::span<const Complex> ctle) const {
    return chain_.linear() ? pulse_from_spectrum(plain_spectrum_, ctle, fft_).value : RealWave{};
  }

  std::vector<SampledPulse> aggressors(std::span<const Complex> ctle) const {
    std::vector<SampledPulse> pulses;
    pulses.reserve(aggressor_spectra_.size());
    for (const auto& spectrum : aggressor_spectra_)
      pulses.push_back(pulse_from_spectrum(spectrum, ctle, fft_));
    return pulses;
  }

  /// Best equaliser and phase of one CTLE setting.
  Adaptation adapt(int lane, CtleSetting setting) const {
    const auto ctle = ctle_response(setting);
    Adaptation best{.ctle = setting, .equalizer = {}, .offset = 0, .pulse = pulse(lane, setting)};
    const auto& p = chain_.link().receiver().parameters();
    const EqualizerShape shape{.ffe_pre = p.ffe_pre,
                               .ffe_post = p.ffe_post,
                               .dfe_taps = p.dfe_taps,
                               .dfe_limit = p.dfe_limit,
                               .ffe_limit = p.ffe_limit,
                               .ffe_floating = {p.ffe_floating_groups, p.ffe_floating_taps,
                                                p.ffe_floating_reach, p.ffe_floating_limit},
                               .dfe_floating = {p.dfe_floating_groups, p.dfe_floating_taps,
                                                p.dfe_floating_reach, p.dfe_floating_limit}};
    const int lags = shape.ffe_taps() - 1;
    const LaneNoise noise(chain_, solution_, lane, ctle, context_);
    const auto crosstalk =
        crosstalk_covariance(aggressors(ctle), grid_, symbol_power(), std::max(lags, clock_lags));
    const PhaseRange phases = phase_range(best.pulse, noise, crosstalk);
    best.sampling_jitter_UI = phases.jitter_UI;
    best.clock = phases.clock;
    const RealWave wave = p.has_adc() || p.compresses() ? waveform(lane, setting) : RealWave{};
    const RealWave rounded = rounding(lane, ctle);
    for (long shift = phases.first; shift <= phases.last; ++shift) {
      const long offset = best.pulse.main_sample + shift;
      std::vector<double> covariance(crosstalk.begin(), crosstalk.begin() + lags + 1);
      for (const NoiseCovariance& term : noise.average(offset, lags))
        for (int k = 0; k <= lags; ++k) covariance[static_cast<std::size_t>(k)] += term.at(0, k);
      const auto sample = samples_of(wave, offset);
      const AdcScale adc = scale_adc(p, peak(sample));
      covariance[0] += jitter_variance(best.pulse, offset, phases.jitter_UI);
      CompressedSamples linear{.slope = {}, .cursor = cursors(best.pulse, offset), .distortion = {}};
      if (adc.curve.active()) {
        linear = compress_samples(adc.curve, sample, linear.cursor, fit_[static_cast<std::size_t>(lane)]);
        const auto slopes = autocovariance(linear.slope, lags);
        for (std::size_t k = 0; k < slopes.size(); ++k) covariance[k] *= slopes[k];
      }
      covariance[0] += adc.variance();
      add_distortion(linear, samples_of(rounded, offset), covariance);
      const Equalizer equalizer = solve_equalizer(linear.cursor, covariance, symbol_power(), shape);
      if (!(equalizer.mean_square_error < best.mean_square_error)) continue;
      best.mean_square_error = equalizer.mean_square_error;
      best.equalizer = equalizer;
      best.offset = offset;
      best.adc = adc;
      best.mean_slope = linear.mean_slope;
    }
    return best;
  }

 private:
  // The CTLE, over the whole period or in blocks.
  void filter(CtleSetting setting, RealWave& wave) const {
    if (response_grid_.symbols == grid_.symbols) return filter_periodic(fft_, ctle_response(setting), wave);
    const CutResponse ctle = ctle_in_blocks(chain_, setting, response_grid_, wave, context_);
    require(ctle.fits(), fmt::format("{}: the response of the CTLE does not end within {} symbols",
                                     chain_.link().receiver().name(), response_grid_.symbols));
    ctle.apply(wave);
  }

  // Sampling phases to try, in samples from the pulse's peak, and the jitter around them.
  struct PhaseRange {
    long first = 0, last = 0;
    double jitter_UI = 0.0;
    std::optional<LockedClock> clock = {};
  };
  PhaseRange phase_range(const SampledPulse& pulse, const LaneNoise& noise,
                         std::span<const double> crosstalk) const {
    const auto& p = chain_.link().receiver().parameters();
    const long samples = grid_.samples_per_symbol;
    if (p.clock == "optimised") return {-samples, samples / 2, p.sampling_jitter_UI};
    // The detector sees the samples in front of the FFE, main cursor = 1.
    std::vector<double> covariance(crosstalk.begin(), crosstalk.begin() + clock_lags + 1);
    for (const NoiseCovariance& term : noise.average(pulse.main_sample, clock_lags))
      for (int k = 0; k <= clock_lags; ++k) covariance[static_cast<std::size_t>(k)] += term.at(0, k);
    const double main = pulse.value[at_pulse(pulse.main_sample)];
    RealWave unit = pulse.value;
    for (double& each : unit) each /= main;
    for (double& each : covariance) each /= main * main;
    const ClockLoop loop{p.clock == "bang_bang" ? PhaseDetector::bang_bang : PhaseDetector::mueller_muller,
                         p.clock_proportional_UI, p.clock_integral_UI, p.clock_latency};
    const LockPoint lock = find_lock_point(
        loop.detector,
        {.pulse = unit,
         .samples_per_symbol = grid_.samples_per_symbol,
         .main_sample = static_cast<long>(at_pulse(pulse.main_sample)),
         .levels = chain_.link().levels,
         .covariance = covariance,
         .feedback_limit = p.dfe_taps > 0 && p.detector == "slicer" ? p.dfe_limit.front() : 0.0});
    if (phase_margin_deg(loop, lock.gain_per_UI) <= 0.0)
      throw ConfigError(fmt::format(
          "{}: the clock recovery loop is unstable, gain {:g} per UI with clock_proportional "
          "= {:g} UI and clock_latency = {}; lower clock_proportional or clock_integral",
          chain_.link().receiver().name(), lock.gain_per_UI, p.clock_proportional_UI, p.clock_latency));
    const long shift = std::lround(lock.phase_UI * static_cast<double>(samples));
    const double generated_UI = generated_jitter_UI(loop, lock);
    return {shift, shift, std::hypot(p.sampling_jitter_UI, generated_UI),
            LockedClock{loop, lock.gain_per_UI, generated_UI}};
  }

  // What no cursor describes is noise to the equaliser: distortion of the amplifier, rounding of the DAC.
  static void add_distortion(const CompressedSamples& linear, std::span<const double> rounded,
                             std::vector<double>& covariance) {
    std::vector<double> distortion = linear.distortion;
    if (!rounded.empty()) distortion.resize(rounded.size(), 0.0);
    for (std::size_t i = 0; i < rounded.size(); ++i) distortion[i] += linear.mean_slope * rounded[i];
    if (distortion.empty()) return;
    const auto added = autocovariance(distortion, static_cast<int>(covariance.size()) - 1);
    for (std::size_t k = 0; k < added.size(); ++k) covariance[k] += added[k];
  }

  // One sample for each symbol; empty of an empty wave.
  std::vector<double> samples_of(const RealWave& wave, long offset) const {
    std::vector<double> sample;
    if (wave.empty()) return sample;
    sample.reserve(static_cast<std::size_t>(grid_.symbols));
    for (long i = 0; i < grid_.symbols; ++i)
      sample.push_back(
          wave[static_cast<std::size_t>(wrap(offset + i * grid_.samples_per_symbol, grid_.size()))]);
    return sample;
  }

  static double peak(std::span<const double> sample) {
    double largest = 0.0;
    for (const double x : sample) largest = std::max(largest, std::abs(x));
    return largest;
  }

  double symbol_power() const {
    const auto& d = symbols_.front();
    return std::inner_product(d.begin(), d.end(), d.begin(), 0.0) / static_cast<double>(d.size());
  }

  std::vector<double> cursors(const SampledPulse& pulse, long offset) const {
    std::vector<double> p(static_cast<std::size_t>(response_grid_.symbols));
    for (long k = 0; k < response_grid_.symbols; ++k)
      p[static_cast<std::size_t>(k)] = pulse.value[at_pulse(offset + k * grid_.samples_per_symbol)];
    return p;
  }

  std::size_t at_pulse(long u) const { return static_cast<std::size_t>(wrap(u, response_grid_.size())); }

  // Slow transmit and sampling jitter as extra variance at lag 0, through the slope of the pulse (Eq.
  // 93A-28).
  double jitter_variance(const SampledPulse& pulse, long offset, double sigma) const {
    const double half = 0.5 * chain_.link().transmitter().parameters().deterministic_jitter_UI;
    const double sinusoid = chain_.link().transmitter().parameters().sinusoidal_jitter_UI;
    double slope_power = 0.0;
    for (long k = 0; k < response_grid_.symbols; ++k) {
      const long u = offset + k * grid_.samples_per_symbol;
      const double slope =
          0.5 * grid_.samples_per_symbol * (pulse.value[at_pulse(u + 1)] - pulse.value[at_pulse(u - 1)]);
      slope_power += slope * slope;
    }
    return symbol_power() * slope_power * (half * half + sinusoid * sinusoid / 8.0 + sigma * sigma);
  }

  const Chain& chain_;
  const PeriodicSolution& solution_;
  const std::vector<std::vector<double>>& symbols_;
  Context& context_;
  TimeGrid grid_, response_grid_;  // of the pattern, and of pulses and responses
  const Fft& fft_;
  std::vector<double> frequency_;
  std::vector<Complex> spectrum_, plain_spectrum_;
  std::vector<std::vector<Complex>> aggressor_spectra_;
  std::vector<CursorFit> fit_;         // (n_lane) where the amplifier compresses
  std::vector<CursorFit> cursor_fit_;  // (n_lane) of chains that are not linear
};

// Calls body(lane) for every lane on the context's threads; results do not depend on the order.
template <class Body>
void for_each_lane(int lanes, Context& context, Body body) {
  parallel_for(static_cast<std::size_t>(lanes), context,
               [&](std::size_t lane) { body(static_cast<int>(lane)); });
}

}  // namespace

double PatternSolution::mean_ber() const {
  return mean(ber);
}
int PatternSolution::worst_lane() const {
  return static_cast<int>(std::max_element(ber.begin(), ber.end()) - ber.begin());
}

PatternSolution::PatternSolution(std::shared_ptr<const Link> what, Context& where)
    : link(std::move(what)),
      context(where),
      chain(std::make_unique<Chain>(*link)),
      storage(std::make_unique<PeriodicSolution>()),
      periodic(*storage) {}

PatternSolution solve_pattern(std::shared_ptr<const Link> link, Context& context) {
  link->require_ends();
  require_detector(*link);
  PatternSolution solution(link, context);
  if (solution.chain->linear() && !link->transmitter().parameters().drive_levels.empty())
    throw ConfigError(
        fmt::format("{}: drive_levels make up for the curve of a modulator, and link '{}' has none; "
                    "use level_mismatch_ratio",
                    link->transmitter().name(), link->name));
  const std::string name = link->pattern == "auto" ? automatic_pattern(link->levels) : link->pattern;
  const SymbolPattern pattern = make_pattern(name, link->levels);
  solution.pattern = pattern.name;
  const TimeGrid grid{link->symbol_rate_Bd, link->samples_per_symbol, static_cast<int>(pattern.index.size())};
  const auto amplitude = link->transmitter().level_amplitudes(link->levels);

  // Lanes carry rotations of one pattern, far enough apart that neighbours are independent within its memory.
  std::vector<SymbolPattern> sent;
  std::vector<std::vector<double>> symbols;
  for (int lane = 0; lane < link->lanes; ++lane) {
    sent.push_back(rotate(pattern, static_cast<long>(lane) * grid.symbols / link->lanes));
    symbols.emplace_back();
    for (int index : sent.back().index) symbols.back().push_back(amplitude[static_cast<std::size_t>(index)]);
  }
  solution.periodic = solve_periodic(*solution.chain, grid, symbols, context);
  const auto beats = in_band_beats(*solution.chain, solution.periodic, context);
  const int pattern_memory = memory(pattern);

  const Adapter adapter(*solution.chain, solution.periodic, symbols, pattern_memory, context);
  const auto& receiver = link->receiver().parameters();
  const auto& transmitter = link->transmitter().parameters();
  const auto settings = link->receiver().ctle_settings();
  const auto lanes = static_cast<std::size_t>(link->lanes);
  solution.noise.resize(lanes);
  solution.lane.resize(lanes);
  solution.ber.resize(lanes);
  std::vector<Adaptation> best(lanes);
  for_each_lane(link->lanes, context, [&](int lane) {
    const auto l = static_cast<std::size_t>(lane);
    for (const CtleSetting& setting : settings) {
      Adaptation trial = adapter.adapt(lane, setting);
      if (trial.mean_square_error < best[l].mean_square_error) best[l] = std::move(trial);
    }
    const auto ctle = adapter.ctle_response(best[l].ctle);
    LaneModel::Inputs inputs{.grid = grid,
                             .levels = link->levels,
                             .memory = pattern_memory,
                             .linear = solution.chain->linear() && !receiver.compresses(),
                             .index = sent[l].index,
                             .symbols = symbols[l],
                             .waveform = adapter.waveform(lane, best[l].ctle),
                             .pulse = adapter.compressed_pulse(lane, best[l]),
                             .aggressors = adapter.aggressors(ctle),
                             .equalizer = best[l].equalizer,
                             .offset = best[l].offset,
                             .deterministic_jitter_UI = transmitter.deterministic_jitter_UI,
                             .sampling_jitter_UI = best[l].sampling_jitter_UI,
                             .sinusoidal_jitter_UI = transmitter.sinusoidal_jitter_UI,
                             .edges = {.random_UI = transmitter.random_jitter_UI,
                                       .bounded_UI = transmitter.bounded_jitter_UI,
                                       .duty_cycle_UI = transmitter.duty_cycle_distortion_UI,
                                       .even_odd_UI = transmitter.even_odd_jitter_UI},
                             .rounding = adapter.rounding(lane, ctle),
                             .plain_pulse = adapter.plain_pulse(ctle),
                             .transmit_taps = link->transmitter().ffe_taps(),
                             .transmit_main = transmitter.ffe_main,
                             .adc = best[l].adc,
                             .detector = receiver.detector == "mlse" ? Detector::mlse : Detector::slicer};
    for (const InBandBeat& beat : beats) {
      inputs.beats.push_back(adapter.behind_ctle(beat.lane[l], best[l].ctle));
      inputs.beat_keys.push_back(beat.keys);
    }
    solution.noise[l] = std::make_unique<LaneNoise>(*solution.chain, solution.periodic, lane, ctle, context);
    solution.lane[l] = std::make_unique<LaneModel>(std::move(inputs), *solution.noise[l], context);
    solution.ber[l] = solution.lane[l]->bit_error_ratio(0.0, solution.lane[l]->thresholds());
  });
  for (const Adaptation& each : best) {
    solution.lane_ctle.push_back(each.ctle);
    solution.clock.push_back(each.clock);
  }
  solution.ctle = solution.lane_ctle[static_cast<std::size_t>(solution.worst_lane())];
  return solution;
}

}  // namespace photonlink
