/// Limits on FFE taps, floating taps, and least mean squares as a check on the closed form.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "core/error.hpp"
#include "core/random.hpp"
#include "equalizer_bench.hpp"
#include "signal/pattern.hpp"
#include "solvers/equalizer.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;
using test::white;

namespace {

const std::vector<double> no_limit = {10.0};

std::vector<double> pulse(const std::vector<std::pair<long, double>>& cursors) {
  return test::cursors_at(64, cursors);
}

}  // namespace

TEST_CASE("equaliser: with limits on the forward taps no feasible neighbour is better") {
  const int pre = 2, post = 4;
  const test::EqualizerBench bench{
      pulse({{-2, -0.05}, {-1, 0.25}, {0, 0.9}, {1, 0.5}, {2, 0.3}, {3, 0.15}, {4, 0.05}}),
      white(0.01, pre + post)};
  int limited = 0;
  for (const double limit : {0.05, 0.1, 0.2, 0.3, 0.5}) {
    const std::vector<double> limits = {limit, 0.5 * limit}, feedback = {0.2};
    const Equalizer found = solve_equalizer(
        bench.pulse, bench.covariance, 1.0,
        {.ffe_pre = pre, .ffe_post = post, .dfe_taps = 1, .dfe_limit = feedback, .ffe_limit = limits});
    const double best = bench.error(found.ffe, found.dfe, pre);
    CAPTURE(limit);
    // Rounding of sums of 70 terms.
    CHECK(rel_error(found.mean_square_error, best) <= 1e-11);
    CHECK(abs_error(bench.main_cursor(found.ffe, pre), 1.0) <= 1e-12);
    for (std::size_t j = 0; j < found.ffe.size(); ++j) {
      if (static_cast<int>(j) == pre) continue;
      const double largest = std::abs(static_cast<int>(j) - pre) == 1 ? limits[0] : limits[1];
      const double share = std::abs(found.ffe[j] / found.ffe[static_cast<std::size_t>(pre)]) / largest;
      CHECK(share <= 1.0 + 1e-12);
      limited += share >= 1.0 - 1e-12;
    }
    // Rounding alone could put a neighbour below.
    CHECK(bench.least_nearby(found, limits, feedback, 20000, 5) >= best * (1.0 - 1e-12));
  }
  CHECK(limited > 4);
}

TEST_CASE("equaliser: many taps at their limits at once are still the minimum") {
  std::mt19937_64 random(2);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  int limited = 0;
  for (int trial = 0; trial < 150; ++trial) {
    test::EqualizerBench bench{pulse({{0, 0.5 + uniform(random)}}), {}};
    const double size = 0.6 * uniform(random);
    for (long k = -4; k < 16; ++k)
      if (k != 0)
        bench.pulse[static_cast<std::size_t>((k + 64) % 64)] =
            size * normal(random) * std::exp(-static_cast<double>(std::abs(k)) / 6.0);
    const int pre = static_cast<int>(random() % 6), post = 8 + static_cast<int>(random() % 16),
              dfe = 2 + static_cast<int>(random() % 6);
    bench.covariance = white(std::pow(10.0, -1.0 - 4.0 * uniform(random)), pre + post);
    const std::vector<double> forward = {0.02 + 0.5 * uniform(random)},
                              feedback = {0.02 + 0.5 * uniform(random)};
    const Equalizer found = solve_equalizer(
        bench.pulse, bench.covariance, 1.0,
        {.ffe_pre = pre, .ffe_post = post, .dfe_taps = dfe, .dfe_limit = feedback, .ffe_limit = forward});
    const double best = bench.error(found.ffe, found.dfe, pre);
    CAPTURE(trial);
    // Rounding, times the condition of the normal equations.
    CHECK(rel_error(found.mean_square_error, best) <= 1e-9);
    CHECK(abs_error(bench.main_cursor(found.ffe, pre), 1.0) <= 1e-11);
    for (std::size_t j = 0; j < found.ffe.size(); ++j) {
      if (static_cast<int>(j) == pre) continue;
      const double share = std::abs(found.ffe[j] / found.ffe[static_cast<std::size_t>(pre)]) / forward[0];
      CHECK(share <= 1.0 + 1e-10);
      limited += share >= 1.0 - 1e-10;
    }
    // As above.
    CHECK(bench.least_nearby(found, forward, feedback, 200, 7) >= best * (1.0 - 1e-9));
  }
  CHECK(limited > 300);
}

