/// Power, current and voltage of a laser diode against temperature, and what cooling it costs.
///
///   P = η_d (hν/q) e^{-(T-T_r)/T₁} (I - I_th),   I_th = I₀ e^{(T-T_r)/T₀},   V = V₀ + R I
///   T = T_mount + R_th (I V - P)
/// (\cite Coldren2012, Secs. 2.4 to 2.7.) The heat raises threshold and current; of several balances the one
/// reached from cold counts.
///
/// Thermoelectric cooler at the current of its best coefficient of performance (\cite Ioffe1957, Ch. 2), cold
/// side T_c, hot side T_h, figure of merit z at the mean temperature, m = √(1 + z (T_c + T_h)/2):
///   COP = T_c/(T_h - T_c) · (m - T_h/T_c)/(m + 1)
/// z is given as ZT at 300 K. At T_h <= T_c nothing is cooled and nothing drawn.
///
/// Validity: no rollover but that by heat; a cooler without contact resistances (a real one draws more: lower
/// ZT); no heating mode.
/// Verified in tests/devices/physics/laser_diode_test.cpp.
#pragma once

#include <string>

namespace photonlink {

struct LaserDiode {
  double threshold_current_A, differential_efficiency, reference_temperature_K, threshold_T0_K, slope_T1_K;
  double turn_on_voltage_V, series_resistance_ohm, thermal_resistance_K_per_W;
};

struct LaserOperation {
  double current_A, voltage_V, junction_K;
  double electrical_W, heat_W;
};

/// What one diode needs for `power_W` at its facet. @throws ConfigError, in the name of `owner`, when heat
/// keeps it from that power.
LaserOperation operate(const std::string& owner, const LaserDiode& diode, double power_W, double carrier_Hz,
                       double mount_K);

/// Electrical power of a cooler that pumps `heat_W`. @throws ConfigError when no such cooler spans the
/// difference of temperature.
double cooler_power_W(const std::string& owner, double heat_W, double cold_K, double hot_K,
                      double figure_of_merit);

}  // namespace photonlink
