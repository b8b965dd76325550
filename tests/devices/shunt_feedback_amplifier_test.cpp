#include "devices/shunt_feedback_amplifier.hpp"

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <boost/math/quadrature/exp_sinh.hpp>
#include <cmath>

#include "core/constants.hpp"
#include "device_checks.hpp"
#include "devices/photodiode.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

using Amplifier = ShuntFeedbackAmplifier;
using Parameters = ShuntFeedbackAmplifierParameters;

namespace {

constexpr double pi = constants::pi;
constexpr double kt4_J = 4.0 * 1.380649e-23 * 300.0;

SourceAdmittance capacitor(double capacitance_F) {
  return [capacitance_F](std::span<const double> frequency_Hz) {
    std::vector<Complex> admittance;
    for (const double f : frequency_Hz) admittance.emplace_back(0.0, 2.0 * pi * f * capacitance_F);
    return admittance;
  };
}

Bundle lanes(std::size_t count) {
  Bundle bundle;
  bundle.grid = {.symbol_rate_Bd = 50e9, .samples_per_symbol = 16, .symbols = 4};
  bundle.lane.assign(count, RealWave(64, 0.0));
  return bundle;
}

/// One-sided density of a term at `frequency_Hz`, [A²/Hz] on the lane.
double density(const NoiseTerm& term, double frequency_Hz) {
  return 2.0 * term.sigma * term.sigma / lanes(1).grid.sample_rate_Hz() * term.shape(frequency_Hz);
}

double total_density(const std::vector<NoiseTerm>& terms, double frequency_Hz) {
  double sum = 0.0;
  for (const NoiseTerm& term : terms)
    if (term.lane == 0) sum += density(term, frequency_Hz);
  return sum;
}

}  // namespace

TEST_CASE("shunt-feedback amplifier: every parameter refuses values outside its range by name") {
  test::check_range_messages<Amplifier, Parameters>();
}

TEST_CASE("shunt-feedback amplifier: resistor and gain-bandwidth product are not both given") {
  CHECK_THROWS_WITH_AS(Amplifier("rx", {.feedback_resistance_ohm = 800.0, .gain_bandwidth_Hz = 1e11}),
                       doctest::Contains("rx: feedback_resistance"), ConfigError);
  CHECK_THROWS_WITH_AS(Amplifier("rx", {.gain_bandwidth_Hz = 0.0}), doctest::Contains("give one"),
                       ConfigError);
  CHECK_THROWS_WITH_AS(Amplifier("rx", {.bandwidth_Hz = 35e9, .gain_bandwidth_Hz = 10e9}),
                       doctest::Contains("rx: a gain-bandwidth product of 10 GHz is too small"), ConfigError);
}

TEST_CASE("shunt-feedback amplifier: photodiode and loop together have the designed bandwidth and gain") {
  const Photodiode diode("pd", {.capacitance_F = 60e-15, .series_resistance_ohm = 0.0});
  const Amplifier amplifier("tia",
                            {.design_capacitance_F = 60e-15, .bandwidth_Hz = 30e9, .voltage_gain = 3.0});
  const std::vector<double> frequency_Hz{0.0, 30e9};
  auto response = segment_transfer(*diode.source_end(frequency_Hz), {}, *amplifier.load_end(frequency_Hz));
  CHECK(rel_error(std::abs(response[0]), 1.0) <= 1e-13);
  // The transit pole is not in the segment; Butterworth.
  CHECK(rel_error(std::norm(response[1]), 0.5) <= 1e-12);
  amplifier.multiply_electrical(frequency_Hz, response);
  const LoadEnd matched{std::vector<Complex>(2, 50.0), std::vector<Complex>(2, 1.0)};
  const auto divider = segment_transfer(*amplifier.source_end(frequency_Hz), {}, matched);
  CHECK(rel_error(std::abs(response[0] * divider[0]), 3.0 * closed_loop_resistance_ohm(amplifier.loop())) <=
        1e-12);
}

