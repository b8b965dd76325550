#include "devices/limiting_amplifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "devices/physics/white_noise.hpp"
#include "signal/averages.hpp"

namespace photonlink {
namespace {

using Parameters = LimitingAmplifierParameters;

std::vector<double> means(const Bundle& input) {
  std::vector<double> offset;
  offset.reserve(input.lane.size());
  for (const RealWave& lane : input.lane) offset.push_back(lane.empty() ? 0.0 : mean(lane));
  return offset;
}

// Two levels only: all symbols have the same size.
bool is_binary(const Bundle& bundle) {
  if (bundle.symbols.empty()) return false;
  const double size = bundle.symbols.front().empty() ? 0.0 : std::abs(bundle.symbols.front().front());
  for (const auto& lane : bundle.symbols)
    for (const double symbol : lane)
      if (std::abs(std::abs(symbol) - size) > 1e-9) return false;
  return size > 0.0;
}

void limit(RealWave& lane, double offset_V, const Parameters& p) {
  const double half_V = 0.5 * p.limited_swing_Vpp;
  for (double& value : lane) value = half_V * std::tanh(p.gain * (value - offset_V) / half_V);
}

class Limiter final : public Stepper {
 public:
  Limiter(std::vector<double> offset_V, const Parameters& parameters)
      : offset_V_(std::move(offset_V)), parameters_(parameters) {}
  void step(Bundle& bundle) override {
    for (std::size_t l = 0; l < bundle.lane.size(); ++l) limit(bundle.lane[l], offset_V_[l], parameters_);
  }

 private:
  std::vector<double> offset_V_;
  Parameters parameters_;
};

/// w_in = g w_out.
class LimiterTangent final : public Tangent {
 public:
  explicit LimiterTangent(std::vector<RealWave> gain) : gain_(std::move(gain)) {}
  void pull_back(Sensitivity& sensitivity) const override {
    for (std::size_t l = 0; l < std::min(gain_.size(), sensitivity.lane.size()); ++l) {
      RealWave& weight = sensitivity.lane[l];
      const long period = static_cast<long>(gain_[l].size());
      for (std::size_t u = 0; u < weight.size(); ++u)
        weight[u] *=
            gain_[l][static_cast<std::size_t>(wrap(sensitivity.begin + static_cast<long>(u), period))];
    }
  }

 private:
  std::vector<RealWave> gain_;  // (n_lane, n_sample)
};

}  // namespace

template <>
const ParameterTable<Parameters>& parameter_table() {
  using P = Parameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"input_resistance", "R_in, ends the electrical segment", resistance, &P::input_resistance_ohm, 0.1,
       1e6},
      {"gain", "G at small signals, across a matched load over the input; default assumed", dimensionless,
       &P::gain, 1e-3, 1e5},
      {"limited_swing", "S, largest output across a matched load, peak to peak; default assumed", voltage,
       &P::limited_swing_Vpp, 1e-6, 100.0},
      {"noise", "S_V, input-referred, one-sided, white", voltage_noise_psd, &P::noise_V2_per_Hz, 0.0, 1e-9,
       0.0},
      {"bandwidth", "3 dB frequency of its output", frequency, &P::bandwidth_Hz, 1e6, unlimited_bandwidth_Hz,
       unlimited_bandwidth_Hz},
      {"order", "order of its Butterworth response", dimensionless, &P::order, 1, 4},
      {"output_resistance", "R_out of the Thevenin source", resistance, &P::output_resistance_ohm, 0.1, 1e4},
      {"supply_voltage", "supply of one lane", voltage, &P::supply_voltage_V, 0.0, 100.0},
      {"supply_current", "supply current of one lane; default assumed", current, &P::supply_current_A, 0.0,
       10.0},
  };
  return table;
}

LimitingAmplifier::LimitingAmplifier(std::string name, const Parameters& parameters)
    : Stage(std::move(name)), parameters_(parameters) {
  check(parameters_, this->name());
}

std::optional<LoadEnd> LimitingAmplifier::load_end(std::span<const double> frequency_Hz) const {
  return LoadEnd{std::vector<Complex>(frequency_Hz.size(), parameters_.input_resistance_ohm),
                 std::vector<Complex>(frequency_Hz.size(), 1.0)};
}

