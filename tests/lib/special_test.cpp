#include "core/special.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "core/error.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

TEST_CASE("special: Q agrees with values of mpmath to 1e-300") {
  // mpmath 1.2.1 with 40 digits: erfc(x / sqrt(2)) / 2. Conditioning x² times one rounding of x / sqrt 2.
  CHECK(rel_error(gaussian_tail(0.0), 0.5) <= 1e-15);
  CHECK(rel_error(gaussian_tail(1.0), 0.15865525393145705141) <= 1e-15);
  CHECK(rel_error(gaussian_tail(7.0), 1.2798125438858350043e-12) <= 2e-14);
  CHECK(rel_error(gaussian_tail(37.0), 5.7255712225245768e-300) <= 5e-13);
  CHECK(rel_error(gaussian_tail(-1.0), 1.0 - 0.15865525393145705141) <= 1e-15);
}

TEST_CASE("special: the inverse of Q undoes Q") {
  for (const double p : {0.9, 0.5 + 1e-9, 0.1, 2.4e-4, 1e-15, 1e-300}) {
    const double x = inverse_gaussian_tail(p);
    // Conditioning x² of Q times a few roundings.
    CHECK(rel_error(gaussian_tail(x), p) <= 1e-15 * (5.0 + x * x));
  }
  CHECK_THROWS_AS(inverse_gaussian_tail(0.0), DomainError);
  CHECK_THROWS_AS(inverse_gaussian_tail(1.0), DomainError);
}

TEST_CASE("special: the fast Q agrees with erfc to 1e-12 from -38 to 37.5 and vanishes beyond") {
  const std::vector<double> one = {1.0};
  int checked = 0;
  for (double x = -38.0; x <= 37.5; x += 0.00713) {
    // The stated relative error.
    CHECK_MESSAGE(rel_error(gaussian_tail_sum(one, x, 0.0), gaussian_tail(x)) <= 1e-12, x);
    ++checked;
  }
  CHECK(checked > 10000);
  CHECK(gaussian_tail_sum(one, 37.6, 0.0) == 0.0);
}

TEST_CASE("special: the sum visits every weight once, whatever the length") {
  for (const std::size_t n : {0u, 1u, 31u, 32u, 33u, 100u}) {
    std::vector<double> weight(n);
    double expected = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
      weight[j] = 1.0 + static_cast<double>(j % 7);
      expected += weight[j] * gaussian_tail(-3.0 + 0.17 * static_cast<double>(j));
    }
    // Errors of the fast Q.
    CHECK(std::abs(gaussian_tail_sum(weight, -3.0, 0.17) - expected) <= 1e-12 * expected);
  }
}

TEST_CASE("special: a row of Q equals Q point by point, whatever the length and direction") {
  for (const std::size_t n : {0u, 1u, 3u, 4u, 5u, 150u})
    for (const double step : {0.1, -0.1}) {
      std::vector<double> tail(n);
      gaussian_tails(-step * 75.0, step, tail);
      for (std::size_t j = 0; j < n; ++j) {
        CAPTURE(n);
        CAPTURE(j);
        // Errors of the fast Q, of the argument: x² roundings.
        CHECK(rel_error(tail[j], gaussian_tail(step * (static_cast<double>(j) - 75.0))) <= 1e-12);
      }
    }
}
