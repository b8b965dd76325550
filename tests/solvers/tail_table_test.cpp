#include "solvers/tail_table.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "core/special.hpp"
#include "signal/pattern.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

// Interference of a few cursors of either size on a lattice of a 200th of the half level step.
Density interference(int levels, std::vector<double> cursor) {
  return interference_density(cursor, levels, 1.0 / (levels - 1) / 200.0).density;
}

struct Worst {
  double error = 0.0, distance = 0.0, sigma = 0.0, smallest = 1.0;
  int count = 0;
};

// Largest relative error against the direct sum over distances from inside the density to far outside.
Worst sweep(const Density& density, double low_sigma, double high_sigma, bool beyond) {
  TailTable table(density);
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  const double low = density.value(0), high = density.value(density.mass.size() - 1);
  Worst worst;
  for (int k = 0; k < 3000; ++k) {
    const double sigma = low_sigma * std::pow(high_sigma / low_sigma, uniform(random));
    const double distance = beyond ? high + 36.0 * sigma * uniform(random)
                                   : low - 6.0 * sigma + (high - low + 6.0 * sigma) * uniform(random);
    const double exact = upper_tail_with_noise(density, sigma, distance);
    if (exact < 1e-250) continue;
    const double error = rel_error(table.exceeds(distance, sigma), exact);
    worst.smallest = std::min(worst.smallest, exact);
    ++worst.count;
    if (error > worst.error) {
      worst.error = error;
      worst.distance = distance;
      worst.sigma = sigma;
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("tail table: equals the direct sum over the density down to 1e-250") {
  struct Case {
    Density density;
    double inside;  // largest error within the density and beyond its upper edge
  };
  // The header's figures: the masses of the last density lie up to 16 σ apart, those of the others do not.
  const std::vector<Case> cases = {{interference(2, {0.02, 0.013, 0.008, 0.031}), 1e-3},
                                   {interference(4, {0.04, 0.03, 0.021, 0.015, 0.01}), 1e-3},
                                   {interference(2, {0.3, 0.1}), 0.05}};
  for (const Case& each : cases) {
    const Worst inside = sweep(each.density, 0.012, 0.3, false),
                beyond = sweep(each.density, 0.012, 0.3, true);
    CAPTURE(inside.distance);
    CAPTURE(inside.sigma);
    CHECK(inside.count > 1000);
    CHECK(beyond.count > 1000);
    CHECK(beyond.smallest < 1e-240);
    CHECK(inside.error < each.inside);
    CHECK(beyond.error < 1e-3);
  }
}

TEST_CASE("tail table: without interference it is the Gaussian tail itself") {
  TailTable none(Density{0.01, 0, {1.0}}), empty(Density{});
  for (double x : {-3.0, 0.0, 1.0, 7.0, 30.0}) {
    // Same function, one division: rounding only.
    CHECK(rel_error(none.exceeds(0.02 * x, 0.02), gaussian_tail(x)) <= 1e-12);
    CHECK(rel_error(empty.exceeds(0.02 * x, 0.02), gaussian_tail(x)) <= 1e-12);
  }
}

TEST_CASE("tail table: extreme arguments stay probabilities") {
  TailTable table(interference(2, {0.3, 0.1}));
  for (double sigma : {1e-9, 1e-6, 1e-3, 1.0, 1e3, 1e5}) {
    for (double distance : {-1e6, -1.0, -0.1, 0.0, 0.2, 0.4, 1.0, 1e6}) {
      CAPTURE(sigma);
      CAPTURE(distance);
      const double tail = table.exceeds(distance, sigma);
      CHECK(tail >= 0.0);
      // The table's relative error on a tail of one.
      CHECK(tail <= 1.0 + 1e-3);
    }
  }
}
