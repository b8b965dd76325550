#include "devices/physics/ring_states.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "hot_ring_reference.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = constants::pi;
const RingRates ring{2e10, 3e10, 0.0};

RingMedium heating() {
  RingMedium m;
  m.absorbed_share = 0.6;
  m.thermal_resistance_K_per_W = 5e4;
  m.thermal_shift_Hz_per_K = 10e9;
  m.kerr_Hz_per_J = 1e21;
  return m;
}

/// A hot ring with everything, in which all effects move the resonance by about its linewidth at 10 mW.
RingMedium everything() {
  return make_ring_medium({.frequency_Hz = 193.4e12,
                           .group_index = 4.0,
                           .ring_length_m = 40e-6,
                           .mode_area_m2 = 0.1e-12,
                           .overlap = 1.0,
                           .two_photon = 1.0,
                           .kerr = 1.0,
                           .absorbed_share = 0.6,
                           .carrier_lifetime_s = 100e-12,
                           .thermal_resistance_K_per_W = 2e3,
                           .thermal_time_s = 1e-9,
                           .collection_efficiency = 0.3,
                           .bias_V = 1.5});
}

int count(const DispersiveBistability&, const RingMedium& m, double power_W, double detuning_Hz) {
  return static_cast<int>(ring_states(ring, m, power_W, detuning_Hz).size());
}

}  // namespace

TEST_CASE("ring states: coefficients and every state as NumPy's companion matrix finds them") {
  // tests/oracles/ring_states.py.
  int several = 0, checked = 0;
  for (const auto& row : test::read_csv("tests/data/ring_states.csv")) {
    const RingMedium m = make_ring_medium({.frequency_Hz = row[0],
                                           .group_index = row[1],
                                           .ring_length_m = row[2],
                                           .mode_area_m2 = row[3],
                                           .overlap = row[4],
                                           .two_photon = row[5],
                                           .kerr = row[6],
                                           .absorbed_share = row[7],
                                           .carrier_lifetime_s = row[8],
                                           .thermal_resistance_K_per_W = row[9],
                                           .thermal_time_s = 1e-6,
                                           .collection_efficiency = row[10],
                                           .bias_V = row[11]});
    // Rounding; constants as in CODATA.
    CHECK(abs_error(m.two_photon_per_s_J, row[16]) <= 1e-12 * row[16]);
    CHECK(abs_error(m.kerr_Hz_per_J, row[17]) <= 1e-12 * row[17]);
    CHECK(rel_error(m.carrier_loss_per_s, row[18]) <= 1e-12);
    CHECK(rel_error(m.carrier_shift_Hz, row[19]) <= 1e-12);
    CHECK(rel_error(m.thermal_shift_Hz_per_K, row[20]) <= 1e-12);
    const auto states = ring_states({row[12], row[13], 0.0}, m, row[14], row[15]);
    REQUIRE(states.size() == static_cast<std::size_t>(row[21]));
    for (std::size_t k = 0; k < states.size(); ++k) {
      // Eigenvalues of a companion matrix of degree 7 with coefficients over many decades.
      CHECK(rel_error(states[k].energy_J, row[22 + k]) <= 1e-7);
      CHECK(states[k].stable == (k % 2 == 0));
      ++checked;
    }
    several += states.size() > 1;
  }
  CHECK(checked >= 40);
  CHECK(several >= 5);
}

