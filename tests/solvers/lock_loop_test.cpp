#include "solvers/locking/lock_loop.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "devices/physics/ring_tuning.hpp"
#include "solvers/locking/lock_ramp.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double carrier_Hz = 228e12, linewidth_Hz = 60e9;

OffsetCurve curve_of(double (*value)(double)) {
  std::vector<double> offset, reading;
  for (int k = -100; k <= 100; ++k) {
    offset.push_back(k * 2e9);
    reading.push_back(value(k * 2e9));
  }
  return {offset, reading};
}
/// Largest reading 1 at the end of the table, slope 1 per 400 GHz: 0.15 per linewidth.
double straight(double offset_Hz) {
  return 0.5 + offset_Hz / 400e9;
}
double lorentzian(double offset_Hz) {
  return 1.0 / (1.0 + std::pow(2.0 * offset_Hz / linewidth_Hz, 2));
}
double flank(double offset_Hz) {
  return lorentzian(offset_Hz - 0.3 * linewidth_Hz);
}

/// Heater so fast that it has settled when a reading begins, 1000 GHz of range, ±0 K.
LockPlant plant(double (*reading)(double), int rings = 1) {
  LockPlant p;
  p.heater = {.cold_resistance_ohm = 1e3,
              .hot_resistance_ohm = 1e3,
              .max_voltage_V = std::sqrt(1e3 * wavelength_shift_m(1000e9, carrier_Hz) / 1e-7),
              .efficiency_m_per_W = 1e-7};
  p.crosstalk = Eigen::MatrixXd::Identity(rings, rings);
  p.bandwidth_Hz = 1e9;
  p.carrier_Hz.assign(static_cast<std::size_t>(rings), carrier_Hz);
  p.thermal_shift_m_per_K = wavelength_shift_m(10e9, carrier_Hz);  // 10 GHz/K
  p.start_shift_Hz = 400e9;
  p.linewidth_Hz = linewidth_Hz;
  p.reading.assign(static_cast<std::size_t>(rings), curve_of(reading));
  return p;
}

LockingParameters quiet() {
  LockingParameters p;
  p.stage = "ring";
  p.monitor_noise = 0.0;
  p.adc_bits = 0;
  p.averaging_time_s = 1e-3;
  p.temperature_change_K = 0.0;
  return p;
}

/// One averaging time with the reading at its end, heat settled.
void one_reading(LockLoop& loop) {
  loop.advance(1e-3);
  std::vector<double> reading;
  for (std::size_t i = 0; i < loop.offset_Hz().size(); ++i)
    reading.push_back(loop.plant().reading[i](loop.offset_Hz()[i]));
  loop.act(reading);
}

}  // namespace

TEST_CASE("lock loop: a step of temperature decays by 1 - g per reading") {
  LockingParameters p = quiet();
  p.temperature_change_K = 2.0;  // 20 GHz to the red
  p.ramp_time_s = 1e-7;
  p.loop_gain = 0.3;
  LockLoop loop(p, plant(straight));
  for (int k = 0; k < 20; ++k) {
    one_reading(loop);
    // The straight table is exact between its points; 1000 time constants of heat. Rounding of 400 GHz.
    CHECK(abs_error(loop.offset_Hz()[0], -20e9 * std::pow(0.7, k)) <= 1e-2);
  }
}

TEST_CASE("lock loop: a ramp leaves its shift per reading over the gain") {
  LockingParameters p = quiet();
  p.temperature_change_K = 10.0;  // 100 GHz over 1000 readings
  p.ramp_time_s = 1.0;
  p.loop_gain = 0.25;
  LockLoop loop(p, plant(straight));
  for (int k = 0; k < 200; ++k) one_reading(loop);
  // o = (1-g) o - r, settled to 0.75^200: -r/g.
  CHECK(rel_error(loop.offset_Hz()[0], -0.1e9 / 0.25) <= 1e-9);
  const double before_W = loop.heater_W();
  for (int k = 0; k < 100; ++k) one_reading(loop);
  // Heat falls as the ambient rises: 10 GHz less of the heater.
  const double freed_W = wavelength_shift_m(10e9, carrier_Hz) / 1e-7;
  CHECK(rel_error(before_W - loop.heater_W(), freed_W) <= 1e-9);
}

