#include "devices/physics/electroabsorption.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/numeric/odeint.hpp>
#include <cmath>

#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

const std::vector<double> voltages{0.0, 0.5, 1.0, 2.0, 3.0}, absorption{0.2, 0.4, 0.9, 2.6, 3.1};

std::vector<ChirpedAbsorption> laws() {
  const std::vector<double> at{0.2, 1.2, 2.5}, alpha{1.5, 0.4, -1.0};
  return {{AbsorptionLaw::power(5.0, 3.0, 2.4), at, alpha},
          {AbsorptionLaw::table(voltages, absorption), at, alpha},
          {AbsorptionLaw::power(4.0, 2.0, 1.0), {0.0}, {0.7}}};
}

double alpha_at(double v) {  // the points of laws(), written out
  if (v <= 0.2) return 1.5;
  if (v <= 1.2) return 1.5 - 1.1 * (v - 0.2);
  return v <= 2.5 ? 0.4 - 1.4 * (v - 1.2) / 1.3 : -1.0;
}

}  // namespace

TEST_CASE("electroabsorption: the power law and the table give their points") {
  const AbsorptionLaw power = AbsorptionLaw::power(5.0, 3.0, 2.0);
  // One power of rounded arguments.
  CHECK(rel_error(power.absorption_Np(3.0), 5.0) <= 1e-15);
  CHECK(rel_error(power.absorption_Np(1.5), 1.25) <= 1e-15);
  CHECK(power.absorption_Np(-0.4) == 0.0);
  const AbsorptionLaw table = AbsorptionLaw::table(voltages, absorption);
  for (std::size_t k = 0; k < voltages.size(); ++k)
    // Sum of four terms.
    CHECK(abs_error(table.absorption_Np(voltages[k]), absorption[k]) <= 1e-14);
  CHECK(table.absorption_Np(-1.0) == 0.2);
}

TEST_CASE("electroabsorption: a table rises between rising points and its slope has no steps") {
  const AbsorptionLaw table = AbsorptionLaw::table(voltages, absorption);
  double before = table.absorption_Np(0.0);
  for (int k = 1; k <= 3000; ++k) {
    const double now = table.absorption_Np(1e-3 * k);
    CHECK(now >= before);
    before = now;
  }
  for (const double v : {0.5, 1.0, 2.0, 3.0})
    // The slope changes by at most the second derivative, below 10 per V², over 2e-9 V.
    CHECK(abs_error(table.slope_Np_per_V(v - 1e-9), table.slope_Np_per_V(v + 1e-9)) <= 2e-8);
}

TEST_CASE("electroabsorption: slopes and areas are derivative and integral of the absorption") {
  for (const ChirpedAbsorption& law : laws()) {
    const AbsorptionLaw& a = law.law();
    for (const double v : {0.3, 0.8, 1.7, 2.9, 3.3}) {
      constexpr double h = 1e-5;
      const double difference = (a.absorption_Np(v + h) - a.absorption_Np(v - h)) / (2.0 * h);
      // Third derivative h² = 1e-10, rounding 1e-16/1e-5.
      CHECK(rel_error(a.slope_Np_per_V(v), difference) <= 1e-8);
      const double area = boost::math::quadrature::gauss_kronrod<double, 61>::integrate(
          [&](double x) { return a.absorption_Np(x); }, 0.1, v, 10, 1e-12);
      // Adaptive quadrature across the joints of the cubics.
      CHECK(abs_error(a.area_Np_V(v) - a.area_Np_V(0.1), area) <= 1e-9);
    }
  }
}

TEST_CASE("electroabsorption: the phase is minus half the integral of alpha over the absorption") {
  const auto both = laws();
  for (std::size_t k = 0; k < 2; ++k)
    for (const double v : {0.1, 0.7, 1.9, 2.8, 3.4}) {
      const DarkAbsorption point = both[k].at(v);
      const double start = both[k].law().absorption_Np(0.0);
      const double integral = boost::math::quadrature::gauss_kronrod<double, 61>::integrate(
          [&](double x) { return alpha_at(x) * both[k].law().slope_Np_per_V(x); }, 0.0, v, 12, 1e-12);
      // From no absorption to that at 0 V with the lowest alpha. Quadrature across joints.
      CHECK(abs_error(point.phase_rad, -0.5 * (1.5 * start + integral)) <= 1e-8);
      CHECK(abs_error(both[k].chirp(v), alpha_at(v)) <= 1e-14);
    }
  const ChirpedAbsorption constant = both[2];
  CHECK(abs_error(constant.at(1.3).phase_rad, -0.35 * constant.law().absorption_Np(1.3)) <= 1e-15);
}

