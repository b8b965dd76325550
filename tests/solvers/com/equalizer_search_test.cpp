#include "solvers/com/equalizer_search.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "signals_bench.hpp"
#include "support.hpp"
#include "synthetic.hpp"

using namespace photonlink;
using namespace photonlink::com;

namespace {

constexpr double nothing = -std::numeric_limits<double>::infinity();

std::size_t at(long place) {
  return static_cast<std::size_t>(place);
}

Parameters configuration(int levels) {
  Parameters p = test::small_configuration(levels);
  p.ctle.low_corner_Hz = 0.5e9;
  p.ctle.first_low_gain_dB = -3.0;
  p.dfe.floating_groups = 1;
  p.dfe.taps_per_group = 2;
  p.dfe.span = 12;
  return p;
}

// The full grid, whatever the mode asks for.
struct Bench : test::SignalsBench {
  Bench(Parameters parameters, const std::vector<Path>& paths, const char* name, int threads = 1)
      : SignalsBench(std::move(parameters), paths, name, threads) {
    mode.local_search = false;
  }
  ChosenEqualizer search() { return search_equalizer(signals, taps, mode, context); }
};

// Every setting in loop order, none left out, the first of equals kept.
ChosenEqualizer brute_force(const Bench& b) {
  ChosenEqualizer best;
  best.merit.dB = nothing;
  MeritEvaluator evaluator(b.signals, b.taps, b.mode);
  for (const CtleSetting& setting : ctle_settings(b.p)) {
    evaluator.set_ctle(setting);
    for (std::size_t i = 0; i < b.taps.settings(); ++i) {
      const Merit merit = evaluator.evaluate(b.taps.setting(i), nothing);
      if (!merit.valid || merit.dB <= best.merit.dB) continue;
      best.merit = merit;
      best.ctle = setting;
      best.taps = i;
    }
  }
  return best;
}

void check_equal(const ChosenEqualizer& a, const ChosenEqualizer& b) {
  CHECK(a.taps == b.taps);
  CHECK(a.ctle.gain_index == b.ctle.gain_index);
  CHECK(a.ctle.low_gain_index == b.ctle.low_gain_index);
  CHECK(a.merit.dB == b.merit.dB);
  CHECK(a.merit.cursor == b.merit.cursor);
  CHECK(a.merit.terms.isi_V == b.merit.terms.isi_V);
}

std::vector<std::vector<Path>> some_channels() {
  return {{test::trace(0.05)},
          {test::trace(0.35)},
          test::trace_with_neighbours(0.15),
          test::trace_with_neighbours(0.3)};
}

}  // namespace

TEST_CASE("com search: the full search is the optimum of every setting, with and without aggressors") {
  for (const char* name : {"standard", "script-4.50"})
    for (const auto& paths : some_channels()) {
      Bench b(configuration(4), paths, name);
      const ChosenEqualizer found = b.search();
      check_equal(found, brute_force(b));
      CHECK(found.grid == 3 * 4 * b.taps.settings());
      CHECK(found.evaluated >= 1);
    }
}

TEST_CASE("com search: one and two threads choose the same") {
  for (const auto& paths : some_channels()) {
    Bench one(configuration(2), paths, "standard", 1), two(configuration(2), paths, "standard", 2);
    check_equal(one.search(), two.search());
  }
}

TEST_CASE("com search: among equals the first in loop order is taken") {
  Parameters p = configuration(2);
  // A third tap with a single value of 0 and a second stage whose steps do nothing: all settings of g_DC2
  // tie.
  p.ctle.first_low_gain_dB = -3e-300;
  p.ctle.low_gain_step_dB = 1e-300;
  Bench b(p, {test::trace(0.2)}, "standard");
  const ChosenEqualizer found = b.search();
  CHECK(found.grid == 3 * 4 * b.taps.settings());
  CHECK(found.ctle.low_gain_index == 0);
  check_equal(found, brute_force(b));
}

