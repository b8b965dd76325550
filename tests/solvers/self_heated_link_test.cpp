#include <doctest/doctest.h>

#include <cmath>

#include "devices/microring_modulator.hpp"
#include "monte_carlo_links.hpp"
#include "solvers/monte_carlo.hpp"
#include "stream_runs.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

/// One PAM4 wavelength whose ring is 8 GHz from its carrier when cold, and far from it when lit. Two photons
/// and carriers are far stronger than in silicon, so that 3 dBm shows them.
LinkSpec heated(double thermal_resistance_K_per_W, double thermal_time_s = 1e-6) {
  LinkSpec spec = test::small_ring_link(1);
  spec.modulation = "PAM4";
  spec.pattern = "PRBS9Q";
  const auto set = [&](const char* key, ParameterValue value) {
    test::change(spec, "modulator rings", key, std::move(value));
  };
  set("detuning_mode", std::string("fixed"));
  set("detuning_reference", std::string("cold"));
  set("detuning", 8e9);
  set("thermal_resistance", thermal_resistance_K_per_W);
  set("thermal_time", thermal_time_s);
  set("two_photon", 50.0);
  set("kerr", 20.0);
  set("carrier_lifetime", 60e-12);
  return spec;
}

}  // namespace

TEST_CASE(
    "self-heated ring: a stream with live heat stays on the periodic solution at the mean temperature") {
  // The stream begins with nothing in front of it and follows the 16 ns of the pattern: both disturb the heat
  // by a share of τ_th that falls as 1/τ_th. Filters are cut to 1e-5.
  const auto difference = [](double thermal_time_s) {
    return test::difference_from_periodic(build_link(heated(5e3, thermal_time_s)), "PRBS9Q", 1e-5);
  };
  const double fast = difference(1e-6), slow = difference(30e-6);
  INFO("difference ", fast, " at 1 us, ", slow, " at 30 us");
  CHECK(slow < 5e-4);
  // Filters add up to 5e-5 to 3e-4.
  CHECK(rel_error(fast / slow, 30.0) <= 0.2);
  // The wave depends on the heat: another by more than a tenth without it.
  Context context(1);
  const SymbolPattern pattern = make_pattern("PRBS9Q", 4);
  const auto wave = [&](double resistance_K_per_W) {
    const auto other = build_link(heated(resistance_K_per_W));
    const Chain chain(*other);
    const test::RepeatedPattern repeated(*other, pattern);
    return solve_periodic(chain, {other->symbol_rate_Bd, 16, static_cast<int>(repeated.size)},
                          repeated.symbols, context)
        .sampler.lane[0];
  };
  const RealWave hot = wave(5e3), cold = wave(0.0);
  double change = 0.0, power = 0.0;
  for (std::size_t u = 0; u < hot.size(); ++u) {
    change += std::pow(hot[u] - cold[u], 2);
    power += std::pow(hot[u], 2);
  }
  CHECK(std::sqrt(change / power) > 0.1);
}

TEST_SUITE("slow") {
  TEST_CASE("self-heated ring: the semi-analytic error ratio under PAM4 is counted in stream mode") {
    LinkSpec spec = heated(5e3);
    Context context(2);
    PatternSolution solution = solve_pattern(build_link(spec), context);
    const double scale = noise_scale_for_ber(solution, 1e-3), expected = scaled_ber(solution, scale);
    const MonteCarloResult same =
        run_monte_carlo(solution, {.seed = 31, .target_errors = 1e4, .noise_scale = scale}, context);
    const MonteCarloResult more = run_monte_carlo(
        solution, {.seed = 32, .target_errors = 1e4, .noise_scale = scale * std::pow(10.0, 0.1 / 20.0)},
        context);
    INFO("noise x ", scale, ", semi-analytic ", expected, ", counted ", same.total.ber, " +- ",
         same.total.sigma, ", with 0.1 dB more noise ", more.total.ber, " +- ", more.total.sigma, ", ",
         same.settings);
    CHECK(same.total.errors >= 1e4);
    CHECK(same.total.sigma < 0.02 * expected);
    CHECK(std::abs(same.total.ber - expected) <= 5.0 * same.total.sigma);
    // The comparison notices 0.1 dB.
    CHECK(std::abs(more.total.ber - expected) > 5.0 * more.total.sigma);
    // And it notices the heat.
    PatternSolution cold = solve_pattern(build_link(heated(0.0)), context);
    CHECK(std::abs(scaled_ber(cold, scale) - expected) > 0.25 * expected);
  }
}
