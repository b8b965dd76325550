#include "devices/transimpedance_amplifier.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/constants.hpp"
#include "devices/physics/filters.hpp"
#include "devices/physics/white_noise.hpp"

namespace photonlink {

template <>
const ParameterTable<TransimpedanceAmplifierParameters>& parameter_table() {
  using P = TransimpedanceAmplifierParameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"input_resistance", "R_in, loads the photodiode", resistance, &P::input_resistance_ohm, 0.0, 1e5, 0.0},
      {"input_capacitance", "C_in in parallel to R_in", capacitance, &P::input_capacitance_F, 0.0, 1e-9, 0.0},
      {"input_noise", "i_n, input-referred, one-sided, white; default: de Valicourt, OFC 2026 W1D.7",
       current_noise, &P::input_noise_A_per_sqrtHz, 0.0, 1e-6, 0.0},
      {"gain", "Z_T, voltage across a matched load over input current; default assumed", transimpedance,
       &P::gain_ohm, 1e-3, 1e7},
      {"bandwidth", "3 dB frequency of the amplifier itself; default assumed", frequency, &P::bandwidth_Hz,
       1e6, unlimited_bandwidth_Hz, unlimited_bandwidth_Hz},
      {"order", "order of its Butterworth response", dimensionless, &P::order, 1, 4},
      {"output_resistance", "R_out of the Thevenin source", resistance, &P::output_resistance_ohm, 0.1, 1e4},
      {"overload_current", "peak-to-peak input current up to which the amplifier is linear", current,
       &P::overload_current_A, 1e-9, 1.0},
      {"supply_voltage", "supply of one lane", voltage, &P::supply_voltage_V, 0.0, 100.0},
      {"supply_current", "supply current of one lane; default assumed", current, &P::supply_current_A, 0.0,
       10.0},
  };
  return table;
}

TransimpedanceAmplifier::TransimpedanceAmplifier(std::string name,
                                                 const TransimpedanceAmplifierParameters& parameters)
    : Stage(std::move(name)), parameters_(parameters) {
  check(parameters_, this->name());
}

std::optional<LoadEnd> TransimpedanceAmplifier::load_end(std::span<const double> frequency_Hz) const {
  const auto& p = parameters_;
  LoadEnd load;
  load.takes = LoadEnd::Takes::current;
  for (const double f : frequency_Hz) {
    const Complex divider =
        1.0 / Complex(1.0, 2.0 * constants::pi * f * p.input_resistance_ohm * p.input_capacitance_F);
    load.impedance_ohm.push_back(p.input_resistance_ohm * divider);
    load.transfer.push_back(divider);
  }
  return load;
}

std::optional<SourceEnd> TransimpedanceAmplifier::source_end(std::span<const double> frequency_Hz) const {
  return SourceEnd{SourceEnd::Form::thevenin,
                   std::vector<Complex>(frequency_Hz.size(), parameters_.output_resistance_ohm)};
}

std::vector<NoiseTerm> TransimpedanceAmplifier::noise(const Bundle& output) const {
  std::vector<NoiseTerm> terms;
  const double density = parameters_.input_noise_A_per_sqrtHz * parameters_.input_noise_A_per_sqrtHz;
  if (density == 0.0) return terms;
  for (std::size_t l = 0; l < output.lane.size(); ++l) {
    NoiseTerm term;
    term.label = name() + " input noise";
    term.source = noise_source_id(name(), "input", static_cast<int>(l));
    term.lane = static_cast<int>(l);
    term.sigma = white_noise_sigma(density, output.grid.sample_rate_Hz());
    term.scaling = LossScaling::fixed;
    terms.push_back(std::move(term));
  }
  return terms;
}

void TransimpedanceAmplifier::multiply_electrical(std::span<const double> frequency_Hz,
                                                  std::span<Complex> response) const {
  const auto& p = parameters_;
  // The lane of a source is its EMF, twice the voltage across a matched load.
  for (std::size_t k = 0; k < response.size(); ++k)
    response[k] *= 2.0 * p.gain_ohm * butterworth(frequency_Hz[k], p.bandwidth_Hz, p.order);
}

void TransimpedanceAmplifier::ledger(const Bundle& input, Ledger& ledger) const {
  const auto& p = parameters_;
  const double lanes = static_cast<double>(input.lane.size());
  ledger.energy.push_back(
      {name(), "amplifier supply", Owner::module, lanes * p.supply_voltage_V * p.supply_current_A,
       fmt::format("{} lanes x {} x {}", lanes, format_quantity(p.supply_voltage_V, Quantity::voltage),
                   format_quantity(p.supply_current_A, Quantity::current))});
}

void TransimpedanceAmplifier::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  double largest_App = 0.0;
  for (const RealWave& lane : input.lane) {
    if (lane.empty()) continue;
    const auto [low, high] = std::minmax_element(lane.begin(), lane.end());
    largest_App = std::max(largest_App, *high - *low);
  }
  if (largest_App <= parameters_.overload_current_A) return;
  warnings.push_back(
      {name(), fmt::format("input current of {} peak to peak exceeds overload_current = {}: compression is "
                           "not modelled; lower the optical power",
                           format_quantity(largest_App, Quantity::current),
                           format_quantity(parameters_.overload_current_A, Quantity::current))});
}

}  // namespace photonlink
