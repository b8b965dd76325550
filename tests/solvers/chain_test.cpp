#include "solvers/chain.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "devices/cw_laser.hpp"
#include "devices/driver.hpp"
#include "devices/microring_modulator.hpp"
#include "devices/optical_loss.hpp"
#include "devices/photodiode.hpp"
#include "devices/transimpedance_amplifier.hpp"
#include "links.hpp"
#include "signal/fft.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

constexpr double rate_Bd = 25e9, pi = std::numbers::pi;

SerdesTransmitterParameters transmitter() {
  return {.swing_Vpp = 0.8,
          .ffe_taps = {-0.1, 0.8, -0.1},
          .ffe_main = 1,
          .rise_time_s = 12e-12,
          .source_resistance_ohm = 90.0};
}
SerdesReceiverParameters receiver() {
  return {.input_resistance_ohm = 110.0,
          .input_capacitance_F = 40e-15,
          .noise_V2_per_Hz = 1e-17,
          .bandwidth_Hz = 18e9};
}

double distance(const RealWave& a, const RealWave& b) {
  double difference = 0.0, size = 0.0;
  for (std::size_t u = 0; u < a.size(); ++u) {
    difference = std::max(difference, std::abs(a[u] - b[u]));
    size = std::max(size, std::abs(b[u]));
  }
  return difference / size;
}

test::Stages optics() {
  return {std::make_shared<Driver>("driver", DriverParameters{}),
          std::make_shared<CwLaser>("laser", CwLaserParameters{}),
          std::make_shared<OpticalLoss>("coupler", OpticalLossParameters{.loss_dB = 1.5}),
          std::make_shared<MicroringModulator>("ring", MicroringModulatorParameters{}),
          std::make_shared<OpticalLoss>("fiber", OpticalLossParameters{.loss_dB = 2.0}),
          std::make_shared<Photodiode>("photodiode", PhotodiodeParameters{}),
          std::make_shared<TransimpedanceAmplifier>("tia", TransimpedanceAmplifierParameters{})};
}

}  // namespace

TEST_CASE("chain: response of a copper link is source, ladder and load solved by hand, times both tails") {
  const double inductance_H = 0.3e-9, capacitance_F = 60e-15;
  const auto link =
      test::copper_link(2, rate_Bd, transmitter(),
                        {std::make_shared<test::LowPassChannel>(inductance_H, capacitance_F)}, receiver());
  const Chain chain(*link);
  REQUIRE(chain.nodes() == std::vector<int>{0, 2});
  const std::vector<double> frequency = {0.0, 1e9, 7e9, 12.5e9, 40e9};
  const auto first = chain.electrical_response(chain.block(0), frequency),
             last = chain.electrical_response(chain.block(1), frequency);
  for (std::size_t k = 0; k < frequency.size(); ++k) {
    const double f = frequency[k];
    const Complex jw(0.0, 2.0 * pi * f);
    // Voltage divider: shunt C parallel to the load (R || C) behind R_s + jωL.
    const Complex admittance = jw * capacitance_F + 1.0 / 110.0 + jw * 40e-15;
    const Complex divider = 1.0 / (1.0 + (90.0 + jw * inductance_H) * admittance);
    const double edge = pi * f * 12e-12 / 1.6832;
    // Poles of the Butterworth response of order 4 at exp(±j 5π/8), exp(±j 7π/8).
    Complex low_pass = 1.0;
    for (double angle : {5.0, 7.0, 9.0, 11.0})
      low_pass /= 1.0 - Complex(0.0, f / 18e9) / std::polar(1.0, angle * pi / 8.0);
    CAPTURE(f);
    // Rounding of a dozen products.
    CHECK(std::abs(first[k] - divider * std::exp(-2.0 * edge * edge)) <= 1e-12);
    // The standard prints its coefficients with seven digits.
    CHECK(std::abs(last[k] - low_pass) <= 1e-6);
  }
}

