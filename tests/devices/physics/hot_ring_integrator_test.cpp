#include "devices/physics/hot_ring_integrator.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/ring_states.hpp"
#include "hot_ring_reference.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = constants::pi;
constexpr double resonance_Hz = 228e12;
const RingRates ring = all_pass_rates(resonance_Hz, 4500.0, 15.0, Coupling::under);

/// So much light that every effect moves the line by a tenth or more of its width.
RingMedium strong() {
  RingMedium m = make_ring_medium({.frequency_Hz = resonance_Hz,
                                   .group_index = 4.0,
                                   .ring_length_m = 40e-6,
                                   .mode_area_m2 = 0.1e-12,
                                   .overlap = 1.0,
                                   .two_photon = 1.0,
                                   .kerr = 1.0,
                                   .absorbed_share = 0.6,
                                   .carrier_lifetime_s = 80e-12,
                                   .thermal_resistance_K_per_W = 3e3,
                                   .thermal_time_s = 300e-12,
                                   .collection_efficiency = 0.2,
                                   .bias_V = 1.0});
  return m;
}

test::HotDrive moving(double t) {
  const double u = std::sin(2.0 * pi * 20e9 * t);
  return {std::sqrt(0.2) * (1.0 + 0.2 * std::sin(2.0 * pi * 15e9 * t)), u, -8e9 * u,
          -0.05 * ring.loss_per_s * u};
}

struct Run {
  ComplexWave mode;
  double pairs, temperature_K;
};
Run run(const RingMedium& m, double detuning_Hz, double dt_s, int count, bool live, double mean_heat_W,
        int block_samples = 1 << 30) {
  HotRingIntegrator integrator(ring, m, std::vector{detuning_Hz}, dt_s, 1.0, std::min(count, block_samples),
                               RingPort::through, mean_heat_W);
  integrator.set_live(live);
  const auto at = [&](int n) { return moving(n * dt_s); };
  std::vector<Complex> first{at(0).field};
  integrator.settle(first, at(0).shift_Hz, at(0).extra_loss_per_s, at(0).u_V);
  Run result{ComplexWave(static_cast<std::size_t>(count)), 0.0, 0.0};
  // Sample 0 is the settled state itself: stepping begins with sample 1.
  for (int begin = 1; begin < count; begin += block_samples) {
    const int samples = std::min(block_samples, count - begin);
    CarrierBlock block(1, samples), mode(1, samples);
    RateBlock rate;
    RealWave u;
    ComplexWave field;
    for (auto* wave : {&u, &rate.shift_Hz, &rate.extra_loss_per_s})
      wave->reserve(static_cast<std::size_t>(samples));
    field.reserve(static_cast<std::size_t>(samples));
    for (int n = begin; n < begin + samples; ++n) {
      field.push_back(at(n).field);
      u.push_back(at(n).u_V);
      rate.shift_Hz.push_back(at(n).shift_Hz);
      rate.extra_loss_per_s.push_back(at(n).extra_loss_per_s);
    }
    block.load(0, field);
    integrator.step(rate, u, block, &mode);
    mode.save(
        0,
        std::span(result.mode).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(samples)));
  }
  result.pairs = integrator.pairs();
  result.temperature_K = integrator.temperature_K();
  return result;
}

test::HotState settled(const RingMedium& m, double detuning_Hz) {
  const test::HotDrive d = moving(0.0);
  RingRates rates = ring;
  rates.loss_per_s += d.extra_loss_per_s;
  const double power_W = std::norm(d.field), at_Hz = detuning_Hz - d.shift_Hz;
  const double energy_J = settled_energy_J(rates, m, {&power_W, 1}, {&at_Hz, 1});
  const double pairs = m.settled_pairs(energy_J);
  rates.loss_per_s += m.loss_per_s(energy_J, pairs);
  const Complex a = mode_response(rates, at_Hz - m.shift_Hz(energy_J, pairs)) * d.field;
  return {a.real(), a.imag(), pairs, 0.0};
}

}  // namespace

TEST_CASE("hot ring: without effects it is the linear ring's stepper") {
  const double dt_s = 2e-12;
  const int count = 200;
  for (const int carriers : {1, 3, 11}) {
    std::vector<double> detunings;
    detunings.reserve(static_cast<std::size_t>(carriers));
    for (int c = 0; c < carriers; ++c) detunings.push_back(20e9 + 200e9 * c);
    CarrierBlock one(carriers, count), other(carriers, count);
    for (int c = 0; c < carriers; ++c) {
      ComplexWave wave(count);
      for (int n = 0; n < count; ++n) wave[n] = Complex(0.03, 0.01 * std::sin(0.2 * n));
      one.load(c, wave);
      other.load(c, wave);
    }
    RateBlock rate;
    RealWave u;
    u.reserve(count);
    rate.shift_Hz.reserve(count);
    rate.extra_loss_per_s.reserve(count);
    for (int n = 0; n < count; ++n) {
      u.push_back(std::sin(0.3 * n));
      rate.shift_Hz.push_back(12e9 * u.back());
      rate.extra_loss_per_s.push_back(1e9 * u.back());
    }
    RingIntegrator linear(ring, detunings, dt_s, 0.9, count);
    HotRingIntegrator hot(ring, {}, detunings, dt_s, 0.9, count, RingPort::through, 0.0);
    linear.step(rate, one);
    hot.step(rate, u, other);
    ComplexWave a(count), b(count);
    for (int c = 0; c < carriers; ++c) {
      one.save(c, a);
      other.save(c, b);
      double worst = 0.0;
      for (int n = 0; n < count; ++n) worst = std::max(worst, std::abs(a[n] - b[n]));
      // The same arithmetic but for one product by 1.
      CHECK(worst <= 1e-15);
    }
  }
}

