#include "solvers/small_signal.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "devices/cw_laser.hpp"
#include "devices/driver.hpp"
#include "devices/microring_filter.hpp"
#include "devices/optical_loss.hpp"
#include "devices/photodiode.hpp"
#include "devices/transimpedance_amplifier.hpp"
#include "fake_modulator.hpp"
#include "small_signal_runs.hpp"
#include "support.hpp"
#include "swept_chain.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

constexpr double pi = std::numbers::pi, carrier_Hz = 229e12;
const std::vector<double> frequency = {0.0, 1e9, 13e9, 40e9, 110e9};

std::shared_ptr<Stage> laser(int carriers = 1) {
  return std::make_shared<CwLaser>(
      "laser", CwLaserParameters{.first_frequency_Hz = carrier_Hz, .carriers = carriers, .power_W = 2e-3});
}
std::shared_ptr<Stage> loss(double dB) {
  return std::make_shared<OpticalLoss>("loss", OpticalLossParameters{.loss_dB = dB});
}

}  // namespace

TEST_CASE("small signal: driver, channel and modulator make one drive response, solved by hand") {
  const test::FakeModulatorParameters ring;
  const test::SweptChain c({std::make_shared<SerdesTransmitter>("tx", SerdesTransmitterParameters{}),
                            std::make_shared<Driver>("driver", DriverParameters{.source_resistance_ohm = 40.0,
                                                                                .bandwidth_Hz = 60e9}),
                            std::make_shared<test::LowPassChannel>(0.2e-9, 20e-15), laser(),
                            std::make_shared<test::FakeModulator>(ring)});
  const SmallSignal s(c.spectrum);
  CHECK(s.modulator() == 4);
  CHECK_FALSE(s.ideal_source());
  const auto drive = s.drive_response(frequency);
  for (std::size_t k = 0; k < frequency.size(); ++k) {
    const Complex jw(0.0, 2.0 * pi * frequency[k]), x(0.0, frequency[k] / 60e9);
    const Complex junction = 1.0 / (1.0 + jw * 10.0 * 30e-15);  // of the terminal voltage
    const Complex admittance = jw * 20e-15 + jw * 30e-15 * junction;
    const Complex terminal = 1.0 / (1.0 + (40.0 + jw * 0.2e-9) * admittance);
    const Complex butterworth = 1.0 / (1.0 + std::sqrt(2.0) * x + x * x);
    CAPTURE(frequency[k]);
    // Rounding; 1 Hz stands in for 0 Hz in the load: 2π 1 Hz 50 ohm 30 fF = 1e-11.
    CHECK(std::abs(drive[k] - butterworth * terminal * junction) <= 2e-11);
  }
}

TEST_CASE("small signal: without a driver the modulator's own load remains") {
  const test::SweptChain c({laser(), std::make_shared<test::FakeModulator>(test::FakeModulatorParameters{})});
  const SmallSignal s(c.spectrum);
  CHECK(s.ideal_source());
  const auto drive = s.drive_response(frequency);
  for (std::size_t k = 0; k < frequency.size(); ++k)
    CHECK(std::abs(drive[k] - 1.0 / Complex(1.0, 2.0 * pi * frequency[k] * 10.0 * 30e-15)) <= 2e-11);
  // RC of 10 ohm and 30 fF: -3 dB at sqrt(10^0.3 - 1) / (2π RC) = 529 GHz, above the limit.
  const ResponseFunction response = [&](std::span<const double> f) { return s.drive_response(f); };
  CHECK(response_bandwidth(response, 3.0, {.limit_Hz = 400e9}).beyond_limit);
  const double corner = std::sqrt(std::pow(10.0, 0.3) - 1.0) / (2.0 * pi * 10.0 * 30e-15);
  CHECK(rel_error(response_bandwidth(response, 3.0, {.limit_Hz = 1e12}).frequency_Hz, corner) <= 1e-9);
}

TEST_CASE(
    "small signal: electro-optic response is the slope of the static curve at 0 Hz, times drive and pole") {
  const test::FakeModulatorParameters ring;
  const test::SweptChain c({std::make_shared<Driver>("driver", DriverParameters{}), laser(2), loss(1.0),
                            std::make_shared<test::FakeModulator>(ring), loss(2.5),
                            std::make_shared<Photodiode>("pd", PhotodiodeParameters{})},
                           2);
  for (int lane = 0; lane < 2; ++lane) {
    const SmallSignal s(c.spectrum, lane);
    const auto response = s.electro_optic_response(frequency), drive = s.drive_response(frequency);
    const double step_V = 1e-4;
    const auto line = [&](double drive_V) {
      const double x = (20e9 + 5e9 * drive_V) / 25e9, far = (20e9 + (lane == 0 ? -200e9 : 200e9)) / 25e9;
      return 0.81 * (1.0 - 0.99 / (1.0 + x * x)) * (1.0 - 0.99 / (1.0 + far * far));
    };
    const double slope = (line(step_V) - line(-step_V)) / (2.0 * step_V);
    const double power_W = 2e-3 * std::pow(10.0, -0.35);
    for (std::size_t k = 0; k < frequency.size(); ++k) {
      const Complex expected = power_W * slope * drive[k] / Complex(1.0, frequency[k] / ring.bandwidth_Hz);
      // Central differences of 0.1 mV on a line of 5 V: (1e-4 / 5)² plus rounding of 1e-16 / 1e-4.
      CHECK(std::abs(response[k] - expected) <= 1e-9 * std::abs(expected));
    }
  }
  CHECK_THROWS_AS(SmallSignal(c.spectrum, 2), DomainError);
}