TEST_CASE("chain: one fused circular filter equals filtering stage by stage") {
  const auto link = test::copper_link(
      2, rate_Bd, transmitter(),
      {std::make_shared<test::SymbolSpacedEcho>(std::vector<double>{0.1, 0.8, 0.2}, rate_Bd),
       std::make_shared<test::LowPassChannel>(0.3e-9, 60e-15)},
      receiver());
  test::Run run(link, "PRBS7");
  RealWave wave = run.solution.behind_core[0].lane[0];
  const auto frequency = real_frequencies_Hz(run.grid.size(), run.grid.sample_rate_Hz());
  const Fft& fft = run.context.fft(run.grid.size());
  std::vector<std::vector<Complex>> filters;
  const auto tail = [&](int stage) {
    filters.emplace_back(frequency.size(), 1.0);
    run.chain.stage(stage).multiply_electrical(frequency, filters.back());
  };
  tail(0);
  tail(1);
  filters.push_back(segment_transfer(*run.chain.stage(0).source_end(frequency),
                                     *run.chain.stage(2).two_port(frequency, -1),
                                     *run.chain.stage(3).load_end(frequency)));
  tail(3);
  for (const auto& filter : filters) filter_periodic(fft, filter, wave);
  // Four transforms forth and back; the Nyquist bin takes the real part stage by stage, where a held symbol
  // has nothing.
  CHECK(distance(run.solution.sampler.lane[0], wave) <= 1e-12);
}

TEST_CASE("chain: a stage is a node when it has a core or noise") {
  const auto optical = test::copper_link(2, rate_Bd, {}, optics(), {.noise_V2_per_Hz = 1e-17});
  const Chain chain(*optical);
  // 0 transmitter, 1 driver, 2 laser, 3 coupler, 4 ring, 5 fiber, 6 photodiode, 7 amplifier, 8 receiver.
  CHECK(chain.nodes() == std::vector<int>{0, 1, 2, 4, 6, 7, 8});
  CHECK_FALSE(chain.linear());
  CHECK(chain.optical());
  const int last = static_cast<int>(chain.nodes().size()) - 1;
  CHECK(chain.block(last).last == 9);
  for (int node = 0; node < last; ++node) {
    CHECK(chain.block(node).first == chain.nodes()[static_cast<std::size_t>(node)]);
    CHECK(chain.block(node).last == chain.block(node + 1).first);
  }
  const auto quiet = test::copper_link(2, rate_Bd, {}, {}, {});
  const Chain copper(*quiet);
  CHECK(copper.nodes() == std::vector<int>{0});
  CHECK(copper.linear());
  CHECK_FALSE(copper.optical());
}

TEST_CASE("chain: full scale follows the response at direct current") {
  const auto link = test::copper_link(
      2, rate_Bd, {.swing_Vpp = 0.8, .rise_time_s = 10e-12},
      {std::make_shared<test::SymbolSpacedEcho>(std::vector<double>{0.5, 0.3}, rate_Bd)}, {});
  const test::Run run(link, "PRBS7");
  // EMF 1.6 V, halved by the matched load, times 0.8 of the echoes.
  CHECK(rel_error(run.solution.sampler.full_scale_Vpp, 0.64) <= 1e-12);
  double low = 0.0, high = 0.0;
  for (double v : run.solution.sampler.lane[0]) {
    low = std::min(low, v);
    high = std::max(high, v);
  }
  // Runs of seven symbols settle to what a Gaussian edge leaves behind half a symbol.
  CHECK(rel_error(high - low, 0.64) <= 1e-3);
}

TEST_CASE("chain: a current that no amplifier takes is an error") {
  const test::Stages stages{std::make_shared<CwLaser>("laser", CwLaserParameters{.carriers = 1}),
                            std::make_shared<Photodiode>("photodiode", PhotodiodeParameters{})};
  const auto link = test::copper_link(2, 25e9, {}, stages, {});
  CHECK_THROWS_WITH_AS(test::Run(link, "PRBS7"),
                       doctest::Contains("put a transimpedance_amplifier behind a photodiode"), ConfigError);
}

TEST_CASE("chain: light that no photodiode detects is an error") {
  auto stages = optics();
  stages.erase(stages.begin() + 5);
  const auto link = test::copper_link(2, rate_Bd, {}, stages, {});
  std::string text;
  try {
    const test::Run run(link, "PRBS7");
  } catch (const ConfigError& error) {
    text = error.what();
  }
  CAPTURE(text);
  CHECK(text.find("0 of 1 lanes reach the receiver; put a photodiode") != std::string::npos);
}

