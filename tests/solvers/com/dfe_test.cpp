#include "solvers/com/dfe.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <set>

#include "allocations.hpp"
#include "support.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;
using test::rel_error;

namespace {

Dfe floating(int groups) {
  Dfe d;
  d.taps = 4;
  d.maximum = {0.5};
  d.minimum = {-0.5};
  d.floating_groups = groups;
  d.taps_per_group = 3;
  d.span = 24;
  d.floating_maximum = 0.05;
  return d;
}

std::vector<double> random_post(std::mt19937& random, double size) {
  std::normal_distribution<double> draw(0.0, size);
  std::vector<double> post(24);
  for (double& each : post) each = draw(random);
  return post;
}

std::size_t at(long place) {
  return static_cast<std::size_t>(place);
}

// What a group that starts behind `start` fixed positions removes.
double removed(const Dfe& d, const std::vector<double>& post, int start) {
  double sum = 0.0;
  for (int i = 0; i < d.taps_per_group; ++i) {
    const double h = std::abs(post[at(d.taps + start + i)]);
    const double left = std::max(0.0, h - d.floating_maximum);
    sum += h * h - left * left;
  }
  return sum;
}

// Every way to place groups without overlap, by recursion.
double most_removed(const Dfe& d, const std::vector<double>& post, int groups, int first) {
  if (groups == 0) return 0.0;
  double best = -1.0;
  for (int start = first; start + groups * d.taps_per_group <= d.span - d.taps; ++start)
    best =
        std::max(best, removed(d, post, start) + most_removed(d, post, groups - 1, start + d.taps_per_group));
  return best;
}

double removed_by(const Dfe& d, const std::vector<double>& post, const std::vector<int>& positions) {
  double sum = 0.0;
  for (std::size_t i = 0; i < positions.size(); i += static_cast<std::size_t>(d.taps_per_group))
    sum += removed(d, post, positions[i] - 1 - d.taps);
  return sum;
}

}  // namespace

TEST_CASE("com dfe: taps are the ratios to the cursor, clipped, the last limit holding on (93A-26)") {
  Dfe d;
  d.taps = 5;
  d.maximum = {0.8, 0.2};
  d.minimum = {0.3, -0.1};
  DfeSolver solver(d);
  CHECK(solver.length() == 5);
  const std::vector<double> post = {0.5, 0.01, 0.9, -0.5, -0.1};
  const auto& tap = solver.solve(2.0, post).tap;
  const std::vector<double> expected = {0.3, 0.005, 0.2, -0.1, -0.05};
  for (std::size_t n = 0; n < 5; ++n) CHECK(tap[n] == expected[n]);
}

TEST_CASE("com dfe: steps round towards zero before the limits hold") {
  Dfe d;
  d.taps = 4;
  d.step = 0.02;
  d.maximum = {0.3};
  d.minimum = {-0.25};
  DfeSolver solver(d);
  const std::vector<double> post = {0.059, -0.059, 0.9, -0.9};
  const auto& tap = solver.solve(1.0, post).tap;
  // 2 · 0.02, rounding.
  CHECK(abs_error(tap[0], 0.04) <= 1e-15);
  CHECK(abs_error(tap[1], -0.04) <= 1e-15);
  CHECK(tap[2] == 0.3);
  CHECK(tap[3] == -0.25);
}

TEST_CASE("com dfe: reflections of equal strength get the places that an exhaustive search finds") {
  std::mt19937 random(11);
  int solved = 0;
  for (int draw = 0; draw < 50; ++draw) {
    const Dfe d = floating(2);
    auto post = random_post(random, 1e-4);
    // Two bumps of three symbols, a group apart, so that no choice spoils another. They are equally strong:
    // the rule passes over a start whose overlapping neighbour ranks before all places elsewhere.
    const int one = 1 + static_cast<int>(random() % 5), other = one + 6 + static_cast<int>(random() % 5);
    for (int i = 0; i < 3; ++i) {
      post[at(4 + one + i)] += 0.02 + 0.01 * i;
      post[at(4 + other + i)] -= 0.04 - 0.01 * i;
    }
    DfeSolver solver(d);
    const auto& found = solver.solve(1.0, post);
    // The same sums in another order.
    CHECK(rel_error(removed_by(d, post, found.floating), most_removed(d, post, 2, 0)) <= 1e-12);
    solved += found.floating == std::vector<int>{5 + one, 6 + one, 7 + one, 5 + other, 6 + other, 7 + other};
  }
  CHECK(solved == 50);
}

