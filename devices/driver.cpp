#include "devices/driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/filters.hpp"

namespace photonlink {
namespace {

class Gain final : public Stepper {
 public:
  Gain(double gain, double full_scale_Vpp) : gain_(gain), full_scale_Vpp_(full_scale_Vpp) {}

  void step(Bundle& bundle) override {
    for (RealWave& lane : bundle.lane)
      for (double& value : lane) value *= gain_;
    bundle.full_scale_Vpp = full_scale_Vpp_;
  }

 private:
  double gain_, full_scale_Vpp_;
};

class GainTangent final : public Tangent {
 public:
  explicit GainTangent(double gain) : gain_(gain) {}

  void pull_back(Sensitivity& sensitivity) const override {
    for (RealWave& lane : sensitivity.lane)
      for (double& weight : lane) weight *= gain_;
  }

 private:
  double gain_;
};

/// Mean over the periodic pattern of max(step, 0) relative to the full step from -1 to +1: 1/4 for random
/// NRZ.
double mean_upward_step(const std::vector<double>& symbols) {
  double sum = 0.0;
  for (std::size_t k = 0; k < symbols.size(); ++k)
    sum += std::max(symbols[(k + 1) % symbols.size()] - symbols[k], 0.0) / 2.0;
  return symbols.empty() ? 0.0 : sum / static_cast<double>(symbols.size());
}

}  // namespace

template <>
const ParameterTable<DriverParameters>& parameter_table() {
  using P = DriverParameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"swing", "peak-to-peak output of the outermost levels at full-scale input, measured as swing_at says",
       voltage, &P::swing_Vpp, 1e-6, 100.0},
      {"swing_at",
       "load at which swing is measured: matched to source_resistance, or open",
       dimensionless,
       &P::swing_at,
       -INFINITY,
       INFINITY,
       std::nullopt,
       {"matched", "open"}},
      {"input_resistance", "R_in, ends the electrical segment", resistance, &P::input_resistance_ohm, 0.1,
       1e6},
      {"input_capacitance", "C_in in parallel to R_in", capacitance, &P::input_capacitance_F, 0.0, 1e-9, 0.0},
      {"source_resistance", "R_s of the Thevenin output", resistance, &P::source_resistance_ohm, 0.0, 1e4},
      {"bandwidth", "3 dB frequency of the driver itself", frequency, &P::bandwidth_Hz, 1e6,
       unlimited_bandwidth_Hz, unlimited_bandwidth_Hz},
      {"order", "order of its Butterworth response", dimensionless, &P::order, 1, 4},
      {"internal_capacitance", "capacitance switched over the supply by the full symbol step", capacitance,
       &P::internal_capacitance_F, 0.0, 1e-9, 0.0},
      {"supply_voltage", "supply of one lane", voltage, &P::supply_voltage_V, 0.0, 100.0},
      {"supply_current", "static supply current of one lane; default assumed", current, &P::supply_current_A,
       0.0, 10.0},
  };
  return table;
}

Driver::Driver(std::string name, const DriverParameters& parameters)
    : Stage(std::move(name)), parameters_(parameters) {
  check(parameters_, this->name());
  if (parameters_.swing_at == "matched" && parameters_.source_resistance_ohm == 0.0) {
    throw ConfigError(
        fmt::format("{}: source_resistance = 0 ohm has no matched load; set swing_at = \"open\" or a "
                    "source_resistance above 0",
                    this->name()));
  }
}

double Driver::emf_Vpp() const {
  return parameters_.swing_at == "matched" ? 2.0 * parameters_.swing_Vpp : parameters_.swing_Vpp;
}

double Driver::gain(const Bundle& input) const {
  if (!(input.full_scale_Vpp > 0.0)) {
    throw ConfigError(
        fmt::format("{}: the incoming lanes have a full scale of {} V, it must be above 0; put a "
                    "transmitter in front of the driver",
                    name(), input.full_scale_Vpp));
  }
  return emf_Vpp() / input.full_scale_Vpp;
}

std::optional<LoadEnd> Driver::load_end(std::span<const double> frequency_Hz) const {
  const auto& p = parameters_;
  LoadEnd load{{}, std::vector<Complex>(frequency_Hz.size(), 1.0)};
  for (const double f : frequency_Hz) {
    const double omega_rc = 2.0 * constants::pi * f * p.input_resistance_ohm * p.input_capacitance_F;
    load.impedance_ohm.push_back(p.input_resistance_ohm / Complex(1.0, omega_rc));
  }
  return load;
}

std::optional<SourceEnd> Driver::source_end(std::span<const double> frequency_Hz) const {
  return SourceEnd{SourceEnd::Form::thevenin,
                   std::vector<Complex>(frequency_Hz.size(), parameters_.source_resistance_ohm)};
}

std::unique_ptr<Stepper> Driver::start(const Bundle& input) const {
  return std::make_unique<Gain>(gain(input), emf_Vpp());
}

std::unique_ptr<Tangent> Driver::tangent(const Bundle& input) const {
  return std::make_unique<GainTangent>(gain(input));
}

void Driver::multiply_electrical(std::span<const double> frequency_Hz, std::span<Complex> response) const {
  for (std::size_t k = 0; k < response.size(); ++k)
    response[k] *= butterworth(frequency_Hz[k], parameters_.bandwidth_Hz, parameters_.order);
}

void Driver::ledger(const Bundle& input, Ledger& ledger) const {
  const auto& p = parameters_;
  const double lanes = static_cast<double>(input.lane.size());
  const std::string supply = format_quantity(p.supply_voltage_V, Quantity::voltage);
  ledger.energy.push_back({name(), "driver supply", Owner::module,
                           lanes * p.supply_voltage_V * p.supply_current_A,
                           fmt::format("{} lanes x {} x {}", lanes, supply,
                                       format_quantity(p.supply_current_A, Quantity::current))});
  if (p.internal_capacitance_F == 0.0) return;
  double upward_steps = 0.0;
  for (const auto& symbols : input.symbols) upward_steps += mean_upward_step(symbols);
  ledger.energy.push_back(
      {name(), "driver switching", Owner::module,
       upward_steps * p.internal_capacitance_F * p.supply_voltage_V * p.supply_voltage_V *
           input.grid.symbol_rate_Bd,
       fmt::format("{:.4g} upward steps x {} x ({})^2 x {}", upward_steps,
                   format_quantity(p.internal_capacitance_F, Quantity::capacitance), supply,
                   format_quantity(input.grid.symbol_rate_Bd, Quantity::symbol_rate))});
}

}  // namespace photonlink
