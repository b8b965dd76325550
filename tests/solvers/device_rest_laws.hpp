/// Laws of what has settled: transient against static curve, tangent and small signal against its slope.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "device_laws.hpp"
#include "solvers/settled_core.hpp"

namespace photonlink::test {

/// Output for constant input after everything has settled.
inline Bundle settled(const Stage& stage, const Bundle& input) {
  SettledCore core = settle_core(stage, input, 10000);
  CHECK(core.settled);
  return std::move(core.output);
}

inline void check_settling(const Stage& stage, const Surroundings& in) {
  const auto at = [&](int samples_per_symbol) {
    return final_values(settled(stage, constant_bundle(in, samples_per_symbol)));
  };
  const auto coarse = at(16), fine = at(64), finest = at(256);
  REQUIRE(coarse.size() == finest.size());
  REQUIRE_FALSE(coarse.empty());
  for (std::size_t i = 0; i < coarse.size(); ++i) {
    const double far = std::abs(coarse[i] - fine[i]), near = std::abs(fine[i] - finest[i]);
    CAPTURE(far);
    CAPTURE(near);
    // settle_core stops at a change of 1e-10 a period; a slow state is then up to 1e4 periods of that away. A
    // scheme of second order may differ by some (dt/τ)²/12, which falls by 16 from each grid to the next.
    CHECK((far <= 1e-6 * std::abs(fine[i]) || (far <= 1e-4 * std::abs(fine[i]) && near <= far / 12.0)));
  }
}

/// A stage whose offset loop takes constants out.
inline void check_constants_vanish(const Stage& stage, const Surroundings& in) {
  for (const double value : final_values(settled(stage, constant_bundle(in))))
    CHECK(std::abs(value) <= 1e-12);
}

/// d(sum of all final values) per relative change of all inputs, by the tangent and by finite differences.
inline void check_tangent_at_rest(const Stage& stage, const Surroundings& in, int symbols) {
  const double step = 1e-4;
  const auto sum = [&](double scale) {
    Surroundings changed = in;
    changed.lane *= 1.0 + scale;
    changed.power_W *= (1.0 + scale) * (1.0 + scale);
    // The state starts where it settles for the unchanged input, and then runs long enough.
    double total = 0.0;
    for (const double value : final_values(settled(stage, constant_bundle(changed, 16, symbols))))
      total += value;
    return total;
  };
  const double difference = (sum(step) - sum(-step)) / (2.0 * step);
  const Bundle input = constant_bundle(in, 16, symbols);
  const Bundle output = settled(stage, input);
  // Observed at the last sample of the period: lanes as they are, fields by power.
  Sensitivity seen{.begin = 0, .length = input.grid.size(), .lane = {}, .port = {}};
  const auto size = static_cast<std::size_t>(input.grid.size());
  for (std::size_t l = 0; l < output.lane.size(); ++l) seen.lane.emplace_back(size).back() = 1.0;
  for (const OpticalPort& port : output.port) {
    auto& fields = seen.port.emplace_back();
    for (const ComplexWave& wave : port.field)
      fields.emplace_back(size).back() = 2.0 * std::conj(wave.back());
  }
  stage.tangent(input)->pull_back(seen);
  double pulled = 0.0;
  for (std::size_t l = 0; l < seen.lane.size() && l < input.lane.size(); ++l)
    for (const double weight : seen.lane[l]) pulled += weight * in.lane;
  for (std::size_t p = 0; p < seen.port.size(); ++p)
    for (std::size_t c = 0; c < seen.port[p].size(); ++c)
      for (const Complex weight : seen.port[p][c]) pulled += (weight * std::sqrt(in.power_W)).real();
  CAPTURE(pulled);
  CAPTURE(difference);
  // Central differences of 1e-4: third derivatives and rounding, 1e-8 and 1e-6 at most of a smooth curve.
  CHECK(std::abs(pulled - difference) <= 1e-5 * std::max(std::abs(difference), std::abs(pulled)));
}

inline void check_modulator(const Stage& stage, Surroundings in) {
  const ModulatorCurves& curves = *stage.modulator_curves();
  const double rest = 0.0;
  const Bundle at = [&] {
    Surroundings middle = in;
    middle.lane = rest;
    return constant_bundle(middle);
  }();
  const auto lanes = static_cast<std::size_t>(in.lanes);
  for (const double drive_V : {-0.4, -0.1, 0.0, 0.2, 0.45}) {
    // The alignment is that of the rest point: start there, then hold the drive.
    Bundle driven = at;
    for (RealWave& lane : driven.lane) lane.assign(lane.size(), drive_V);
    const auto stepper = stage.start(at);
    Bundle output;
    for (int period = 0; period < 40; ++period) {
      output = driven;
      stepper->step(output);
    }
    for (std::size_t c = 0; c < at.carrier_Hz.size(); ++c) {
      const double settled_ratio = std::norm(output.port.at(0).field.at(c).back()) / in.power_W;
      const double closed = curves.transmission(at, at.carrier_Hz[c], std::vector<double>(lanes, drive_V));
      CAPTURE(drive_V);
      // 40 periods of 8 symbols at 32 GBd are 10 ns, hundreds of photon lifetimes.
      CHECK(std::abs(settled_ratio - closed) <= 1e-7 * closed);
    }
  }
  for (int lane = 0; lane < in.lanes; ++lane) {
    const double step_V = 1e-4, zero_Hz = 0.0;
    const auto transmission = [&](double drive_V) {
      std::vector<double> drive(lanes, rest);
      drive[static_cast<std::size_t>(lane)] = drive_V;
      return curves.transmission(at, at.carrier_Hz[static_cast<std::size_t>(lane)], drive);
    };
    const double slope = (transmission(step_V) - transmission(-step_V)) / (2.0 * step_V);
    const Complex closed = curves.small_signal(at, lane, {&zero_Hz, 1}).front();
    // Central differences of 0.1 mV: rounding of 1e-16 / 1e-4 and third derivatives of 1e-8.
    CHECK(std::abs(closed - slope) <= 1e-6 * std::abs(slope));
  }
}

}  // namespace photonlink::test
