#include "solvers/retimed_path.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"
#include "solvers/fec.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

LinkResult hop(const char* name, double ber, double energy_J, double latency_s) {
  LinkResult result;
  result.name = name;
  result.modulation = "PAM4";
  result.symbol_rate_Bd = 53.125e9;
  result.lanes = 1;
  result.ber_before_fec = result.ber_after_fec = ber;
  result.ber_floor = 1e-60;
  result.energy.with_host_J_per_bit = energy_J;
  result.latency_s = latency_s;
  return result;
}

}  // namespace

TEST_CASE("retimed path: errors of drawn hops are counted as often as computed") {
  const double p[] = {0.05, 0.2, 0.1};
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> uniform;
  constexpr int bits = 200000;
  double wrong = 0.0;
  for (int i = 0; i < bits; ++i) {
    bool flipped = false;
    for (const double each : p) flipped ^= uniform(random) < each;
    wrong += flipped ? 1.0 : 0.0;
  }
  const double expected = error_ratio_of_hops(p);
  CHECK(std::abs(wrong / bits - expected) <= 5.0 * std::sqrt(expected / bits));
  // A sum would be 0.35.
  CHECK(expected < 0.33);
  // Small ratios add up, and one keeps its digits beside another.
  const double small[] = {1e-20, 3e-20};
  CHECK(rel_error(error_ratio_of_hops(small), 4e-20) <= 1e-15);
}

TEST_CASE("retimed path: errors, energies and latencies of the hops add up, the FEC sees their sum") {
  const LinkResult out = hop("out", 1e-6, 3e-12, 1e-9), optics = hop("optics", 4e-5, 5e-12, 5e-6),
                   in = hop("in", 2e-6, 3e-12, 1e-9);
  const LinkResult* const hops[] = {&out, &optics, &in};
  const PathResult path =
      evaluate_path({.name = "retimed", .title = "", .fec = "RS(544,514)", .target_ber = 1e-15}, hops);
  // Products of two hops.
  CHECK(rel_error(path.ber_before_fec, 4.3e-5) <= 1e-4);
  CHECK(rel_error(path.ber_after_fec, ber_after_fec(make_fec("KP4"), path.ber_before_fec)) <= 1e-12);
  CHECK(path.closes);
  CHECK(rel_error(path.one_way_J_per_bit, 11e-12) <= 1e-12);
  CHECK(rel_error(path.both_ways_J_per_bit, 22e-12) <= 1e-12);
  // One codeword of 5440 bits at 106.25 Gb/s.
  CHECK(rel_error(path.latency_s, 5.002e-6 + 5440.0 / 106.25e9) <= 1e-12);
  CHECK(path.hops == std::vector<std::string>{"out", "optics", "in"});
  // Without the FEC the same path misses.
  CHECK_FALSE(evaluate_path({.name = "plain", .title = "", .target_ber = 1e-15}, hops).closes);
}

TEST_CASE("retimed path: a hop of another bit rate and a path without hops are refused by name") {
  const LinkResult slow = hop("slow", 1e-6, 0.0, 0.0);
  LinkResult fast = slow;
  fast.name = "fast";
  fast.symbol_rate_Bd *= 1.01;
  const LinkResult* const hops[] = {&slow, &fast};
  CHECK_THROWS_WITH_AS(evaluate_path({.name = "mixed", .title = ""}, hops),
                       doctest::Contains("'fast' carries 107.312 Gb/s"), ConfigError);
  CHECK_THROWS_WITH_AS(evaluate_path({.name = "empty", .title = ""}, {}), doctest::Contains("no links"),
                       ConfigError);
  // PAM6 of 42.5 GBd carries what PAM4 of 53.125 GBd does.
  LinkResult six = slow;
  six.modulation = "PAM6";
  six.symbol_rate_Bd = 42.5e9;
  const LinkResult* const same[] = {&slow, &six};
  CHECK(rel_error(evaluate_path({.name = "same", .title = ""}, same).ber_before_fec, 2e-6) <= 1e-5);
}
