#include <doctest/doctest.h>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "devices/microring_modulator.hpp"
#include "microring_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;
using test::ring_bundle;

namespace {

constexpr double pi = constants::pi;

/// Bent shift, loss that follows the voltage, losses of the passage: nothing is idle.
MicroringModulatorParameters busy(const std::string& output) {
  MicroringModulatorParameters p;
  p.output = output;
  p.curvature = 0.7;
  p.loss_per_voltage_dB_per_m_V = -800.0;
  return p;
}

/// `lanes` constant voltages and beside the carriers one more light at `probe_Hz`.
Bundle constant_bundle(int lanes, const std::vector<double>& drive_V, double probe_Hz) {
  Bundle b = ring_bundle(lanes, 16, 16, 32e9, 2.0);
  for (int i = 0; i < lanes; ++i) b.lane[i].assign(b.grid.size(), drive_V[i]);
  b.carrier_Hz.push_back(probe_Hz);
  b.port[0].field.push_back(b.port[0].field[0]);
  return b;
}

double settled_power_ratio(const MicroringModulator& stage, const Bundle& input, int carrier) {
  Bundle out = input;
  stage.start(input)->step(out);
  return std::norm(out.port[0].field[carrier].back()) / std::norm(input.port[0].field[carrier].back());
}

/// Power ratio of carrier `lane` at f under a small sine on its lane, per volt, by stepping two periods.
Complex stepped_response(const MicroringModulator& stage, const Bundle& at, int lane, int cycles) {
  constexpr double amplitude_V = 1e-3;
  Bundle input = at;
  const int samples = at.grid.size();
  for (RealWave& wave : input.lane) wave.assign(samples, 0.0);
  for (int n = 0; n < samples; ++n)
    input.lane[lane][n] = amplitude_V * std::sin(2.0 * pi * cycles * n / samples);
  const auto stepper = stage.start(input);
  Bundle out;
  for (int period = 0; period < 2; ++period) {
    out = input;
    stepper->step(out);
  }
  Complex line = 0.0;
  for (int n = 0; n < samples; ++n)
    line += std::norm(out.port[0].field[lane][n]) / std::norm(input.port[0].field[lane][n]) *
            Complex(0.0, 2.0 / samples) * std::polar(1.0, -2.0 * pi * cycles * n / samples);
  return line / amplitude_V;
}

}  // namespace

TEST_CASE("modulator curves: settled stepping gives the transmission of carriers and of any other light") {
  for (const char* output : {"through", "drop"}) {
    const int lanes = std::string(output) == "drop" ? 1 : 3;
    const MicroringModulator stage("tx", busy(output));
    const ModulatorCurves& curves = *stage.modulator_curves();
    std::vector<double> drive{0.6, -0.8, 0.25};
    drive.resize(lanes);
    // Near the rings, between them, and one free spectral range away.
    for (const double probe_Hz : {227.98e12, 228.03e12, 228.31e12, 229.57e12, 226.0e12}) {
      const Bundle b = constant_bundle(lanes, drive, probe_Hz);
      for (int c = 0; c <= lanes; ++c)
        // Rounding of 256 steps and of detunings of 0.03 Hz.
        CHECK(rel_error(curves.transmission(b, b.carrier_Hz[c], drive), settled_power_ratio(stage, b, c)) <=
              1e-9);
    }
  }
}

TEST_CASE("modulator curves: depth, peak and period of the spectrum are the stated ones") {
  for (const char* output : {"through", "drop"}) {
    MicroringModulatorParameters p;
    p.output = output;
    p.drop_loss_dB = 0.8;
    const MicroringModulator stage("tx", p);
    const Bundle b = ring_bundle(1, 8, 8, 32e9, 2.0);
    const std::vector<double> rest{0.0};
    const double resonance_Hz = b.carrier_Hz[0] - stage.own_detuning_Hz(b.carrier_Hz[0], 2.0);
    // Extinction 20 dB or drop loss 0.8 dB, and 0.06 dB of passage. Frequencies keep 0.03 Hz of 58 GHz.
    const double expected_dB = (p.output == "drop" ? 0.8 : 20.0) + 0.06;
    CHECK(abs_error(-10.0 * std::log10(stage.transmission(b, resonance_Hz, rest)), expected_dB) <= 1e-9);
    for (const double offset_Hz : {-70e9, 0.0, 31e9}) {
      const double probe_Hz = resonance_Hz + offset_Hz;
      for (const double orders : {-3.0, 1.0, 2.0})
        CHECK(rel_error(stage.transmission(b, probe_Hz + orders * p.fsr_Hz, rest),
                        stage.transmission(b, probe_Hz, rest)) <= 1e-9);
    }
    CHECK(rel_error(stage.transmission(b, resonance_Hz + 0.5 * p.fsr_Hz, rest),
                    stage.transmission(b, resonance_Hz, rest)) > 0.5);
  }
}

