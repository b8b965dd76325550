#include "devices/physics/heater.hpp"

#include <doctest/doctest.h>

#include <boost/math/tools/roots.hpp>
#include <cmath>

#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

/// The published current law, as printed.
double law_A(double r_ohm, double k_per_V2, double v) {
  return v / r_ohm * 2.0 / (1.0 + std::sqrt(1.0 + k_per_V2 * v * v));
}

// Metal heater of Bahadori 2017: 160 ohm cold, 9.8 mA at 2.6 V, 6.84 nm there.
Heater bahadori(HeaterDriver driver = HeaterDriver::ideal, int bits = 0) {
  return {.cold_resistance_ohm = 160.0,
          .hot_resistance_ohm = 2.6 / 9.8e-3,
          .max_voltage_V = 2.6,
          .efficiency_m_per_W = 6.84e-9 / (2.6 * 9.8e-3),
          .driver = driver,
          .supply_V = 3.3,
          .dac_bits = bits};
}

}  // namespace

TEST_CASE("heater: the current law that goes through its cold slope and its hottest point") {
  const Heater heater = bahadori();
  // K solved by hand from I(2.6 V) = 9.8 mA: (2 V/(R I) - 1)² = 1 + K V².
  const double k = (std::pow(2.0 * 2.6 / (160.0 * 9.8e-3) - 1.0, 2) - 1.0) / (2.6 * 2.6);
  // Rounding of a dozen operations.
  CHECK(rel_error(heater.voltage_coefficient_per_V2(), k) <= 1e-13);
  for (const double v : {1e-3, 0.5, 1.3, 2.0, 2.6}) {
    CHECK(rel_error(heater.current_A(v), law_A(160.0, k, v)) <= 1e-13);
    CHECK(rel_error(heater.resistance_ohm(heater.power_W(v)), v / law_A(160.0, k, v)) <= 1e-13);
  }
  CHECK(rel_error(heater.current_A(2.6), 9.8e-3) <= 1e-13);
  CHECK(rel_error(heater.max_shift_m(), 6.84e-9) <= 1e-13);
}

TEST_CASE("heater: the inverses agree with a root finder on the law") {
  const Heater heater = bahadori();
  const double k = heater.voltage_coefficient_per_V2();
  const auto close = [](double a, double b) { return std::abs(a - b) <= 1e-14 * std::abs(b); };
  for (const double power_W : {1e-6, 1e-3, 5e-3, 12e-3, 25e-3}) {
    const auto root = boost::math::tools::bisect([&](double v) { return v * law_A(160.0, k, v) - power_W; },
                                                 0.0, 10.0, close);
    // Bisection to 1e-14.
    CHECK(rel_error(heater.voltage_V(power_W), root.first) <= 1e-12);
    CHECK(rel_error(heater.power_W(root.first), power_W) <= 1e-12);
    CHECK(rel_error(heater.power_of_current_W(law_A(160.0, k, root.first)), power_W) <= 1e-11);
    CHECK(rel_error(heater.power_of_shift_W(heater.shift_m(power_W)), power_W) <= 1e-15);
  }
}

TEST_CASE("heater: a constant resistance is Ohm's law") {
  const Heater heater{.cold_resistance_ohm = 500.0, .hot_resistance_ohm = 500.0, .max_voltage_V = 2.0};
  CHECK(heater.current_A(1.5) == 1.5 / 500.0);
  CHECK(rel_error(heater.voltage_V(2e-3), 1.0) <= 1e-15);
  CHECK(rel_error(heater.power_of_current_W(2e-3), 2e-3) <= 1e-15);
}

TEST_CASE("heater: a linear DAC draws the supply times the current, a switched one the heater's power") {
  const Heater linear = bahadori(HeaterDriver::linear_dac), pwm = bahadori(HeaterDriver::pwm);
  for (const double v : {0.4, 1.0, 2.6}) {
    const double k = linear.voltage_coefficient_per_V2(), current = law_A(160.0, k, v);
    // Rounding.
    CHECK(rel_error(linear.drawn_W(v * current), 3.3 * current) <= 1e-13);
    CHECK(rel_error(pwm.drawn_W(v * current), v * current) <= 1e-15);
    // Twice the loss in the converter, twice the power.
    Heater halved = linear;
    halved.driver_efficiency = 0.5;
    CHECK(rel_error(halved.drawn_W(v * current), 2.0 * linear.drawn_W(v * current)) <= 1e-15);
    // The switched heater sees V_max² d on average at the resistance of its mean power.
    const double duty = pwm.share_of_power(v * current);
    CHECK(rel_error(2.6 * 2.6 * duty / pwm.resistance_ohm(v * current), v * current) <= 1e-13);
  }
}

TEST_CASE("heater: codes of a DAC are even in power, voltage or time and reach the whole range") {
  for (const HeaterDriver driver : {HeaterDriver::ideal, HeaterDriver::linear_dac, HeaterDriver::pwm}) {
    const Heater heater = bahadori(driver, 6);
    double worst_step_W = 0.0;
    for (int k = 1; k < 64; ++k) {
      const double low = heater.power_of_share_W((k - 1) / 63.0), high = heater.power_of_share_W(k / 63.0);
      CHECK(high > low);
      worst_step_W = std::max(worst_step_W, high - low);
      // A code is its own nearest; a third of the way in share rounds down.
      CHECK(rel_error(heater.quantised_W(high), high) <= 1e-12);
      CHECK(rel_error(heater.quantised_W(heater.power_of_share_W((k + 0.33) / 63.0)), high) <= 1e-12);
      CHECK(std::abs(heater.share_of_power(high) - k / 63.0) <= 1e-12);
    }
    CHECK(rel_error(heater.power_of_share_W(1.0), heater.max_power_W()) <= 1e-14);
    CHECK(heater.quantised_W(2.0 * heater.max_power_W()) == heater.quantised_W(heater.max_power_W()));
    // The largest step of a linear DAC is the last: 2 V I' dV, at most twice the even one.
    CHECK(worst_step_W <= 2.0 * heater.max_power_W() / 63.0);
    Heater continuous = heater;
    continuous.dac_bits = 0;
    CHECK(continuous.quantised_W(1.234e-3) == 1.234e-3);
  }
}
