#include "devices/physics/ring_junction.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "devices/physics/charging.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double c0 = constants::speed_of_light_m_per_s;

JunctionWaveguide guide() {
  return {.ring_length_m = 50e-6,
          .group_index = 3.9,
          .coverage = 0.7,
          .confinement = 0.9,
          .mode_radius_m = 0.25e-6,
          .junction_offset_m = 30e-9,
          .extent_m = 0.22e-6,
          .parasitic_F = 3e-15};
}

JunctionTable measured() {
  return {{0.0, 1.0, 2.0, 3.0, 4.0},
          {0.0, 27e-12, 46e-12, 63e-12, 82e-12},
          {900.0, 700.0, 600.0, 550.0, 520.0},
          {21e-15, 18.5e-15, 17e-15, 16e-15, 15.5e-15}};
}

/// Every kind, with a bias.
std::vector<std::pair<std::shared_ptr<const RingJunction>, double>> all() {
  return {{RingJunction::depletion(guide(), {1e24, 3e24}), 1.5},
          {RingJunction::moscap(guide(), {.oxide_thickness_m = 8e-9, .accumulation_thickness_m = 5e-9}), 1.5},
          {RingJunction::moscap(guide(), {.oxide_thickness_m = 8e-9,
                                          .accumulation_thickness_m = 5e-9,
                                          .silicon = false,
                                          .scattering_time_s = 12e-15}),
           1.5},
          {RingJunction::table(guide(), measured(), "ring"), 1.7}};
}

}  // namespace

TEST_CASE("ring junction: shift, loss and capacitance equal the sums over slices by NumPy") {
  int rows = 0;
  double worst_shift = 0.0, worst_loss = 0.0, worst_capacitance = 0.0;
  for (const auto& row : test::read_csv("tests/data/ring_junction.csv")) {
    const bool moscap = row[0] == 1.0;
    JunctionWaveguide g = guide();
    g.junction_offset_m = row[5];
    g.mode_radius_m = row[6];
    g.carrier_fit = row[1] == 0.0 ? "nedeljkovic2011" : "soref1987";
    const double carrier_Hz = c0 / (row[2] * 1e-9), volt = row[7];
    const auto junction = moscap ? RingJunction::moscap(g, {.oxide_thickness_m = 8e-9,
                                                            .flat_band_V = 0.2,
                                                            .accumulation_thickness_m = 5e-9,
                                                            .silicon = row[3] == 0.0,
                                                            .mass = row[3],
                                                            .scattering_time_s = row[4]})
                                 : RingJunction::depletion(g, {row[3] * 1e6, row[4] * 1e6});
    // Against the flat band, where no carriers accumulate, or against the bias that makes w = 0.
    const double bare_V = moscap ? 0.2 : 0.0, at_V = moscap ? 0.2 + volt : volt;
    RateChange change = junction->effect(carrier_Hz, bare_V)->change(at_V - bare_V);
    double index = row[8], absorption = row[9];
    if (!moscap) {  // the table counts from no depletion, the effect from 0 V: take the row of 0 V off both
      for (const auto& other : test::read_csv("tests/data/ring_junction.csv"))
        if (std::equal(row.begin(), row.begin() + 7, other.begin()) && other[7] == 0.0) {
          index -= other[8];
          absorption -= other[9];
        }
      if (volt == 0.0) continue;
    }
    const double weight = g.coverage * g.confinement / g.group_index;
    worst_shift = std::max(worst_shift, rel_error(change.resonance_Hz, carrier_Hz * weight * index));
    worst_loss = std::max(worst_loss, rel_error(change.loss_per_s, 0.5 * c0 * weight * absorption));
    const double area = g.extent_m * g.coverage * g.ring_length_m;
    worst_capacitance =
        std::max(worst_capacitance, rel_error(junction->capacitance_F(at_V), row[10] * area + 3e-15));
    ++rows;
  }
  CHECK(rows == 2 * 4 * (3 * 3 + 4));
  // 200000 slices of a smooth profile: 1e-11 of the sum; ε₀ from μ₀ and c differs by 1e-10 from the printed
  // one.
  CHECK(worst_shift <= 1e-9);
  CHECK(worst_loss <= 1e-9);
  CHECK(worst_capacitance <= 1e-9);
}