TEST_CASE("modulator curves: small signal at 0 Hz is the slope of the transmission with the own drive") {
  for (const char* output : {"through", "drop"}) {
    const int lanes = std::string(output) == "drop" ? 1 : 3;
    const MicroringModulator stage("tx", busy(output));
    const Bundle b = ring_bundle(lanes, 8, 8, 32e9, 2.0);
    for (int lane = 0; lane < lanes; ++lane) {
      const std::vector<double> zero{0.0};
      const Complex response = stage.small_signal(b, lane, zero)[0];
      std::vector<double> up(lanes, 0.0), down(lanes, 0.0);
      constexpr double h = 1e-4;
      up[lane] = h;
      down[lane] = -h;
      const double slope =
          (stage.transmission(b, b.carrier_Hz[lane], up) - stage.transmission(b, b.carrier_Hz[lane], down)) /
          (2.0 * h);
      // Third derivative: (7e5 Hz per 1e-4 V over 58 GHz)² = 2e-10; rounding 1e-12.
      CHECK(rel_error(response.real(), slope) <= 1e-8);
      CHECK(response.imag() == 0.0);
    }
  }
}

TEST_CASE("modulator curves: small signal is what the stepper does to a small sine") {
  // 8 symbols of 31.25 ps in 256 samples each: lines at multiples of 4 GHz, steps of 0.12 ps.
  for (const char* output : {"through", "drop"})
    for (const char* side : {"blue", "red"}) {
      MicroringModulatorParameters p = busy(output);
      p.detuning_side = side;
      const MicroringModulator stage("tx", p);
      const Bundle b = ring_bundle(1, 8, 256, 32e9, 2.0);
      for (const int cycles : {1, 5, 13, 23}) {
        const std::vector<double> f{cycles * 4e9};
        const Complex closed = stage.small_signal(b, 0, f)[0];
        // Second-order scheme at ω dt = 0.07: (ω dt)²/4 at most. Amplitude 1e-3 V: third order 1e-8.
        CHECK(std::abs(stepped_response(stage, b, 0, cycles) - closed) <= 1.5e-3 * std::abs(closed));
      }
    }
}

TEST_CASE("modulator curves: neighbours on the bus scale the small signal by their static transmission") {
  const MicroringModulator stage("tx", busy("through"));
  const Bundle b = ring_bundle(3, 8, 256, 32e9, 2.0);
  const std::vector<double> f{4e9};
  for (int lane = 0; lane < 3; ++lane) {
    const Complex closed = stage.small_signal(b, lane, f)[0];
    // Sidebands at 4 GHz on flanks 160 GHz away from a 58 GHz line: a few tenths of a percent.
    CHECK(std::abs(stepped_response(stage, b, lane, 1) - closed) <= 5e-3 * std::abs(closed));
  }
}

TEST_CASE("modulator curves: a wrong number of voltages or a lane that is not there is refused") {
  const MicroringModulator stage("tx", {});
  const Bundle b = ring_bundle(2, 8, 8, 32e9, 2.0);
  const std::vector<double> one{0.0};
  CHECK_THROWS_WITH_AS(stage.transmission(b, 228e12, one), doctest::Contains("1 drive voltages for 2 lanes"),
                       DomainError);
  CHECK_THROWS_WITH_AS(stage.small_signal(b, 2, one), doctest::Contains("lane 2 is outside [0, 1]"),
                       DomainError);
}