TEST_CASE("equaliser: taps that reach around the pattern, or lack their limits, are refused") {
  const auto p = pulse({{0, 1.0}, {1, 0.3}});
  const auto solve = [&](const EqualizerShape& shape, int lags) {
    return solve_equalizer(p, white(1e-3, lags), 1.0, shape);
  };
  // Feedback of 64 symbols would take the main cursor for interference.
  CHECK_THROWS_WITH_AS(solve({.dfe_taps = 64, .dfe_limit = no_limit}, 0),
                       doctest::Contains("pattern of 64 symbols"), DomainError);
  CHECK(std::isfinite(solve({.dfe_taps = 63, .dfe_limit = no_limit}, 0).mean_square_error));
  CHECK_THROWS_WITH_AS(solve({.ffe_pre = 30, .ffe_post = 34}, 64), doctest::Contains("65 forward taps"),
                       DomainError);
  CHECK_THROWS_WITH_AS(solve({.dfe_taps = 1}, 0), doctest::Contains("dfe_limit"), DomainError);
  CHECK_THROWS_WITH_AS(solve({.ffe_post = 3}, 2), doctest::Contains("3 lags for 4"), DomainError);
}

TEST_CASE("equaliser: without any main cursor the error is infinite and nothing is a number it is not") {
  const Equalizer found =
      solve_equalizer(pulse({{20, 0.5}}), white(1e-3, 2), 1.0,
                      {.ffe_pre = 1, .ffe_post = 1, .dfe_taps = 1, .dfe_limit = no_limit});
  CHECK(std::isinf(found.mean_square_error));
  CHECK(found.ffe == std::vector<double>(3, 0.0));
  CHECK(found.dfe == std::vector<double>(1, 0.0));
  const std::vector<double> barred = {0.0}, some = {0.3};
  const auto delayed = [&](const std::vector<double>& limits) {
    return solve_equalizer(pulse({{1, 0.5}}), white(1e-3, 1), 1.0, {.ffe_pre = 1, .ffe_limit = limits});
  };
  // The pulse arrives where only the early tap reads it: 2 of it, and by its limit 2 / 0.3 of the main tap.
  CHECK(std::isinf(delayed(barred).mean_square_error));
  CHECK(rel_error(delayed({}).ffe[0], 2.0) <= 1e-12);
  const Equalizer held = delayed(some);
  // Rounding.
  CHECK(rel_error(held.ffe[0], 2.0) <= 1e-12);
  CHECK(rel_error(std::abs(held.ffe[1]), 2.0 / 0.3) <= 1e-12);
}

TEST_CASE("equaliser: loose limits on the forward taps change nothing") {
  const auto p = pulse({{-1, 0.2}, {0, 1.0}, {1, 0.4}});
  const std::vector<double> loose = {0.9};
  const EqualizerShape free{.ffe_pre = 1, .ffe_post = 2, .dfe_taps = 1, .dfe_limit = no_limit};
  EqualizerShape same = free;
  same.ffe_limit = loose;
  const auto r = white(0.01, 3);
  CHECK(solve_equalizer(p, r, 1.0, same).ffe == solve_equalizer(p, r, 1.0, free).ffe);
}

TEST_CASE("equaliser: floating feedback taps go to the reflections") {
  const auto p = pulse({{0, 1.0}, {1, 0.3}, {17, 0.08}, {18, -0.12}, {19, 0.05}, {30, 0.1}, {31, 0.06}});
  const EqualizerShape shape{.dfe_taps = 1,
                             .dfe_limit = no_limit,
                             .dfe_floating = {.groups = 2, .group_taps = 3, .reach = 40, .limit = 0.1}};
  const Equalizer found = solve_equalizer(p, white(1e-3, 0), 1.0, shape);
  REQUIRE(found.dfe.size() >= 31);
  CHECK(rel_error(found.dfe[0], 0.3) <= 1e-15);
  CHECK(found.dfe[16] == 0.08);
  CHECK(found.dfe[17] == -0.1);  // at its limit
  CHECK(found.dfe[18] == 0.05);
  CHECK(found.dfe[29] == 0.1);
  CHECK(found.dfe[30] == 0.06);
  // What is left: the part beyond the limit, and the noise.
  CHECK(rel_error(found.mean_square_error, 0.02 * 0.02 + 1e-3) <= 1e-12);
  CHECK(rel_error(found.mean_square_error,
                  (test::EqualizerBench{p, white(1e-3, 0)}.error(found.ffe, found.dfe, 0))) <= 1e-12);
}

