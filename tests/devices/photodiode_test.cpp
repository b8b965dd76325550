#include "devices/photodiode.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "device_checks.hpp"
#include "devices/physics/optics.hpp"
#include "support.hpp"

using namespace photonlink;
using constants::pi;
using test::abs_error;
using test::rel_error;

namespace {

const PhotodiodeParameters plain{.responsivity_A_per_W = 0.9, .dark_current_A = 1e-6};

Bundle detected(const Photodiode& diode, Bundle bundle) {
  diode.start(bundle)->step(bundle);
  return bundle;
}

}  // namespace

TEST_CASE("photodiode: every parameter refuses values outside its range by name") {
  test::check_range_messages<Photodiode, PhotodiodeParameters>();
}

TEST_CASE("photodiode: current is responsivity times the summed carrier powers plus dark current, per port") {
  const Photodiode diode("pd", plain);
  const Bundle light = test::random_bundle(1, 2, 3, 1);
  const Bundle current = detected(diode, light);
  REQUIRE(current.lane.size() == 2);
  CHECK(current.port.empty());
  CHECK(current.carrier_Hz.empty());
  for (std::size_t p = 0; p < 2; ++p)
    for (const std::size_t u : {0U, 13U, 31U}) {
      double power_W = 0.0;
      for (const ComplexWave& field : light.port[p].field) power_W += std::pow(std::abs(field[u]), 2);
      // Three squares and a sum.
      CHECK(rel_error(current.lane[p][u], 0.9 * power_W + 1e-6) <= 1e-14);
    }
}

TEST_CASE("photodiode: a missing light source is named") {
  CHECK_THROWS_WITH_AS(Photodiode("pd", plain).start(Bundle{}), doctest::Contains("pd: no light arrives"),
                       ConfigError);
}

TEST_CASE("photodiode: tangent equals the central difference of the square law") {
  const Photodiode diode("pd", plain);
  const Bundle light = test::random_bundle(2, 2, 3, 5);
  // The square law is exact in a central difference: rounding of 1e-16 over a step of 1e-3.
  CHECK(test::tangent_error(diode, light, test::random_lane_weights(2, 6), 1e-3) <= 1e-11);
}

TEST_CASE("photodiode: shot noise has the one-sided density 2qI of signal and dark current") {
  const Photodiode diode("pd", plain);
  const Bundle light = test::random_bundle(0, 2, 1, 7);
  const Bundle current = detected(diode, light);
  const auto terms = diode.noise(current);
  REQUIRE(terms.size() == 4);
  const double fs = current.grid.sample_rate_Hz();
  int signal_terms = 0;
  for (const NoiseTerm& term : terms) {
    const double base = 2.0 * term.sigma * term.sigma / fs;  // one-sided density for modulation 1
    if (term.modulation.empty()) {
      // 2 q I_dark, a few products.
      CHECK(rel_error(base, 2.0 * 1.602176634e-19 * 1e-6) <= 1e-14);
      CHECK(term.scaling == LossScaling::fixed);
      continue;
    }
    ++signal_terms;
    const double signal_A = 0.9 * std::norm(light.port[static_cast<std::size_t>(term.lane)].field[0][11]);
    // Dark current of 1e-6 is added and taken off again: relative rounding 1e-12 of a signal above 1e-6.
    CHECK(rel_error(base * term.modulation[11] * term.modulation[11], 2.0 * 1.602176634e-19 * signal_A) <=
          1e-9);
    CHECK(term.scaling == LossScaling::with_sqrt_signal);
  }
  CHECK(signal_terms == 2);
  PhotodiodeParameters silent = plain;
  silent.shot_noise = 0.0;
  CHECK(Photodiode("pd", silent).noise(current).empty());
}

