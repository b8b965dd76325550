#include "devices/serdes_transmitter.hpp"

#include <cmath>
#include <numeric>

#include "core/constants.hpp"
#include "core/units.hpp"

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
      {"ffe_taps", "feed-forward equaliser taps, earliest first; their absolute values sum to at most 1",
       dimensionless, &P::ffe_taps, -1.0, 1.0},
      {"ffe_main", "index of the main tap in ffe_taps, counted from 0", dimensionless, &P::ffe_main, 0, 31},
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
    bundle.lane.assign(bundle.symbols.size(), {});
    bundle.full_scale_Vpp = 2.0 * stage_.parameters().swing_Vpp;  // EMF
    for (std::size_t lane = 0; lane < bundle.symbols.size(); ++lane) {
      const auto levels = stage_.equalized_levels_V(bundle.symbols[lane]);
      RealWave& wave = bundle.lane[lane];
      wave.resize(levels.size() * samples);
      for (std::size_t u = 0; u < wave.size(); ++u) wave[u] = levels[u / samples];
    }
  }

 private:
  const SerdesTransmitter& stage_;
};

}  // namespace

SerdesTransmitter::SerdesTransmitter(std::string name, P parameters)
    : Stage(std::move(name)), p_(std::move(parameters)) {
  const double sum = std::accumulate(p_.ffe_taps.begin(), p_.ffe_taps.end(), 0.0,
                                     [](double total, double tap) { return total + std::abs(tap); });
  // A peak-limited output stage cannot deliver more than its full swing.
  if (p_.ffe_taps.empty() || sum > 1.0 + 1e-9)
    throw ConfigError(
        fmt::format("{}: the absolute values of ffe_taps sum to {:.4g}; give taps that sum to at most 1",
                    this->name(), sum));
  if (p_.ffe_main >= static_cast<int>(p_.ffe_taps.size()))
    throw ConfigError(fmt::format("{}: ffe_main = {} but there are {} taps; count from 0", this->name(),
                                  p_.ffe_main, p_.ffe_taps.size()));
}

std::vector<double> SerdesTransmitter::level_amplitudes(int levels) const {
  std::vector<double> amplitude(static_cast<std::size_t>(levels));
  for (int i = 0; i < levels; ++i) amplitude[static_cast<std::size_t>(i)] = 2.0 * i / (levels - 1) - 1.0;
  if (levels == 4) {
    const double inner = p_.level_mismatch_ratio / 3.0;
    amplitude[1] = -inner;
    amplitude[2] = inner;
  }
  return amplitude;
}

std::vector<double> SerdesTransmitter::equalized_levels_V(std::span<const double> symbols) const {
  // EMF is twice the matched voltage, whose peak is half of the peak-to-peak swing.
  const double emf_per_symbol = p_.swing_Vpp;
  const long count = static_cast<long>(symbols.size());
  std::vector<double> levels(symbols.size(), 0.0);
  for (long n = 0; n < count; ++n) {
    double sum = 0.0;
    for (long k = 0; k < static_cast<long>(p_.ffe_taps.size()); ++k) {
      const long index = ((n - (k - p_.ffe_main)) % count + count) % count;
      sum += p_.ffe_taps[static_cast<std::size_t>(k)] * symbols[static_cast<std::size_t>(index)];
    }
    levels[static_cast<std::size_t>(n)] = emf_per_symbol * sum;
  }
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
    const RealWave& wave = output.lane[static_cast<std::size_t>(lane)];
    if (p_.snr_dB < 300.0) {
      NoiseTerm term{
          .label = "transmitter noise", .source = id(0), .lane = lane, .period = period, .hold = period};
      term.sigma = peak_emf_V / field_ratio(Gain_dB{p_.snr_dB});
      term.scaling = LossScaling::with_signal;
      terms.push_back(term);
    }
    if (p_.random_jitter_UI > 0.0) {
      NoiseTerm term{.label = "transmitter jitter", .source = id(1), .lane = lane, .period = period};
      term.sigma = p_.random_jitter_UI * period;  // displacement in samples; area of the error pulse is ε ΔV
      term.scaling = LossScaling::with_signal;
      term.modulation.resize(wave.size());
      for (std::size_t u = 0; u < wave.size(); ++u)
        term.modulation[u] = wave[u == 0 ? wave.size() - 1 : u - 1] - wave[u];
      terms.push_back(term);
    }
  }
  return terms;
}

void SerdesTransmitter::multiply_electrical(std::span<const double> frequency_Hz,
                                            std::span<Complex> response) const {
  for (std::size_t k = 0; k < frequency_Hz.size(); ++k) {
    const double f = frequency_Hz[k];
    const double edge = constants::pi * f * p_.rise_time_s / 1.6832;  // Eq. (93A-46)
    // The pad divides the EMF; what it does to the channel behind it is in the source impedance.
    const Complex pad(1.0, 2.0 * constants::pi * f * p_.source_resistance_ohm * p_.pad_capacitance_F);
    response[k] *= std::exp(-2.0 * edge * edge) / pad;
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
  if (p_.rise_time_s > 1.5 * input.grid.unit_interval_s())
    warnings.push_back({name(), "rise_time exceeds 1.5 unit intervals: check that it is the 20-80 % time"});
}

}  // namespace photonlink