TEST_CASE("ring junction: slopes and capacitance are the derivatives of change and charge") {
  for (const auto& [junction, bias_V] : all()) {
    const auto effect = junction->effect(228e12, bias_V);
    CHECK(effect->change(0.0).resonance_Hz == 0.0);
    CHECK(effect->change(0.0).loss_per_s == 0.0);
    for (const double u : {-0.6, 0.0, 0.4, 1.1}) {
      constexpr double h = 1e-4;
      const RateChange up = effect->change(u + h), down = effect->change(u - h), slope = effect->slope(u);
      // h² of curves that bend within a volt, and 1e-16/h of rounding.
      CHECK(rel_error(slope.resonance_Hz, (up.resonance_Hz - down.resonance_Hz) / (2.0 * h)) <= 1e-6);
      CHECK(rel_error(slope.loss_per_s, (up.loss_per_s - down.loss_per_s) / (2.0 * h)) <= 1e-6);
      CHECK(rel_error(junction->capacitance_F(bias_V + u),
                      (junction->charge_C(bias_V + u + h) - junction->charge_C(bias_V + u - h)) /
                          (2.0 * h)) <= 1e-6);
    }
  }
}

TEST_CASE("ring junction: depletion goes on along its tangent beyond half the built-in potential") {
  const DepletionDoping doping{1e24, 3e24};
  const double potential_V = built_in_potential_V(doping);
  // kT/e ln(N_A N_D/n_i²) by hand: 25.852 mV · ln(3e36 / 9.3123e19) = 0.98267 V.
  CHECK(rel_error(potential_V, 0.98267) <= 1e-4);  // digits of the line above
  const auto junction = RingJunction::depletion(guide(), doping);
  const auto effect = junction->effect(228e12, 0.0);
  const double edge = -0.5 * potential_V;
  const double step = effect->change(edge).resonance_Hz - effect->change(edge - 0.1).resonance_Hz;
  // A straight line: rounding of two differences.
  CHECK(rel_error(step, 0.1 * effect->slope(edge).resonance_Hz) <= 1e-12);
  CHECK(effect->slope(edge - 0.3).resonance_Hz == effect->slope(edge).resonance_Hz);
  CHECK(junction->capacitance_F(edge - 0.3) == junction->capacitance_F(edge));
  // Depletion is red and takes loss out.
  CHECK(effect->change(1.0).resonance_Hz < 0.0);
  CHECK(effect->change(1.0).loss_per_s < 0.0);
}

TEST_CASE("ring junction: a table keeps its points, does not overshoot and goes on straight") {
  const JunctionTable t = measured();
  const auto junction = RingJunction::table(guide(), t, "ring");
  const double f = 226e12;
  const auto effect = junction->effect(f, 0.0);
  double before_Hz = 1.0;
  for (std::size_t k = 0; k < t.reverse_V.size(); ++k) {
    const RateChange now = effect->change(t.reverse_V[k]);
    // δf = -f²/c δλ and δ(1/τ_l) = ½ v_g α ln(10)/10: a few roundings.
    CHECK(abs_error(now.resonance_Hz, -f * f / c0 * t.shift_m[k]) <= 1e-3);
    CHECK(abs_error(now.loss_per_s, 0.5 * c0 / 3.9 * (t.loss_dB_per_m[k] - 900.0) * std::log(10.0) / 10.0) <=
          1.0);
    CHECK(junction->capacitance_F(t.reverse_V[k]) == t.capacitance_F[k]);
  }
  for (double v = 0.0; v <= 4.0; v += 0.01) {
    CHECK(effect->change(v).resonance_Hz < before_Hz);
    before_Hz = effect->change(v).resonance_Hz;
  }
  // Straight: rounding.
  CHECK(rel_error(effect->change(6.0).resonance_Hz - effect->change(5.0).resonance_Hz,
                  effect->slope(4.0).resonance_Hz) <= 1e-9);
  CHECK(junction->capacitance_F(9.0) == 15.5e-15);
  // Charge by a sum of 4e4 trapezes of curves with bends of 1e-15 F/V²: 1e-9.
  double sum = 0.0;
  for (int k = 0; k < 40000; ++k) {
    const double v = 5.0 * (k + 0.5) / 40000.0;
    sum += junction->capacitance_F(v) * 5.0 / 40000.0;
  }
  CHECK(rel_error(junction->charge_C(5.0) - junction->charge_C(0.0), sum) <= 1e-8);
  JunctionTable bad = measured();
  bad.reverse_V[2] = 0.5;
  CHECK_THROWS_WITH_AS(RingJunction::table(guide(), bad, "ring"), doctest::Contains("ascending voltages"),
                       ConfigError);
  bad = measured();
  bad.capacitance_F.pop_back();
  CHECK_THROWS_WITH_AS(RingJunction::table(guide(), bad, "ring"), doctest::Contains("4 capacitances"),
                       ConfigError);
}

