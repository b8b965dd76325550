#include "core/error.hpp"
#include "devices/microring_filter.hpp"
#include "devices/microring_modulator.hpp"
#include "studies/validation/observable_lists.hpp"
#include "studies/validation/probe.hpp"

namespace photonlink {
namespace {

/// Of the first ring stage.
const RingTuningParameters& tuning_parameters(Probe& probe) {
  for (const auto& stage : probe.link().stages) {
    if (const auto* modulator = dynamic_cast<const MicroringModulator*>(stage.get()))
      return modulator->parameters();
    if (const auto* filter = dynamic_cast<const MicroringFilter*>(stage.get())) return filter->parameters();
  }
  throw ConfigError("the chain has no ring; add a microring_modulator or a microring_filter");
}

struct HeaterPoint {
  Heater heater;
  double voltage_V = 0.0;
};

HeaterPoint heater_point(Probe& probe, const ObservableArguments& arguments) {
  const RingTuningParameters& p = tuning_parameters(probe);
  if (!limited(p))
    throw ConfigError("heater_max_voltage = 0 V: the heater has no resistance; state its highest voltage");
  if (arguments.heater_voltage_V > p.heater_max_voltage_V * (1.0 + 1e-12))
    throw ConfigError("heater_voltage is above heater_max_voltage of the ring; state a lower one");
  return {heater_of(p), arguments.heater_voltage_V};
}

}  // namespace

void add_tuning_observables(std::vector<ObservableType>& list) {
  const auto scalar = [&](std::string name, std::string doc, Quantity unit,
                          double (*read)(const HeaterPoint&)) {
    list.push_back(scalar_observable(
        std::move(name), std::move(doc), unit, {"heater_voltage"},
        [read](Probe& probe, const ObservableArguments& a) { return read(heater_point(probe, a)); }));
  };
  scalar("heater_current", "current of the first ring's heater", Quantity::current,
         [](const HeaterPoint& at) { return at.heater.current_A(at.voltage_V); });
  scalar("heater_power", "power in the first ring's heater", Quantity::power,
         [](const HeaterPoint& at) { return at.heater.power_W(at.voltage_V); });
  scalar("heater_shift", "red shift of the resonance by the first ring's heater", Quantity::length,
         [](const HeaterPoint& at) { return at.heater.shift_m(at.heater.power_W(at.voltage_V)); });
}

}  // namespace photonlink