TEST_CASE("electroabsorption: light bleaches as the integration along the waveguide says") {
  using State = std::array<double, 1>;
  namespace odeint = boost::numeric::odeint;
  for (const double a : {0.01, 0.7, 4.0, 12.0})
    for (const double x : {1e-6, 0.1, 1.0, 30.0, 900.0}) {
      State power{x};
      odeint::integrate_adaptive(
          odeint::make_controlled(1e-30, 1e-13, odeint::runge_kutta_dopri5<State>()),
          [&](const State& p, State& slope, double) { slope[0] = -a * p[0] / (1.0 + p[0]); }, power, 0.0, 1.0,
          1e-3);
      CAPTURE(a);
      CAPTURE(x);
      // Relative tolerance of each of some 100 steps.
      CHECK(abs_error(bleached_absorption_Np(a, x), std::log(x / power[0])) <= 1e-10);
    }
}

TEST_CASE("electroabsorption: weak light leaves the absorption, strong light makes it clear") {
  CHECK(bleached_absorption_Np(3.0, 0.0) == 3.0);
  // First order in x: a - L = x (1 - e^-a).
  CHECK(abs_error(3.0 - bleached_absorption_Np(3.0, 1e-9), 1e-9 * (1.0 - std::exp(-3.0))) <= 1e-14);
  // a P_s is all that can be absorbed.
  CHECK(rel_error(bleached_absorption_Np(3.0, 1e5) * 1e5, 3.0) <= 1e-4);
}

TEST_CASE("electroabsorption: what does not absorb does not amplify by rounding") {
  for (int i = 0; i < 200; ++i) CHECK(bleached_absorption_Np(0.0, 1e-6 * std::exp(0.1 * i)) >= 0.0);
}

TEST_CASE("electroabsorption: slopes of lit absorption and phase are central differences") {
  for (const ChirpedAbsorption& law : laws())
    for (const double v : {0.3, 1.7, 2.9})
      for (const double x : {0.02, 0.8, 12.0}) {
        constexpr double h = 1e-5;
        const LitAbsorption at = bleached(law.at(v), x), up = bleached(law.at(v + h), x),
                            down = bleached(law.at(v - h), x), more = bleached(law.at(v), x + h * x),
                            less = bleached(law.at(v), x - h * x);
        // h² of the third derivatives and rounding of 1e-16/h.
        constexpr double tol = 2e-9;
        CHECK(abs_error(at.absorption_per_V, (up.absorption_Np - down.absorption_Np) / (2 * h)) <= tol);
        CHECK(abs_error(at.phase_per_V, (up.phase_rad - down.phase_rad) / (2 * h)) <= tol);
        CHECK(abs_error(at.absorption_per_x * x, (more.absorption_Np - less.absorption_Np) / (2 * h)) <= tol);
        CHECK(abs_error(at.phase_per_x * x, (more.phase_rad - less.phase_rad) / (2 * h)) <= tol);
      }
  // Through a = 0 with alpha = 1: the limit of L/a and its slope join the formula.
  for (const double x : {0.1, 3.0}) {
    const LitAbsorption below = bleached({0.9e-6, 2e-6, -0.45e-6, -1e-6}, x),
                        above = bleached({1.1e-6, 2e-6, -0.55e-6, -1e-6}, x);
    // The next order is a = 1e-6.
    CHECK(rel_error(below.phase_rad / 0.9, above.phase_rad / 1.1) <= 1e-6);
    CHECK(rel_error(below.phase_per_V, above.phase_per_V) <= 1e-6);
    CHECK(rel_error(below.phase_per_V, -1e-6 / (1.0 + x)) <= 2e-6);
  }
}