TEST_CASE("hot ring: second order against Odeint with carriers, Kerr effect and live heat") {
  const RingMedium m = strong();
  const double detuning_Hz = 15e9, mean_heat_W = 0.02, duration_s = 400e-12;
  const auto reference = test::integrate_hot_ring(ring, m, detuning_Hz, settled(m, detuning_Hz), moving,
                                                  duration_s, 2, mean_heat_W, true, 1e-12);
  const test::HotState end = reference.back();
  const Complex expected(end[0], end[1]);
  std::vector<double> error, pairs_error, heat_error;
  for (const double steps : {200.0, 400.0, 800.0}) {
    const double dt_s = duration_s / steps;
    const Run r = run(m, detuning_Hz, dt_s, static_cast<int>(steps) + 1, true, mean_heat_W);
    error.push_back(std::abs(r.mode.back() - expected) / std::abs(expected));
    heat_error.push_back(rel_error(r.temperature_K, end[3]));
  }
  INFO("errors ", error[0], " ", error[1], " ", error[2], ", heat ", heat_error[0], " ", heat_error[2]);
  // The effects are there: without them the mode is elsewhere.
  const auto plain = test::integrate_hot_ring(ring, {}, detuning_Hz, settled({}, detuning_Hz), moving,
                                              duration_s, 2, 0.0, false, 1e-12);
  CHECK(std::abs(Complex(plain.back()[0], plain.back()[1]) - expected) > 0.1 * std::abs(expected));
  for (int k = 0; k < 2; ++k) {
    const double order = std::log2(error[k] / error[k + 1]);
    // Second order; ±0.4 as the step halves.
    CHECK(abs_error(order, 2.0) <= 0.4);
  }
  // 800 steps of 0.5 ps: 0.08 lifetimes each.
  CHECK(error[2] <= 2e-3);
  // Temperature is kept half a step earlier: first order in that alone, dt/τ_th of it.
  CHECK(heat_error[2] <= 5e-3);
}

TEST_CASE("hot ring: blocks of any length give the same path") {
  const RingMedium m = strong();
  const Run whole = run(m, 15e9, 1e-12, 401, true, 0.02), cut = run(m, 15e9, 1e-12, 401, true, 0.02, 37);
  double worst = 0.0;
  for (std::size_t n = 1; n < whole.mode.size(); ++n)
    worst = std::max(worst, std::abs(whole.mode[n] - cut.mode[n]));
  // Exponentials are packed otherwise: rounding.
  CHECK(worst <= 1e-13 * std::abs(whole.mode.back()));
  CHECK(rel_error(cut.temperature_K, whole.temperature_K) <= 1e-12);
}

TEST_CASE("hot ring: settles on the closed-form state of two photons and carriers") {
  RingMedium m = strong();
  m.thermal_resistance_K_per_W = 0.0;
  for (const double detuning_Hz : {-20e9, 0.0, 12e9, 40e9}) {
    const double power_W = 0.1, dt_s = 1e-12;
    const auto states = ring_states(ring, m, power_W, detuning_Hz);
    REQUIRE(states.size() == 1);
    // The root finder of the stepper agrees with that of the polynomial.
    CHECK(rel_error(settled_energy_J(ring, m, {&power_W, 1}, {&detuning_Hz, 1}), states[0].energy_J) <=
          1e-12);
    const int count = 4000;  // 4 ns, 50 carrier lifetimes
    HotRingIntegrator integrator(ring, m, std::vector{detuning_Hz}, dt_s, 1.0, count, RingPort::through, 0.0);
    CarrierBlock block(1, count);
    block.load(0, ComplexWave(count, std::sqrt(power_W)));
    integrator.step({RealWave(count, 0.0), {}}, RealWave(count, 0.0), block);
    // From dark, e^-50 is left; rounding of 4000 steps.
    CHECK(rel_error(integrator.trace().energy_J.back(), states[0].energy_J) <= 1e-11);
    // Constant generation at the samples: the decay of both halves balances exactly.
    CHECK(rel_error(integrator.trace().pairs.back(), states[0].pairs) <= 1e-4);
    // What goes in comes out or is absorbed (no scattering here: take all of 1/τ_l).
    ComplexWave out(count);
    block.save(0, out);
    const RingState& s = states[0];
    const double lost_W = 2.0 * (ring.loss_per_s + s.extra_loss_per_s) * s.energy_J;
    CHECK(abs_error(power_W - std::norm(out.back()), lost_W) <= 1e-5 * power_W);
  }
}

