#include "devices/physics/thermal_crosstalk.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

/// The best of all ways to hold some heaters at zero: exact, 2^n least-squares problems.
double best_of_all_sets(const Eigen::MatrixXd& m, const Eigen::VectorXd& s) {
  const int n = static_cast<int>(m.cols());
  double best = s.squaredNorm();
  for (int set = 1; set < (1 << n); ++set) {
    std::vector<int> columns;
    for (int j = 0; j < n; ++j)
      if ((set >> j) & 1) columns.push_back(j);
    const Eigen::MatrixXd part = m(Eigen::all, columns);
    const Eigen::VectorXd z = (part.transpose() * part).ldlt().solve(part.transpose() * s);
    if (z.minCoeff() >= 0.0) best = std::min(best, (part * z - s).squaredNorm());
  }
  return best;
}

}  // namespace

TEST_CASE("thermal crosstalk: shares fall by e per decay length behind the neighbour") {
  const Eigen::MatrixXd m = thermal_crosstalk(4, 0.2, 50e-6, 25e-6);
  CHECK(m(2, 2) == 1.0);
  CHECK(m(0, 1) == 0.2);
  // Rounding of one exponential.
  CHECK(rel_error(m(3, 1), 0.2 * std::exp(-2.0)) <= 1e-14);
  CHECK(rel_error(m(0, 3), 0.2 * std::exp(-4.0)) <= 1e-14);
}

TEST_CASE("thermal crosstalk: two rings in closed form") {
  const double x = 0.3;
  const HeaterSolver solver(thermal_crosstalk(2, x, 50e-6, 50e-6));
  const HeaterShifts both = solver.solve(Eigen::Vector2d(100.0, 80.0));
  CHECK(both.reached);
  // h = (s₁ - x s₂, s₂ - x s₁)/(1 - x²), rounding.
  CHECK(rel_error(both.own(0), (100.0 - x * 80.0) / (1.0 - x * x)) <= 1e-14);
  CHECK(rel_error(both.own(1), (80.0 - x * 100.0) / (1.0 - x * x)) <= 1e-14);
  // s₂ < x s₁: heater 2 off, heater 1 between both wishes, h₁ = (s₁ + x s₂)/(1 + x²).
  const HeaterShifts one = solver.solve(Eigen::Vector2d(100.0, 10.0));
  CHECK_FALSE(one.reached);
  CHECK(one.own(1) == 0.0);
  CHECK(rel_error(one.own(0), (100.0 + x * 10.0) / (1.0 + x * x)) <= 1e-14);
  CHECK(rel_error(one.residual, x * one.own(0) - 10.0) <= 1e-12);
}

TEST_CASE("thermal crosstalk: no set of heaters comes nearer to a grid out of reach") {
  const int n = 6;
  const RandomStream random(7, source_number("thermal crosstalk test"));
  int unreached = 0;
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<double> s(n);
    random.uniform(static_cast<std::uint64_t>(trial) * n, s);
    const Eigen::MatrixXd m = thermal_crosstalk(n, 0.4, 30e-6, 60e-6);
    const Eigen::VectorXd wanted = Eigen::Map<Eigen::VectorXd>(s.data(), n);
    const HeaterShifts found = HeaterSolver(m).solve(wanted);
    CHECK(found.own.minCoeff() >= 0.0);
    if (found.reached) {
      // A system of condition about 10.
      CHECK((m * found.own - wanted).norm() <= 1e-13);
      continue;
    }
    ++unreached;
    // Normal equations of condition 100 in the oracle.
    CHECK(rel_error((m * found.own - wanted).squaredNorm(), best_of_all_sets(m, wanted)) <= 1e-9);
  }
  CHECK(unreached > 50);
  CHECK(unreached < 200);
}

TEST_CASE("thermal crosstalk: an explicit matrix is checked") {
  const std::vector<double> good{1.0, 0.1, 0.2, 1.0};
  CHECK(thermal_crosstalk(2, good)(1, 0) == 0.2);
  CHECK_THROWS_AS(thermal_crosstalk(3, good), ConfigError);
  CHECK_THROWS_AS(thermal_crosstalk(2, std::vector<double>{0.9, 0.1, 0.1, 1.0}), ConfigError);
  CHECK_THROWS_AS(thermal_crosstalk(2, std::vector<double>{1.0, -0.1, 0.1, 1.0}), ConfigError);
  CHECK_THROWS_WITH(thermal_crosstalk(2, std::vector<double>{1.0, 1.0, 1.0, 1.0}),
                    doctest::Contains("has no inverse"));
}
