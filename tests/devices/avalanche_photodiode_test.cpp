#include "devices/avalanche_photodiode.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "device_checks.hpp"
#include "devices/photodiode.hpp"
#include "devices/physics/avalanche.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

using Diode = AvalanchePhotodiode;
using Parameters = AvalanchePhotodiodeParameters;

namespace {

constexpr double charge_C = 1.602176634e-19;

Bundle detected(const Stage& diode, Bundle light) {
  diode.start(light)->step(light);
  return light;
}

}  // namespace

TEST_CASE("avalanche photodiode: every parameter refuses values outside its range by name") {
  test::check_range_messages<Diode, Parameters>();
}

TEST_CASE("avalanche photodiode: gain follows bias, breakdown and temperature, or is stated") {
  CHECK(rel_error(Diode("apd", {.bias_voltage_V = 15.0, .breakdown_voltage_V = 20.0}).gain(), 4.0) <= 1e-14);
  // 100 K x 0.1 %/K: breakdown at 22 V.
  const Parameters warm{.bias_voltage_V = 16.5,
                        .breakdown_voltage_V = 20.0,
                        .breakdown_temperature_share_per_K = 1e-3,
                        .temperature_K = 400.0};
  CHECK(rel_error(Diode("apd", warm).gain(), 4.0) <= 1e-14);
  CHECK(Diode("apd", {.gain = 7.0}).gain() == 7.0);
  CHECK_THROWS_WITH_AS(Diode("apd", {.bias_voltage_V = 15.3}),
                       doctest::Contains("apd: bias_voltage: bias of 15.3 V"), ConfigError);
  CHECK_THROWS_WITH_AS(Diode("apd", {.gain = 0.5}), doctest::Contains("apd: gain = 0.5"), ConfigError);
}

TEST_CASE("avalanche photodiode: multiplies light and inner dark current, tangent as the difference") {
  const Diode diode("apd", {.responsivity_A_per_W = 0.8,
                            .gain = 5.0,
                            .multiplied_dark_current_A = 1e-6,
                            .surface_dark_current_A = 3e-6,
                            .saturation_current_A = 20e-3});
  Bundle light = test::random_bundle(0, 1, 1, 3);
  const double power_W = std::norm(light.port[0].field[0][4]);
  const double linear_A = 5.0 * 0.8 * power_W;
  // A few products.
  CHECK(rel_error(detected(diode, light).lane[0][4], linear_A / (1.0 + linear_A / 20e-3) + 8e-6) <= 1e-14);
  // Third order of the saturation over a step of 1e-3 of the field.
  CHECK(test::tangent_error(diode, light, test::random_lane_weights(1, 6), 1e-5) <= 1e-6);
}

TEST_CASE("avalanche photodiode: shot noise is 2q M² F of the primary currents") {
  const Diode diode("apd", {.responsivity_A_per_W = 0.8,
                            .gain = 10.0,
                            .ionization_ratio = 0.2,
                            .multiplied_dark_current_A = 1e-6,
                            .surface_dark_current_A = 3e-6});
  const Bundle light = test::random_bundle(0, 1, 1, 7);
  const Bundle current = detected(diode, light);
  const auto terms = diode.noise(current);
  REQUIRE(terms.size() == 3);
  const double fs = current.grid.sample_rate_Hz();
  // F(10) = 0.2 · 10 + 0.8 · 1.9 = 3.52
  const double primary_A = 0.8 * std::norm(light.port[0].field[0][9]);
  const double signal = 2.0 * std::pow(terms[0].sigma * terms[0].modulation[9], 2) / fs;
  // The dark current is taken off again: 1e-16 over 1e-3 of the signal.
  CHECK(rel_error(signal, 2.0 * charge_C * 100.0 * 3.52 * primary_A) <= 1e-9);
  CHECK(rel_error(2.0 * terms[1].sigma * terms[1].sigma / fs, 2.0 * charge_C * 352.0 * 1e-6) <= 1e-13);
  // What is not multiplied is Gaussian and has random numbers of its own.
  CHECK(rel_error(2.0 * terms[2].sigma * terms[2].sigma / fs, 2.0 * charge_C * 3e-6) <= 1e-13);
  CHECK(terms[2].law == NoiseTerm::Law::gaussian);
  CHECK(terms[2].source != terms[1].source);
  // The carriers of a sample have the variance of its term: N E[g²] (q f_s)².
  CHECK(terms[0].law == NoiseTerm::Law::avalanche);
  CHECK(rel_error(terms[0].electron, charge_C * fs) <= 1e-15);
  const double carriers = primary_A / (charge_C * fs);
  CHECK(rel_error(std::pow(terms[0].sigma * terms[0].modulation[9], 2),
                  carriers * 352.0 * terms[0].electron * terms[0].electron) <= 1e-9);
  CHECK(Diode("apd", {.shot_noise = 0.0}).noise(current).empty());
  // At unit gain it is a photodiode.
  const auto plain = Diode("apd", {.gain = 1.0, .multiplied_dark_current_A = 71e-9}).noise(current);
  const auto pin = Photodiode("pin", {}).noise(current);
  REQUIRE(plain.size() == pin.size());
  for (std::size_t i = 0; i < pin.size(); ++i) CHECK(rel_error(plain[i].sigma, pin[i].sigma) <= 1e-14);
}

TEST_CASE("avalanche photodiode: bandwidth falls as the gain-bandwidth product says") {
  for (const double gain : {5.0, 12.8}) {
    std::vector<Complex> response(1, 1.0);
    Diode("apd", {.gain = gain, .gain_bandwidth_Hz = 615e9, .capacitance_F = 0.0})
        .multiply_electrical(std::vector<double>{615e9 / gain}, response);
    // 1e15 Hz of transit.
    CHECK(rel_error(std::norm(response[0]), 0.5) <= 1e-7);
  }
}

TEST_CASE("avalanche photodiode: bias power is the multiplied current times bias") {
  const auto power_W = [](double gain) {
    Bundle light = test::random_bundle(0, 1, 1, 8);
    light.port[0].field[0].assign(32, Complex(0.0, 0.01));
    Ledger ledger;
    Diode(
        "apd",
        {.responsivity_A_per_W = 1.0, .gain = gain, .bias_voltage_V = 12.0, .multiplied_dark_current_A = 0.0})
        .ledger(light, ledger);
    return ledger.energy.at(0).power_W;
  };
  CHECK(rel_error(power_W(6.0), 6.0 * 1e-4 * 12.0) <= 1e-13);
  CHECK(rel_error(power_W(12.0), 2.0 * power_W(6.0)) <= 1e-13);
}
