#include "devices/shunt_feedback_amplifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "devices/physics/filters.hpp"
#include "devices/physics/white_noise.hpp"

namespace photonlink {
namespace {

using Parameters = ShuntFeedbackAmplifierParameters;

Complex capacitor_S(double frequency_Hz, double capacitance_F) {
  return {0.0, 2.0 * constants::pi * frequency_Hz * capacitance_F};
}

ShuntFeedback design(const std::string& name, const Parameters& p) {
  const bool resistor = p.feedback_resistance_ohm > 0.0, product = p.gain_bandwidth_Hz > 0.0;
  if (resistor == product)
    throw ConfigError(fmt::format(
        "{}: feedback_resistance = {}, gain_bandwidth = {}; give one of them and 0 for the other, "
        "which follows from bandwidth and quality",
        name, format_quantity(p.feedback_resistance_ohm, Quantity::resistance),
        format_quantity(p.gain_bandwidth_Hz, Quantity::frequency)));
  const ShuntFeedbackGoal goal{p.design_capacitance_F + p.pad_capacitance_F + p.transistor_capacitance_F,
                               p.bandwidth_Hz, p.quality};
  try {
    return resistor ? shunt_feedback_of_resistance(goal, p.feedback_resistance_ohm)
                    : shunt_feedback_of_gain_bandwidth(goal, p.gain_bandwidth_Hz);
  } catch (const DomainError& error) {
    throw ConfigError(fmt::format("{}: {}", name, error.what()));
  }
}

}  // namespace

template <>
const ParameterTable<Parameters>& parameter_table() {
  using P = Parameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"design_capacitance", "capacitance of diode, bond and pads in front that the loop is designed for",
       capacitance, &P::design_capacitance_F, 0.0, 1e-9},
      {"pad_capacitance", "C_pad, input pad and its ESD protection", capacitance, &P::pad_capacitance_F, 0.0,
       1e-9, 0.0},
      {"transistor_capacitance", "C_I, gate-source and gate-drain capacitance of the input transistor",
       capacitance, &P::transistor_capacitance_F, 1e-18, 1e-9},
      {"transit_frequency", "f_T, so that g_m = 2 pi f_T C_I; default: 28 nm class, assumed", frequency,
       &P::transit_frequency_Hz, 1e9, 1e13},
      {"overdrive_voltage",
       "V_ov, so that the transistor draws g_m V_ov / 2; bipolar: 2 kT/q; default assumed", voltage,
       &P::overdrive_voltage_V, 1e-3, 2.0},
      {"channel_noise", "factor of 4kT/g_m; 2/3 long channel, 1 to 2 short channel, 1/2 bipolar",
       dimensionless, &P::channel_noise, 0.0, 10.0, 0.0},
      {"input_current", "I_in, base or gate current with its shot noise", current, &P::input_current_A, 0.0,
       1e-2, 0.0},
      {"temperature", "of resistor and transistor", temperature, &P::temperature_K, 1.0, 600.0},
      {"bandwidth", "3 dB frequency of the closed loop with the design capacitance", frequency,
       &P::bandwidth_Hz, 1e6, 1e13},
      {"quality", "Q of its two poles; 0.707 Butterworth, more peaks", dimensionless, &P::quality, 0.3, 5.0},
      {"feedback_resistance", "R_F; 0: follows from gain_bandwidth", resistance, &P::feedback_resistance_ohm,
       0.0, 1e7},
      {"gain_bandwidth",
       "of the amplifier without loop; 0: follows from feedback_resistance; default assumed", frequency,
       &P::gain_bandwidth_Hz, 0.0, 1e14},
      {"voltage_gain", "G of the stages behind, across a matched load", dimensionless, &P::voltage_gain, 1e-3,
       1e5},
      {"output_bandwidth", "f_out of these stages, one pole", frequency, &P::output_bandwidth_Hz, 1e6,
       unlimited_bandwidth_Hz, unlimited_bandwidth_Hz},
      {"output_resistance", "R_out of the Thevenin source", resistance, &P::output_resistance_ohm, 0.1, 1e4},
      {"linear_swing", "peak-to-peak output across a matched load up to which the amplifier is linear",
       voltage, &P::linear_swing_Vpp, 1e-6, 100.0},
      {"supply_voltage", "supply of one lane", voltage, &P::supply_voltage_V, 0.0, 100.0},
      {"other_current", "supply current of one lane beside the input transistor; default assumed", current,
       &P::other_current_A, 0.0, 10.0},
  };
  return table;
}

ShuntFeedbackAmplifier::ShuntFeedbackAmplifier(std::string name, const Parameters& parameters)
    : Stage(std::move(name)), parameters_(parameters) {
  check(parameters_, this->name());
  loop_ = design(this->name(), parameters_);
}

double ShuntFeedbackAmplifier::transconductance_S() const {
  return 2.0 * constants::pi * parameters_.transit_frequency_Hz * parameters_.transistor_capacitance_F;
}

double ShuntFeedbackAmplifier::input_capacitance_F() const {
  return parameters_.pad_capacitance_F + parameters_.transistor_capacitance_F;
}

