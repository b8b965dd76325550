#include "devices/dfb_laser.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "device_checks.hpp"
#include "devices/physics/optics.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

Bundle dark_bundle() {
  Bundle bundle;
  bundle.grid = {.symbol_rate_Bd = 53.125e9, .samples_per_symbol = 16, .symbols = 8};
  bundle.lane.assign(4, RealWave(static_cast<std::size_t>(bundle.grid.size()), 0.25));
  return bundle;
}

double entry_W(const DfbLaserParameters& p, const std::string& cause) {
  Ledger ledger;
  DfbLaser("laser", p).ledger(dark_bundle(), ledger);
  for (const LedgerEntry& entry : ledger.energy)
    if (entry.cause == cause) return entry.power_W;
  return 0.0;
}

const DfbLaserParameters four{.wavelengths_m = {1331e-9, 1311e-9, 1291e-9, 1271e-9}};

}  // namespace

TEST_CASE("dfb laser: every parameter refuses values outside its range by name") {
  test::check_range_messages<DfbLaser, DfbLaserParameters>();
}

TEST_CASE("dfb laser: one constant carrier for each wavelength, rising in frequency, side modes taken out") {
  DfbLaserParameters p = four;
  p.side_mode_suppression_dB = 20.0;
  const DfbLaser laser("laser", p);
  Bundle bundle = dark_bundle();
  laser.start(bundle)->step(bundle);
  REQUIRE(bundle.carrier_Hz.size() == 4);
  for (std::size_t c = 0; c < 4; ++c) {
    CHECK(rel_error(wavelength_m(bundle.carrier_Hz[c]), p.wavelengths_m[c]) <= 1e-15);
    if (c > 0) CHECK(bundle.carrier_Hz[c] > bundle.carrier_Hz[c - 1]);
    // 10 mW / 1.01; a root squared.
    CHECK(rel_error(std::norm(bundle.port[0].field[c][9]), 10e-3 / 1.01) <= 1e-14);
  }
  CHECK(bundle.lane == dark_bundle().lane);
  CHECK_THROWS_WITH_AS(laser.start(bundle), doctest::Contains("the chain already carries light"),
                       ConfigError);
}

TEST_CASE("dfb laser: the default reproduces the published current of its power within its heat") {
  // Okuda 2026: 19 mW at 100 mA on a mount at 55 C; the junction is 10 K hotter than the published mount.
  DfbLaserParameters p;
  p.power_W = 19e-3;
  const double current_A = DfbLaser("laser", p).operation(228.8e12).current_A;
  CHECK(current_A > 0.100);
  CHECK(current_A < 0.115);
}

TEST_CASE("dfb laser: power, losses and ambient move the ledger as physics says") {
  DfbLaserParameters one, lossy, hot, driven, none;
  CHECK(rel_error(entry_W(four, "wall-plug"), 4.0 * entry_W(one, "wall-plug")) <
        0.05);  // photon energies differ
  lossy.coupling_loss_dB = 10.0 * std::log10(1.5);
  DfbLaserParameters brighter;
  brighter.power_W *= 1.5;
  // A logarithm and its inverse.
  CHECK(rel_error(entry_W(lossy, "wall-plug"), entry_W(brighter, "wall-plug")) <= 1e-12);
  driven.driver_efficiency = 0.8;
  CHECK(rel_error(entry_W(driven, "wall-plug"), entry_W(one, "wall-plug") / 0.8) <= 1e-14);
  hot.ambient_temperature_K = 353.15;
  CHECK(entry_W(hot, "temperature control") > 1.3 * entry_W(one, "temperature control"));
  CHECK(entry_W(hot, "wall-plug") == entry_W(one, "wall-plug"));  // the cooler holds the laser
  none.cooling = "none";
  CHECK(entry_W(none, "temperature control") == 0.0);
  CHECK(entry_W(none, "wall-plug") > entry_W(one, "wall-plug"));  // 15 K hotter
  const DfbLaser laser("laser", one);
  // The cooler pumps what the diode does not emit.
  CHECK(rel_error(laser.cooler_W(),
                  cooler_power_W("laser", laser.operation(laser.carrier_frequencies_Hz()[0]).heat_W, 328.15,
                                 343.15, 0.7)) <= 1e-14);
}

TEST_CASE("dfb laser: more light than electrical power is refused") {
  DfbLaserParameters p;
  p.differential_efficiency = 1.0;
  p.slope_T1_K = 1e4;
  p.turn_on_voltage_V = 0.3;
  p.series_resistance_ohm = 0.1;
  p.threshold_current_A = 1e-3;
  // An electron that makes a photon of 0.95 eV has 0.3 V.
  CHECK_THROWS_WITH_AS(DfbLaser("laser", p), doctest::Contains("raise turn_on_voltage"), ConfigError);
  p.turn_on_voltage_V = 1.0;
  CHECK_NOTHROW(DfbLaser("laser", p));
}

TEST_CASE("dfb laser: wavelengths out of order are refused, weak side-mode suppression warns") {
  CHECK_THROWS_WITH_AS(DfbLaser("laser", {.wavelengths_m = {1271e-9, 1311e-9}}),
                       doctest::Contains("laser: wavelengths[1] = 1.311 um is not below 1.271 um"),
                       ConfigError);
  CHECK_THROWS_WITH_AS(DfbLaser("laser", {.wavelengths_m = {}}), doctest::Contains("0 wavelengths"),
                       ConfigError);
  const auto warnings = [](const DfbLaserParameters& p) {
    std::vector<Warning> list;
    DfbLaser("laser", p).validity(dark_bundle(), list);
    return list.size();
  };
  CHECK(warnings({}) == 0);
  CHECK(warnings({.side_mode_suppression_dB = 20.0}) == 1);
  CHECK(warnings({.ambient_temperature_K = 300.0}) == 1);
  CHECK(warnings({.return_loss_dB = 15.0}) == 1);
}
