#include "devices/t_coil.hpp"

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>
#include <random>

#include "device_checks.hpp"
#include "line_support.hpp"
#include "support.hpp"

using namespace photonlink;

namespace {

constexpr double pi = constants::pi;

/// Elements of \cite Galal2003 for a capacitance, a termination and a damping.
TCoilParameters ideal(double capacitance_F, double termination_ohm, double damping, const char* output) {
  const double four = 4.0 * damping * damping;
  const double coil_H = 0.25 * capacitance_F * termination_ohm * termination_ohm * (1.0 + 1.0 / four);
  return {.input_inductance_H = coil_H,
          .end_inductance_H = coil_H,
          .coupling = (four - 1.0) / (four + 1.0),
          .bridge_capacitance_F = 0.25 * capacitance_F / four,
          .tap_capacitance_F = capacitance_F,
          .output = output,
          .termination_ohm = termination_ohm};
}

/// Y-matrix of one conductor, nodes input, tap, end, from the inverse of the inductance matrix.
Eigen::Matrix3cd nodal_admittance(const TCoilParameters& p, double f) {
  const Complex s(0.0, 2.0 * pi * f);
  const double m = p.coupling * std::sqrt(p.input_inductance_H * p.end_inductance_H);
  Eigen::Matrix2d inductance;
  inductance << p.input_inductance_H, m, m, p.end_inductance_H;
  Eigen::Matrix<double, 2, 3> branches;
  branches << 1, -1, 0, 0, 1, -1;
  Eigen::Matrix3cd y = (branches.transpose() * inductance.inverse() * branches).cast<Complex>() / s;
  y(1, 1) += s * p.tap_capacitance_F;
  const Complex bridge = s * p.bridge_capacitance_F;
  y(0, 0) += bridge;
  y(2, 2) += bridge;
  y(0, 2) -= bridge;
  y(2, 0) -= bridge;
  return y;
}

}  // namespace

TEST_CASE("T-coil: every parameter refuses values outside its range by name") {
  test::check_range_messages<TCoil, TCoilParameters>();
}

TEST_CASE("T-coil: with the elements of Galal and Razavi the input is resistive at every frequency") {
  for (const double damping : {std::sqrt(0.5), std::sqrt(0.75), 1.0}) {
    for (double f = 1e8; f < 5e11; f *= 1.6) {
      // Terminated by 2 R_T between the conductors, S11 on 2 R_T vanishes; rounding.
      const S2 end = to_s(test::chain_of(TCoil("t", ideal(200e-15, 50.0, damping, "end")), f), 100.0);
      CHECK(std::abs(end.s11) <= 1e-12);
      CHECK(std::abs(std::abs(end.s21) - 1.0) <= 1e-12);
      // At the tap: 1/(1 + s RC/2 + s² (RC)²/(16 ζ²)).
      const Abcd tap = test::chain_of(TCoil("t", ideal(200e-15, 50.0, damping, "tap")), f);
      const Complex x(0.0, 2.0 * pi * f * 50.0 * 200e-15);
      CHECK(std::abs(1.0 / tap.a - 1.0 / (1.0 + 0.5 * x + x * x / (16.0 * damping * damping))) <= 1e-12);
      CHECK(std::abs(tap.a / tap.c - 100.0) <= 1e-9);  // input impedance with the tap open
    }
  }
  // A wrong coupling is noticed.
  TCoilParameters wrong = ideal(200e-15, 50.0, 0.8, "end");
  wrong.coupling += 0.05;
  CHECK(std::abs(to_s(test::chain_of(TCoil("t", wrong), 3e10), 100.0).s11) > 1e-3);
}

TEST_CASE("T-coil: equals an independent nodal analysis with the inductance matrix") {
  std::mt19937_64 random(20261125);
  std::uniform_real_distribution<double> unit(0.1, 1.0);
  for (int trial = 0; trial < 300; ++trial) {
    TCoilParameters p{.input_inductance_H = 200e-12 * unit(random),
                      .end_inductance_H = 200e-12 * unit(random),
                      .coupling = 1.6 * unit(random) - 0.9,
                      .bridge_capacitance_F = 30e-15 * unit(random),
                      .tap_capacitance_F = 200e-15 * unit(random)};
    const double f = 60e9 * unit(random);
    const Eigen::Matrix3cd y = nodal_admittance(p, f);
    // End as output: eliminate the tap. Y21 = -1/B, Y11 = D/B, of one conductor: half the impedance of the
    // pair.
    const Complex y21 = y(2, 0) - y(2, 1) * y(1, 0) / y(1, 1), y11 = y(0, 0) - y(0, 1) * y(1, 0) / y(1, 1);
    const Abcd end = test::chain_of(TCoil("t", p), f);
    // Rounding times the condition of the inductance matrix, 1/(1 - k²).
    CHECK(std::abs(end.b + 2.0 / y21) <= 1e-10 * std::abs(end.b));
    CHECK(std::abs(end.d - y11 * -1.0 / y21) <= 1e-10 * (1.0 + std::abs(end.d)));
    // Tap as output: terminate the end and eliminate it.
    p.output = "tap";
    p.termination_ohm = 60.0;
    const Complex end_S = y(2, 2) + 1.0 / 60.0;
    const Complex t21 = y(1, 0) - y(1, 2) * y(2, 0) / end_S, t22 = y(1, 1) - y(1, 2) * y(2, 1) / end_S;
    const Abcd tap = test::chain_of(TCoil("t", p), f);
    CHECK(std::abs(tap.b + 2.0 / t21) <= 1e-10 * std::abs(tap.b));
    CHECK(std::abs(tap.a + t22 / t21) <= 1e-10 * (1.0 + std::abs(tap.a)));
  }
}

TEST_CASE("T-coil: a wire at 0 Hz, with the termination across it when the output is the tap") {
  const Abcd end = test::chain_of(TCoil("t", ideal(200e-15, 50.0, 0.8, "end")), 0.0),
             tap = test::chain_of(TCoil("t", ideal(200e-15, 50.0, 0.8, "tap")), 0.0);
  CHECK(end.b == 0.0);
  CHECK(end.c == 0.0);
  CHECK(tap.b == 0.0);
  CHECK(tap.c == 0.01);
  // Without elements too.
  CHECK(test::chain_of(TCoil("t", {}), 5e10).b == 0.0);
}