TEST_CASE("equaliser: a floating feedback group is worth what its limit lets it take out") {
  const auto place = [](const std::vector<std::pair<long, double>>& cursors) {
    const EqualizerShape shape{.dfe_limit = no_limit,
                               .dfe_floating = {.groups = 1, .group_taps = 2, .reach = 30, .limit = 0.1}};
    return solve_equalizer(pulse(cursors), white(1e-3, 0), 1.0, shape).dfe.size();
  };
  // By hand: 0.3² - 0.2² = 0.05 is less than 2 (0.2² - 0.1²) = 0.06, though 0.3² is more than 2 · 0.2².
  CHECK(place({{0, 1.0}, {10, 0.3}, {20, 0.2}, {21, 0.2}}) == 21);
  // 0.05 is more than 2 · 0.09², though two taps take out 0.18 and one 0.1.
  CHECK(place({{0, 1.0}, {10, 0.3}, {20, 0.09}, {21, 0.09}}) <= 11);
  // Two groups of one tap take two places, though the first place would be the best twice.
  const EqualizerShape single{.dfe_limit = no_limit,
                              .dfe_floating = {.groups = 2, .group_taps = 1, .reach = 30, .limit = 1.0}};
  const auto p = pulse({{0, 1.0}, {10, 0.3}, {20, 0.1}});
  CHECK(solve_equalizer(p, white(1e-3, 0), 1.0, single).dfe.size() == 20);
  // At the last place, and not beyond it.
  CHECK(place({{0, 1.0}, {29, 0.1}, {30, 0.1}, {31, 0.5}, {32, 0.5}}) == 30);
}

TEST_CASE("equaliser: forward taps are those of a feedback that was fixed where it floats to") {
  const auto p = pulse({{-1, 0.1}, {0, 1.0}, {1, 0.3}, {2, 0.2}, {5, 0.3}, {6, -0.2}}), r = white(5e-3, 6);
  EqualizerShape shape{.ffe_pre = 1,
                       .ffe_post = 5,
                       .dfe_limit = no_limit,
                       .dfe_floating = {.groups = 1, .group_taps = 2, .reach = 12, .limit = 0.25}};
  const Equalizer floating = solve_equalizer(p, r, 1.0, shape);
  REQUIRE(floating.dfe.size() == 6);
  const std::vector<double> limits = {0.0, 0.0, 0.0, 0.0, 0.25};
  shape.dfe_floating = {};
  const Equalizer before = solve_equalizer(p, r, 1.0, shape);
  shape.dfe_taps = 6;
  shape.dfe_limit = limits;
  const Equalizer fixed = solve_equalizer(p, r, 1.0, shape);
  // Rounding of two solutions of one problem.
  CHECK(rel_error(floating.mean_square_error, fixed.mean_square_error) <= 1e-10);
  for (std::size_t j = 0; j < fixed.ffe.size(); ++j) CHECK(abs_error(floating.ffe[j], fixed.ffe[j]) <= 1e-10);
  CHECK(abs_error(before.ffe[6], fixed.ffe[6]) > 1e-2);
}

TEST_CASE("equaliser: floating forward taps find what every placement cannot beat") {
  // Oracle: all placements of one group, each as a shape whose other taps are barred by limits.
  const int reach = 20;
  struct Case {
    std::string what;
    std::vector<std::pair<long, double>> cursors;
    int dfe_taps, group;
  };
  const std::vector<Case> cases = {
      {"a reflection", {{-1, 0.1}, {0, 1.0}, {1, 0.25}, {12, 0.1}, {13, -0.15}, {14, 0.04}}, 0, 2},
      {"one strong cursor or two weak ones", {{0, 1.0}, {12, 0.2}, {17, 0.11}, {18, 0.11}}, 0, 2},
      {"a far precursor", {{-15, 0.1}, {0, 1.0}, {1, 0.25}, {11, 0.15}, {15, 0.1}}, 0, 1},
      {"a cursor that feedback takes out", {{0, 1.0}, {4, 0.3}, {12, 0.15}}, 4, 2},
      {"at the end of the reach", {{0, 1.0}, {1, 0.2}, {19, 0.1}, {20, 0.2}}, 0, 2}};
  for (const Case& each : cases) {
    CAPTURE(each.what);
    const auto p = pulse(each.cursors), r = white(5e-3, 24);
    const EqualizerShape shape{.ffe_pre = 1,
                               .ffe_post = 2,
                               .dfe_taps = each.dfe_taps,
                               .dfe_limit = no_limit,
                               .ffe_floating = {.groups = 1, .group_taps = each.group, .reach = reach}};
    const Equalizer found = solve_equalizer(p, r, 1.0, shape);
    REQUIRE(static_cast<int>(found.ffe.size()) == 1 + 1 + reach);
    double least = 1e9;
    for (int start = 3; start + each.group - 1 <= reach; ++start) {
      std::vector<double> limits(reach, 1e-12);
      limits[0] = limits[1] = 10.0;
      for (int m = start; m < start + each.group; ++m) limits[static_cast<std::size_t>(m - 1)] = 10.0;
      const EqualizerShape barred{.ffe_pre = 1,
                                  .ffe_post = reach,
                                  .dfe_taps = each.dfe_taps,
                                  .dfe_limit = no_limit,
                                  .ffe_limit = limits};
      least = std::min(least, solve_equalizer(p, r, 1.0, barred).mean_square_error);
    }
    // Taps of 1e-12 are not quite 0.
    CHECK(rel_error(found.mean_square_error, least) <= 1e-9);
    const Equalizer fixed = solve_equalizer(
        p, r, 1.0, {.ffe_pre = 1, .ffe_post = 2, .dfe_taps = each.dfe_taps, .dfe_limit = no_limit});
    CHECK(found.mean_square_error < 0.9 * fixed.mean_square_error);
  }
}