TEST_CASE("lock loop: noise of the monitor moves the ring by g/(2 - g) of its variance") {
  for (const double gain : {0.1, 0.5}) {
    LockingParameters p = quiet();
    p.monitor_noise = 0.01;  // 4 GHz on the straight table
    p.loop_gain = gain;
    LockLoop loop(p, plant(straight));
    const int count = 20000;
    double square = 0.0;
    for (int k = 0; k < count; ++k) {
      one_reading(loop);
      square += loop.offset_Hz()[0] * loop.offset_Hz()[0] / count;
    }
    const double expected = std::pow(0.01 * 400e9, 2) * gain / (2.0 - gain);
    // A variance from count · g/2 independent samples: sqrt(2 / (count g / 2)), five of them.
    CHECK(rel_error(square, expected) <= 5.0 * std::sqrt(4.0 / (count * gain)));
    // 0.1 dB more noise would be seen.
    if (gain == 0.5) CHECK(5.0 * std::sqrt(4.0 / (count * gain)) < 0.12);
  }
}

TEST_CASE("lock loop: the ADC rounds, and noise makes its steps even") {
  LockingParameters p = quiet();
  p.adc_bits = 8;
  const double code_Hz = 400e9 / 255.0;  // on the straight table
  p.monitor_noise = 2.0 / 255.0;
  LockLoop loop(p, plant(straight));
  const int count = 5000;
  double mean_Hz = 0.0;
  for (int k = 0; k < count; ++k) {
    one_reading(loop);
    mean_Hz += loop.offset_Hz()[0] / count;
  }
  // 2 codes of noise, a third of it left by the loop, 500 independent of 5000: 0.03 codes, 5 sigma.
  CHECK(std::abs(mean_Hz) <= 0.15 * code_Hz);
  // Without noise it stands within a code of the wanted place.
  p.monitor_noise = 0.0;
  p.temperature_change_K = 2.0;
  p.ramp_time_s = 1e-7;
  LockLoop silent(p, plant(straight));
  for (int k = 0; k < 200; ++k) one_reading(silent);
  CHECK(std::abs(silent.offset_Hz()[0]) <= code_Hz);
  CHECK(std::abs(silent.offset_Hz()[0]) > 0.0);
}

TEST_CASE("lock loop: of a square dither a pole leaves its closed form") {
  for (const double x : {0.3, 2.0, 20.0}) {
    // Half period 1 s, ωT = x: settle over 200 half periods, then average by Simpson's rule.
    const double omega = x;
    double h = 0.0, mean = 0.0;
    for (int half = 0; half <= 200; ++half) {
      const double target = half % 2 == 0 ? 1.0 : -1.0, start = h;
      const auto at = [&](double t) { return target + (start - target) * std::exp(-omega * t); };
      constexpr int steps = 200;
      mean = 0.0;
      for (int k = 0; k <= steps; ++k)
        mean += (k == 0 || k == steps ? 1.0
                 : k % 2              ? 4.0
                                      : 2.0) *
                at(static_cast<double>(k) / steps) / (3.0 * steps);
      h = at(1.0);
    }
    // Simpson's rule: (ω/200)^4 / 180 of the fourth derivative.
    CHECK(abs_error(dither_share(omega / (2.0 * constants::pi), 1.0), mean) <= 1e-6);
  }
}