TEST_CASE("photodiode: capacitance, series resistance and load form one pole at 1 / (2π (R_s + R_L) C)") {
  const Photodiode diode("pd", {.capacitance_F = 80e-15, .series_resistance_ohm = 20.0});
  const std::vector<double> frequency_Hz{0.0, 10e9, 40e9, 90e9};
  const double load_ohm = 50.0;
  const LoadEnd load{std::vector<Complex>(4, load_ohm), std::vector<Complex>(4, 1.0)};
  std::vector<Complex> transfer = segment_transfer(*diode.source_end(frequency_Hz), {}, load);
  diode.multiply_electrical(frequency_Hz, transfer);
  for (std::size_t k = 0; k < transfer.size(); ++k) {
    const Complex expected = 1.0 / Complex(1.0, 2.0 * pi * frequency_Hz[k] * 70.0 * 80e-15);
    // Default transit bandwidth is 1e15 Hz: a phase of 9e-5 at 90 GHz.
    CHECK(std::abs(transfer[k] - expected) <= 1e-4);
  }
}

TEST_CASE(
    "photodiode: transit time is a pole at its bandwidth, the ideal values leave the current untouched") {
  std::vector<Complex> response(1, 1.0);
  Photodiode("pd", {.bandwidth_Hz = 50e9, .capacitance_F = 0.0})
      .multiply_electrical(std::vector<double>{50e9}, response);
  // |1/(1+j)|².
  CHECK(rel_error(std::norm(response[0]), 0.5) <= 1e-14);
  response[0] = 1.0;
  Photodiode("pd", {.capacitance_F = 0.0}).multiply_electrical(std::vector<double>{50e9}, response);
  // 50 GHz over 1e15 Hz.
  CHECK(std::abs(response[0] - 1.0) <= 5.1e-5);
}

TEST_CASE("photodiode: bias power is mean current times bias, and doubles with the light") {
  const auto power_W = [](double field_scale) {
    PhotodiodeParameters p = plain;
    p.dark_current_A = 0.0;
    p.bias_voltage_V = 2.0;
    Bundle light = test::random_bundle(0, 2, 1, 8);
    for (OpticalPort& port : light.port) port.field[0].assign(32, Complex(0.0, 0.03 * field_scale));
    Ledger ledger;
    Photodiode("pd", p).ledger(light, ledger);
    return ledger.energy.at(0).power_W;
  };
  // Two ports of 0.9 mW at 0.9 A/W and 2 V.
  CHECK(rel_error(power_W(1.0), 2.0 * 0.9e-3 * 0.9 * 2.0) <= 1e-13);
  CHECK(rel_error(power_W(std::sqrt(2.0)), 2.0 * power_W(1.0)) <= 1e-13);
}

TEST_CASE("photodiode: warns above the quantum limit and of carriers closer than twice the symbol rate") {
  const auto warnings = [](double responsivity, double spacing_Hz) {
    Bundle bundle = test::random_bundle(0, 1, 2, 9);
    bundle.carrier_Hz = {228e12 + spacing_Hz, 228e12};
    std::vector<Warning> list;
    Photodiode("pd", {.responsivity_A_per_W = responsivity}).validity(bundle, list);
    return list;
  };
  CHECK(warnings(1.04, 100e9).empty());
  REQUIRE(warnings(1.10, 100e9).size() == 1);
  CHECK(warnings(1.10, 100e9)[0].text.find("quantum limit") != std::string::npos);
  REQUIRE(warnings(0.9, 60e9).size() == 1);
  CHECK(warnings(0.9, 60e9)[0].text.find("twice the symbol rate") != std::string::npos);
}

