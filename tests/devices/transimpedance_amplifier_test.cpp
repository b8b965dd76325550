#include "devices/transimpedance_amplifier.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "device_checks.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

using Amplifier = TransimpedanceAmplifier;
using Parameters = TransimpedanceAmplifierParameters;

TEST_CASE("transimpedance amplifier: every parameter refuses values outside its range by name") {
  test::check_range_messages<Amplifier, Parameters>();
}

TEST_CASE("transimpedance amplifier: a matched load sees current times gain, 3 dB less at the bandwidth") {
  for (int order = 1; order <= 4; ++order) {
    const Amplifier amplifier("tia", {.gain_ohm = 600.0, .bandwidth_Hz = 30e9, .order = order});
    const std::vector<double> frequency_Hz{0.0, 30e9};
    const LoadEnd matched{std::vector<Complex>(2, 50.0), std::vector<Complex>(2, 1.0)};
    std::vector<Complex> volts = segment_transfer(*amplifier.source_end(frequency_Hz), {}, matched);
    amplifier.multiply_electrical(frequency_Hz, volts);
    // A few complex products.
    CHECK(rel_error(std::abs(volts[0]), 600.0) <= 1e-14);
    CHECK(rel_error(std::norm(volts[1]), 600.0 * 600.0 / 2.0) <= 1e-13);
  }
}

TEST_CASE("transimpedance amplifier: input is R_in parallel C_in and divides the current between them") {
  const Amplifier amplifier("tia", {.input_resistance_ohm = 60.0, .input_capacitance_F = 50e-15});
  const std::vector<double> frequency_Hz{0.0, 20e9};
  const LoadEnd load = *amplifier.load_end(frequency_Hz);
  const Complex admittance_S(1.0 / 60.0, 2.0 * constants::pi * 20e9 * 50e-15);
  // Ohm's law on the parallel circuit: Z = 1/Y and I_R/I = Z/R.
  CHECK(std::abs(load.impedance_ohm[1] * admittance_S - 1.0) <= 1e-14);
  CHECK(std::abs(load.transfer[1] - 1.0 / (60.0 * admittance_S)) <= 1e-14);
  CHECK(rel_error(load.impedance_ohm[0].real(), 60.0) <= 1e-15);
}

TEST_CASE("transimpedance amplifier: input noise has the density i_n² on every lane, independent") {
  const Bundle bundle = test::random_bundle(3, 0, 0, 1);
  const auto terms = Amplifier("tia", {.input_noise_A_per_sqrtHz = 12e-12}).noise(bundle);
  REQUIRE(terms.size() == 3);
  CHECK(terms[0].source != terms[1].source);
  for (const NoiseTerm& term : terms) {
    // One-sided density 2 σ² / f_s.
    CHECK(rel_error(2.0 * term.sigma * term.sigma / bundle.grid.sample_rate_Hz(), 144e-24) <= 1e-14);
    CHECK(term.scaling == LossScaling::fixed);
  }
  CHECK(Amplifier("tia", {.input_noise_A_per_sqrtHz = 0.0}).noise(bundle).empty());
}

TEST_CASE(
    "transimpedance amplifier: power is supply voltage times current times lanes, and doubles with each") {
  const auto power_W = [](int lanes, double volts, double amperes) {
    Ledger ledger;
    Amplifier("tia", {.supply_voltage_V = volts, .supply_current_A = amperes})
        .ledger(test::random_bundle(lanes, 0, 0, 1), ledger);
    return ledger.energy.at(0).power_W;
  };
  // Products of three numbers.
  CHECK(rel_error(power_W(1, 1.8, 20e-3), 36e-3) <= 1e-15);
  CHECK(rel_error(power_W(2, 1.8, 20e-3), 72e-3) <= 1e-15);
  CHECK(rel_error(power_W(1, 3.6, 20e-3), 72e-3) <= 1e-15);
  CHECK(rel_error(power_W(1, 1.8, 40e-3), 72e-3) <= 1e-15);
}

TEST_CASE("transimpedance amplifier: warns when the input swing exceeds the overload current") {
  Bundle bundle = test::random_bundle(1, 0, 0, 1);
  bundle.lane[0].assign(32, 1e-3);
  bundle.lane[0][4] = 2.5e-3;  // 1.5 mA peak to peak
  std::vector<Warning> list;
  Amplifier("tia", {.overload_current_A = 1.6e-3}).validity(bundle, list);
  CHECK(list.empty());
  Amplifier("tia", {.overload_current_A = 1.4e-3}).validity(bundle, list);
  CHECK(list.size() == 1);
}
