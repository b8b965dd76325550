#include "devices/serdes_transmitter.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/constants.hpp"
#include "core/random.hpp"
#include "core/units.hpp"
#include "network/reference_filters.hpp"
#include "signal/grid.hpp"
#include "signal/held_edges.hpp"

namespace photonlink {

using P = SerdesTransmitterParameters;

template <>
const ParameterTable<P>& parameter_table() {
  using enum Quantity;
  static const ParameterTable<P> table{
      {"swing", "differential peak-to-peak voltage of the outermost levels into a matched load", voltage,
       &P::swing_Vpp, 1e-3, 5.0},
      {"level_mismatch_ratio", "R_LM, level separation mismatch ratio of PAM4", dimensionless,
       &P::level_mismatch_ratio, 0.5, 1.0, 1.0},
      {"drive_levels",
       "the four PAM4 levels that are sent, ascending from -1 to 1, in place of even ones; empty: even",
       dimensionless, &P::drive_levels, -1.0, 1.0},
      {"ffe_taps", "feed-forward equaliser taps, earliest first; their absolute values sum to at most 1",
       dimensionless, &P::ffe_taps, -1.0, 1.0},
      {"ffe_main", "index of the main tap in ffe_taps, counted from 0", dimensionless, &P::ffe_main, 0, 31},
      {"ffe_step", "resolution of the FFE taps, each is rounded to a multiple; 0: as given", dimensionless,
       &P::ffe_step, 0.0, 0.2, 0.0},
      {"ffe_main_minimum", "least main tap c(0)", dimensionless, &P::ffe_main_minimum, 0.0, 1.0, 0.0},
      {"ffe_sum_limit", "largest sum of the absolute values of the taps", dimensionless, &P::ffe_sum_limit,
       0.1, 1.0, 1.0},
      {"dac_bits",
       "effective number of bits of the output DAC over the full swing, all its errors as noise; 32: ideal",
       dimensionless, &P::dac_bits, 2.0, 32.0, 32.0},
      {"dac_resolution",
       "bits of the output DAC: levels behind the FFE are rounded to its codes; part of dac_bits; 32: ideal",
       dimensionless, &P::dac_resolution, 2.0, ideal_dac_bits, ideal_dac_bits},
      {"rise_time", "20-80 % rise time T_r of the output edge", time, &P::rise_time_s, 0.0, 1e-9, 0.0},
      {"source_resistance", "differential output resistance", resistance, &P::source_resistance_ohm, 1.0,
       1e3},
      {"pad_capacitance", "differential capacitance of pad and ESD at the output", capacitance,
       &P::pad_capacitance_F, 0.0, 1e-12, 0.0},
      {"snr", "ratio of the peak level to the rms noise of the transmitter, 20 log", gain, &P::snr_dB, 10.0,
       300.0, 300.0},
      {"random_jitter", "rms displacement of each edge, Gaussian", unit_interval, &P::random_jitter_UI, 0.0,
       0.1, 0.0},
      {"deterministic_jitter", "peak-to-peak dual-Dirac jitter, slow against the channel's memory",
       unit_interval, &P::deterministic_jitter_UI, 0.0, 0.5, 0.0},
      {"bounded_jitter", "peak-to-peak bounded uncorrelated displacement of each edge, uniform",
       unit_interval, &P::bounded_jitter_UI, 0.0, 0.3, 0.0},
      {"sinusoidal_jitter", "peak-to-peak sinusoidal jitter, slow against the channel's memory",
       unit_interval, &P::sinusoidal_jitter_UI, 0.0, 0.5, 0.0},
      {"sinusoidal_frequency", "frequency of the sinusoidal jitter; matters to streams only", frequency,
       &P::sinusoidal_frequency_Hz, 1e3, 1e9},
      {"duty_cycle_distortion", "delay of rising edges against falling ones", unit_interval,
       &P::duty_cycle_distortion_UI, -0.3, 0.3, 0.0},
      {"even_odd_jitter", "delay of even edges against odd ones", unit_interval, &P::even_odd_jitter_UI, -0.3,
       0.3, 0.0},
      {"supply_voltage", "supply of output stage and logic", voltage, &P::supply_voltage_V, 0.1, 5.0},
      {"switched_capacitance", "capacitance charged once per symbol by serialiser, FFE and clock of one lane",
       capacitance, &P::switched_capacitance_F, 0.0, 1e-9},
      {"static_current", "bias current of one lane, clock share included", current, &P::static_current_A, 0.0,
       1.0},
      {"pipeline", "delay of serialiser and FFE", time, &P::pipeline_s, 0.0, 1e-6},
  };
  return table;
}

namespace {

class HoldStepper final : public Stepper {
 public:
  explicit HoldStepper(const SerdesTransmitter& stage) : stage_(stage) {}
  void step(Bundle& bundle) override {
    const auto samples = static_cast<std::size_t>(bundle.grid.samples_per_symbol);
    bundle.lane.resize(bundle.symbols.size());
    bundle.full_scale_Vpp = 2.0 * stage_.parameters().swing_Vpp;  // EMF
    for (std::size_t lane = 0; lane < bundle.symbols.size(); ++lane) {
      stage_.bend(bundle.symbols[lane]);
      const auto levels = stage_.sent_levels_V(bundle.symbols[lane]);
      RealWave& wave = bundle.lane[lane];
      wave.resize(levels.size() * samples);
      for (std::size_t n = 0; n < levels.size(); ++n)
        std::fill_n(wave.begin() + static_cast<long>(n * samples), samples, levels[n]);
      move_edges(levels, bundle.grid.samples_per_symbol, wave);
    }
  }