TEST_CASE("lock loop: dither finds the maximum, and the wanted slope beside it") {
  LockingParameters p = quiet();
  p.method = "dither";
  p.monitor = "drop";
  p.temperature_change_K = 2.0;
  p.ramp_time_s = 1e-7;
  p.dither_Hz = 3e9;
  LockLoop loop(p, plant(lorentzian));
  for (int k = 0; k < 200; ++k) one_reading(loop);
  // The dither itself is left, to one side or the other. 0.8^100 of 20 GHz; cubic between points.
  CHECK(abs_error(std::abs(loop.offset_Hz()[0]), 3e9) <= 1e6);
  one_reading(loop);
  const double first = loop.offset_Hz()[0];
  one_reading(loop);
  CHECK(abs_error(first + loop.offset_Hz()[0], 0.0) <= 1e6);
  // On the flank, 0.3 linewidths off the top, the slope is held.
  LockLoop beside(p, plant([](double o) { return lorentzian(o - 0.1 * linewidth_Hz); }));
  for (int k = 0; k < 400; ++k) one_reading(beside);
  CHECK(abs_error(std::abs(beside.offset_Hz()[0]), 3e9) <= 1e6);
}

TEST_CASE("lock loop: between two codes the loop hunts, continuous heaters do not") {
  LockingParameters p = quiet();
  p.temperature_change_K = 10.0;
  p.ramp_time_s = 20.0;
  p.loop_gain = 0.5;
  const OffsetCurve flat = curve_of([](double) { return -12.0; });
  LockPlant coarse = plant(flank);
  const double continuous_Hz = std::abs(follow_ramp(p, coarse, flat, 1e-9).worst_offset_Hz);
  // 100 GHz over 20000 readings at a gain of a half: lag 10 MHz and half a reading of the ramp.
  CHECK(continuous_Hz <= 15e6);
  coarse.heater.dac_bits = 6;
  const LockingResult steps = follow_ramp(p, coarse, flat, 1e-9);
  const double step_Hz = 1000e9 / 63.0;
  // Offsets a step and (a - 1) step in shares that average to zero: a (1 - a) step², 1/6 step² over the six
  // codes that the drift passes; the loop's lag and the unfinished seventh leave 5 %.
  CHECK(rel_error(steps.offset_rms_Hz, step_Hz / std::sqrt(6.0)) <= 0.05);
  CHECK(std::abs(steps.worst_offset_Hz) <= 1.01 * step_Hz);
  CHECK(steps.holds);
  CHECK(rel_error(steps.worst_ber, 1e-12) <= 1e-12);
  CHECK_FALSE(follow_ramp(p, coarse, flat, 0.9e-12).holds);
}

TEST_CASE("lock loop: below a gain of two it is stable at any bandwidth of the heater") {
  for (const double bandwidth_Hz : {10.0, 150.0, 1e3, 1e6}) {
    LockingParameters p = quiet();
    p.temperature_change_K = 2.0;  // 20 GHz
    p.ramp_time_s = 1e-7;
    LockPlant plant_of_bandwidth = plant(straight);
    plant_of_bandwidth.bandwidth_Hz = bandwidth_Hz;
    for (const double gain : {0.2, 1.9}) {
      p.loop_gain = gain;
      LockLoop loop(p, plant_of_bandwidth);
      for (int k = 0; k < 5000; ++k) {
        double reading = 0.0;
        for (int m = 0; m < 16; ++m) {
          loop.advance((m == 0 ? 0.5 : 1.0) * p.averaging_time_s / 16.0);
          reading += straight(loop.offset_Hz()[0]) / 16.0;
        }
        loop.advance(p.averaging_time_s / 32.0);
        loop.act({&reading, 1});
      }
      // Slowest: 10 Hz at 1.9, 0.2 % per reading, exp(-10) of 20 GHz.
      CHECK(std::abs(loop.offset_Hz()[0]) <= 2e6);
    }
  }
}