TEST_CASE("photodiode: responsivity is linear between the points of its spectrum and constant beyond") {
  PhotodiodeParameters p = plain;
  p.responsivity_A_per_W = 0.8;
  p.spectrum_wavelength_m = {1300e-9, 1500e-9};
  p.spectrum = {1.0, 0.5};
  const Photodiode diode("pd", p);
  const auto at = [&](double wavelength_m) { return diode.responsivity_A_per_W(299792458.0 / wavelength_m); };
  // Rounding of wavelengths.
  CHECK(rel_error(at(1400e-9), 0.8 * 0.75) <= 1e-12);
  CHECK(rel_error(at(1350e-9), 0.8 * 0.875) <= 1e-12);
  CHECK(at(1250e-9) == 0.8);
  CHECK(at(1600e-9) == 0.4);
  // Two carriers, each with its own.
  Bundle light = test::random_bundle(0, 1, 2, 5);
  light.carrier_Hz = {299792458.0 / 1300e-9, 299792458.0 / 1500e-9};
  const double expected =
      0.8 * std::norm(light.port[0].field[0][6]) + 0.4 * std::norm(light.port[0].field[1][6]);
  CHECK(rel_error(detected(diode, light).lane[0][6], expected + diode.dark_current_A()) <= 1e-12);
  p.spectrum = {1.0};
  CHECK_THROWS_WITH_AS(Photodiode("pd", p), doctest::Contains("spectrum_wavelength has 2 values"),
                       ConfigError);
  p.spectrum_wavelength_m = p.spectrum = {1.3e-6, 1.3e-6};
  CHECK_THROWS_WITH_AS(Photodiode("pd", p), doctest::Contains("rising"), ConfigError);
}

TEST_CASE("photodiode: dark current of two published bias points, and doubling with temperature") {
  // Bernal, OFC 2026 Th2A.15: 71 nA at -1 V, 6.5 uA at -3 V.
  const double exponent_V = 2.0 / std::log(6.5e-6 / 71e-9);
  PhotodiodeParameters p{.dark_current_A = 71e-9, .dark_exponent_V = exponent_V, .bias_voltage_V = 3.0};
  CHECK(rel_error(Photodiode("pd", p).dark_current_A(), 6.5e-6) <= 1e-12);  // rounding
  p.bias_voltage_V = 1.0;
  p.dark_doubling_K = 10.0;
  p.temperature_K = 330.0;
  CHECK(rel_error(Photodiode("pd", p).dark_current_A(), 8.0 * 71e-9) <= 1e-12);
}

TEST_CASE("photodiode: laws of the dark current are refused where they run away") {
  // 71 nA e^(99 V / 10 mV).
  CHECK_THROWS_WITH_AS(Photodiode("pd", {.dark_exponent_V = 0.01, .bias_voltage_V = 100.0}),
                       doctest::Contains("dark_exponent"), ConfigError);
}

TEST_CASE("photodiode: saturation halves the current at its own value and bends the tangent") {
  PhotodiodeParameters p = plain;
  p.responsivity_A_per_W = 1.0;
  p.dark_current_A = 0.0;
  p.saturation_current_A = 2e-3;
  const Photodiode diode("pd", p);
  Bundle light = test::random_bundle(1, 1, 2, 5);
  Bundle steady = light;
  for (ComplexWave& field : steady.port[0].field) field.assign(32, Complex(std::sqrt(1e-3), 0.0));
  CHECK(rel_error(detected(diode, steady).lane[0][0], 1e-3) <= 1e-14);
  // Small signal at 0 Hz: a quarter of the slope at I_lin = I_sat.
  Bundle more = steady;
  more.port[0].field[0].assign(32, Complex(std::sqrt(1e-3 * (1.0 + 1e-6)), 0.0));
  const double slope = (detected(diode, more).lane[0][0] - detected(diode, steady).lane[0][0]) / 1e-9;
  // Second order of a step of 1e-6, and 1e-16 over it.
  CHECK(rel_error(slope, 0.25) <= 1e-6);
  CHECK(test::tangent_error(diode, light, test::random_lane_weights(1, 6), 1e-5) <= 1e-6);
  std::vector<Warning> warnings;
  steady.carrier_Hz = {228e12, 229e12};
  diode.validity(steady, warnings);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].text.find("fifth of saturation_current") != std::string::npos);
}