 private:
  void move_edges(const std::vector<double>& levels, int samples, RealWave& wave) const {
    const double duty = 0.5 * stage_.parameters().duty_cycle_distortion_UI * samples,
                 even_odd = 0.5 * stage_.parameters().even_odd_jitter_UI * samples;
    if (duty == 0.0 && even_odd == 0.0) return;
    for (std::size_t n = 0; n < levels.size(); ++n) {
      const double height = levels[n] - levels[n == 0 ? levels.size() - 1 : n - 1];
      const double late = (height > 0.0 ? duty : -duty) + (n % 2 == 0 ? even_odd : -even_odd);
      move_edge(wave, static_cast<long>(n) * samples, late, height);
    }
  }

  const SerdesTransmitter& stage_;
};

}  // namespace

SerdesTransmitter::SerdesTransmitter(std::string name, P parameters)
    : Stage(std::move(name)), p_(std::move(parameters)) {
  taps_ = p_.ffe_taps;
  if (p_.ffe_step > 0.0)
    for (double& tap : taps_) tap = p_.ffe_step * std::round(tap / p_.ffe_step);
  const double sum = std::accumulate(taps_.begin(), taps_.end(), 0.0,
                                     [](double total, double tap) { return total + std::abs(tap); });
  // A peak-limited output stage cannot deliver more than its full swing.
  if (taps_.empty() || sum > p_.ffe_sum_limit + 1e-9)
    throw ConfigError(
        fmt::format("{}: the absolute values of ffe_taps sum to {:.4g}; give taps that sum to at most {:g}",
                    this->name(), sum, p_.ffe_sum_limit));
  if (p_.ffe_main >= static_cast<int>(taps_.size()))
    throw ConfigError(fmt::format("{}: ffe_main = {} but there are {} taps; count from 0", this->name(),
                                  p_.ffe_main, taps_.size()));
  if (p_.dac_resolution != std::round(p_.dac_resolution))
    throw ConfigError(
        fmt::format("{}: dac_resolution = {:g} is no whole number of bits, allowed 2, 3 ... 32; a number of "
                    "effective bits goes to dac_bits",
                    this->name(), p_.dac_resolution));
  const auto& drive = p_.drive_levels;
  const bool ascending =
      std::adjacent_find(drive.begin(), drive.end(), std::greater_equal<>()) == drive.end();
  if (!drive.empty() && (drive.size() != 4 || drive.front() != -1.0 || drive.back() != 1.0 || !ascending))
    throw ConfigError(
        fmt::format("{}: drive_levels has {} values; give four, ascending from -1 to 1, or none",
                    this->name(), drive.size()));
  if (!drive.empty() && p_.level_mismatch_ratio != 1.0)
    throw ConfigError(
        fmt::format("{}: level_mismatch_ratio = {:g} beside drive_levels; put the mismatch into drive_levels",
                    this->name(), p_.level_mismatch_ratio));
  const double main = taps_[static_cast<std::size_t>(p_.ffe_main)];
  if (main < p_.ffe_main_minimum - 1e-9)
    throw ConfigError(
        fmt::format("{}: the main tap is {:.4g}, at least ffe_main_minimum = {:g} is needed; reduce the "
                    "other taps",
                    this->name(), main, p_.ffe_main_minimum));
}

std::vector<double> SerdesTransmitter::level_amplitudes(int levels) const {
  std::vector<double> amplitude(static_cast<std::size_t>(levels));
  for (int i = 0; i < levels; ++i) amplitude[static_cast<std::size_t>(i)] = 2.0 * i / (levels - 1) - 1.0;
  if (levels == 6 && p_.level_mismatch_ratio != 1.0)
    throw ConfigError(
        fmt::format("{}: level_mismatch_ratio = {:g}, but R_LM is defined for PAM4 alone; PAM6 takes 1",
                    name(), p_.level_mismatch_ratio));
  if (levels == 4) {
    const double inner = p_.level_mismatch_ratio / 3.0;
    amplitude[1] = -inner;
    amplitude[2] = inner;
  }
  return amplitude;
}

void SerdesTransmitter::bend(std::vector<double>& symbols) const {
  if (p_.drive_levels.empty()) return;
  // level_amplitudes(4), to rounding.
  constexpr double third = 1.0 / 3.0, near = 1e-12;
  for (double& symbol : symbols)
    if (std::abs(std::abs(symbol) - third) < near) symbol = p_.drive_levels[symbol < 0.0 ? 1 : 2];
}

std::vector<double> SerdesTransmitter::equalized_levels_V(std::span<const double> symbols) const {
  // EMF is twice the matched voltage, whose peak is half of the peak-to-peak swing.
  const double emf_per_symbol = p_.swing_Vpp;
  const long count = static_cast<long>(symbols.size());
  std::vector<double> levels(symbols.size(), 0.0);
  for (long k = 0; k < static_cast<long>(taps_.size()); ++k) {
    // Symbol n - shift, periodic: levels[n] for n = shift ... count - 1, then what wraps around.
    const long shift = wrap(k - p_.ffe_main, count);
    const double tap = emf_per_symbol * taps_[static_cast<std::size_t>(k)];
    const double* symbol = symbols.data();
    for (long n = shift; n < count; ++n) levels[static_cast<std::size_t>(n)] += tap * symbol[n - shift];
    for (long n = 0; n < shift; ++n) levels[static_cast<std::size_t>(n)] += tap * symbol[n - shift + count];
  }
  return levels;
}

double SerdesTransmitter::dac_step_V() const {
  return rounds() ? 2.0 * p_.swing_Vpp / (std::exp2(p_.dac_resolution) - 1.0) : 0.0;
}

std::vector<double> SerdesTransmitter::sent_levels_V(std::span<const double> symbols) const {
  // Sums that are equal but for their rounding errors take the same code.
  constexpr double tie = 1e-9;
  std::vector<double> levels = equalized_levels_V(symbols);
  if (!rounds()) return levels;
  const double step_V = dac_step_V();
  for (double& level : levels)
    level = step_V * std::floor((level + p_.swing_Vpp) / step_V + 0.5 + tie) - p_.swing_Vpp;
  return levels;
}

std::vector<double> SerdesTransmitter::plain_levels_V(std::span<const double> symbols) const {
  std::vector<double> levels(symbols.begin(), symbols.end());
  for (double& level : levels) level *= p_.swing_Vpp;
  return levels;
}

std::optional<SourceEnd> SerdesTransmitter::source_end(std::span<const double> frequency_Hz) const {
  // Thevenin equivalent of the resistance with the pad across it; its EMF is the tail's last factor.
  SourceEnd end;
  for (double f : frequency_Hz)
    end.immittance.push_back(
        p_.source_resistance_ohm /
        Complex(1.0, 2.0 * constants::pi * f * p_.source_resistance_ohm * p_.pad_capacitance_F));
  return end;
}

std::unique_ptr<Stepper> SerdesTransmitter::start(const Bundle&) const {
  return std::make_unique<HoldStepper>(*this);
}

std::vector<NoiseTerm> SerdesTransmitter::noise(const Bundle& output) const {
  std::vector<NoiseTerm> terms;
  const int period = output.grid.samples_per_symbol;
  const double peak_emf_V = p_.swing_Vpp;
  for (int lane = 0; lane < static_cast<int>(output.lane.size()); ++lane) {
    const auto id = [&](std::uint64_t kind) {
      return std::hash<std::string>{}(name()) * 1000003u + 2u * lane + kind;
    };
    const auto held = [&](const char* label, std::uint64_t source, double sigma) {
      NoiseTerm term{.label = label, .source = source, .lane = lane, .period = period, .hold = period};
      term.sigma = sigma;
      term.scaling = LossScaling::with_signal;
      terms.push_back(std::move(term));
    };
    if (p_.snr_dB < 300.0) held("transmitter noise", id(0), peak_emf_V / field_ratio(Gain_dB{p_.snr_dB}));
    if (const double sigma = dac_noise_V(); sigma > 0.0)
      held("DAC resolution", source_of("DAC", lane), sigma);
    if (p_.random_jitter_UI > 0.0)
      terms.push_back(edge_term("transmitter jitter", id(1), lane, p_.random_jitter_UI, output));
    if (p_.bounded_jitter_UI > 0.0) {
      terms.push_back(edge_term("bounded jitter", source_of("bounded jitter", lane), lane,
                                p_.bounded_jitter_UI / std::sqrt(12.0), output));
      terms.back().law = NoiseTerm::Law::uniform;
    }
    if (p_.sinusoidal_jitter_UI > 0.0) {
      terms.push_back(edge_term("sinusoidal jitter", source_of("sinusoidal jitter", lane), lane,
                                p_.sinusoidal_jitter_UI / std::sqrt(8.0), output));
      terms.back().law = NoiseTerm::Law::sinusoid;
      terms.back().cycles_per_draw = p_.sinusoidal_frequency_Hz / output.grid.symbol_rate_Bd;
    }
  }
  return terms;
}

// What the effective number of bits leaves beside rounding.
double SerdesTransmitter::dac_noise_V() const {
  if (p_.dac_bits >= ideal_dac_bits) return 0.0;
  const double whole = 2.0 * p_.swing_Vpp / std::exp2(p_.dac_bits), step = dac_step_V();
  return std::sqrt(std::max(0.0, whole * whole - step * step) / 12.0);
}

std::uint64_t SerdesTransmitter::source_of(const char* kind, int lane) const {
  return source_number(fmt::format("{} {} {}", name(), kind, lane));
}

// Displacement in samples; the area of the error pulse is the displacement times the step of the level.
NoiseTerm SerdesTransmitter::edge_term(const char* label, std::uint64_t source, int lane, double sigma_UI,
                                       const Bundle& output) const {
  const int period = output.grid.samples_per_symbol;
  NoiseTerm term{.label = label, .source = source, .lane = lane, .period = period};
  term.sigma = sigma_UI * period;
  term.scaling = LossScaling::with_signal;
  term.moves_edges = true;
  const auto l = static_cast<std::size_t>(lane);
  term.modulation.assign(output.lane[l].size(), 0.0);
  if (l >= output.symbols.size()) return term;
  // From the levels, not from the waveform: distortion may have moved its edges already.
  const auto levels = sent_levels_V(output.symbols[l]);
  for (std::size_t n = 0; n < levels.size(); ++n)
    term.modulation[n * static_cast<std::size_t>(period)] =
        levels[n == 0 ? levels.size() - 1 : n - 1] - levels[n];
  return term;
}

void SerdesTransmitter::multiply_electrical(std::span<const double> frequency_Hz,
                                            std::span<Complex> response) const {
  for (std::size_t k = 0; k < frequency_Hz.size(); ++k) {
    const double f = frequency_Hz[k];
    // The pad divides the EMF; what it does to the channel behind it is in the source impedance.
    const Complex pad(1.0, 2.0 * constants::pi * f * p_.source_resistance_ohm * p_.pad_capacitance_F);
    response[k] *= gaussian_edge(f, p_.rise_time_s) / pad;
  }
}

void SerdesTransmitter::ledger(const Bundle& input, Ledger& ledger) const {
  const double lanes = static_cast<double>(input.symbols.size());
  const double vdd = p_.supply_voltage_V, rate = input.grid.symbol_rate_Bd;
  const double output_W = vdd * p_.swing_Vpp / (2.0 * p_.source_resistance_ohm);
  ledger.energy.push_back({name(), "output stage", Owner::host, lanes * output_W,
                           fmt::format("{:g} lanes x VDD {:.3g} V x swing {:.3g} V / (2 x {:.3g} ohm)", lanes,
                                       vdd, p_.swing_Vpp, p_.source_resistance_ohm)});
  ledger.energy.push_back({name(), "serialiser and clock", Owner::host,
                           lanes * (p_.switched_capacitance_F * vdd * vdd * rate + p_.static_current_A * vdd),
                           fmt::format("{:g} lanes x (C {} x VDD^2 x f_b + {} x VDD)", lanes,
                                       format_quantity(p_.switched_capacitance_F, Quantity::capacitance),
                                       format_quantity(p_.static_current_A, Quantity::current))});
  ledger.latency.push_back({name(), p_.pipeline_s});
}

void SerdesTransmitter::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  if (p_.random_jitter_UI > 0.05)
    warnings.push_back(
        {name(), fmt::format("random_jitter {:.3g} UI rms: the first-order jitter model holds to about "
                             "0.05 UI",
                             p_.random_jitter_UI)});
  if (p_.bounded_jitter_UI > 0.1)
    warnings.push_back(
        {name(), fmt::format("bounded_jitter {:.3g} UI peak to peak: the first-order jitter model holds "
                             "to about 0.1 UI",
                             p_.bounded_jitter_UI)});
  if (p_.dac_bits < 5.0)
    warnings.push_back(
        {name(), fmt::format("dac_bits {:.3g}: with so few levels the error is no noise but a displacement "
                             "of each",
                             p_.dac_bits)});
  if (p_.rise_time_s > 1.5 * input.grid.unit_interval_s())
    warnings.push_back({name(), "rise_time exceeds 1.5 unit intervals: check that it is the 20-80 % time"});
}

}  // namespace photonlink