TEST_CASE("ring junction: warnings name what a swing leaves, and none within the range") {
  const double f = c0 / 1.31e-6;
  const auto text = [&](const RingJunction& junction, double low_V, double high_V, double carrier_Hz) {
    std::string all;
    for (const std::string& line : junction.warnings(carrier_Hz, low_V, high_V)) all += line + "\n";
    return all;
  };
  const auto depletion = RingJunction::depletion(guide(), {2e24, 2e24});
  CHECK(text(*depletion, 0.0, 4.0, f).empty());
  CHECK(text(*depletion, -0.6, 4.0, f).find("injection is not modelled") != std::string::npos);
  CHECK(text(*depletion, 0.0, 4.0, c0 / 2e-6).find("1.3 and 1.55 um") != std::string::npos);
  CHECK(text(*RingJunction::depletion(guide(), {2e22, 2e24}), 0.0, 4.0, f).find("acceptor_density") !=
        std::string::npos);
  CHECK(text(*RingJunction::depletion(guide(), {2e22, 2e24}), 0.0, 4.0, f).find("the width of the mode") !=
        std::string::npos);
  const auto gate =
      RingJunction::moscap(guide(), {.oxide_thickness_m = 8e-9, .accumulation_thickness_m = 5e-9});
  CHECK(text(*gate, 0.1, 3.0, f).empty());
  CHECK(text(*gate, -0.1, 3.0, f).find("flat band") != std::string::npos);
  CHECK(text(*gate, 0.1, 5.0, f).find("V/nm") != std::string::npos);
  const auto table = RingJunction::table(guide(), measured(), "ring");
  CHECK(text(*table, 0.0, 4.0, f).empty());
  CHECK(text(*table, -0.5, 4.0, f).find("leaves the table") != std::string::npos);
}

TEST_CASE("ring junction: charging a bent capacitance costs what each step dissipates") {
  JunctionWaveguide bare = guide();
  bare.parasitic_F = 0.0;
  const auto junction = RingJunction::depletion(bare, {2e24, 2e24});
  const auto charge = [&](double v) { return junction->charge_C(v); };
  const std::vector<double> symbols{-1.0, 1.0, 1.0 / 3.0, -1.0 / 3.0, 1.0, -1.0 / 3.0, -1.0, 1.0 / 3.0};
  const double bias_V = 1.2, swing_V = 2.0;
  double dissipated_J = 0.0;
  for (std::size_t k = 0; k < symbols.size(); ++k) {
    const double from = bias_V + symbols[k], to = bias_V + symbols[(k + 1) % symbols.size()];
    constexpr int slices = 4000;
    for (int i = 0; i < slices; ++i)
      dissipated_J += (charge(from + (to - from) * (i + 0.5) / slices) - charge(from)) * (to - from) / slices;
  }
  // Midpoints of 4000 slices of a smooth curve: 1e-8.
  CHECK(rel_error(nonlinear_charging_power_W(charge, bias_V, symbols, swing_V, 50e9),
                  dissipated_J / 8.0 * 50e9) <= 1e-7);
  // A constant capacitance gives the form for one: rounding.
  const auto linear = [](double v) { return 30e-15 * v; };
  CHECK(rel_error(nonlinear_charging_power_W(linear, bias_V, symbols, swing_V, 50e9),
                  charging_power_W(30e-15, symbols, swing_V, 50e9)) <= 1e-12);
  // (C(V_b ± 1 V)/C(V_b) - 1): C falls as 1/sqrt(V_bi + V), the forward side is the larger change.
  const double v_bi = built_in_potential_V({2e24, 2e24});
  CHECK(rel_error(capacitance_change(*junction, bias_V, swing_V),
                  std::sqrt((v_bi + 1.2) / (v_bi + 0.2)) - 1.0) <= 1e-12);
}