std::optional<LoadEnd> ShuntFeedbackAmplifier::load_end(std::span<const double> frequency_Hz) const {
  LoadEnd load;
  load.takes = LoadEnd::Takes::current;
  load.impedance_ohm.reserve(frequency_Hz.size());
  load.transfer.reserve(frequency_Hz.size());
  for (const double f : frequency_Hz) {
    const Complex input_S = capacitor_S(f, input_capacitance_F()) + feedback_admittance_S(loop_, f);
    load.impedance_ohm.push_back(1.0 / input_S);
    load.transfer.push_back(closed_loop_response(loop_, f, input_S));
  }
  return load;
}

std::optional<SourceEnd> ShuntFeedbackAmplifier::source_end(std::span<const double> frequency_Hz) const {
  return SourceEnd{SourceEnd::Form::thevenin,
                   std::vector<Complex>(frequency_Hz.size(), parameters_.output_resistance_ohm)};
}

std::vector<NoiseTerm> ShuntFeedbackAmplifier::input_noise(const Bundle& output,
                                                           const SourceAdmittance& driver) const {
  const auto& p = parameters_;
  const double kt4_J = 4.0 * constants::boltzmann_J_per_K * p.temperature_K;
  const double resistor_S = 1.0 / loop_.feedback_resistance_ohm;
  // |V_out / (R_T I)|² behind the source that is there.
  const auto passed = [driver, loop = loop_, capacitance_F = input_capacitance_F()](double f) {
    const Complex total_S =
        driver({&f, 1}).front() + capacitor_S(f, capacitance_F) + feedback_admittance_S(loop, f);
    return std::norm(closed_loop_response(loop, f, total_S));
  };
  const auto through_source = [driver, resistor_S, capacitance_F = input_capacitance_F()](double f) {
    return std::norm(driver({&f, 1}).front() + capacitor_S(f, capacitance_F) + resistor_S);
  };
  std::vector<NoiseTerm> terms;
  // Shapes are relative to the density at the bandwidth, which no term lacks.
  const auto add = [&](const char* cause, double density_A2_per_Hz, auto shape) {
    const double reference = shape(p.bandwidth_Hz);
    if (density_A2_per_Hz == 0.0) return;
    for (std::size_t l = 0; l < output.lane.size(); ++l) {
      NoiseTerm& term = terms.emplace_back();
      term.label = fmt::format("{} {} noise", name(), cause);
      term.source = noise_source_id(name(), cause, static_cast<int>(l));
      term.lane = static_cast<int>(l);
      term.sigma = white_noise_sigma(density_A2_per_Hz * reference, output.grid.sample_rate_Hz());
      term.shape = [shape, reference](double f) { return shape(f) / reference; };
      term.scaling = LossScaling::fixed;
    }
  };
  add("resistor", kt4_J * resistor_S, passed);
  add("input current", 2.0 * constants::elementary_charge_C * p.input_current_A, passed);
  add("channel", kt4_J * p.channel_noise / transconductance_S(),
      [passed, through_source](double f) { return passed(f) * through_source(f); });
  return terms;
}

void ShuntFeedbackAmplifier::multiply_electrical(std::span<const double> frequency_Hz,
                                                 std::span<Complex> response) const {
  const auto& p = parameters_;
  const double gain_ohm = closed_loop_resistance_ohm(loop_) * p.voltage_gain;
  // The lane of a source is its EMF, twice the voltage across a matched load.
  for (std::size_t k = 0; k < response.size(); ++k)
    response[k] *= 2.0 * gain_ohm * single_pole(frequency_Hz[k], p.output_bandwidth_Hz);
}

void ShuntFeedbackAmplifier::ledger(const Bundle& input, Ledger& ledger) const {
  const auto& p = parameters_;
  const double lanes = static_cast<double>(input.lane.size());
  const double core_A = 0.5 * transconductance_S() * p.overdrive_voltage_V;
  ledger.energy.push_back({name(), "amplifier supply", Owner::module,
                           lanes * p.supply_voltage_V * (core_A + p.other_current_A),
                           fmt::format("{} lanes x {} x ({} of the input transistor + {})", lanes,
                                       format_quantity(p.supply_voltage_V, Quantity::voltage),
                                       format_quantity(core_A, Quantity::current),
                                       format_quantity(p.other_current_A, Quantity::current))});
}

void ShuntFeedbackAmplifier::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  const double gain_ohm = closed_loop_resistance_ohm(loop_) * parameters_.voltage_gain;
  double largest_Vpp = 0.0;
  for (const RealWave& lane : input.lane) {
    if (lane.empty()) continue;
    const auto [low, high] = std::minmax_element(lane.begin(), lane.end());
    largest_Vpp = std::max(largest_Vpp, gain_ohm * (*high - *low));
  }
  if (largest_Vpp <= parameters_.linear_swing_Vpp) return;
  warnings.push_back(
      {name(),
       fmt::format("output of {} peak to peak exceeds linear_swing = {}: compression is not modelled; "
                   "lower the optical power or voltage_gain",
                   format_quantity(largest_Vpp, Quantity::voltage),
                   format_quantity(parameters_.linear_swing_Vpp, Quantity::voltage))});
}

}  // namespace photonlink
