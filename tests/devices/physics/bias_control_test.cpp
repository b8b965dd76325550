#include "devices/physics/bias_control.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "support.hpp"

using namespace photonlink;
using std::numbers::pi;
using test::abs_error;
using test::rel_error;

namespace {

constexpr int samples = 32;        // of a period of the dither
constexpr double period_s = 1e-3;  // of the dither

struct Run {
  double mean_rad = 0.0, variance = 0.0;  // of the phase against its target
};

/// The loop stepped in time: light on a monitor, sample by sample, lock-in of one period, integrator.
Run step_loop(const BiasControl& c, double target_rad, double gain, double noise_A, int steps) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  const double a = c.dither_rad,
               feigned = c.heater_phase_rad > 0.0 ? a * a / (8.0 * c.heater_phase_rad) : 0.0;
  double phase = target_rad, mean = 0.0, square = 0.0;
  for (int n = 0; n < 2 * steps; ++n) {
    double first = 0.0, second = 0.0;
    for (int k = 0; k < samples; ++k) {
      const double angle = 2.0 * pi * k / samples;
      const double at = phase + a * std::sin(angle) - feigned * std::cos(2.0 * angle);
      const double current_A =
          0.5 * c.full_current_A * (1.0 + c.visibility * std::cos(at)) + noise_A * normal(random);
      // A rising phase lowers the light: the first harmonic is taken with its sign turned.
      first -= 2.0 / samples * current_A * std::sin(angle);
      second += 2.0 / samples * current_A * std::cos(2.0 * angle);
    }
    const double error = first / std::cyl_bessel_j(1, a) * std::cos(target_rad) -
                         second / std::cyl_bessel_j(2, a) * std::sin(target_rad);
    phase += c.drift_rad_per_s * period_s - gain * error / (c.full_current_A * c.visibility);
    if (n < steps) continue;
    mean += (phase - target_rad) / steps;
    square += (phase - target_rad) * (phase - target_rad) / steps;
  }
  return {mean, square - mean * mean};
}

constexpr double gain = 0.05;
BiasControl loop() {
  BiasControl c;
  c.dither_rad = 0.2;
  c.visibility = 0.8;
  c.converter_bits = 30;
  c.mean_current_A = 0.0;
  c.loop_bandwidth_Hz = gain / (2.0 * pi * period_s);
  return c;
}

}  // namespace

TEST_CASE("bias control: a loop stepped in time follows a drift as late as stated") {
  for (const double target : {0.5 * pi, 0.9 * pi, 0.3}) {
    BiasControl c = loop();
    c.drift_rad_per_s = 0.3;
    // The step behind a measurement is part of the mean, half of it at most; e is a sine of the lag.
    CHECK(rel_error(step_loop(c, target, gain, 0.0, 2000).mean_rad, bias_residual(c, target).lag_rad) <=
          0.06);
  }
}

TEST_CASE("bias control: noise of a loop stepped in time has the stated variance") {
  for (const double target : {0.5 * pi, 0.8 * pi, pi}) {
    BiasControl c = loop();
    const double noise_A = 2e-8;
    c.noise_A_per_sqrtHz = noise_A * std::sqrt(2.0 * period_s / samples);
    const Run run = step_loop(c, target, gain, noise_A, 60000);
    const double expected = std::pow(bias_residual(c, target).noise_rad, 2);
    CAPTURE(target);
    CAPTURE(run.variance);
    // 5 sigma of 60000 steps that forget in 40: 18 %; 1/(1 - g/2) of the discrete integrator is within.
    CHECK(rel_error(run.variance, expected) <= 0.18);
  }
}

TEST_CASE("bias control: a wagged heater voltage feigns a bias that no amplitude takes away") {
  for (const double a : {0.05, 0.2}) {
    for (const double target : {0.5 * pi, 0.7 * pi}) {
      BiasControl c = loop();
      c.dither_rad = a;
      c.heater_phase_rad = pi;
      const double offset = bias_residual(c, target).offset_rad;
      CAPTURE(a);
      // Third order of the dither.
      CHECK(rel_error(step_loop(c, target, gain, 0.0, 3000).mean_rad, offset) <= 0.02);
    }
    BiasControl c = loop();
    c.dither_rad = a;
    c.heater_phase_rad = pi;
    // atan(1 / (2 phi_h)) at quadrature.
    CHECK(rel_error(bias_residual(c, 0.5 * pi).offset_rad, std::atan(1.0 / (2.0 * pi))) <= 0.01);
    c.heater_phase_rad = 0.0;
    CHECK(abs_error(bias_residual(c, 0.7 * pi).offset_rad, 0.0) <= 1e-15);
  }
}

TEST_CASE("bias control: each noise of the monitor is what it should be by hand") {
  BiasControl c = loop();
  c.mean_current_A = 20e-6;
  // 2 · 1.602e-19 · 20e-6
  CHECK(rel_error(monitor_noise_A2_per_Hz(c), 6.4087e-24) <= 1e-4);
  c.mean_current_A = 0.0;
  c.noise_A_per_sqrtHz = 3e-12;
  CHECK(rel_error(monitor_noise_A2_per_Hz(c), 9e-24) <= 1e-4);
  c.noise_A_per_sqrtHz = 0.0;
  c.converter_bits = 10;
  c.converter_rate_Hz = 1e5;
  // Steps of 50 uA / 1024, squared over 12, in half of the rate.
  CHECK(rel_error(monitor_noise_A2_per_Hz(c), std::pow(50e-6 / 1024.0, 2) / 12.0 / 5e4) <= 1e-12);
  c.converter_bits = 32;
  c.rin_per_Hz = 1e-14;
  c.mean_current_A = 1e-3;
  CHECK(rel_error(monitor_noise_A2_per_Hz(c), 1e-20 + 3.204e-22) <= 1e-3);
  const BiasResidual residual{.offset_rad = 0.01, .lag_rad = -0.002, .noise_rad = 0.003, .dither_rad = 0.004};
  CHECK(rel_error(residual.rms_rad(), 0.005) <= 1e-14);
  CHECK(rel_error(residual.at(3.0), 0.023) <= 1e-14);
}
