#include "devices/semiconductor_optical_amplifier.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/units.hpp"
#include "device_checks.hpp"
#include "devices/physics/optics.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = std::numbers::pi;

Bundle constant_light(double power_W, int carriers = 1, int symbols = 64) {
  Bundle b;
  b.grid = {.symbol_rate_Bd = 53.125e9, .samples_per_symbol = 16, .symbols = symbols};
  b.port.resize(1);
  for (int c = 0; c < carriers; ++c) {
    b.carrier_Hz.push_back(228e12 + 800e9 * c);
    b.port[0].field.emplace_back(static_cast<std::size_t>(b.grid.size()), std::sqrt(power_W / carriers));
  }
  return b;
}

double output_W(const SemiconductorOpticalAmplifier& stage, const Bundle& in) {
  Bundle out = in;
  stage.start(in)->step(out);
  double sum = 0.0;
  for (const ComplexWave& field : out.port[0].field) sum += std::norm(field.back());
  return sum;
}

}  // namespace

TEST_CASE("optical amplifier: every parameter refuses values outside its range by name") {
  test::check_range_messages<SemiconductorOpticalAmplifier, SemiconductorOpticalAmplifierParameters>();
}

TEST_CASE("optical amplifier: small-signal gain, and half of it at the stated output power") {
  const SemiconductorOpticalAmplifier stage("soa", {.gain_dB = 15.0, .saturation_output_power_W = 10e-3});
  // 1e-12 of the saturation power.
  CHECK(rel_error(stage.gain(1e-14), power_ratio(Gain_dB{15.0})) <= 1e-9);
  const double in_W = 10e-3 / (0.5 * power_ratio(Gain_dB{15.0}));
  // Newton to rounding.
  CHECK(rel_error(stage.gain(in_W) * in_W, 10e-3) <= 1e-12);
}

TEST_CASE("optical amplifier: constant light leaves with the settled gain, shared by all carriers") {
  const SemiconductorOpticalAmplifier stage("soa", {});
  for (const double power_W : {1e-6, 0.5e-3, 5e-3})
    for (const int carriers : {1, 4})
      // It starts settled; splitting of a step of 1.2 ps against 200 ps.
      CHECK(rel_error(output_W(stage, constant_light(power_W, carriers)), power_W * stage.gain(power_W)) <=
            1e-4);
}

TEST_CASE("optical amplifier: modulation is suppressed as in closed form below the inverse lifetime") {
  const SemiconductorOpticalAmplifier stage("soa", {});
  const Bundle at = constant_light(2e-3);
  const int samples = at.grid.size();
  for (const int cycles : {1, 4, 24}) {
    Bundle in = at;
    for (int n = 0; n < samples; ++n)
      in.port[0].field[0][static_cast<std::size_t>(n)] *=
          std::sqrt(1.0 + 1e-3 * std::sin(2.0 * pi * cycles * n / samples));
    const auto stepper = stage.start(in);
    Bundle out;
    for (int period = 0; period < 6; ++period) {
      out = in;
      stepper->step(out);
    }
    Complex line = 0.0;
    double mean = 0.0;
    for (int n = 0; n < samples; ++n) {
      const double power = std::norm(out.port[0].field[0][static_cast<std::size_t>(n)]);
      line += power * Complex(0.0, 2.0 / samples) * std::polar(1.0, -2.0 * pi * cycles * n / samples);
      mean += power / samples;
    }
    const double frequency_Hz = cycles / (samples * at.grid.dt_s());
    const Complex closed = stage.modulation_response(2e-3, frequency_Hz);
    // Second order of a modulation of 1e-3, and (ω dt)²/12 of the trapezoid.
    CHECK(std::abs(line / mean / 1e-3 - closed) <= 1e-3);
  }
  CHECK(std::abs(stage.modulation_response(2e-3, 0.0)) < 0.6);  // the case does suppress
}

TEST_CASE("optical amplifier: a step of light overshoots, its edge is shifted to the red") {
  const SemiconductorOpticalAmplifier stage("soa", {.linewidth_enhancement = 4.0});
  Bundle b = constant_light(4e-3);
  auto& field = b.port[0].field[0];
  std::fill(field.begin(), field.begin() + 256, std::sqrt(0.4e-3));
  const auto stepper = stage.start(b);
  Bundle out;
  for (int period = 0; period < 6; ++period) {
    out = b;
    stepper->step(out);
  }
  const auto& light = out.port[0].field[0];
  CHECK(std::norm(light[256]) > 1.1 * std::norm(light[1000]));
  // dφ = (α/2) dh, h = ln(P_out/P_in); rounding.
  const double dh =
      std::log(std::norm(light[300] / field[300])) - std::log(std::norm(light[260] / field[260]));
  CHECK(dh < -0.05);
  CHECK(abs_error(std::arg(light[300] * std::conj(light[260])), 2.0 * dh) <= 1e-12);
}

