#include "devices/limiting_amplifier.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "device_checks.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

using Amplifier = LimitingAmplifier;
using Parameters = LimitingAmplifierParameters;

namespace {

/// One lane at ±level_V around an offset of 0.3 V.
Bundle square_wave(double level_V, bool binary) {
  Bundle bundle;
  bundle.grid = {.symbol_rate_Bd = 25e9, .samples_per_symbol = 8, .symbols = 4};
  bundle.lane.emplace_back(32);
  for (std::size_t u = 0; u < 32; ++u) bundle.lane[0][u] = 0.3 + (u % 16 < 8 ? level_V : -level_V);
  if (binary)
    bundle.symbols = {{1.0, -1.0, 1.0, -1.0}};
  else
    bundle.symbols = {{1.0, -1.0 / 3.0, 1.0 / 3.0, -1.0}};
  return bundle;
}

double output_V(const Amplifier& amplifier, double level_V) {
  Bundle bundle = square_wave(level_V, true);
  amplifier.start(bundle)->step(bundle);
  return bundle.lane[0][0];
}

}  // namespace

TEST_CASE("limiting amplifier: every parameter refuses values outside its range by name") {
  test::check_range_messages<Amplifier, Parameters>();
}

TEST_CASE(
    "limiting amplifier: amplifies small signals around their mean and limits large ones to the swing") {
  const Amplifier amplifier("la", {.gain = 12.0, .limited_swing_Vpp = 0.5});
  // tanh x = x - x³/3 with x = 12e-6 / 0.25.
  CHECK(rel_error(output_V(amplifier, 1e-6), 12e-6) <= 1e-8);
  CHECK(rel_error(output_V(amplifier, 1.0), 0.25) <= 1e-12);
  CHECK(rel_error(output_V(amplifier, 0.02), 0.25 * std::tanh(0.96)) <= 1e-12);
}

TEST_CASE("limiting amplifier: the tangent of several levels is the central difference, of two the secant") {
  const Amplifier amplifier("la", {.gain = 2.0, .limited_swing_Vpp = 3.0});
  for (const bool binary : {false, true}) {
    const Bundle input = square_wave(0.9, binary);
    Sensitivity weight{.begin = -3, .length = 6, .lane = {RealWave(6, 1.0)}, .port = {}};
    amplifier.tangent(input)->pull_back(weight);
    // Samples -3 ... 2 are low, low, low, high, high, high: odd, so both have one gain.
    const double share = std::tanh(2.0 * 0.9 / 1.5);
    const double h = 1e-6,
                 slope =
                     1.5 * (std::tanh(2.0 * (0.9 + h) / 1.5) - std::tanh(2.0 * (0.9 - h) / 1.5)) / (2.0 * h);
    for (const double value : weight.lane[0])
      // Second order of the difference; rounding.
      CHECK(rel_error(value, binary ? 1.5 * share / 0.9 : slope) <= 1e-8);
  }
}

TEST_CASE("limiting amplifier: distance from the threshold over noise is kept, however hard it limits") {
  const Amplifier amplifier("la", {.gain = 10.0, .limited_swing_Vpp = 0.4, .noise_V2_per_Hz = 1e-17});
  for (const double level_V : {1e-3, 0.02, 0.1}) {
    Bundle output = square_wave(level_V, true);
    amplifier.start(output)->step(output);
    const NoiseTerm term = amplifier.noise(output).at(0);
    // A few products.
    CHECK(rel_error(2.0 * term.sigma * term.sigma / output.grid.sample_rate_Hz(), 1e-17) <= 1e-13);
    CAPTURE(level_V);
    // atanh of a share within 1e-4 of 1 loses four digits.
    CHECK(rel_error(output.lane[0][0] / term.modulation[0], level_V) <= 1e-9);
  }
  CHECK(Amplifier("la", {}).noise(square_wave(0.1, true)).empty());
}

TEST_CASE("limiting amplifier: a matched load sees the core's voltage, 3 dB less at the bandwidth") {
  const Amplifier amplifier("la", {.bandwidth_Hz = 40e9});
  const std::vector<double> frequency_Hz{0.0, 40e9};
  const LoadEnd matched{std::vector<Complex>(2, 50.0), std::vector<Complex>(2, 1.0)};
  std::vector<Complex> volts = segment_transfer(*amplifier.source_end(frequency_Hz), {}, matched);
  amplifier.multiply_electrical(frequency_Hz, volts);
  CHECK(rel_error(std::abs(volts[0]), 1.0) <= 1e-14);
  CHECK(rel_error(std::norm(volts[1]), 0.5) <= 1e-13);
  CHECK((*amplifier.load_end(frequency_Hz)).impedance_ohm[1] == Complex(50.0));
}

TEST_CASE(
    "limiting amplifier: warns of limited multilevel signals and of narrow outputs, power is its supply") {
  const auto warnings = [](double level_V, bool binary, double bandwidth_Hz) {
    std::vector<Warning> list;
    Amplifier("la", {.bandwidth_Hz = bandwidth_Hz}).validity(square_wave(level_V, binary), list);
    return list;
  };
  CHECK(warnings(1e-3, false, 50e9).empty());
  REQUIRE(warnings(0.05, false, 50e9).size() == 1);
  CHECK(warnings(0.05, false, 50e9)[0].text.find("two levels") != std::string::npos);
  CHECK(warnings(0.05, true, 50e9).empty());
  REQUIRE(warnings(0.05, true, 20e9).size() == 1);
  CHECK(warnings(0.05, true, 20e9)[0].text.find("below the symbol rate") != std::string::npos);
  Ledger ledger;
  Amplifier("la", {.supply_voltage_V = 1.2, .supply_current_A = 15e-3})
      .ledger(square_wave(0.1, true), ledger);
  CHECK(rel_error(ledger.energy.at(0).power_W, 18e-3) <= 1e-14);
}
