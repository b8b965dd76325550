#include "devices/_skeleton/skeleton.hpp"

#include <cmath>
#include <numbers>

namespace photonlink {

// The one table of the device: file keys, help, schema, range errors and penalties come from it. Each row:
// key, meaning, kind of quantity, member, allowed range, and the value at which the effect vanishes, if there
// is one.
template <>
const ParameterTable<SkeletonParameters>& parameter_table() {
  using P = SkeletonParameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"loss", "loss on resonance L", loss, &P::loss_dB, 0.0, 100.0, 0.0},
      {"centre_frequency", "resonance f_0", frequency, &P::centre_frequency_Hz, 100e12, 1000e12},
      {"bandwidth", "full width at half maximum B", frequency, &P::bandwidth_Hz, 1e6, 100e12},
      {"tuning_range", "shift R that the heater makes", frequency, &P::tuning_range_Hz, 0.0, 100e12, 0.0},
      {"tuning_efficiency", "shift per watt of heater power η, in Hz/W", dimensionless,
       &P::tuning_efficiency_Hz_per_W, 1e6, 1e18},
  };
  return table;
}

Skeleton::Skeleton(std::string name, const SkeletonParameters& parameters)
    : Stage(std::move(name)), parameters_(parameters) {
  check(parameters_, this->name());
}

void Skeleton::multiply_optical(int, double carrier_Hz, std::span<const double> offset_Hz,
                                std::span<Complex> response) const {
  const double on_resonance = std::pow(10.0, -parameters_.loss_dB / 20.0);
  for (std::size_t i = 0; i < response.size(); ++i) {
    const double detuning_Hz = carrier_Hz + offset_Hz[i] - parameters_.centre_frequency_Hz;
    response[i] *= on_resonance / Complex(1.0, 2.0 * detuning_Hz / parameters_.bandwidth_Hz);
  }
}

void Skeleton::ledger(const Bundle&, Ledger& ledger) const {
  const double power_W = parameters_.tuning_range_Hz / parameters_.tuning_efficiency_Hz_per_W;
  const std::string basis =
      fmt::format("{} / ({:g} Hz/W)", format_quantity(parameters_.tuning_range_Hz, Quantity::frequency),
                  parameters_.tuning_efficiency_Hz_per_W);
  ledger.energy.push_back({name(), "tuning", Owner::module, power_W, basis});
  ledger.latency.push_back({name(), 1.0 / (std::numbers::pi * parameters_.bandwidth_Hz)});
}

void Skeleton::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  for (const double carrier_Hz : input.carrier_Hz) {
    const double detuning_Hz = carrier_Hz - parameters_.centre_frequency_Hz;
    if (std::abs(detuning_Hz) <= 0.5 * parameters_.bandwidth_Hz) continue;
    warnings.push_back(
        {name(), fmt::format("a carrier lies {} from the centre, outside the pass band of ±{}; correct "
                             "centre_frequency or bandwidth",
                             format_quantity(detuning_Hz, Quantity::frequency),
                             format_quantity(0.5 * parameters_.bandwidth_Hz, Quantity::frequency))});
  }
}

}  // namespace photonlink
