#include "solvers/monte_carlo.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "monte_carlo_links.hpp"

using namespace photonlink;

namespace {

/// Semi-analytic against counted errors, and against counted errors with 0.1 dB more noise.
void compare(const LinkSpec& spec, double most_scale) {
  Context context(2);
  PatternSolution solution = solve_pattern(build_link(spec), context);
  const double scale = noise_scale_for_ber(solution, 1e-3), expected = scaled_ber(solution, scale);
  // Far beyond its own noise a link is no longer in the range where noise acts linearly.
  CHECK(scale < most_scale);
  const MonteCarloResult same =
      run_monte_carlo(solution, {.seed = 20, .target_errors = 1e4, .noise_scale = scale}, context);
  const MonteCarloResult more = run_monte_carlo(
      solution, {.seed = 21, .target_errors = 1e4, .noise_scale = scale * std::pow(10.0, 0.1 / 20.0)},
      context);
  INFO(spec.name, ": noise x ", scale, ", semi-analytic ", expected, ", counted ", same.total.ber, " +- ",
       same.total.sigma, ", with 0.1 dB more noise ", more.total.ber, " +- ", more.total.sigma, ", ",
       same.settings);
  CHECK(same.total.errors >= 1e4);
  CHECK(same.total.sigma < 0.02 * expected);
  CHECK(std::abs(same.total.ber - expected) <= 5.0 * same.total.sigma);
  // The comparison notices 0.1 dB.
  CHECK(std::abs(more.total.ber - expected) > 5.0 * more.total.sigma);
}

/// A stage of that device with its defaults.
StageSpec default_stage(const std::string& name, const std::string& device) {
  const DeviceType* type = find_device(device);
  REQUIRE(type != nullptr);
  ParameterSet defaults;
  for (const FieldInfo& field : type->fields) defaults.emplace_back(field.name, field.default_value);
  return {device, name, "", defaults, {}};
}

std::size_t stage_number(const LinkSpec& spec, const std::string& name) {
  for (std::size_t i = 0; i < spec.stages.size(); ++i)
    if (spec.stages[i].name == name) return i;
  throw std::runtime_error("no stage " + name);
}

/// One wavelength of the microring link whose stage `name` is another device.
LinkSpec with_device(const std::string& name, const std::string& device) {
  LinkSpec spec = test::small_ring_link(1);
  spec.stages[stage_number(spec, name)] = default_stage(name, device);
  return spec;
}

/// Name of the source with the most variance at the sampler.
std::string largest_noise(const LinkSpec& spec) {
  Context context(2);
  const PatternSolution solution = solve_pattern(build_link(spec), context);
  const auto all = solution.noise[0]->per_symbol(0, 0);
  return std::max_element(all.begin(), all.end(),
                          [](const auto& a, const auto& b) { return a.mean()[0] < b.mean()[0]; })
      ->label;
}

}  // namespace

TEST_CASE("monte carlo: options that cannot be meant are refused") {
  Context context(1);
  const PatternSolution none(build_link(test::example_link("copper_nrz")), context);
  CHECK_THROWS_WITH_AS(run_monte_carlo(none, {.noise_scale = 0.0}, context), doctest::Contains("noise_scale"),
                       ConfigError);
  CHECK_THROWS_WITH_AS(run_monte_carlo(none, {.target_errors = 0.0}, context),
                       doctest::Contains("target_errors"), ConfigError);
}

TEST_SUITE("slow") {
  TEST_CASE("monte carlo: the semi-analytic error ratio of the NRZ backplane is counted") {
    compare(test::example_link("copper_nrz"), 6.0);
  }

  TEST_CASE("monte carlo: the semi-analytic error ratio of the PAM4 board is counted") {
    compare(test::example_link("copper_pam4"), 3.0);
  }

  TEST_CASE("monte carlo: the semi-analytic error ratio of the microring link is counted") {
    // At its own 3 dBm the noise must grow 7.9-fold to reach 1e-3. Laser noise so strong no longer acts
    // linearly (1.6 times the predicted errors are counted, without laser noise as many as predicted). A
    // laser of -7 dBm brings the link near 1e-3 with its own noise.
    LinkSpec spec = test::example_link("microring_wdm");
    test::change(spec, "laser", "power", 0.2e-3);
    compare(spec, 1.5);
  }

  TEST_CASE("monte carlo: errors by channel noise of a shunt-feedback amplifier are counted") {
    LinkSpec spec = with_device("tia", "shunt_feedback_amplifier");
    test::change(spec, "tia", "bandwidth", 24e9);
    test::change(spec, "laser", "power", 0.1e-3);
    CHECK(largest_noise(spec) == "tia channel noise");
    compare(spec, 2.0);
  }

  TEST_CASE("monte carlo: errors by multiplied shot noise are counted") {
    LinkSpec spec = with_device("photodiode", "avalanche_photodiode");
    test::change(spec, "photodiode", "gain", 12.0);
    test::change(spec, "photodiode", "ionization_ratio", 0.4);
    test::change(spec, "laser", "power", 0.03e-3);
    CHECK(largest_noise(spec) == "photodiode shot noise");
    compare(spec, 2.0);
  }

  TEST_CASE("monte carlo: a limiting amplifier leaves the errors that its input makes") {
    LinkSpec spec = test::small_ring_link(1);
    test::change(spec, "laser", "power", 0.2e-3);
    test::change(spec, "receiver", "noise", 0.0);
    const auto behind = spec.stages.begin() + static_cast<long>(stage_number(spec, "tia")) + 1;
    spec.stages.insert(behind, default_stage("limiter", "limiting_amplifier"));
    // The output must not mix instants; the receiver's own filter does so alike with and without limiter.
    test::change(spec, "limiter", "bandwidth", 1e15);
    test::change(spec, "limiter", "input_resistance", 100.0);
    test::change(spec, "receiver", "bandwidth", 1e15);
    compare(spec, 1.5);
  }

  TEST_CASE("monte carlo: a seed gives the same counts on any number of threads") {
    LinkSpec spec = test::small_ring_link(2);
    test::change(spec, "laser", "power", 0.15e-3);
    Context one(1), two(2);
    const PatternSolution solution = solve_pattern(build_link(spec), one);
    const MonteCarloOptions options{.seed = 4, .target_errors = 50.0, .max_symbols = 1e5};
    const MonteCarloResult a = run_monte_carlo(solution, options, one);
    const MonteCarloResult b = run_monte_carlo(solution, options, two);
    REQUIRE(a.total.errors > 0.0);
    CHECK(a.segments == b.segments);
    for (std::size_t l = 0; l < 2; ++l) CHECK(a.lane[l].errors == b.lane[l].errors);
  }

  TEST_CASE("monte carlo: real decisions in the feedback make more errors") {
    Context context(2);
    PatternSolution solution = solve_pattern(build_link(test::example_link("copper_pam4")), context);
    // One round: both runs see the same symbols and noise and differ only behind wrong decisions.
    MonteCarloOptions options{
        .seed = 5, .max_symbols = 1.0, .noise_scale = noise_scale_for_ber(solution, 1e-3)};
    const MonteCarloResult correct = run_monte_carlo(solution, options, context);
    options.feedback = FeedbackSymbols::decided;
    const MonteCarloResult decided = run_monte_carlo(solution, options, context);
    const double extra = decided.total.errors - correct.total.errors;
    REQUIRE(correct.total.bits == decided.total.bits);
    // Five sigma of a Poisson count of the errors that were added.
    CHECK(extra > 5.0 * std::sqrt(std::max(extra, 1.0)));
    CHECK(extra > 0.02 * correct.total.errors);
  }
}