TEST_CASE("lock loop: a heater at the end of its range lets go") {
  LockingParameters p = quiet();
  p.temperature_change_K = -80.0;  // 800 GHz more of heat
  p.ramp_time_s = 2.0;
  const OffsetCurve ber = curve_of([](double o) { return -12.0 + std::abs(o) / 2e10; });
  const LockingResult result = follow_ramp(p, plant(straight), ber, 1e-9);
  // 600 of 800 GHz are there: the last quarter is at the limit, and the ring ends 200 GHz too blue.
  CHECK(abs_error(result.at_limit, 0.25) <= 0.01);
  CHECK(rel_error(result.worst_offset_Hz, 200e9) <= 0.01);
  CHECK_FALSE(result.holds);
  CHECK(rel_error(result.ber.back(), 1e-2) <= 0.2);
  CHECK(result.ber.front() < 1e-11);
  // Off, it has no chance: the offset is the whole drift.
  p.method = "off";
  CHECK(rel_error(follow_ramp(p, plant(straight), ber, 1e-9).worst_offset_Hz, 800e9) <= 0.01);
}

TEST_CASE("lock loop: rings that heat each other are held on their grid") {
  LockingParameters p = quiet();
  p.temperature_change_K = 10.0;
  p.ramp_time_s = 1.0;
  LockPlant warm = plant(straight, 4);
  warm.crosstalk = thermal_crosstalk(4, 0.15, 50e-6, 50e-6);
  LockLoop loop(p, warm), alone(p, plant(straight, 4));
  const double start_W = loop.heater_W();
  // At the start h = M⁻¹ s for s alike: rows of the inverse summed up.
  const double expected_Hz = warm.crosstalk.inverse().sum() * 400e9;
  CHECK(rel_error(start_W, wavelength_shift_m(expected_Hz, carrier_Hz) / 1e-7) <= 1e-12);
  CHECK(start_W < alone.heater_W());
  for (int k = 0; k < 500; ++k) one_reading(loop);
  // Steady ramp: M Δh = -r per reading and Δh = g o, so o = -(r/g) M⁻¹ 1. Settled to 0.8^500 and slower modes
  // of the coupled rings, (1 - 0.2 · 0.75)^500.
  const Eigen::VectorXd share = warm.crosstalk.inverse().rowwise().sum();
  for (int i = 0; i < 4; ++i)
    CHECK(rel_error(loop.offset_Hz()[static_cast<std::size_t>(i)], -0.1e9 / 0.2 * share(i)) <= 1e-9);
  // Alone each would lag by r/g; neighbours that cool down help the inner rings most.
  CHECK(share(1) < share(0));

  // Steps of the neighbours' codes reach a ring, too.
  p.ramp_time_s = 20.0;
  const OffsetCurve flat = curve_of([](double) { return -12.0; });
  LockPlant coarse = warm, cold = plant(straight, 4);
  coarse.heater.dac_bits = cold.heater.dac_bits = 8;
  const double step_Hz = 1000e9 / 255.0;
  // Each alone hunts with step/√6 (25 codes of drift: 2 %).
  CHECK(rel_error(follow_ramp(p, cold, flat, 1e-9).offset_rms_Hz, step_Hz / std::sqrt(6.0)) <= 0.02);
  CHECK(follow_ramp(p, coarse, flat, 1e-9).offset_rms_Hz > 1.01 * step_Hz / std::sqrt(6.0));
}

TEST_CASE("lock loop: a monitor without slope and a heater out of range are refused") {
  LockingParameters p = quiet();
  CHECK_THROWS_WITH_AS(LockLoop(p, plant(lorentzian)), doctest::Contains("method = \"dither\""), ConfigError);
  p.method = "dither";
  CHECK_THROWS_WITH_AS(LockLoop(p, plant(straight)), doctest::Contains("method = \"set_point\""),
                       ConfigError);
  p.method = "set_point";
  LockPlant far = plant(straight);
  far.start_shift_Hz = 1100e9;
  CHECK_THROWS_WITH_AS(LockLoop(p, far), doctest::Contains("heater reaches 1 THz"), ConfigError);
  CHECK_THROWS_AS(OffsetCurve({0.0, 1.0, 1.0, 2.0}, {1.0, 1.0, 1.0, 1.0}), DomainError);
}