TEST_CASE("hot ring: temperature follows a step of light with its time constant") {
  RingMedium m;
  m.absorbed_share = 0.5;
  m.thermal_resistance_K_per_W = 1e4;
  m.thermal_shift_Hz_per_K = 1.0;  // feels no change of resonance: the heat stays constant
  m.thermal_time_s = 3e-9;
  const double dt_s = 1e-12, power_W = 1e-3;
  const int count = 6000;
  HotRingIntegrator integrator(ring, m, std::vector{10e9}, dt_s, 1.0, count, RingPort::through, 0.0);
  integrator.set_live(true);
  std::vector<Complex> field{std::sqrt(power_W)};
  integrator.settle(field, 0.0, 0.0, 0.0);
  CarrierBlock block(1, count);
  block.load(0, ComplexWave(count, std::sqrt(power_W)));
  integrator.step({RealWave(count, 0.0), {}}, RealWave(count, 0.0), block);
  const double heat_W = 2.0 * 0.5 * ring.loss_per_s * power_W * std::norm(mode_response(ring, 10e9));
  // 1 - e^-2 after two time constants; constant heat is integrated exactly.
  CHECK(rel_error(integrator.temperature_K(), 1e4 * heat_W * -std::expm1(-2.0)) <= 1e-10);
}

TEST_SUITE("slow") {
  TEST_CASE("hot ring: a slow sweep jumps up and down where the cubic ends its branches") {
    RingMedium m;
    m.absorbed_share = 0.6;
    m.thermal_resistance_K_per_W = 6e3;
    m.thermal_shift_Hz_per_K = 10e9;
    m.thermal_time_s = 2e-9;
    const DispersiveBistability cubic{ring, linear_shift_Hz_per_J(ring, m)};
    const double power_W = 3.0 * cubic.least_power_W();
    const auto fold = cubic.detunings_Hz(power_W);
    REQUIRE(fold.exists);
    const double width_Hz = fold.jump_up - fold.jump_down, reach_Hz = 2.0 * width_Hz;
    const double high_Hz = fold.jump_up + reach_Hz, low_Hz = fold.jump_down - reach_Hz;
    // A triangle of 4 µs a side: 2000 thermal times. The detuning moves as a voltage shift would move the
    // ring.
    const double dt_s = 2e-12;
    const int side = 2000000, chunk = 2000;
    HotRingIntegrator integrator(ring, m, std::vector{0.0}, dt_s, 1.0, chunk, RingPort::through, 0.0);
    integrator.set_live(true);
    CarrierBlock block(1, chunk);
    const RealWave u(chunk, 0.0);
    const auto shift_Hz = [&](int n) {  // carrier from the blue to the red and back
      const double x = static_cast<double>(n) / side;
      return -(x < 1.0 ? high_Hz + (low_Hz - high_Hz) * x : low_Hz + (high_Hz - low_Hz) * (x - 1.0));
    };
    double largest_drop = 0.0, largest_rise = 0.0, at_drop_Hz = 0.0, at_rise_Hz = 0.0, before = 0.0;
    for (int begin = 0; begin < 2 * side; begin += chunk) {
      RateBlock rate;
      for (int n = begin; n < begin + chunk; ++n) rate.shift_Hz.push_back(shift_Hz(n));
      block.load(0, ComplexWave(chunk, std::sqrt(power_W)));
      integrator.step(rate, u, block);
      const double now = integrator.temperature_K(), detuning_Hz = -shift_Hz(begin + chunk / 2);
      if (begin > 0 && begin < side && before - now > largest_drop) {
        largest_drop = before - now;
        at_drop_Hz = detuning_Hz;
      }
      if (begin > side && now - before > largest_rise) {
        largest_rise = now - before;
        at_rise_Hz = detuning_Hz;
      }
      before = now;
    }
    INFO("drop at ", at_drop_Hz, " (", fold.jump_down, "), rise at ", at_rise_Hz, " (", fold.jump_up, ")");
    // The jump is late by what the sweep covers while heat lets go at a fold, (rate τ_th)^(2/3) of the width:
    // 1/100 of the loop.
    CHECK(abs_error(at_drop_Hz, fold.jump_down) <= 0.05 * width_Hz);
    CHECK(abs_error(at_rise_Hz, fold.jump_up) <= 0.05 * width_Hz);
    // Late, never early.
    CHECK(at_drop_Hz < fold.jump_down);
    CHECK(at_rise_Hz > fold.jump_up);
  }
}