TEST_CASE("optical amplifier: the tangent is the difference of settled solutions") {
  SemiconductorOpticalAmplifierParameters p{.lifetime_s = 30e-12};
  const SemiconductorOpticalAmplifier stage("soa", p);
  Bundle input = test::random_bundle(1, 1, 2, 5);
  input.grid.symbols = 32;  // eight repeats, 1 ns: the memory fits
  const auto repeat = [](ComplexWave& wave) {
    const ComplexWave once = wave;
    for (int k = 1; k < 8; ++k) wave.insert(wave.end(), once.begin(), once.end());
  };
  for (ComplexWave& field : input.port[0].field) repeat(field);
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  Sensitivity observed{.begin = -100, .length = 256, .lane = {}, .port = {{}}};
  observed.port[0].assign(2, ComplexWave(256, 0.0));
  for (ComplexWave& field : observed.port[0])
    for (std::size_t u = 200; u < 220; ++u) field[u] = {normal(random), normal(random)};
  Bundle direction = test::random_bundle(1, 1, 2, 99);
  direction.grid.symbols = 32;
  for (ComplexWave& field : direction.port[0].field) {
    repeat(field);
    for (std::size_t u = 0; u < field.size(); ++u)  // a change that lies inside the window's past
      if (u < 80 || u >= 120) field[u] = 0.0;
  }
  const auto settled = [&](double scale) {
    Bundle in = test::combined(input, direction, scale);
    in.lane = input.lane;
    const auto stepper = stage.start(in);
    Bundle out;
    for (int period = 0; period < 20; ++period) {
      out = in;
      stepper->step(out);
    }
    return test::apply(observed, out);
  };
  const double difference = (settled(1e-5) - settled(-1e-5)) / 2e-5;
  Sensitivity pulled = observed;
  stage.tangent(input)->pull_back(pulled);
  pulled.lane.clear();
  // Steps of 1e-5 against fields of 0.03, and what 1 ns leaves of 30 ps.
  CHECK(rel_error(test::apply(pulled, direction), difference) <= 1e-6);
}

TEST_CASE("optical amplifier: emission has n_sp h nu (G - 1) per quadrature pair, at every gain") {
  const SemiconductorOpticalAmplifierParameters p{.gain_dB = 13.0, .noise_figure_dB = 7.0};
  const SemiconductorOpticalAmplifier stage("soa", p);
  for (const double power_W : {1e-7, 3e-3}) {
    const Bundle in = constant_light(power_W);
    Bundle out = in;
    stage.start(in)->step(out);
    const auto terms = stage.noise(out);
    REQUIRE(terms.size() == 2);
    CHECK(terms[0].source != terms[1].source);
    double density = 0.0;
    for (const NoiseTerm& term : terms)
      density += term.sigma * term.sigma * std::norm(term.field_modulation[77]) / out.grid.sample_rate_Hz();
    const double ratio = std::pow(10.0, 1.3),
                 inversion = (std::pow(10.0, 0.7) * ratio - 1.0) / (2.0 * (ratio - 1.0));
    // Gain found again from the light behind: splitting of the steps.
    CHECK(rel_error(density, inversion * photon_energy_J(228e12) * (stage.gain(power_W) - 1.0)) <= 1e-3);
    CHECK(abs_error((terms[0].field_modulation[5] * std::conj(terms[1].field_modulation[5])).real(), 0.0) ==
          0.0);
  }
}

TEST_CASE("optical amplifier: the quantum limit, current and range") {
  CHECK_THROWS_WITH_AS(SemiconductorOpticalAmplifier("soa", {.gain_dB = 20.0, .noise_figure_dB = 2.5}),
                       doctest::Contains("soa: noise_figure = 2.5 dB is below 2.989 dB"), ConfigError);
  const SemiconductorOpticalAmplifier stage(
      "soa", {.current_A = 0.1, .turn_on_voltage_V = 0.9, .series_resistance_ohm = 5.0});
  Ledger ledger;
  stage.ledger(constant_light(1e-3), ledger);
  // 0.1 A x 1.4 V.
  CHECK(rel_error(ledger.energy.front().power_W, 0.14) <= 1e-14);
  const auto warnings = [](const SemiconductorOpticalAmplifierParameters& p, double power_W) {
    std::vector<Warning> list;
    SemiconductorOpticalAmplifier("soa", p).validity(constant_light(power_W), list);
    return list.size();
  };
  CHECK(warnings({}, 1e-3) == 0);
  CHECK(warnings({}, 1e-6) == 1);
  CHECK(warnings({.lifetime_s = 4e-12}, 1e-3) == 1);
  Bundle dark;
  CHECK_THROWS_WITH_AS(stage.start(dark), doctest::Contains("one port with light is expected"), ConfigError);
}
