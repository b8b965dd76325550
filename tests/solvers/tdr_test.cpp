#include "solvers/channel/tdr.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "lib/line_networks.hpp"
#include "network/multiport.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;

namespace {

double at(const ImpedanceProfile& profile, double time_s) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < profile.time_s.size(); ++i)
    if (std::abs(profile.time_s[i] - time_s) < std::abs(profile.time_s[best] - time_s)) best = i;
  return profile.impedance_ohm[best];
}

test::LossyLine lossless(double delay_s, double ohm) {
  return {.delay_s = delay_s, .skin = 0.0, .line_ohm = ohm};
}

const std::vector<double> grid = test::grid_Hz(10e6, 4001);
const TdrSettings settings{.rise_time_s = 30e-12, .until_s = 2e-9};

}  // namespace

TEST_CASE("tdr: a uniform line shows its impedance until the echo of its end") {
  Context context;
  for (const double ohm : {85.0, 100.0, 120.0}) {
    const ImpedanceProfile p = impedance_profile(lossless(1e-9, ohm).network(grid), 0, settings, context);
    CAPTURE(ohm);
    // Interpolation between points 10 MHz apart misses 0.016 x³ of an echo after 2 ns, x = 0.13: 3e-5 of ±10
    // ohm.
    for (const double t : {0.1e-9, 1e-9, 1.9e-9}) CHECK(abs_error(at(p, t), ohm) <= 0.01);
    // Behind the end 100 ohm: the echo of the end comes back, but for its own reflection of r² = 0.008.
    CHECK(abs_error(at(p, 2.4e-9), 100.0) <= 0.3);
    // 3.4 σ before the edge.
    CHECK(abs_error(at(p, -0.06e-9), 100.0) <= 0.01);
    // Two rise times away from either edge, 3.4 σ: 3e-4 of steps of 20 ohm.
    CHECK(abs_error(p.least_ohm, ohm) <= 0.02);
    CHECK(abs_error(p.largest_ohm, ohm) <= 0.02);
    CHECK(p.extrapolated_share <= 1e-4);
  }
}

TEST_CASE("tdr: a stepped line shows the second step through the first, from both ends") {
  Context context;
  const SParameters line =
      cascade(lossless(0.5e-9, 90.0).network(grid), lossless(0.5e-9, 110.0).network(grid));
  const auto apparent = [](double first, double second) {
    const double r1 = (first - 100.0) / (first + 100.0), r2 = (second - first) / (second + first);
    const double rho = r1 + (1.0 - r1 * r1) * r2;
    return 100.0 * (1.0 + rho) / (1.0 - rho);
  };
  const ImpedanceProfile left = impedance_profile(line, 0, settings, context),
                         right = impedance_profile(line, 1, settings, context);
  // As above.
  CHECK(abs_error(at(left, 0.5e-9), 90.0) <= 0.01);
  CHECK(abs_error(at(left, 1.5e-9), apparent(90.0, 110.0)) <= 0.02);
  CHECK(abs_error(at(right, 0.5e-9), 110.0) <= 0.01);
  CHECK(abs_error(at(right, 1.5e-9), apparent(110.0, 90.0)) <= 0.02);
  CHECK(abs_error(apparent(90.0, 110.0), 110.0) > 0.1);  // it is not the impedance itself
}

TEST_CASE("tdr: a faster edge than the file holds is told, and times that cannot be meant are refused") {
  Context context;
  // To 10.25 GHz, where the reflection is at a maximum and goes on.
  const SParameters line = lossless(1e-9, 90.0).network(test::grid_Hz(10e6, 1026));
  CHECK(impedance_profile(line, 0, {.rise_time_s = 10e-12, .until_s = 2e-9}, context).extrapolated_share >
        0.05);
  CHECK_THROWS_AS(impedance_profile(line, 0, {.rise_time_s = 0.0, .until_s = 1e-9}, context), DomainError);
  CHECK_THROWS_AS(impedance_profile(line, 2, settings, context), DomainError);
}

TEST_CASE("tdr: a capacitor at the launch is seen as a dip of its area, and counts among the extremes") {
  Context context;
  // A matched line behind a shunt capacitor: ρ(t) = -exp(-t / τ) folded with the edge, τ = C Z0 / 2.
  const double capacitance_F = 50e-15;
  SParameters pad{2, 100.0, grid, {}};
  for (const double f : grid) {
    const S2 s = to_s(shunt_admittance(Complex(0.0, 2.0 * M_PI * f * capacitance_F)), 100.0);
    pad.s.insert(pad.s.end(), {s.s11, s.s12, s.s21, s.s22});
  }
  const ImpedanceProfile p =
      impedance_profile(cascade(pad, lossless(1e-9, 100.0).network(grid)), 0, settings, context);
  // The area of ρ is -C Z0 / 2, whatever the edge: for a dip far narrower than the edge -C Z0 / 2 g(t), g the
  // Gaussian of σ = 17.8 ps, peak 0.0224 / ps. τ = 2.5 ps takes off 2 % of it.
  const double sigma_s = 30e-12 / 1.6832,
               rho = -0.5 * capacitance_F * 100.0 / (sigma_s * std::sqrt(2.0 * M_PI));
  CHECK(test::rel_error(100.0 - p.least_ohm, 100.0 - 100.0 * (1.0 + rho) / (1.0 - rho)) <= 0.03);
  CHECK(abs_error(p.largest_ohm, 100.0) <= 0.05);
}

TEST_CASE("tdr: slow parts that the file leaves open stand before the edge and are taken off") {
  Context context;
  // A series resistor of 10 ohm whose value the file forgets at DC alone: a cusp that no point resolves.
  SParameters resistor{2, 100.0, grid, {}};
  for (const double f : grid) {
    const double s11 = f == 0.0 ? 0.0 : 10.0 / 210.0, s21 = 1.0 - s11;
    resistor.s.insert(resistor.s.end(), {s11, s21, s21, s11});
  }
  const ImpedanceProfile p = impedance_profile(resistor, 0, settings, context);
  CHECK(std::abs(p.baseline) > 0.003);
  // The step of 10 ohm stands there all the same; the slow part has moved by 2 ns of its 100 ns.
  CHECK(abs_error(at(p, 0.2e-9), 110.0) <= 0.1);
  CHECK(abs_error(at(p, -0.06e-9), 100.0) <= 0.01);
}
