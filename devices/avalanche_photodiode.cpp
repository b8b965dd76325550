#include "devices/avalanche_photodiode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "devices/physics/avalanche.hpp"
#include "devices/physics/junction_source.hpp"

namespace photonlink {
namespace {

using Parameters = AvalanchePhotodiodeParameters;

double gain_of(const std::string& name, const Parameters& p) {
  if (p.gain > 0.0) return p.gain;
  const double breakdown_V = p.breakdown_voltage_V * (1.0 + p.breakdown_temperature_share_per_K *
                                                                (p.temperature_K - p.breakdown_reference_K));
  try {
    return miller_gain(p.bias_voltage_V, breakdown_V, p.breakdown_exponent);
  } catch (const DomainError& error) {
    throw ConfigError(fmt::format("{}: bias_voltage: {}, or state gain", name, error.what()));
  }
}

}  // namespace

template <>
const ParameterTable<Parameters>& parameter_table() {
  using P = Parameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"responsivity", "R at unit gain; default: Ge/Si waveguide device of 2022", responsivity,
       &P::responsivity_A_per_W, 1e-3, 10.0},
      {"gain", "M; 0: follows from bias and breakdown", dimensionless, &P::gain, 0.0, 1e3},
      {"bias_voltage", "reverse bias, for gain and power", voltage, &P::bias_voltage_V, 0.0, 500.0},
      {"breakdown_voltage", "V_B0 at breakdown_reference; default: near 13 at 14 V with exponent 1", voltage,
       &P::breakdown_voltage_V, 0.1, 500.0},
      {"breakdown_exponent", "n of Miller's law", dimensionless, &P::breakdown_exponent, 0.1, 20.0},
      {"breakdown_temperature_share", "beta, relative rise of breakdown per kelvin", dimensionless,
       &P::breakdown_temperature_share_per_K, -0.01, 0.01, 0.0},
      {"breakdown_reference", "T0", temperature, &P::breakdown_reference_K, 1.0, 600.0},
      {"temperature", "of the diode", temperature, &P::temperature_K, 1.0, 600.0},
      {"ionization_ratio", "k of the injected carrier; silicon 0.02 to 0.1, germanium near 0.9",
       dimensionless, &P::ionization_ratio, 0.0, 0.999},
      {"gain_bandwidth", "GBP, so that the avalanche's own pole lies at GBP / M", frequency,
       &P::gain_bandwidth_Hz, 1e6, unlimited_bandwidth_Hz, unlimited_bandwidth_Hz},
      {"bandwidth", "3 dB frequency of the carrier transit, a single pole", frequency, &P::bandwidth_Hz, 1e6,
       unlimited_bandwidth_Hz, unlimited_bandwidth_Hz},
      {"multiplied_dark_current", "I_dm, at unit gain; default assumed", current,
       &P::multiplied_dark_current_A, 0.0, 1e-2, 0.0},
      {"surface_dark_current", "I_ds, not multiplied", current, &P::surface_dark_current_A, 0.0, 1e-2, 0.0},
      {"saturation_current", "I_sat of the multiplied current", current, &P::saturation_current_A, 1e-9,
       unlimited_current_A, unlimited_current_A},
      {"capacitance", "junction and pad capacitance; default assumed", capacitance, &P::capacitance_F, 0.0,
       1e-9, 0.0},
      {"series_resistance", "R_s between capacitance and amplifier", resistance, &P::series_resistance_ohm,
       0.0, 1e4, 0.0},
      {"shot_noise", "share of the full multiplied shot noise; 0 answers what the noise costs", dimensionless,
       &P::shot_noise, 0.0, 1.0, 0.0},
  };
  return table;
}

AvalanchePhotodiode::AvalanchePhotodiode(std::string name, const Parameters& parameters)
    : Stage(std::move(name)), parameters_(parameters) {
  check(parameters_, this->name());
  gain_ = gain_of(this->name(), parameters_);
  if (gain_ < 1.0)
    throw ConfigError(
        fmt::format("{}: gain = {} is below 1; state 1 for no multiplication or 0 to let it follow the bias",
                    this->name(), gain_));
}

double AvalanchePhotodiode::dark_current_A() const {
  return gain_ * parameters_.multiplied_dark_current_A + parameters_.surface_dark_current_A;
}

SquareLaw AvalanchePhotodiode::law(const Bundle& input, double gain) const {
  return {std::vector<double>(input.carrier_Hz.size(), gain * parameters_.responsivity_A_per_W),
          dark_current_A(), parameters_.saturation_current_A};
}

std::optional<SourceEnd> AvalanchePhotodiode::source_end(std::span<const double> frequency_Hz) const {
  return junction_source(frequency_Hz, parameters_.capacitance_F, parameters_.series_resistance_ohm);
}

std::unique_ptr<Stepper> AvalanchePhotodiode::start(const Bundle& input) const {
  require_light(name(), input);
  return square_law_stepper(law(input, gain_));
}

std::unique_ptr<Tangent> AvalanchePhotodiode::tangent(const Bundle& input) const {
  return square_law_tangent(input, law(input, gain_));
}

std::vector<NoiseTerm> AvalanchePhotodiode::noise(const Bundle& output) const {
  const auto& p = parameters_;
  const double density = 2.0 * constants::elementary_charge_C * p.shot_noise;
  const double excess = excess_noise_factor(gain_, p.ionization_ratio);
  auto terms =
      shot_noise_terms(name(),
                       {density * gain_ * excess,
                        density * gain_ * gain_ * excess * p.multiplied_dark_current_A, dark_current_A()},
                       output);
  if (gain_ > 1.0)
    for (NoiseTerm& term : terms) {
      term.law = NoiseTerm::Law::avalanche;
      term.avalanche_gain = gain_;
      term.ionization_ratio = p.ionization_ratio;
      term.electron = constants::elementary_charge_C * output.grid.sample_rate_Hz() * std::sqrt(p.shot_noise);
    }
  for (NoiseTerm& term :
       shot_noise_terms(name() + " surface", {0.0, density * p.surface_dark_current_A, 0.0}, output))
    terms.push_back(std::move(term));
  return terms;
}

void AvalanchePhotodiode::multiply_electrical(std::span<const double> frequency_Hz,
                                              std::span<Complex> response) const {
  const auto& p = parameters_;
  for (std::size_t k = 0; k < response.size(); ++k) {
    const double f = frequency_Hz[k];
    response[k] *= single_pole(f, p.bandwidth_Hz) * single_pole(f, p.gain_bandwidth_Hz / gain_) *
                   junction_norton(f, p.capacitance_F, p.series_resistance_ohm);
  }
}

void AvalanchePhotodiode::ledger(const Bundle& input, Ledger& ledger) const {
  ledger.energy.push_back(bias_power(name(), "avalanche photodiode bias",
                                     total_mean_current_A(input, law(input, gain_)),
                                     parameters_.bias_voltage_V));
}

void AvalanchePhotodiode::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  check_detection(name(), law(input, 1.0), input, warnings);
}

}  // namespace photonlink
