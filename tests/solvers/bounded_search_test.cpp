#include "solvers/bounded_search.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;

TEST_CASE("bounded search: an active demand holds the least cost on its edge") {
  // min x² + 2 y² with x + y >= 1: Lagrange gives x = 2/3, y = 1/3, cost 2/3.
  Context context(2);
  const std::vector<SearchRange> ranges = {{0.0, -2.0, 3.0}, {0.0, -1.0, 4.0}};
  const SearchResult found = bounded_search(
      ranges,
      [](std::span<const double> x) {
        return SearchValue{x[0] * x[0] + 2.0 * x[1] * x[1], x[0] + x[1] - 1.0};
      },
      {.local_evaluations = 200, .tolerance = 1e-6}, context);
  CHECK(found.keeps_demand);
  CHECK(found.converged);
  // The flat direction: cost is quadratic about the optimum, so x is found to the root of the tolerance.
  CHECK(abs_error(found.value[0], 2.0 / 3.0) <= 2e-2);
  CHECK(abs_error(found.value[1], 1.0 / 3.0) <= 2e-2);
  CHECK(abs_error(found.at.cost, 2.0 / 3.0) <= 1e-3);
  CHECK(found.at.demand >= 0.0);
  CHECK_FALSE(found.at_bound[0]);
}

TEST_CASE("bounded search: the lowest of several minima, and a bound") {
  Context context(1);
  const std::vector<SearchRange> wave = {{0.1, 0.0, 4.0}};
  // Four minima, each lower than the one before: the last near x = 3.5 + 0.2 / (2π)² .
  const auto function = [](std::span<const double> x) {
    return SearchValue{std::cos(2.0 * constants::pi * x[0]) - 0.2 * x[0], 1.0};
  };
  const SearchResult found = bounded_search(wave, function, {}, context);
  const double expected =
      4.0 - (constants::pi - std::asin(0.2 / (2.0 * constants::pi))) / (2.0 * constants::pi) - 0.0;
  // sin(2πx) = -0.2 / 2π at a minimum; the search ends at 1e-4 of the range, the minimum is flat.
  CHECK(abs_error(found.value[0], expected) <= 1e-2);
  const SearchResult edge = bounded_search(
      wave,
      [](std::span<const double> x) {
        return SearchValue{-x[0], 1.0};
      },
      {}, context);
  CHECK(edge.at_bound[0]);
  CHECK(abs_error(edge.value[0], 4.0) <= 4e-3);
}

TEST_CASE("bounded search: where no point keeps the demand the nearest is told, and infinities are avoided") {
  Context context(1);
  const std::vector<SearchRange> one = {{0.5, 0.0, 1.0}};
  const SearchResult missed = bounded_search(
      one,
      [](std::span<const double> x) {
        return SearchValue{x[0], -1.0 - (x[0] - 0.3) * (x[0] - 0.3)};
      },
      {}, context);
  CHECK_FALSE(missed.keeps_demand);
  CHECK(abs_error(missed.value[0], 0.3) <= 1e-2);
  const SearchResult holes = bounded_search(
      one,
      [](std::span<const double> x) {
        return x[0] < 0.6 ? SearchValue{INFINITY, -INFINITY} : SearchValue{x[0], 1.0};
      },
      {}, context);
  CHECK(holes.keeps_demand);
  CHECK(abs_error(holes.value[0], 0.6) <= 1e-2);
}

TEST_CASE("bounded search: the number of threads changes nothing, errors pass, nonsense is refused") {
  const std::vector<SearchRange> two = {{0.5, 0.0, 1.0}, {0.5, 0.0, 1.0}};
  const auto bowl = [](std::span<const double> x) {
    return SearchValue{std::pow(x[0] - 0.2, 2) + std::pow(x[1] - 0.9, 2), 0.7 - x[1]};
  };
  Context one(1), many(4);
  CHECK(bounded_search(two, bowl, {}, one).value == bounded_search(two, bowl, {}, many).value);
  CHECK_THROWS_WITH_AS(
      bounded_search(
          two, [](std::span<const double>) -> SearchValue { throw DomainError("no such point"); }, {}, one),
      doctest::Contains("no such point"), DomainError);
  const std::vector<SearchRange> none = {}, turned = {{0.5, 1.0, 0.0}}, outside = {{2.0, 0.0, 1.0}};
  CHECK_THROWS_AS(bounded_search(none, bowl, {}, one), DomainError);
  CHECK_THROWS_AS(bounded_search(turned, bowl, {}, one), DomainError);
  CHECK_THROWS_AS(bounded_search(outside, bowl, {}, one), DomainError);
}
