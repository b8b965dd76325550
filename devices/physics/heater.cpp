#include "devices/physics/heater.hpp"

#include <algorithm>
#include <cmath>

namespace photonlink {

HeaterDriver heater_driver(std::string_view word) {
  return word == "linear_dac" ? HeaterDriver::linear_dac
         : word == "pwm"      ? HeaterDriver::pwm
                              : HeaterDriver::ideal;
}

double Heater::growth_per_W() const {
  return (hot_resistance_ohm / cold_resistance_ohm - 1.0) / max_power_W();
}

double Heater::voltage_coefficient_per_V2() const {
  return 4.0 * growth_per_W() / cold_resistance_ohm;
}

double Heater::max_power_W() const {
  return max_voltage_V * max_voltage_V / hot_resistance_ohm;
}

double Heater::current_A(double voltage_V) const {
  const double root = std::sqrt(1.0 + voltage_coefficient_per_V2() * voltage_V * voltage_V);
  return voltage_V / cold_resistance_ohm * 2.0 / (1.0 + root);
}

double Heater::power_W(double voltage_V) const {
  return voltage_V * current_A(voltage_V);
}

double Heater::voltage_V(double power_W) const {
  return std::sqrt(power_W * resistance_ohm(power_W));
}

double Heater::power_of_current_W(double current_A) const {
  const double cold_W = cold_resistance_ohm * current_A * current_A;
  return cold_W / (1.0 - growth_per_W() * cold_W);
}

double Heater::resistance_ohm(double power_W) const {
  return cold_resistance_ohm * (1.0 + growth_per_W() * power_W);
}

double Heater::drawn_W(double power_W) const {
  if (driver != HeaterDriver::linear_dac) return power_W / driver_efficiency;
  return supply_V * std::sqrt(power_W / resistance_ohm(power_W)) / driver_efficiency;
}

double Heater::share_of_power(double power_W) const {
  const double power = std::clamp(power_W, 0.0, max_power_W());
  if (driver == HeaterDriver::ideal) return power / max_power_W();
  const double voltage_share = voltage_V(power) / max_voltage_V;
  // Behind a switch the mean of V² counts, V_max² d.
  return driver == HeaterDriver::linear_dac ? voltage_share : voltage_share * voltage_share;
}

double Heater::power_of_share_W(double share) const {
  if (driver == HeaterDriver::ideal) return share * max_power_W();
  return power_W(max_voltage_V * (driver == HeaterDriver::linear_dac ? share : std::sqrt(share)));
}

double Heater::quantised_W(double power_W) const {
  if (dac_bits == 0) return std::clamp(power_W, 0.0, max_power_W());
  const double codes = std::exp2(dac_bits) - 1.0;
  return power_of_share_W(std::round(share_of_power(power_W) * codes) / codes);
}

}  // namespace photonlink