TEST_CASE(
    "com search: a local search is never better, and finds the optimum with steps as wide as the grid") {
  for (const auto& paths : some_channels()) {
    Parameters p = configuration(4);
    Bench full(p, paths, "script-4.50");
    const ChosenEqualizer best = full.search();
    std::size_t evaluated = 0;
    for (const int steps : {1, 2, 100}) {
      p.search.local_steps = steps;
      Bench local(p, paths, "script-4.50");
      local.mode.local_search = true;
      const ChosenEqualizer found = local.search();
      CHECK(found.merit.dB <= best.merit.dB);
      CHECK(found.evaluated >= evaluated);
      evaluated = found.evaluated;
      if (steps == 100) check_equal(found, best);
    }
    CHECK(evaluated == best.grid);
  }
}

TEST_CASE("com search: a local search visits what nested loops with the skipping rule visit") {
  Parameters p = configuration(2);
  p.tap = {{.position = -1, .first = -0.12, .step = 0.02, .last = 0.0},
           {.position = 1, .first = -0.12, .step = 0.02, .last = 0.0}};
  p.search.local_steps = 2;
  Bench b(p, {test::trace(0.3)}, "script-4.50");
  b.mode.local_search = true;
  MeritEvaluator evaluator(b.signals, b.taps, b.mode);
  const auto settings = ctle_settings(b.p);
  double best_dB = nothing;
  int best_low = 0, best_pre = 0, best_post = 0;
  std::size_t visited = 0;
  for (int gain = 0; gain < 3; ++gain)
    for (int low = 0; low < 4; ++low) {
      evaluator.set_ctle(settings[at(4 * gain + low)]);
      for (int pre = 0; pre < 7; ++pre)
        for (int post = 0; post < 7; ++post) {
          const bool known = best_dB > nothing;
          // Each loop is confined once the one around it has left its first value.
          if (known && gain > 0 && std::abs(low - best_low) > 2) continue;
          if (known && low > 0 && std::abs(pre - best_pre) > 2) continue;
          if (known && pre > 0 && std::abs(post - best_post) > 2) continue;
          ++visited;
          const Merit merit = evaluator.evaluate(b.taps.setting(at(7 * pre + post)), nothing);
          if (!merit.valid || merit.dB <= best_dB) continue;
          best_dB = merit.dB;
          best_low = low;
          best_pre = pre;
          best_post = post;
        }
    }
  const ChosenEqualizer found = b.search();
  CHECK(found.merit.dB == best_dB);
  CHECK(found.taps == at(7 * best_pre + best_post));
  CHECK(found.ctle.low_gain_index == best_low);
  CHECK(found.evaluated == visited);
  CHECK(visited < found.grid);
}

TEST_CASE("com search: the shortlist holds every setting within its window, best first") {
  Bench b(configuration(4), test::trace_with_neighbours(0.25), "standard");
  const auto list = shortlist(b.signals, b.taps, b.mode, 0.7, 1000, b.context);
  const ChosenEqualizer best = brute_force(b);
  check_equal(list.front(), best);
  std::size_t within = 0;
  MeritEvaluator evaluator(b.signals, b.taps, b.mode);
  for (const CtleSetting& setting : ctle_settings(b.p)) {
    evaluator.set_ctle(setting);
    for (std::size_t i = 0; i < b.taps.settings(); ++i)
      within += evaluator.evaluate(b.taps.setting(i), nothing).dB >= best.merit.dB - 0.7;
  }
  CHECK(list.size() == within);
  CHECK(within > 3);
  for (std::size_t i = 1; i < list.size(); ++i) CHECK(list[i].merit.dB <= list[i - 1].merit.dB);
  CHECK(shortlist(b.signals, b.taps, b.mode, 0.7, 2, b.context).size() == 2);
}

TEST_CASE("com search: a pulse that starts above 1 % of its peak has no sampling instant and says so") {
  Parameters p = configuration(2);
  p.tap.clear();
  Bench b(p, {test::trace(0.0)}, "standard");
  CHECK_THROWS_WITH_AS(b.search(), doctest::Contains("no equaliser setting finds a sampling instant"),
                       DomainError);
}

TEST_CASE("com search: limits that leave no CTLE setting are refused") {
  Parameters p = configuration(2);
  p.ctle.largest_gain_sum_dB = -40.0;
  Bench b(p, {test::trace(0.2)}, "standard");
  CHECK_THROWS_AS(b.search(), DomainError);
}
