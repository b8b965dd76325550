#include "devices/physics/ring_heat_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/quantity.hpp"
#include "devices/physics/ring_states.hpp"

namespace photonlink {
namespace {

double mean_power_W(const ComplexWave& field) {
  double sum = 0.0;
  for (const Complex& a : field) sum += std::norm(a);
  return sum / static_cast<double>(field.size());
}

using Text = std::optional<std::string>;

Text several_states(const RingHeat& h, const HeatLimits& limits) {
  if (limits.reference == DetuningReference::hot || h.states < 2) return {};
  return fmt::format(
      "bistable: {} thermal states at this cold detuning, the one reached {} is taken ({:.3g} K, {} to the "
      "red); set thermal_history to the sweep that is used",
      h.states, limits.history == ThermalHistory::from_blue ? "from the blue" : "from the red",
      h.temperature_K, format_quantity(h.thermal_shift_Hz, Quantity::frequency));
}

Text held_by_lock(const RingHeat& h, const HeatLimits& limits) {
  if (limits.reference == DetuningReference::cold || h.restoring > 0.0) return {};
  return fmt::format(
      "thermally unstable: at this hot detuning heat runs away unless a lock holds it (slope of the state "
      "{:.2g}, {} states); choose detuning_side = \"blue\" or less light",
      h.restoring, h.states);
}

Text bistable_elsewhere(const RingHeat& h, const HeatLimits& limits) {
  if (limits.reference == DetuningReference::cold || h.restoring <= 0.0 || h.states < 2) return {};
  return fmt::format(
      "bistable: {} thermal states at this heater setting, self-heating of {:.3g} K ({}); the lock must "
      "acquire from the blue",
      h.states, h.temperature_K, format_quantity(h.thermal_shift_Hz, Quantity::frequency));
}

Text without_range(const RingHeat& h, const HeatLimits& limits) {
  if (limits.reference == DetuningReference::cold || h.thermal_shift_Hz <= limits.heater_range_Hz) return {};
  return fmt::format(
      "self-heating of {} is more than the mean red shift {} of the heaters, who cannot give it up; raise "
      "resonance_spread",
      format_quantity(h.thermal_shift_Hz, Quantity::frequency),
      format_quantity(limits.heater_range_Hz, Quantity::frequency));
}

// One percent of the linewidth is what a static eye does not show.
Text follows_pattern(const RingHeat& h, const HeatLimits&) {
  const double linewidth_Hz = h.ring.aligned.rates.linewidth_Hz();
  if (h.ripple_Hz <= 0.01 * linewidth_Hz) return {};
  return fmt::format(
      "heat follows the pattern by {} ({:.2g} of the linewidth), which is left out: thermal_time {} is not "
      "much longer than the pattern's slowest part; count errors in stream mode",
      format_quantity(h.ripple_Hz, Quantity::frequency), h.ripple_Hz / linewidth_Hz,
      format_quantity(h.ring.medium.thermal_time_s, Quantity::time));
}

Text beyond_linewidth(const RingHeat& h, const HeatLimits&) {
  const RingRates& rates = h.ring.aligned.rates;
  if (h.peak_fast_shift_Hz <= 0.1 * rates.linewidth_Hz() &&
      h.peak_extra_loss_per_s <= 0.1 * rates.total_per_s())
    return {};
  return fmt::format(
      "two photons, carriers and Kerr effect move the resonance by up to {:.2g} and widen it by up to {:.2g} "
      "of the linewidth; the linear law of the carriers and their single lifetime are estimates there",
      h.peak_fast_shift_Hz / rates.linewidth_Hz(), h.peak_extra_loss_per_s / rates.total_per_s());
}

Text beyond_sink(const RingHeat& h, const HeatLimits& limits) {
  if (h.peak_current_A <= limits.max_sink_current_A) return {};
  return fmt::format("photocurrent of up to {} is more than the {} that its driver sinks (max_sink_current)",
                     format_quantity(h.peak_current_A, Quantity::current),
                     format_quantity(limits.max_sink_current_A, Quantity::current));
}

}  // namespace

std::vector<RingDress> settled_dress(const std::vector<RingHeat>& heat, const Bundle& at,
                                     std::span<const double> drive_V) {
  std::vector<double> power_W;
  power_W.reserve(at.carrier_Hz.size());
  for (const ComplexWave& field : at.port[0].field) power_W.push_back(mean_power_W(field));
  std::vector<RingDress> dress;
  dress.reserve(heat.size());
  for (std::size_t i = 0; i < heat.size(); ++i) {
    const auto& [ring, medium, mean_heat_W] = heat[i].ring;
    RingRates rates = ring.rates;
    rates.loss_per_s += ring.law.extra_loss_per_s(drive_V[i]);
    std::vector<double> detuning_Hz = ring.detuning_Hz;
    for (double& d : detuning_Hz) d -= ring.law.shift_Hz(drive_V[i]);
    const double energy_J = settled_energy_J(rates, medium, power_W, detuning_Hz);
    const double pairs = medium.settled_pairs(energy_J);
    const RingDress& now = dress.emplace_back(
        RingDress{heat[i].offset_Hz, medium.shift_Hz(energy_J, pairs), medium.loss_per_s(energy_J, pairs)});
    rates.loss_per_s += now.extra_loss_per_s;
    for (std::size_t c = 0; c < power_W.size(); ++c)
      power_W[c] *= ring.passing_field * ring.passing_field *
                    port_power(rates, ring.port, detuning_Hz[c] - now.shift_Hz);
  }
  return dress;
}

LedgerEntry photocurrent_entry(const std::string& name, const std::vector<RingHeat>& heat) {
  double power_W = 0.0, current_A = 0.0, peak_A = 0.0;
  for (const RingHeat& h : heat) {
    power_W += std::max(h.electrical_W, 0.0);  // a driver takes no power back from a forward junction
    current_A += h.current_A;
    peak_A = std::max(peak_A, h.peak_current_A);
  }
  return {name, "photocurrent", Owner::module, power_W,
          fmt::format("mean of current x reverse voltage; {} in {} rings, at most {} to sink",
                      format_quantity(current_A, Quantity::current), heat.size(),
                      format_quantity(peak_A, Quantity::current))};
}

void deduct_self_heating(LedgerEntry& tuning, double mean_shift_Hz, const std::vector<RingHeat>& heat) {
  if (heat.empty() || mean_shift_Hz <= 0.0) return;
  double share = 0.0;
  for (const RingHeat& h : heat)
    share += std::min(1.0, h.thermal_shift_Hz / mean_shift_Hz) / static_cast<double>(heat.size());
  if (share <= 0.0) return;
  tuning.basis += fmt::format(", less {} that self-heating does",
                              format_quantity(share * tuning.power_W, Quantity::power));
  tuning.power_W *= 1.0 - share;
}

void warn_of_heat(const std::string& name, const std::vector<RingHeat>& heat, const HeatLimits& limits,
                  std::vector<Warning>& warnings) {
  for (const auto check : {several_states, held_by_lock, bistable_elsewhere, without_range, follows_pattern,
                           beyond_linewidth, beyond_sink})
    for (std::size_t i = 0; i < heat.size(); ++i) {
      const Text text = check(heat[i], limits);
      if (!text) continue;
      warnings.push_back({name, fmt::format("ring {}: {}", i, *text)});
      break;
    }
}

}  // namespace photonlink