TEST_CASE("shunt-feedback amplifier: noise is that of the circuit's sources by nodal analysis") {
  const Parameters p{.pad_capacitance_F = 10e-15,
                     .transistor_capacitance_F = 30e-15,
                     .transit_frequency_Hz = 200e9,
                     .channel_noise = 1.2,
                     .input_current_A = 20e-6,
                     .temperature_K = 300.0,
                     .bandwidth_Hz = 28e9};
  const Amplifier amplifier("tia", p);
  const double source_F = 100e-15;  // not the one it is designed for
  const auto terms = amplifier.input_noise(lanes(2), capacitor(source_F));
  REQUIRE(terms.size() == 6);
  const ShuntFeedback& loop = amplifier.loop();
  const double gm_S = 2.0 * pi * 200e9 * 30e-15;
  for (const double f : {1e8, 10e9, 28e9, 100e9}) {
    const Complex gain = loop.open_loop_gain / Complex(1.0, f / loop.open_loop_bandwidth_Hz);
    const double g_S = 1.0 / loop.feedback_resistance_ohm;
    Eigen::Matrix2cd nodes;
    nodes << Complex(g_S, 2.0 * pi * f * (source_F + 40e-15)), -g_S, gain, 1.0;
    const auto lu = nodes.partialPivLu();
    // Output voltage for 1 A into the input node, 1 A from output to input through R_F, 1 V at the gate.
    const Complex current = lu.solve(Eigen::Vector2cd(1.0, 0.0))[1];
    const Complex gate = lu.solve(Eigen::Vector2cd(0.0, -gain))[1];
    const double volts2 = (kt4_J * g_S + 2.0 * 1.602176634e-19 * 20e-6) * std::norm(current) +
                          kt4_J * 1.2 / gm_S * std::norm(gate);
    CAPTURE(f);
    // A few complex products.
    CHECK(rel_error(total_density(terms, f), volts2 / std::pow(closed_loop_resistance_ohm(loop), 2)) <=
          1e-11);
  }
  Parameters quiet = p;
  quiet.channel_noise = quiet.input_current_A = 0.0;
  CHECK(Amplifier("tia", quiet).input_noise(lanes(1), capacitor(source_F)).size() == 1);
}

TEST_CASE("shunt-feedback amplifier: integrated noise of a Butterworth loop has its closed form") {
  const Parameters p{.design_capacitance_F = 60e-15,
                     .pad_capacitance_F = 0.0,
                     .transistor_capacitance_F = 40e-15,
                     .channel_noise = 2.0,
                     .temperature_K = 300.0,
                     .bandwidth_Hz = 30e9,
                     .output_bandwidth_Hz = 1e15};
  const Amplifier amplifier("tia", p);
  const auto terms = amplifier.input_noise(lanes(1), capacitor(60e-15));
  boost::math::quadrature::exp_sinh<double> integrator;
  const double found =
      integrator.integrate([&](double x) { return 30e9 * total_density(terms, 30e9 * x); }, 1e-12);
  // ∫ |H|² df = π/(2√2) f_3dB and ∫ f² |H|² df = π/(2√2) f_3dB³ of two Butterworth poles: both integrals of
  // Säckinger's noise corner method in closed form.
  const double band_Hz = pi / (2.0 * std::sqrt(2.0)) * 30e9;
  const double resistor_S = 1.0 / amplifier.loop().feedback_resistance_ohm,
               gm_S = amplifier.transconductance_S();
  const double expected =
      kt4_J * resistor_S * band_Hz +
      kt4_J * 2.0 / gm_S * (resistor_S * resistor_S + std::pow(2.0 * pi * 100e-15 * 30e9, 2)) * band_Hz;
  // Tolerance of the quadrature.
  CHECK(rel_error(found, expected) <= 1e-7);
}

TEST_CASE("shunt-feedback amplifier: less capacitance in front is less noise at the same bandwidth") {
  const auto rms_A = [](double capacitance_F) {
    const Amplifier amplifier("tia", {.design_capacitance_F = capacitance_F, .channel_noise = 1.0});
    const auto terms = amplifier.input_noise(lanes(1), capacitor(capacitance_F));
    boost::math::quadrature::exp_sinh<double> integrator;
    return std::sqrt(
        integrator.integrate([&](double x) { return 1e9 * total_density(terms, 1e9 * x); }, 1e-9));
  };
  // R_F falls as 1/C_T, f² noise rises as C_T²: between sqrt and proportional to C_T.
  const double ratio = rms_A(105e-15) / rms_A(28e-15);
  const double total = (105.0 + 55.0) / (28.0 + 55.0);
  CHECK(ratio > std::sqrt(total));
  CHECK(ratio < total);
}

TEST_CASE("shunt-feedback amplifier: supply follows the transistor, warns above the linear swing") {
  const auto power_W = [](double transistor_F) {
    Ledger ledger;
    Amplifier("tia", {.transistor_capacitance_F = transistor_F, .other_current_A = 0.0})
        .ledger(lanes(3), ledger);
    return ledger.energy.at(0).power_W;
  };
  // 3 lanes x 0.9 V x 2π 250 GHz 40 fF x 0.15 V / 2.
  CHECK(rel_error(power_W(40e-15), 3.0 * 0.9 * 2.0 * pi * 250e9 * 40e-15 * 0.075) <= 1e-13);
  CHECK(rel_error(power_W(80e-15), 2.0 * power_W(40e-15)) <= 1e-13);
  const Amplifier amplifier("tia", {});
  const double gain_ohm = 4.0 * closed_loop_resistance_ohm(amplifier.loop());
  for (const double swing_V : {0.49, 0.51}) {
    Bundle bundle = lanes(1);
    bundle.lane[0][3] = swing_V / gain_ohm;
    std::vector<Warning> warnings;
    amplifier.validity(bundle, warnings);
    CHECK(warnings.size() == (swing_V > 0.5 ? 1 : 0));
  }
}
