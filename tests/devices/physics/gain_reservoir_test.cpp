#include "devices/physics/gain_reservoir.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/numeric/odeint.hpp>
#include <cmath>
#include <numbers>

#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

const GainReservoir amplifier{3.0, 200e-12, 8e-3};
constexpr double span_s = 400e-12;

/// Smooth light with peaks far above saturation.
double light_W(double t_s) {
  return 4e-3 * (1.0 + 0.9 * std::sin(2.0 * std::numbers::pi * t_s / 80e-12));
}

double by_odeint(double gain_Np) {
  using State = std::array<double, 1>;
  namespace odeint = boost::numeric::odeint;
  State h{gain_Np};
  odeint::integrate_adaptive(
      odeint::make_controlled(1e-13, 1e-13, odeint::runge_kutta_dopri5<State>()),
      [](const State& at, State& slope, double t_s) {
        slope[0] = (3.0 - at[0] - light_W(t_s) / 8e-3 * std::expm1(at[0])) / 200e-12;
      },
      h, 0.0, span_s, 1e-13);
  return h[0];
}

double by_steps(double gain_Np, int steps) {
  const double dt_s = span_s / steps;
  const ReservoirStep step(amplifier, dt_s);
  for (int n = 0; n < steps; ++n)
    gain_Np = step.advance(gain_Np, 0.5 * dt_s * (light_W(n * dt_s) + light_W((n + 1) * dt_s)));
  return gain_Np;
}

}  // namespace

TEST_CASE("gain reservoir: the steps converge to Odeint's solution in second order") {
  const double exact = by_odeint(2.5);
  const double coarse = abs_error(by_steps(2.5, 100), exact), fine = abs_error(by_steps(2.5, 200), exact);
  // Trapezoid on 2 ps of 80 ps: (2π 2/80)²/12 = 2e-3 of swings of a tenth.
  CHECK(fine <= 3e-4);
  const double order = std::log2(coarse / fine);
  CHECK(order > 1.6);
  CHECK(order < 2.4);
}

TEST_CASE("gain reservoir: constant light settles at h + (P/P_s)(e^h - 1) = h0, for any step") {
  for (const double power_W : {0.0, 1e-6, 1e-3, 50e-3}) {
    const double settled = amplifier.settled_Np(power_W);
    // Newton to rounding.
    CHECK(abs_error(settled + power_W / 8e-3 * std::expm1(settled), 3.0) <= 1e-13);
    const double dt_s = 0.5e-12;
    const ReservoirStep step(amplifier, dt_s);
    double gain = 3.0;
    for (int n = 0; n < 20000; ++n) gain = step.advance(gain, dt_s * power_W);
    // Splitting: (dt/τ)² of the stiffest rate, (1 + 50/8 e^h) h.
    CHECK(abs_error(gain, settled) <= 2e-4);
  }
}

TEST_CASE("gain reservoir: without relaxation a step is the formula of Frantz and Nodvik") {
  const GainReservoir slow{3.0, 1.0, 1e-12};  // E_s = 1 pJ, lifetime of a second
  const double gain = ReservoirStep(slow, 1e-12).advance(2.0, 0.7e-12);
  // ∫ P_out = E_s ln(1 + e^{h}(e^{U/E_s} - 1)); gain at the end of the pulse.
  const double expected = -std::log(1.0 - (1.0 - std::exp(-2.0)) * std::exp(-0.7));
  CHECK(rel_error(gain, expected) <= 1e-10);
}

TEST_CASE("gain reservoir: the light behind leads to the same gain as the light in front") {
  constexpr double dt_s = 0.25e-12;
  const ReservoirStep step(amplifier, dt_s);
  double front = 2.5, behind = 2.5, out_W = light_W(0.0) * std::exp(2.5);
  for (int n = 0; n < 1600; ++n) {
    front = step.advance(front, 0.5 * dt_s * (light_W(n * dt_s) + light_W((n + 1) * dt_s)));
    const double next_W = light_W((n + 1) * dt_s) * std::exp(front);
    behind = step.advance_by_output(behind, 0.5 * dt_s * (out_W + next_W));
    out_W = next_W;
    // Both are second order in dt/τ = 1/800.
    CHECK(abs_error(front, behind) <= 1e-4);
  }
}

TEST_CASE("gain reservoir: slopes of a step are central differences") {
  const ReservoirStep step(amplifier, 5e-12);
  const double energy_J = 0.3e-12, h = 1e-6;
  const auto slopes = step.slopes(1.4, energy_J);
  // h² of third derivatives, rounding of 1e-16/h.
  CHECK(rel_error(slopes.by_gain,
                  (step.advance(1.4 + h, energy_J) - step.advance(1.4 - h, energy_J)) / (2 * h)) <= 1e-8);
  const double de = 1e-6 * energy_J;
  CHECK(rel_error(slopes.by_energy_per_J,
                  (step.advance(1.4, energy_J + de) - step.advance(1.4, energy_J - de)) / (2 * de)) <= 1e-6);
}