TEST_CASE("equaliser: floating groups that do not fit are refused") {
  const auto p = pulse({{0, 1.0}, {1, 0.3}});
  const EqualizerShape shape{
      .dfe_taps = 2, .dfe_limit = no_limit, .dfe_floating = {.groups = 3, .group_taps = 4, .reach = 10}};
  CHECK_THROWS_WITH_AS(solve_equalizer(p, white(1e-3, 0), 1.0, shape), doctest::Contains("extend the reach"),
                       DomainError);
}

TEST_CASE("equaliser: least mean squares on random symbols converges to the closed form") {
  // Without the constraint the least error has the same taps times c = σ_d² / (σ_d² + mse).
  const test::EqualizerBench bench{pulse({{-1, 0.15}, {0, 0.8}, {1, 0.35}, {2, 0.2}, {3, 0.1}}), {}};
  const int pre = 1, post = 2, dfe = 2, taps = pre + 1 + post, levels = 4;
  const double variance = 4e-3, power = 5.0 / 9.0;
  const Equalizer closed =
      solve_equalizer(bench.pulse, white(variance, taps), power,
                      {.ffe_pre = pre, .ffe_post = post, .dfe_taps = dfe, .dfe_limit = no_limit});
  constexpr long count = 600000, settle = 150000;
  std::vector<int> level(count + 20);
  std::vector<double> noise(count + 20), x(count + 20, 0.0);
  RandomStream(1, source_number("levels")).integers(0, levels, level);
  RandomStream(1, source_number("noise")).normal(0, noise);
  const auto a = level_amplitudes(levels);
  const auto d = [&](long i) { return a[static_cast<std::size_t>(level[static_cast<std::size_t>(i)])]; };
  for (long i = 10; i + 10 < count + 20; ++i) {
    x[static_cast<std::size_t>(i)] = std::sqrt(variance) * noise[static_cast<std::size_t>(i)];
    for (long k = -1; k <= 3; ++k) x[static_cast<std::size_t>(i)] += bench.at(k) * d(i - k);
  }
  std::vector<double> w(taps, 0.0), b(dfe, 0.0), mean_w(taps, 0.0), mean_b(dfe, 0.0);
  w[pre] = 1.0;
  const double step = 1e-2;
  for (long i = 20; i < count; ++i) {
    double y = -d(i);
    for (int j = 0; j < taps; ++j)
      y += w[static_cast<std::size_t>(j)] * x[static_cast<std::size_t>(i + pre - j)];
    for (int m = 0; m < dfe; ++m) y -= b[static_cast<std::size_t>(m)] * d(i - 1 - m);
    for (int j = 0; j < taps; ++j)
      w[static_cast<std::size_t>(j)] -= step * y * x[static_cast<std::size_t>(i + pre - j)];
    for (int m = 0; m < dfe; ++m) b[static_cast<std::size_t>(m)] += step * y * d(i - 1 - m);
    if (i < settle) continue;
    for (int j = 0; j < taps; ++j) mean_w[static_cast<std::size_t>(j)] += w[static_cast<std::size_t>(j)];
    for (int m = 0; m < dfe; ++m) mean_b[static_cast<std::size_t>(m)] += b[static_cast<std::size_t>(m)];
  }
  const double n = count - settle, c = power / (power + closed.mean_square_error);
  // Tap noise of sqrt(step mse / 2) = 7.6e-3. The slowest mode, of the eigenvalue 3.8e-3, has a time constant
  // of 27 000 symbols, so that 450 000 hold eight independent values: 2.7e-3 rms, and five of those.
  for (int j = 0; j < taps; ++j)
    CHECK(abs_error(mean_w[static_cast<std::size_t>(j)] / n, c * closed.ffe[static_cast<std::size_t>(j)]) <=
          1.4e-2);
  for (int m = 0; m < dfe; ++m)
    CHECK(abs_error(mean_b[static_cast<std::size_t>(m)] / n, c * closed.dfe[static_cast<std::size_t>(m)]) <=
          1.4e-2);
  CHECK((1.0 - c) * closed.ffe[pre] > 1.4e-2);  // the factor is seen
}