TEST_CASE(
    "com dfe: groups never overlap, stay within their span and remove no more than the best placement") {
  std::mt19937 random(5);
  for (int draw = 0; draw < 300; ++draw) {
    const Dfe d = floating(1 + draw % 4);
    DfeSolver solver(d);
    const auto post = random_post(random, 0.03);
    const auto& found = solver.solve(1.0, post);
    const std::set<int> places(found.floating.begin(), found.floating.end());
    CHECK(places.size() == static_cast<std::size_t>(3 * d.floating_groups));
    CHECK(*places.begin() > d.taps);
    CHECK(*places.rbegin() <= d.span);
    const double most = most_removed(d, post, d.floating_groups, 0);
    const double share = removed_by(d, post, found.floating) / most;
    CHECK(share <= 1.0 + 1e-12);  // rounding
    for (int n = d.taps; n < d.span; ++n) {
      const double tap = found.tap[static_cast<std::size_t>(n)];
      const double expected =
          places.count(n + 1) ? std::clamp(post[static_cast<std::size_t>(n)], -0.05, 0.05) : 0.0;
      CHECK(tap == expected);
    }
  }
}

TEST_CASE("com dfe: groups do not overlap in a span that just holds them") {
  std::mt19937 random(7);
  for (int draw = 0; draw < 2000; ++draw) {
    Dfe d = floating(1 + draw % 4);
    d.taps = static_cast<int>(random() % 5);
    d.taps_per_group = 1 + static_cast<int>(random() % 5);
    d.span = d.taps + d.floating_groups * d.taps_per_group + static_cast<int>(random() % 6);
    DfeSolver solver(d);
    auto post = random_post(random, 0.03);
    post.resize(at(d.span));
    const auto& places = solver.solve(1.0, post).floating;
    CAPTURE(draw);
    REQUIRE(places.size() == at(d.floating_groups * d.taps_per_group));
    CHECK(std::adjacent_find(places.begin(), places.end(), std::greater_equal<>()) == places.end());
    CHECK(places.front() > d.taps);
    CHECK(places.back() <= d.span);
  }
}

TEST_CASE("com dfe: one floating group is the best of all starts") {
  std::mt19937 random(3);
  for (int draw = 0; draw < 100; ++draw) {
    const Dfe d = floating(1);
    DfeSolver solver(d);
    const auto post = random_post(random, 0.03);
    // Rounding.
    CHECK(rel_error(removed_by(d, post, solver.solve(1.0, post).floating), most_removed(d, post, 1, 0)) <=
          1e-12);
  }
}

TEST_CASE("com dfe: the tail is scaled to its limit, and only when it exceeds it") {
  Dfe d;
  d.taps = 6;
  d.maximum = {0.5};
  d.minimum = {-0.5};
  d.tail_start = 4;
  d.tail_rss = 0.05;
  DfeSolver solver(d);
  const std::vector<double> large = {0.3, 0.2, 0.1, 0.06, 0.0, -0.08};
  const auto& cut = solver.solve(1.0, large);
  // 0.06, 0.08: a root sum of squares of 0.1, twice the limit; rounding.
  CHECK(rel_error(cut.tail_rss, 0.1) <= 1e-14);
  CHECK(rel_error(cut.tap[3], 0.03) <= 1e-14);
  CHECK(rel_error(cut.tap[5], -0.04) <= 1e-14);
  CHECK(cut.tap[2] == 0.1);
  const std::vector<double> small = {0.3, 0.2, 0.1, 0.02, 0.0, -0.03};
  const auto& kept = solver.solve(1.0, small);
  CHECK(kept.tap[3] == 0.02);
  CHECK(kept.tap[5] == -0.03);
}

TEST_CASE("com dfe: solving takes nothing from the heap") {
  std::mt19937 random(17);
  DfeSolver solver(floating(3));
  std::vector<std::vector<double>> posts;
  posts.reserve(20);
  for (int draw = 0; draw < 20; ++draw) posts.push_back(random_post(random, 0.03));
  const long before = test::allocations();
  double sum = 0.0;
  for (const auto& post : posts) sum += solver.solve(1.0, post).tap[5];
  CHECK(test::allocations() == before);
  const std::vector<double> one(posts.size());
  if (test::allocations_are_counted()) CHECK(test::allocations() > before);
  CHECK(std::isfinite(sum));
}