std::optional<SourceEnd> LimitingAmplifier::source_end(std::span<const double> frequency_Hz) const {
  return SourceEnd{SourceEnd::Form::thevenin,
                   std::vector<Complex>(frequency_Hz.size(), parameters_.output_resistance_ohm)};
}

RealWave LimitingAmplifier::noise_gain(const RealWave& output, bool binary) const {
  const auto& p = parameters_;
  RealWave gain(output.size());
  for (std::size_t u = 0; u < gain.size(); ++u) {
    // Rounding of tanh ends at 1 - 1e-16.
    const double share = std::clamp(2.0 * output[u] / p.limited_swing_Vpp, -1.0 + 1e-15, 1.0 - 1e-15);
    const double secant = std::abs(share) < 1e-6 ? 1.0 : share / std::atanh(share);
    gain[u] = p.gain * (binary ? secant : 1.0 - share * share);
  }
  return gain;
}

std::unique_ptr<Stepper> LimitingAmplifier::start(const Bundle& input) const {
  return std::make_unique<Limiter>(means(input), parameters_);
}

std::unique_ptr<Tangent> LimitingAmplifier::tangent(const Bundle& input) const {
  Bundle output = input;
  Limiter(means(input), parameters_).step(output);
  std::vector<RealWave> gain;
  gain.reserve(output.lane.size());
  for (const RealWave& lane : output.lane) gain.push_back(noise_gain(lane, is_binary(input)));
  return std::make_unique<LimiterTangent>(std::move(gain));
}

std::vector<NoiseTerm> LimitingAmplifier::noise(const Bundle& output) const {
  std::vector<NoiseTerm> terms;
  if (parameters_.noise_V2_per_Hz == 0.0) return terms;
  const bool binary = is_binary(output);
  for (std::size_t l = 0; l < output.lane.size(); ++l) {
    NoiseTerm& term = terms.emplace_back();
    term.label = name() + " input noise";
    term.source = noise_source_id(name(), "input", static_cast<int>(l));
    term.lane = static_cast<int>(l);
    term.sigma = white_noise_sigma(parameters_.noise_V2_per_Hz, output.grid.sample_rate_Hz());
    term.modulation = noise_gain(output.lane[l], binary);
    term.scaling = LossScaling::fixed;
  }
  return terms;
}

void LimitingAmplifier::multiply_electrical(std::span<const double> frequency_Hz,
                                            std::span<Complex> response) const {
  // The lane of a source is its EMF, twice the voltage across a matched load.
  for (std::size_t k = 0; k < response.size(); ++k)
    response[k] *= 2.0 * butterworth(frequency_Hz[k], parameters_.bandwidth_Hz, parameters_.order);
}

void LimitingAmplifier::ledger(const Bundle& input, Ledger& ledger) const {
  const auto& p = parameters_;
  const double lanes = static_cast<double>(input.lane.size());
  ledger.energy.push_back(
      {name(), "amplifier supply", Owner::module, lanes * p.supply_voltage_V * p.supply_current_A,
       fmt::format("{} lanes x {} x {}", lanes, format_quantity(p.supply_voltage_V, Quantity::voltage),
                   format_quantity(p.supply_current_A, Quantity::current))});
}

void LimitingAmplifier::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  const auto& p = parameters_;
  double largest_V = 0.0;
  for (const RealWave& lane : input.lane) {
    const double offset_V = mean(lane);  // no sample, no loop
    for (const double value : lane) largest_V = std::max(largest_V, std::abs(value - offset_V));
  }
  const double share = std::tanh(2.0 * p.gain * largest_V / p.limited_swing_Vpp);
  if (share * share <= 0.1) return;  // a tenth of the slope
  if (!is_binary(input))
    warnings.push_back(
        {name(), fmt::format("the outer levels lose {:.0f} % of the gain: a limiting amplifier is "
                             "for two levels; lower gain or optical power",
                             100.0 * share * share)});
  else if (p.bandwidth_Hz < input.grid.symbol_rate_Bd)
    warnings.push_back(
        {name(),
         fmt::format("bandwidth = {} is below the symbol rate while the amplifier limits: noise of instants "
                     "with different gain mixes, the error ratio is approximate",
                     format_quantity(p.bandwidth_Hz, Quantity::frequency))});
}

}  // namespace photonlink
