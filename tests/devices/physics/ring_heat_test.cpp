#include "devices/physics/ring_heat.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "../microring_support.hpp"
#include "devices/physics/ring_heat_report.hpp"
#include "devices/physics/ring_states.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;
using test::ring_bundle;

namespace {

const RingRates rates = all_pass_rates(228e12, 6000.0, 15.0, Coupling::under);

RingMedium medium(double two_photon = 0.0) {
  return make_ring_medium({.frequency_Hz = 228e12,
                           .group_index = 4.0,
                           .ring_length_m = 40e-6,
                           .mode_area_m2 = 0.1e-12,
                           .overlap = 1.0,
                           .two_photon = two_photon,
                           .kerr = two_photon,
                           .absorbed_share = 0.6,
                           .carrier_lifetime_s = 50e-12,
                           .thermal_resistance_K_per_W = 2e4,
                           .thermal_time_s = 200e-9,
                           .collection_efficiency = 0.2,
                           .bias_V = 1.0});
}

/// Rings of one kind, each `detuning_Hz` from its own carrier, 200 GHz apart.
std::vector<HotRing> rings(int count, double detuning_Hz, const RingMedium& m) {
  std::vector<HotRing> all;
  for (int i = 0; i < count; ++i) {
    HotRing ring{{rates, {-7e9, 0.5, 1.9, 2e8}, {}, 0.99, RingPort::through}, m};
    for (int c = 0; c < count; ++c) ring.aligned.detuning_Hz.push_back(detuning_Hz + 200e9 * (c - i));
    all.push_back(ring);
  }
  return all;
}

Bundle held(double power_W) {
  Bundle b = ring_bundle(1, 4, 16, 32e9, 1.0);
  b.lane[0].assign(b.lane[0].size(), 0.0);
  b.port[0].field[0].assign(b.port[0].field[0].size(), std::sqrt(power_W));
  return b;
}

}  // namespace

TEST_CASE("ring heat: at constant voltage both histories end on the outer states of the polynomial") {
  for (const double two_photon : {0.0, 1.0})
    for (const double cold_Hz : {-150e9, -100e9, -60e9, -20e9, 10e9}) {
      const RingMedium m = medium(two_photon);
      const double power_W = 5e-3;
      const auto states = ring_states(rates, m, power_W, cold_Hz);
      INFO("cold detuning ", cold_Hz, ", states ", states.size());
      for (const ThermalHistory history : {ThermalHistory::from_blue, ThermalHistory::from_red}) {
        const RingHeat h =
            ring_heat(rings(1, cold_Hz, m), held(power_W), DetuningReference::cold, history).front();
        const RingState& expected = history == ThermalHistory::from_blue ? states.back() : states.front();
        CHECK(h.states == static_cast<int>(states.size()));
        // The mean is refined to 1e-7 of the linewidth of 38 GHz; heat shifts by 1 GHz and more.
        CHECK(abs_error(h.thermal_shift_Hz, m.thermal_shift_Hz_per_K * expected.temperature_K) <= 1e4);
        CHECK(abs_error(h.offset_Hz, h.thermal_shift_Hz) <= 1e4);
        CHECK(h.restoring > 0.0);
        CHECK(h.ripple_Hz <= 1.0);
      }
    }
}

TEST_CASE("ring heat: a hot detuning is where a cold one of the same state ends") {
  for (const double two_photon : {0.0, 1.0}) {
    const Bundle b = ring_bundle(3, 64, 16, 32e9, 2.0);
    const auto cold =
        ring_heat(rings(3, 5e9, medium(two_photon)), b, DetuningReference::cold, ThermalHistory::from_blue);
    REQUIRE(cold[0].offset_Hz > 0.1e9);
    std::vector<HotRing> given;
    for (const RingHeat& h : cold) {
      given.push_back(h.ring);
      given.back().mean_heat_W = 0.0;
    }
    const auto hot = ring_heat(given, b, DetuningReference::hot, ThermalHistory::from_blue);
    for (int i = 0; i < 3; ++i) {
      // Settled periods repeat to 1e-12.
      CHECK(rel_error(hot[i].temperature_K, cold[i].temperature_K) <= 1e-9);
      CHECK(hot[i].offset_Hz == 0.0);
      CHECK(hot[i].states == cold[i].states);
    }
    // The light that rings 0 and 1 leave heats ring 2: not the same as alone.
    CHECK(rel_error(cold[2].temperature_K, cold[0].temperature_K) > 1e-6);
  }
}

