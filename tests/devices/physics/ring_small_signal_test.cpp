#include "devices/physics/ring_small_signal.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/hot_ring_integrator.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

const RingRates through_ring = all_pass_rates(228e12, 4500.0, 15.0, Coupling::under);
const RingRates drop_ring = add_drop_rates(228e12, 4500.0, 1.0, DropCoupling::symmetric);

RingMedium medium() {
  return make_ring_medium({.frequency_Hz = 228e12,
                           .group_index = 4.0,
                           .ring_length_m = 40e-6,
                           .mode_area_m2 = 0.1e-12,
                           .overlap = 1.0,
                           .two_photon = 1.0,
                           .kerr = 1.0,
                           .absorbed_share = 0.6,
                           .carrier_lifetime_s = 40e-12,
                           .thermal_resistance_K_per_W = 0.0,
                           .thermal_time_s = 1e-6,
                           .collection_efficiency = 0.0,
                           .bias_V = 1.0});
}

double settled_share(const RingRates& rates, const RingMedium& m, double power_W, double detuning_Hz,
                     RingPort port) {
  const double energy_J = settled_energy_J(rates, m, {&power_W, 1}, {&detuning_Hz, 1});
  const double pairs = m.settled_pairs(energy_J);
  RingRates lit = rates;
  lit.loss_per_s += m.loss_per_s(energy_J, pairs);
  return port_power(lit, port, detuning_Hz - m.shift_Hz(energy_J, pairs));
}

}  // namespace

TEST_CASE("hot ring: small signal without effects is the closed form of the linear ring") {
  const RateChange change{-9e9, 2e8};
  for (const RingPort port : {RingPort::through, RingPort::drop})
    for (const double detuning_Hz : {-30e9, 8e9, 25e9})
      for (const double f : {0.0, 10e9, 60e9, 200e9}) {
        const RingRates& ring = port == RingPort::through ? through_ring : drop_ring;
        const Complex expected = small_signal_response(ring, detuning_Hz, change, f, port);
        // Rounding of a 3 x 3 system.
        CHECK(std::abs(hot_small_signal_response(ring, {}, 1e-3, detuning_Hz, change, f, port) - expected) <=
              1e-12 * std::abs(small_signal_response(ring, detuning_Hz, change, 0.0, port)) +
                  1e-12 * std::abs(expected));
      }
}

TEST_CASE("hot ring: small signal at f = 0 is the slope of the settled state") {
  const RingMedium m = medium();
  for (const RingPort port : {RingPort::through, RingPort::drop})
    for (const double detuning_Hz : {-20e9, 10e9, 30e9}) {
      const RingRates& ring = port == RingPort::through ? through_ring : drop_ring;
      const double power_W = 0.1, step_Hz = 1e5, step_per_s = 1e6;
      const double by_shift = (settled_share(ring, m, power_W, detuning_Hz - step_Hz, port) -
                               settled_share(ring, m, power_W, detuning_Hz + step_Hz, port)) /
                              (2.0 * step_Hz);
      RingRates more = ring, less = ring;
      more.loss_per_s += step_per_s;
      less.loss_per_s -= step_per_s;
      const double by_loss = (settled_share(more, m, power_W, detuning_Hz, port) -
                              settled_share(less, m, power_W, detuning_Hz, port)) /
                             (2.0 * step_per_s);
      // Differences of 1e-5 of the linewidth: second order 1e-10, rounding 1e-11 over 1e-5.
      CHECK(rel_error(hot_small_signal_response(ring, m, power_W, detuning_Hz, {1.0, 0.0}, 0.0, port).real(),
                      by_shift) <= 1e-5);
      CHECK(rel_error(hot_small_signal_response(ring, m, power_W, detuning_Hz, {0.0, 1.0}, 0.0, port).real(),
                      by_loss) <= 1e-5);
      // The light does something: the linear ring has another slope.
      CHECK(rel_error(small_signal_response(ring, detuning_Hz, {1.0, 0.0}, 0.0, port).real(), by_shift) >
            0.02);
    }
}

TEST_CASE("hot ring: small signal at speed is the tone of the stepped ring") {
  const RingMedium m = medium();
  const double power_W = 0.1, detuning_Hz = 12e9, swing_Hz = 2e6;
  for (const double tone_Hz : {5e9, 25e9, 60e9}) {
    const int per_tone = 800, tones = 40;
    const double dt_s = 1.0 / (tone_Hz * per_tone);
    HotRingIntegrator integrator(through_ring, m, std::vector{detuning_Hz}, dt_s, 1.0, per_tone,
                                 RingPort::through, 0.0);
    std::vector<Complex> field{std::sqrt(power_W)};
    integrator.settle(field, 0.0, 0.0, 0.0);
    CarrierBlock block(1, per_tone);
    RateBlock rate;
    for (int n = 0; n < per_tone; ++n)
      rate.shift_Hz.push_back(swing_Hz * std::cos(2.0 * constants::pi * (n + 1) / per_tone));
    ComplexWave out(per_tone);
    for (int k = 0; k < tones; ++k) {
      block.load(0, ComplexWave(per_tone, std::sqrt(power_W)));
      integrator.step(rate, RealWave(per_tone, 0.0), block);
    }
    block.save(0, out);
    Complex sum = 0.0;
    for (int n = 0; n < per_tone; ++n)
      sum += std::norm(out[n]) * std::polar(2.0 / per_tone, -2.0 * constants::pi * (n + 1) / per_tone);
    const Complex expected = hot_small_signal_response(through_ring, m, power_W, detuning_Hz, {1.0, 0.0},
                                                       tone_Hz, RingPort::through);
    // 800 steps per tone, second order; settled from the rest point over 40 tones, 0.7 ns or more.
    CHECK(std::abs(sum / (power_W * swing_Hz) - expected) <= 1e-3 * std::abs(expected));
  }
}
