#include "devices/physics/laser_diode.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"
#include "core/quantity.hpp"
#include "devices/physics/optics.hpp"

namespace photonlink {

LaserOperation operate(const std::string& owner, const LaserDiode& d, double power_W, double carrier_Hz,
                       double mount_K) {
  constexpr double hottest_K = 500.0;
  double junction_K = mount_K;
  for (int iteration = 0; iteration < 500 && junction_K < hottest_K; ++iteration) {
    const double above_K = junction_K - d.reference_temperature_K;
    const double slope_W_per_A = d.differential_efficiency * std::exp(-above_K / d.slope_T1_K) /
                                 quantum_limited_responsivity_A_per_W(carrier_Hz);
    LaserOperation at{};
    at.current_A = d.threshold_current_A * std::exp(above_K / d.threshold_T0_K) + power_W / slope_W_per_A;
    at.voltage_V = d.turn_on_voltage_V + d.series_resistance_ohm * at.current_A;
    at.junction_K = junction_K;
    at.electrical_W = at.current_A * at.voltage_V;
    at.heat_W = at.electrical_W - power_W;
    const double next_K = mount_K + d.thermal_resistance_K_per_W * at.heat_W;
    if (std::abs(next_K - junction_K) <= 1e-12 * junction_K) return at;
    junction_K = next_K;
  }
  throw ConfigError(fmt::format(
      "{}: {} at the facet is out of reach on a mount at {:.4g} K: heat raises the threshold faster "
      "than current lifts the power; lower power, temperature or thermal_resistance",
      owner, format_quantity(power_W, Quantity::power), mount_K));
}

double cooler_power_W(const std::string& owner, double heat_W, double cold_K, double hot_K,
                      double figure_of_merit) {
  if (hot_K <= cold_K) return 0.0;
  const double z_per_K = figure_of_merit / 300.0;
  const double m = std::sqrt(1.0 + 0.5 * z_per_K * (cold_K + hot_K));
  const double performance = cold_K / (hot_K - cold_K) * (m - hot_K / cold_K) / (m + 1.0);
  if (performance <= 0.0)
    throw ConfigError(
        fmt::format("{}: a cooler of cooler_figure = {} does not span {:.4g} K to {:.4g} K; raise "
                    "laser_temperature or lower "
                    "ambient_temperature",
                    owner, figure_of_merit, cold_K, hot_K));
  return heat_W / performance;
}

}  // namespace photonlink