TEST_CASE("ring heat: the mean temperature is where live heat ends after many time constants") {
  for (const double two_photon : {0.0, 1.0}) {
    const Bundle b = ring_bundle(1, 32, 16, 32e9, 2.0);
    RingMedium m = medium(two_photon);
    m.thermal_time_s = 80e-9;
    const RingHeat h =
        ring_heat(rings(1, -4e9, m), b, DetuningReference::cold, ThermalHistory::from_blue).front();
    // Live heat from a start that is cold: 1.2 µs, 15 time constants.
    std::vector<HotRing> dark = rings(1, -4e9, m);
    HotBus bus(dark, b);
    bus.set_live();
    for (int period = 0; period < 1200; ++period) {
      Bundle work = b;
      bus.advance(work);
    }
    INFO("mean ", h.temperature_K, " live ", bus.temperature_K(0));
    // e^-15 is left; the ripple, stated, goes with it.
    CHECK(abs_error(bus.temperature_K(0), h.temperature_K) * m.thermal_shift_Hz_per_K <=
          1.1 * h.ripple_Hz + 1e-5 * h.thermal_shift_Hz);
    CHECK(h.ripple_Hz < 0.01 * h.thermal_shift_Hz);
    // From the found state on it stays there.
    HotBus again({h.ring}, b);
    again.set_live();
    for (int period = 0; period < 200; ++period) {
      Bundle work = b;
      again.advance(work);
      CHECK(std::abs(again.temperature_K(0)) * m.thermal_shift_Hz_per_K <= 1.1 * h.ripple_Hz);
    }
  }
}

TEST_CASE("ring heat: ripple of a slow square wave is the closed form of an RC") {
  RingMedium m = medium();
  m.current_A_per_W = 0.0;
  m.thermal_resistance_K_per_W = 1.0;             // no feedback
  Bundle b = ring_bundle(1, 640, 16, 32e9, 2.0);  // 20 ns
  const std::size_t half = b.lane[0].size() / 2;
  std::fill(b.lane[0].begin(), b.lane[0].begin() + static_cast<long>(half), 1.0);
  std::fill(b.lane[0].begin() + static_cast<long>(half), b.lane[0].end(), -1.0);
  std::vector<HotRing> ring = rings(1, 8e9, m);
  double heat_W[2];
  for (const int k : {0, 1}) {
    const double u = k == 0 ? 1.0 : -1.0, power_W = 1e-3;
    RingRates r = rates;
    r.loss_per_s += ring[0].aligned.law.extra_loss_per_s(u);
    const double energy_J = power_W * std::norm(mode_response(r, 8e9 - ring[0].aligned.law.shift_Hz(u)));
    heat_W[k] = 2.0 * 0.6 * r.loss_per_s * energy_J;
  }
  // Square wave of ±Δ/2, halves of 10 ns: extremes ±(Δ/2) tanh(T/4τ), for heat that follows and that does
  // not.
  for (const double time_s : {5e-9, 200e-9}) {
    ring[0].medium.thermal_time_s = time_s;
    const RingHeat h = ring_heat(ring, b, DetuningReference::hot, ThermalHistory::from_blue).front();
    const double expected =
        m.thermal_shift_Hz_per_K * 0.5 * std::abs(heat_W[0] - heat_W[1]) * std::tanh(20e-9 / (4.0 * time_s));
    // Edges of two lifetimes (15 ps) in 10 ns.
    CHECK(rel_error(h.ripple_Hz, expected) <= 5e-3);
  }
}

TEST_CASE("ring heat: photocurrent has its closed form, its power is drawn") {
  const RingMedium m = medium(1.0);
  const double power_W = 2e-3, hot_Hz = 12e9;
  const RingHeat h =
      ring_heat(rings(1, hot_Hz, m), held(power_W), DetuningReference::hot, ThermalHistory::from_blue)
          .front();
  const double energy_J = settled_energy_J(rates, m, {&power_W, 1}, {&hot_Hz, 1});
  // η q/(hf) per linearly absorbed watt, half of it per watt absorbed by pairs of photons.
  const double quantum_A_per_W = 1.602176634e-19 / (6.62607015e-34 * 228e12);
  const double expected_A =
      0.2 * quantum_A_per_W *
      (2.0 * 0.6 * rates.loss_per_s * energy_J + 0.5 * 2.0 * m.two_photon_per_s_J * energy_J * energy_J);
  // The constant state is settled to 1e-12; pairs between samples leave 1e-5 of their small part.
  CHECK(rel_error(h.current_A, expected_A) <= 1e-6);
  CHECK(rel_error(h.peak_current_A, expected_A) <= 1e-6);
  CHECK(rel_error(h.electrical_W, expected_A * 1.0) <= 1e-6);
}

TEST_CASE("ring heat: static dressing is what the stepper settles on") {
  const RingMedium m = medium(3.0);
  Bundle b = held(20e-3);
  const auto heat = ring_heat(rings(1, 6e9, m), b, DetuningReference::cold, ThermalHistory::from_blue);
  const double u = 0.4;
  const RingDress d = settled_dress(heat, b, {&u, 1}).front();
  const AlignedRing& ring = heat[0].ring.aligned;
  RingRates lit = rates;
  lit.loss_per_s += ring.law.extra_loss_per_s(u) + d.extra_loss_per_s;
  const double expected =
      20e-3 * 0.99 * 0.99 * through_power(lit, 6e9 + d.offset_Hz - d.shift_Hz - ring.law.shift_Hz(u));
  b.lane[0].assign(b.lane[0].size(), u);
  Bundle behind;
  settled_period(hot_rings(heat), b, false, &behind);
  // Pairs settle on the mean of two half steps: 1e-3 of a shift that is a small part of the linewidth.
  CHECK(rel_error(std::norm(behind.port[0].field[0].back()), expected) <= 1e-5);
  CHECK(std::abs(d.shift_Hz) > 0.001 * rates.linewidth_Hz());
}