TEST_CASE("chain: an electrical input that no source drives is an error") {
  const auto terminated = std::make_shared<SerdesReceiver>("first", SerdesReceiverParameters{});
  const auto link = test::copper_link(2, rate_Bd, {}, {terminated}, {});
  const Chain chain(*link);
  const double frequency = 1e9;
  std::string text;
  try {
    chain.electrical_response(chain.block(0), {&frequency, 1});
  } catch (const ConfigError& error) {
    text = error.what();
  }
  CHECK(text == "link 'test': stage 'receiver' has an electrical input but no source stage in front of it");
}

TEST_CASE("chain: part of a link is a chain, but sends no symbols") {
  Link link;
  link.name = "part";
  link.symbol_rate_Bd = rate_Bd;
  const auto stages = optics();
  link.stages.assign(stages.begin() + 1, stages.begin() + 4);  // laser, coupler, ring
  const Chain chain(link);
  CHECK(chain.nodes() == std::vector<int>{0, 2});
  // A laser in front is a core like any other: the chain is not one linear response of the symbols.
  CHECK_FALSE(chain.linear());
  Context context(1);
  CHECK_THROWS_WITH_AS(solve_periodic(chain, {rate_Bd, 16, 8}, {std::vector<double>(8)}, context),
                       "link 'part': the first stage must be a serdes_transmitter", ConfigError);
  link.stages.insert(link.stages.begin(), std::make_shared<SerdesTransmitter>("tx", transmitter()));
  CHECK_THROWS_WITH_AS(solve_periodic(Chain(link), {rate_Bd, 16, 8}, {std::vector<double>(8)}, context),
                       "link 'part': the last stage must be a serdes_receiver", ConfigError);
  CHECK_THROWS_AS(solve_pattern(std::make_shared<Link>(), context), ConfigError);
}

TEST_CASE("chain: the first electrical input of part of a link has an ideal source") {
  const std::vector<double> frequency = {0.0, 1e9, 20e9, 60e9};
  const double capacitance_F = 60e-15, inductance_H = 0.3e-9;
  const auto ring = std::make_shared<MicroringModulator>(
      "ring", MicroringModulatorParameters{.junction_capacitance_F = 40e-15, .series_resistance_ohm = 20.0});
  const auto channel = std::make_shared<test::LowPassChannel>(inductance_H, capacitance_F);
  Link link;
  link.stages = {channel, std::make_shared<CwLaser>("laser", CwLaserParameters{}), ring};
  CHECK(Chain(link).source_of(2) == -1);
  const auto response = Chain(link).segment_response(2, frequency);
  link.stages[0] = std::make_shared<Driver>("driver", DriverParameters{.source_resistance_ohm = 35.0});
  CHECK(Chain(link).source_of(2) == 0);
  const auto driven = Chain(link).segment_response(2, frequency);
  for (std::size_t k = 0; k < frequency.size(); ++k) {
    const Complex jw(0.0, 2.0 * pi * frequency[k]);
    // Junction behind R_s; the shunt capacitance lies across it, the inductance alone is in series.
    const Complex branch = jw * 40e-15 / (1.0 + jw * 20.0 * 40e-15),
                  junction = 1.0 / (1.0 + jw * 20.0 * 40e-15);
    CAPTURE(frequency[k]);
    // 1 Hz stands in for 0 Hz in the load: 2π 1 Hz (35 ohm + 20 ohm) 40 fF = 1.4e-11.
    CHECK(std::abs(response[k] - junction / (1.0 + jw * inductance_H * (jw * capacitance_F + branch))) <=
          2e-11);
    CHECK(std::abs(driven[k] - junction / (1.0 + 35.0 * branch)) <= 2e-11);
  }
  link.stages = {std::make_shared<TransimpedanceAmplifier>(
      "tia", TransimpedanceAmplifierParameters{.input_resistance_ohm = 50.0, .input_capacitance_F = 30e-15})};
  const auto current = Chain(link).segment_response(0, frequency);
  for (std::size_t k = 0; k < frequency.size(); ++k) {
    // All of the current enters; the resistor takes its share beside the capacitor. Rounding.
    CHECK(std::abs(current[k] - 1.0 / Complex(1.0, 2.0 * pi * frequency[k] * 50.0 * 30e-15)) <= 1e-15);
  }
}