TEST_CASE("ring states: heat and Kerr alone make the cubic, three states between its turning points only") {
  const RingMedium m = heating();
  const DispersiveBistability cubic{ring, linear_shift_Hz_per_J(ring, m)};
  // Σ = κ + θ R_th 2α/τ_l.
  CHECK(rel_error(cubic.shift_Hz_per_J, 1e21 + 10e9 * 5e4 * 2.0 * 0.6 * 2e10) <= 1e-14);
  // X = 8/(3√3) written out: K (2/τ_e) P τ³.
  const double total = 5e10, k = 2.0 * pi * cubic.shift_Hz_per_J;
  CHECK(rel_error(cubic.least_power_W() * k * 6e10 / (total * total * total), 8.0 / std::sqrt(27.0)) <=
        1e-14);
  CHECK(rel_error(cubic.least_detuning_Hz(), -std::sqrt(3.0) * total / (2.0 * pi)) <= 1e-14);
  // No power below it has three states at any detuning, a little above it some detuning has.
  int below = 0, above = 0;
  for (int i = 0; i <= 4000; ++i) {
    // At 1.001 of the power the three states span 2e-5 of the detuning.
    const double d = cubic.least_detuning_Hz() * (0.99 + 0.02 * i / 4000.0);
    below += count(cubic, m, 0.999 * cubic.least_power_W(), d) > 1;
    above += count(cubic, m, 1.001 * cubic.least_power_W(), d) > 1;
  }
  CHECK(below == 0);
  CHECK(above > 0);
  for (const double times : {1.01, 1.5, 4.0, 30.0}) {
    const double power_W = times * cubic.least_power_W();
    const auto fold = cubic.detunings_Hz(power_W);
    REQUIRE(fold.exists);
    // A carrier from the blue keeps the hot branch further to the red than the cold branch begins.
    CHECK(fold.jump_down < fold.jump_up);
    for (const double d : {fold.jump_down, fold.jump_up}) {
      // On either side by 1e-6 of the detuning: the pair of states that meet there is 1e-3 apart.
      CHECK(count(cubic, m, power_W, d * (1.0 - 1e-6)) != count(cubic, m, power_W, d * (1.0 + 1e-6)));
    }
    CHECK(count(cubic, m, power_W, 0.5 * (fold.jump_down + fold.jump_up)) == 3);
    // The powers at that detuning, by the closed form in x.
    const double middle_Hz = 0.5 * (fold.jump_down + fold.jump_up);
    const auto powers = cubic.powers_W(middle_Hz);
    REQUIRE(powers.exists);
    CHECK(powers.jump_down < power_W);
    CHECK(powers.jump_up > power_W);
    for (const double p : {powers.jump_down, powers.jump_up})
      CHECK(count(cubic, m, p * (1.0 - 1e-6), middle_Hz) != count(cubic, m, p * (1.0 + 1e-6), middle_Hz));
  }
  CHECK(!cubic.detunings_Hz(0.99 * cubic.least_power_W()).exists);
  CHECK(!cubic.powers_W(0.99 * cubic.least_detuning_Hz()).exists);
  CHECK(!cubic.powers_W(-2.0 * cubic.least_detuning_Hz()).exists);
}

TEST_CASE("ring states: each stable state is where Odeint's ring stays, an unstable one is left") {
  const RingMedium m = everything();
  int held = 0, left = 0;
  for (const double cold_Hz : {-70e9, -50e9, -40e9, -20e9, 6e9}) {
    const auto states = ring_states(ring, m, 10e-3, cold_Hz);
    for (const RingState& s : states) {
      const Complex field = std::sqrt(10e-3);
      RingRates lit = ring;
      lit.loss_per_s += s.extra_loss_per_s;
      const Complex a = mode_response(lit, s.detuning_Hz) * field;
      const auto path = test::integrate_hot_ring(
          ring, m, cold_Hz, {a.real(), a.imag(), s.pairs, s.temperature_K * (1.0 + 1e-4)},
          [&](double) { return test::HotDrive{field}; }, 1e-9, 100, 0.0, true, 1e-10);
      const double now = path.back()[3];
      if (s.stable) {
        // 100 thermal times after a push of 1e-4 of the temperature.
        CHECK(rel_error(now, s.temperature_K) <= 1e-6);
        ++held;
      } else {
        CHECK(rel_error(now, s.temperature_K) > 0.05);
        ++left;
      }
    }
  }
  CHECK(held >= 5);
  CHECK(left >= 1);
}

TEST_CASE("ring states: without light or effects there is the linear state alone") {
  const auto dark = ring_states(ring, everything(), 0.0, 3e9);
  REQUIRE(dark.size() == 1);
  CHECK(dark[0].energy_J == 0.0);
  const auto cold = ring_states(ring, {}, 1e-3, 3e9);
  REQUIRE(cold.size() == 1);
  // Rounding.
  CHECK(rel_error(cold[0].energy_J, 1e-3 * std::norm(mode_response(ring, 3e9))) <= 1e-14);
  CHECK(rel_error(cold[0].detuning_Hz, 3e9) <= 1e-14);
  const auto on = ring_states(ring, {}, 1e-3, 0.0);
  REQUIRE(on.size() == 1);
  CHECK(rel_error(on[0].energy_J, 1e-3 * std::norm(mode_response(ring, 0.0))) <= 1e-12);
}

TEST_CASE("ring states: roots of a polynomial with known roots") {
  // (x - 0.1)(x - 0.3)(x - 0.7)(x + 2): 0.042 - 0.579x + 1.555... expanded by hand below.
  const std::vector<double> c{-0.042, 0.599, -1.89, 0.9, 1.0};
  const auto roots = real_roots(c, 0.0, 1.0);
  REQUIRE(roots.size() == 3);
  // Coefficients are exact to rounding; slopes at the roots are of order 0.1 to 1.
  CHECK(abs_error(roots[0], 0.1) <= 1e-14);
  CHECK(abs_error(roots[1], 0.3) <= 1e-14);
  CHECK(abs_error(roots[2], 0.7) <= 1e-14);
}
