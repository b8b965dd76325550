#include "devices/physics/slowing_transit.hpp"

#include <doctest/doctest.h>

#include <boost/numeric/odeint.hpp>
#include <cmath>

#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

constexpr double pi = constants::pi;
constexpr SlowingTransit transit{.bandwidth_Hz = 40e9, .current_A = 3e-3};

double drive_A(double time_s) {
  return 2e-3 * (1.0 + std::sin(2.0 * pi * 10e9 * time_s));
}

double stepped_A(double end_s, int steps) {
  const double dt_s = end_s / steps;
  double y_A = drive_A(0.0);
  for (int n = 0; n < steps; ++n) y_A = transit.step(y_A, drive_A(n * dt_s), drive_A((n + 1) * dt_s), dt_s).y;
  return y_A;
}

}  // namespace

TEST_CASE("slowing transit: the steps approach Odeint's solution with their order") {
  const double end_s = 130e-12;
  double exact_A = drive_A(0.0);
  using Solver = boost::numeric::odeint::runge_kutta_cash_karp54<double>;
  boost::numeric::odeint::integrate_adaptive(
      boost::numeric::odeint::make_controlled<Solver>(1e-15, 1e-12),
      [](double y_A, double& slope, double t) { slope = transit.angular_rate(y_A) * (drive_A(t) - y_A); },
      exact_A, 0.0, end_s, 1e-13);
  const double coarse = std::abs(stepped_A(end_s, 500) - exact_A),
               fine = std::abs(stepped_A(end_s, 1000) - exact_A);
  CHECK(fine < 1e-3 * exact_A);
  // First order or better.
  CHECK(coarse / fine > 1.8);
}

TEST_CASE("slowing transit: a small signal sees the pole at the current it rides on, and the settled value") {
  const double bias_A = 1.5e-3, f = 8e9, dt_s = 0.05e-12, small_A = 1e-7;
  double y_A = bias_A, in_phase = 0.0, quadrature = 0.0;
  const int period = 2500;  // of 8 GHz
  for (int n = 0; n < 5 * period; ++n) {
    const double t = 2.0 * pi * f * dt_s;
    y_A =
        transit.step(y_A, bias_A + small_A * std::cos(t * n), bias_A + small_A * std::cos(t * (n + 1)), dt_s)
            .y;
    if (n < 4 * period) continue;
    in_phase += 2.0 / period * (y_A - bias_A) * std::cos(t * (n + 1));
    quadrature += 2.0 / period * (y_A - bias_A) * std::sin(t * (n + 1));
  }
  // f_tr / (1 + ½) = 26.7 GHz: H = 1 / (1 + 0.3j).
  const double x = f * 1.5 / 40e9;
  // Linear between samples 1/2500 of a period apart.
  CHECK(rel_error(in_phase / small_A, 1.0 / (1.0 + x * x)) <= 1e-3);
  CHECK(rel_error(quadrature / small_A, x / (1.0 + x * x)) <= 1e-3);
  // A constant stays.
  CHECK(transit.step(2e-3, 2e-3, 2e-3, 1e-12).y == 2e-3);
}

TEST_CASE("slowing transit: derivatives of a step are its finite differences") {
  const double y = 1e-3, before = 2.5e-3, now = 0.7e-3, dt_s = 2e-12, h = 1e-9;
  const auto at = [&](double dy, double db, double dn) {
    return transit.step(y + dy, before + db, now + dn, dt_s).y;
  };
  const auto step = transit.step(y, before, now, dt_s);
  // Second order in h / I_b, and rounding of 1e-16 over 1e-6.
  CHECK(rel_error(step.from_state, (at(h, 0, 0) - at(-h, 0, 0)) / (2.0 * h)) <= 1e-8);
  CHECK(rel_error(step.from_before, (at(0, h, 0) - at(0, -h, 0)) / (2.0 * h)) <= 1e-8);
  CHECK(rel_error(step.from_now, (at(0, 0, h) - at(0, 0, -h)) / (2.0 * h)) <= 1e-8);
}
