#include "devices/physics/laser_diode.hpp"

#include <doctest/doctest.h>

#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

constexpr double carrier_Hz = 228.8e12;
const LaserDiode diode{8e-3, 0.25, 298.15, 55.0, 180.0, 0.95, 5.0, 80.0};

/// Power at a current: the junction temperature found by bisection, from the equations as printed.
double power_at_W(double current_A, double mount_K) {
  const double photon_V = constants::planck_J_s * carrier_Hz / constants::elementary_charge_C;
  const auto power = [&](double junction_K) {
    const double above = junction_K - 298.15;
    return 0.25 * photon_V * std::exp(-above / 180.0) * (current_A - 8e-3 * std::exp(above / 55.0));
  };
  const auto imbalance = [&](double junction_K) {
    const double heat_W = current_A * (0.95 + 5.0 * current_A) - power(junction_K);
    return mount_K + 80.0 * heat_W - junction_K;
  };
  std::uintmax_t steps = 100;
  const auto root = boost::math::tools::toms748_solve(imbalance, mount_K, mount_K + 150.0,
                                                      boost::math::tools::eps_tolerance<double>(50), steps);
  return power(0.5 * (root.first + root.second));
}

}  // namespace

TEST_CASE("laser diode: without heat the current is threshold plus power over slope") {
  LaserDiode cold = diode;
  cold.thermal_resistance_K_per_W = 0.0;
  const LaserOperation at = operate("laser", cold, 10e-3, carrier_Hz, 298.15);
  const double slope = 0.25 * constants::planck_J_s * carrier_Hz / constants::elementary_charge_C;
  // A handful of roundings.
  CHECK(rel_error(at.current_A, 8e-3 + 10e-3 / slope) <= 1e-14);
  CHECK(rel_error(at.voltage_V, 0.95 + 5.0 * at.current_A) <= 1e-14);
  CHECK(rel_error(at.electrical_W, at.heat_W + 10e-3) <= 1e-14);
  // T0 and T1 by their definition.
  const LaserOperation hot = operate("laser", cold, 10e-3, carrier_Hz, 298.15 + 55.0);
  CHECK(rel_error(hot.current_A, 8e-3 * std::exp(1.0) + 10e-3 / slope * std::exp(55.0 / 180.0)) <= 1e-14);
}

TEST_CASE("laser diode: with its own heat it inverts the power at a current") {
  for (const double mount_K : {298.15, 328.15, 343.15})
    for (const double current_A : {30e-3, 60e-3, 100e-3}) {
      const double power_W = power_at_W(current_A, mount_K);
      REQUIRE(power_W > 0.0);
      // The iteration ends at 1e-12 of the temperature, which the exponentials magnify.
      CHECK(rel_error(operate("laser", diode, power_W, carrier_Hz, mount_K).current_A, current_A) <= 1e-9);
    }
}

TEST_CASE("laser diode: power beyond the thermal rollover is refused") {
  CHECK_THROWS_WITH_AS(operate("laser", diode, 200e-3, carrier_Hz, 353.15),
                       doctest::Contains("laser: 200 mW at the facet is out of reach on a mount at 353.1 K"),
                       ConfigError);
}

TEST_CASE(
    "cooler: the coefficient of performance is the best over the current of the equations of Peltier and "
    "Joule") {
  // Q = S T_c I - R I²/2 - K ΔT, P = S I ΔT + R I², z = S²/(R K); in units of R = K = 1 per kelvin.
  for (const auto& [cold, hot] : {std::pair{298.15, 323.15}, {328.15, 343.15}, {313.15, 353.15}}) {
    const double z = 0.7 / 300.0, seebeck = std::sqrt(z), span = hot - cold;
    const auto loss = [&, cold = cold](double current) {
      const double heat = seebeck * cold * current - 0.5 * current * current - span;
      return -heat / (seebeck * current * span + current * current);
    };
    const auto best =
        boost::math::tools::brent_find_minima(loss, 0.1 * span / (seebeck * cold), seebeck * cold, 50);
    // A minimum is found to half the digits of its place, its value to all.
    CHECK(rel_error(2e-3 / cooler_power_W("laser", 2e-3, cold, hot, 0.7), -best.second) <= 1e-9);
  }
  CHECK(cooler_power_W("laser", 1.0, 330.0, 320.0, 0.7) == 0.0);
  CHECK_THROWS_WITH_AS(
      cooler_power_W("laser", 1.0, 250.0, 350.0, 0.7),
      doctest::Contains("laser: a cooler of cooler_figure = 0.7 does not span 250 K to 350 K"), ConfigError);
}
