#include "devices/driver.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "device_checks.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

/// Terminal voltage [V] across `load_ohm` at frequency 0 for an input at positive full scale.
double output_V(const DriverParameters& parameters, double load_ohm) {
  const Driver driver("driver", parameters);
  Bundle bundle = test::random_bundle(1, 0, 0, 1);
  bundle.lane[0].assign(32, 0.5 * bundle.full_scale_Vpp);
  driver.start(bundle)->step(bundle);
  const std::vector<double> dc{0.0};
  std::vector<Complex> transfer = segment_transfer(*driver.source_end(dc), {}, {{load_ohm}, {1.0}});
  driver.multiply_electrical(dc, transfer);
  return bundle.lane[0][3] * transfer[0].real();
}

}  // namespace

TEST_CASE("driver: every parameter refuses values outside its range by name") {
  test::check_range_messages<Driver, DriverParameters>();
}

TEST_CASE("driver: full-scale input gives the swing across the load where it is specified") {
  // Half of the peak-to-peak swing; an open load is 1 Tohm beside 50 ohm.
  CHECK(rel_error(output_V({.swing_Vpp = 3.0, .swing_at = "matched"}, 50.0), 1.5) <= 1e-14);
  CHECK(rel_error(output_V({.swing_Vpp = 3.0, .swing_at = "matched"}, 1e12), 3.0) <= 1e-9);
  CHECK(rel_error(output_V({.swing_Vpp = 3.0, .swing_at = "open"}, 1e12), 1.5) <= 1e-9);
  CHECK(rel_error(output_V({.swing_Vpp = 3.0, .swing_at = "open", .source_resistance_ohm = 0.0}, 7.0), 1.5) <=
        1e-14);
}

TEST_CASE("driver: full scale behind it is the swing of the lanes, an EMF") {
  for (const std::string where : {"matched", "open"}) {
    Bundle bundle = test::random_bundle(2, 0, 0, 2);
    const Driver driver("driver", {.swing_Vpp = 2.4, .swing_at = where});
    const double before = bundle.lane[1][5] / bundle.full_scale_Vpp;
    driver.start(bundle)->step(bundle);
    CHECK(rel_error(bundle.full_scale_Vpp, where == "matched" ? 4.8 : 2.4) <= 1e-15);
    // What was at full scale in front of the driver is at full scale behind it.
    CHECK(rel_error(bundle.lane[1][5] / bundle.full_scale_Vpp, before) <= 1e-14);
  }
}

TEST_CASE("driver: what cannot be meant is named") {
  CHECK_THROWS_WITH_AS(Driver("driver", {.source_resistance_ohm = 0.0}),
                       doctest::Contains("has no matched load"), ConfigError);
  CHECK_THROWS_WITH_AS(Driver("driver", {}).start(Bundle{}), doctest::Contains("driver: the incoming lanes"),
                       ConfigError);
}

TEST_CASE("driver: tangent equals the finite difference of the core") {
  const Driver driver("driver", {.swing_Vpp = 2.4});
  // A linear core: rounding of 1e-16 over a step of 1e-2.
  CHECK(test::tangent_error(driver, test::random_bundle(2, 0, 0, 3), test::random_lane_weights(2, 4), 1e-2) <=
        1e-12);
}

TEST_CASE("driver: bandwidth is the 3 dB point, the input is R parallel C") {
  const Driver driver(
      "driver",
      {.input_resistance_ohm = 100.0, .input_capacitance_F = 30e-15, .bandwidth_Hz = 60e9, .order = 3});
  std::vector<Complex> response(1, 1.0);
  driver.multiply_electrical(std::vector<double>{60e9}, response);
  // Three complex products.
  CHECK(rel_error(std::norm(response[0]), 0.5) <= 1e-13);
  const Complex admittance_S(0.01, 2.0 * constants::pi * 20e9 * 30e-15);
  CHECK(std::abs(driver.load_end(std::vector<double>{20e9})->impedance_ohm[0] * admittance_S - 1.0) <= 1e-14);
}

TEST_CASE("driver: switching power is a C V² f with a = 1/4 for balanced NRZ, and scales as physics says") {
  const auto power_W = [](double capacitance_F, double volts, double rate_Bd) {
    Bundle bundle = test::random_bundle(1, 0, 0, 1);
    bundle.grid.symbol_rate_Bd = rate_Bd;
    bundle.symbols = {{-1.0, -1.0, 1.0, 1.0}};  // one upward step in four symbols, as random bits have
    Ledger ledger;
    Driver("driver",
           {.internal_capacitance_F = capacitance_F, .supply_voltage_V = volts, .supply_current_A = 0.0})
        .ledger(bundle, ledger);
    return ledger.energy.at(1).power_W;
  };
  // Products of a few numbers: ¼ · 400 fF · 1 V² · 32 GBd = 3.2 mW.
  CHECK(rel_error(power_W(400e-15, 1.0, 32e9), 3.2e-3) <= 1e-14);
  CHECK(rel_error(power_W(800e-15, 1.0, 32e9), 6.4e-3) <= 1e-14);
  CHECK(rel_error(power_W(400e-15, 2.0, 32e9), 12.8e-3) <= 1e-14);
  CHECK(rel_error(power_W(400e-15, 1.0, 64e9), 6.4e-3) <= 1e-14);
}

TEST_CASE("driver: PAM4 switches the mean upward step of its levels") {
  Bundle bundle = test::random_bundle(1, 0, 0, 1);
  // Three upward steps of a third of the full step: one full step in six symbols.
  bundle.symbols = {{-1.0, -1.0 / 3.0, 1.0 / 3.0, 1.0, 1.0, -1.0}};
  Ledger ledger;
  Driver("driver", {.internal_capacitance_F = 1e-12, .supply_voltage_V = 1.0}).ledger(bundle, ledger);
  CHECK(rel_error(ledger.energy.at(1).power_W, 1e-12 * 32e9 / 6.0) <= 1e-14);
}