TEST_CASE("small signal: a small pattern through the periodic solver shows the same response") {
  // The fake core follows at once, so its pole is moved out of the way.
  const test::FakeModulatorParameters ring{.bandwidth_Hz = 1e30};
  const auto link = test::copper_link(
      2, 25e9, {.rise_time_s = 8e-12},
      {std::make_shared<Driver>("driver", DriverParameters{.swing_Vpp = 1e-4, .bandwidth_Hz = 45e9}),
       std::make_shared<test::LowPassChannel>(0.2e-9, 20e-15), laser(), loss(1.0),
       std::make_shared<test::FakeModulator>(ring), loss(2.0),
       std::make_shared<Photodiode>("pd", PhotodiodeParameters{}),
       std::make_shared<TransimpedanceAmplifier>("tia", TransimpedanceAmplifierParameters{})},
      {});
  // ±0.1 mV on a line of ±5 V: second order is 2e-5 of the drive, against a tone of at least 0.03 of it.
  test::check_against_periodic(link, 7, 60e9, 1e-3);
}

TEST_CASE("small signal: the light behind a demultiplexer is that of the lane's own port") {
  const auto demux = std::make_shared<MicroringFilter>(
      "demux", MicroringFilterParameters{.rings = 2, .first_frequency_Hz = carrier_Hz});
  const test::SweptChain plain(
      {laser(2), std::make_shared<test::FakeModulator>(test::FakeModulatorParameters{})}, 2);
  const test::SweptChain split(
      {laser(2), std::make_shared<test::FakeModulator>(test::FakeModulatorParameters{}), demux}, 2);
  const double zero_Hz = 0.0;
  for (int lane = 0; lane < 2; ++lane) {
    Complex dropped = 1.0;
    demux->multiply_optical(lane, carrier_Hz + lane * 200e9, {&zero_Hz, 1}, {&dropped, 1});
    const Complex before = SmallSignal(plain.spectrum, lane).electro_optic_response({&zero_Hz, 1}).front();
    const Complex behind = SmallSignal(split.spectrum, lane).electro_optic_response({&zero_Hz, 1}).front();
    // The same products.
    CHECK(std::abs(behind - before * std::norm(dropped)) <= 1e-14 * std::abs(before));
  }
}

TEST_CASE("small signal: photodiode and amplifier share the photocurrent, with or without light") {
  const auto diode = std::make_shared<Photodiode>(
      "pd",
      PhotodiodeParameters{.bandwidth_Hz = 70e9, .capacitance_F = 25e-15, .series_resistance_ohm = 20.0});
  const auto amplifier = std::make_shared<TransimpedanceAmplifier>(
      "tia", TransimpedanceAmplifierParameters{.input_resistance_ohm = 45.0, .input_capacitance_F = 15e-15});
  const Link with_amplifier = test::SweptChain::make({diode, amplifier});
  const Link alone = test::SweptChain::make({laser(), diode});
  const auto shared = opto_electric_response(Chain(with_amplifier), frequency);
  const auto resistor = opto_electric_response(Chain(alone), frequency, 50.0);
  const auto shorted = opto_electric_response(Chain(alone), frequency, 0.0);
  for (std::size_t k = 0; k < frequency.size(); ++k) {
    const Complex jw(0.0, 2.0 * pi * frequency[k]);
    const Complex transit = 1.0 / Complex(1.0, frequency[k] / 70e9);
    // Current divider: junction capacitance against 20 ohm and what follows.
    const auto divider = [&](Complex load) { return transit / (1.0 + jw * 25e-15 * (20.0 + load)); };
    const Complex input = 45.0 / (1.0 + jw * 45.0 * 15e-15);
    CAPTURE(frequency[k]);
    // Rounding.
    CHECK(std::abs(shared[k] - divider(input) / (1.0 + jw * 45.0 * 15e-15)) <= 1e-14);
    CHECK(std::abs(resistor[k] - divider(50.0)) <= 1e-14);
    CHECK(std::abs(shorted[k] - divider(0.0)) <= 1e-14);
  }
}

TEST_CASE("small signal: chains without modulator or photodiode are refused") {
  const test::SweptChain dark({laser(), loss(1.0)});
  CHECK_THROWS_WITH_AS(SmallSignal(dark.spectrum), doctest::Contains("no stage modulates light"),
                       ConfigError);
  CHECK_THROWS_WITH_AS(opto_electric_response(dark.chain, frequency), doctest::Contains("add a photodiode"),
                       ConfigError);
  const Link wrong =
      test::SweptChain::make({std::make_shared<Photodiode>("pd", PhotodiodeParameters{}),
                              std::make_shared<SerdesReceiver>("rx", SerdesReceiverParameters{})});
  CHECK_THROWS_WITH_AS(opto_electric_response(Chain(wrong), frequency),
                       doctest::Contains("transimpedance_amplifier"), ConfigError);
}