TEST_CASE("photodiode: two inputs lose and delay the second polarisation") {
  PhotodiodeParameters p = plain;
  p.bandwidth_Hz = 1e15;
  p.capacitance_F = 0.0;
  p.first_input_share = 0.5;
  p.polarization_dependent_loss_dB = 10.0 * std::log10(2.0);
  p.polarization_skew_s = 10e-12;
  p.dark_current_A = 0.0;
  const Photodiode diode("pd", p);
  Bundle light = test::random_bundle(0, 1, 1, 5);
  // Half of the light, and half of the other half.
  CHECK(rel_error(detected(diode, light).lane[0][3],
                  0.75 * p.responsivity_A_per_W * std::norm(light.port[0].field[0][3])) <= 1e-12);
  std::vector<Complex> response(2, 1.0);
  diode.multiply_electrical(std::vector<double>{0.0, 50e9}, response);
  CHECK(std::abs(response[0] - 1.0) <= 1e-12);
  // Half a period of 50 GHz: (2 - 1) / 3.
  CHECK(std::abs(response[1] - 1.0 / 3.0) <= 1e-4);
}

TEST_CASE("photodiode: crosstalk of the splitter swaps the inputs, and a skew that costs is told") {
  const Bundle input = test::random_bundle(1, 1, 1, 4);  // 32 GBd
  const auto current = [&](const PhotodiodeParameters& p) {
    Bundle bundle = input;
    Photodiode("pd", p).start(input)->step(bundle);
    return bundle.lane[0][5];
  };
  // All light in the first input, all of it coupled over: as if it came in the second.
  const double swapped = current({.dark_current_A = 0.0,
                                  .first_input_share = 1.0,
                                  .polarization_dependent_loss_dB = 3.0,
                                  .polarization_crosstalk_dB = 0.0});
  const double second =
      current({.dark_current_A = 0.0, .first_input_share = 0.0, .polarization_dependent_loss_dB = 3.0});
  CHECK(rel_error(swapped, second) <= 1e-14);
  std::vector<Warning> warnings;
  Photodiode("pd", {.first_input_share = 0.5, .polarization_skew_s = 5e-12}).validity(input, warnings);
  REQUIRE(warnings.size() == 1);
  // 16 GHz: cos(π 0.08), 0.14 dB.
  CHECK(warnings[0].text.find("takes 0.14 dB") != std::string::npos);
  warnings.clear();
  Photodiode("pd", {.first_input_share = 1.0, .polarization_skew_s = 5e-12}).validity(input, warnings);
  CHECK(warnings.empty());
}

TEST_CASE("photodiode: a transit that slows settles to the static current and has its tangent") {
  PhotodiodeParameters p = plain;
  p.bandwidth_Hz = 100e9;
  p.transit_current_A = 5e-3;
  p.saturation_current_A = 20e-3;
  const Photodiode diode("pd", p);
  std::vector<Complex> response(1, 1.0);
  diode.multiply_electrical(std::vector<double>{0.0}, response);
  CHECK(response[0] == 1.0);
  // Settled transient = static.
  Bundle steady = test::random_bundle(1, 1, 1, 5);
  steady.port[0].field[0].assign(32, Complex(0.05, 0.0));
  const double linear_A = 0.9 * 2.5e-3;
  CHECK(rel_error(detected(diode, steady).lane[0][31], linear_A / (1.0 + linear_A / 20e-3) + 1e-6) <= 1e-14);
  // Weights on the last samples of a window of 20, its beginning many time constants earlier.
  const Bundle light = test::random_bundle(1, 1, 1, 5), direction = test::random_bundle(1, 1, 1, 99);
  Sensitivity observed = test::random_lane_weights(1, 6);
  std::fill_n(observed.lane[0].begin(), 14, 0.0);
  const auto second_period = [&](double step) {
    const Bundle input = test::combined(light, direction, step);
    const auto stepper = diode.start(input);
    Bundle output = input;
    stepper->step(output);
    output = input;
    stepper->step(output);
    return test::apply(observed, output);
  };
  Sensitivity pulled = observed;
  diode.tangent(light)->pull_back(pulled);
  const double difference = (second_period(1e-5) - second_period(-1e-5)) / 2e-5;
  // The window leaves e^-10 of what came before, the difference its second order.
  CHECK(rel_error(test::apply(pulled, direction), difference) <= 1e-4);
}
