#include "solvers/skewed_noise.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/special.hpp"
#include "monte_carlo_links.hpp"
#include "solvers/evaluate.hpp"
#include "solvers/monte_carlo.hpp"
#include "solvers/stream/multiplied_draws.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

constexpr TimeGrid grid{25e9, 16, 4};

/// An integrate-and-dump receiver: every electron of the symbol counts `one`.
AvalancheSource integrator(const GainLaw& law, double primaries, double one) {
  AvalancheSource source{.law = law,
                         .scaling = LossScaling::with_sqrt_signal,
                         .primaries = RealWave(64, primaries / 16.0),
                         .response = RealWave(64, 0.0)};
  for (std::size_t u = 0; u < 16; ++u) source.response[u] = one;
  return source;
}

SkewedNoise skewed(const AvalancheSource& source) {
  const Fft fft(64);
  return SkewedNoise({source}, grid, 20, fft);
}

// Poisson number of multiplied primaries, by Panjer's recursion.
std::vector<double> compound(const std::vector<double>& gain, double primaries, std::size_t size) {
  std::vector<double> sum(size);
  sum[0] = std::exp(-primaries);
  for (std::size_t j = 1; j < size; ++j) {
    double total = 0.0;
    for (std::size_t i = 1; i <= std::min(j, gain.size() - 1); ++i)
      total += static_cast<double>(i) * gain[i] * sum[j - i];
    sum[j] = primaries / static_cast<double>(j) * total;
  }
  return sum;
}

StageSpec default_stage(const std::string& name, const std::string& device) {
  ParameterSet defaults;
  for (const FieldInfo& field : find_device(device)->fields)
    defaults.emplace_back(field.name, field.default_value);
  return {device, name, "", defaults, {}, {}};
}

/// One wavelength of the ring link, detected by an avalanche photodiode.
LinkSpec avalanche_link() {
  LinkSpec spec = test::small_ring_link(1);
  for (StageSpec& stage : spec.stages)
    if (stage.name == "photodiode") stage = default_stage("photodiode", "avalanche_photodiode");
  test::change(spec, "photodiode", "gain", 12.0);
  test::change(spec, "photodiode", "ionization_ratio", 0.4);
  return spec;
}

bool told_gaussian(const LinkSpec& spec) {
  Context context(1);
  const LinkResult result = evaluate(build_link(spec), {.pictures = false}, context);
  return std::any_of(result.warnings.begin(), result.warnings.end(), [](const Warning& warning) {
    return warning.text.find("misses its tails") != std::string::npos;
  });
}

}  // namespace

TEST_CASE("skewed noise: tails are those of the exact compounded distribution with Gaussian noise") {
  const GainLaw law{8.0, 0.2};
  const double primaries = 60.0, thermal = 25.0;
  const SkewedNoise noise = skewed(integrator(law, primaries, 1.0));
  const auto sum = compound(gain_probabilities(law), primaries, 3500);
  const double mean = primaries * law.gain, sigma = std::sqrt(noise.variance(2) + thermal * thermal);
  double worst_gaussian = 0.0;
  for (const double deviate : {-5.0, -3.0, -1.0, -0.01, 0.0, 0.01, 0.3, 1.0, 3.0, 5.0, 9.0})
    for (const double side : {-1.0, 1.0}) {
      if (side < 0.0 && deviate > 3.0) continue;  // no tail is left there
      double exact = 0.0;
      for (std::size_t j = 0; j < sum.size(); ++j)
        exact += sum[j] * gaussian_tail((deviate * sigma - side * (static_cast<double>(j) - mean)) / thermal);
      const double gaussian = gaussian_tail(deviate);
      CAPTURE(deviate);
      CAPTURE(side);
      CAPTURE(exact);
      // The formula of Lugannani and Rice is good to about a percent.
      CHECK(rel_error(gaussian * noise.ratio(2, deviate * sigma, side, sigma), exact) <= 0.02);
      worst_gaussian = std::max(worst_gaussian, std::abs(std::log10(gaussian / exact)));
    }
  CHECK(worst_gaussian > 1.0);
}

TEST_CASE("skewed noise: cumulants are Campbell's sums whatever the bins, and scale with light and noise") {
  AvalancheSource source{.law = {10.0, 0.3},
                         .scaling = LossScaling::with_sqrt_signal,
                         .primaries = RealWave(64),
                         .response = RealWave(64)};
  for (std::size_t u = 0; u < 64; ++u) {
    source.primaries[u] = 30.0 + 20.0 * std::sin(0.1 * static_cast<double>(u));
    source.response[u] = std::exp(-0.15 * static_cast<double>(u)) * std::cos(0.5 * static_cast<double>(u));
  }
  const SkewedNoise noise = skewed(source);
  const GainMoments moment = gain_moments(source.law);
  for (long i = 0; i < 4; ++i) {
    double second = 0.0, third = 0.0;
    for (long u = 0; u < 64; ++u) {
      const double c = source.response[static_cast<std::size_t>(wrap(20 + 16 * i - u, 64))],
                   n = source.primaries[static_cast<std::size_t>(u)];
      second += n * c * c * moment.second;
      third += n * c * c * c * moment.third;
    }
    const auto symbol = static_cast<std::size_t>(i);
    // Rounding of the transforms.
    CHECK(rel_error(noise.variance(symbol), second) <= 1e-12);
    // Exact for an even stream; this one changes by a percent within a bin's stretch.
    CHECK(rel_error(noise.third_cumulant(symbol), third) <= 0.05);
    // A quarter of the light: a quarter of the carriers, each four times as large against the signal.
    CHECK(rel_error(noise.variance(symbol, 0.25, 1.0), 4.0 * second) <= 1e-12);
    CHECK(rel_error(noise.variance(symbol, 1.0, 3.0), 9.0 * second) <= 1e-12);
    CHECK(rel_error(noise.third_cumulant(symbol, 1.0, 2.0), 8.0 * noise.third_cumulant(symbol)) <= 1e-12);
  }
}

TEST_CASE("skewed noise: less light or more noise is what a source of that rate and size has") {
  const double signal = 0.5, growth = 1.3;
  const SkewedNoise noise = skewed(integrator({8.0, 0.2}, 200.0, 0.01)),
                    same = skewed(integrator({8.0, 0.2}, 200.0 * signal, 0.01 * growth / signal));
  const double sigma = 1.2 * std::sqrt(same.variance(2));
  // Interpolation on other points.
  for (const double deviate : {-2.0, 0.5, 3.0, 6.0})
    CHECK(rel_error(noise.ratio(2, deviate * sigma, 1.0, sigma, signal, growth),
                    same.ratio(2, deviate * sigma, 1.0, sigma)) <= 1e-4);
}

TEST_CASE("skewed noise: many carriers are Gaussian") {
  const SkewedNoise noise = skewed(integrator({4.0, 0.2}, 1e9, 1e-6));
  const double sigma = std::sqrt(noise.variance(2));
  // Third cumulant over 6 times the cube of the deviate: 1e-4 at 7.
  for (const double deviate : {-3.0, 0.0, 3.0, 7.0})
    for (const double side : {-1.0, 1.0})
      CHECK(rel_error(noise.ratio(2, deviate * sigma, side, sigma), 1.0) <= 0.02);
}

TEST_CASE("skewed noise: drawn totals have the moments and tails of the distribution within 5 sigma") {
  for (const double primaries : {0.3, 60.4, 3000.0, 20000.0}) {
    const GainLaw law{8.0, 0.2};
    MultipliedDraws draws(law);
    const RandomStream stream(4, 9);
    const double n = 40000.0, second = primaries * gain_moments(law).second,
                 skew = primaries * gain_moments(law).third / std::pow(second, 1.5),
                 sigma = std::sqrt(second);
    double mean = 0.0, square = 0.0, cube = 0.0, above = 0.0;
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(n); ++i) {
      const double x = draws.draw(primaries, stream, i) / sigma;
      mean += x / n;
      square += x * x / n;
      cube += x * x * x / n;
      above += x > 2.5 ? 1.0 : 0.0;
    }
    CAPTURE(primaries);
    CHECK(std::abs(mean) <= 5.0 / std::sqrt(n));
    // Variance of a square: 2 and the fourth cumulant, which is below 4 times the skewness squared.
    CHECK(std::abs(square - 1.0) <= 5.0 * std::sqrt((2.0 + 4.0 * skew * skew) / n));
    if (primaries < 10.0) continue;
    CHECK(std::abs(cube - skew) <= 5.0 * std::sqrt((15.0 + 60.0 * skew) / n));
    const SkewedNoise noise = skewed(integrator(law, primaries, 1.0));
    // A hundredth of Gaussian noise beside it, so that the lattice has no steps.
    const double total = 1.0001 * std::sqrt(noise.variance(2));
    const double expected = n * gaussian_tail(2.5) * noise.ratio(2, 2.5 * total, 1.0, total);
    CHECK(std::abs(above - expected) <= 5.0 * std::sqrt(expected) + 0.02 * expected);
  }
}

TEST_SUITE("slow") {
  TEST_CASE("skewed noise: where it still counts as Gaussian is told") {
    LinkSpec spec = avalanche_link();
    CHECK_FALSE(told_gaussian(spec));
    LinkSpec sequence = spec;
    test::change(sequence, "receiver", "detector", std::string("mlse"));
    test::change(sequence, "receiver", "dfe_taps", 1);
    CHECK(told_gaussian(sequence));
    for (std::size_t i = 0; i < spec.stages.size(); ++i)
      if (spec.stages[i].name == "tia") {
        spec.stages.insert(spec.stages.begin() + static_cast<long>(i) + 1,
                           default_stage("limiter", "limiting_amplifier"));
        break;
      }
    CHECK(told_gaussian(spec));
  }

  TEST_CASE("skewed noise: counted errors of a link are those of the skewed tails, not of Gaussian ones") {
    LinkSpec spec = avalanche_link();
    test::change(spec, "tia", "input_noise", 4e-12);
    test::change(spec, "laser", "power", 0.03e-3);
    Context context(2);
    PatternSolution solution = solve_pattern(build_link(spec), context);
    LaneModel& lane = *solution.lane[0];
    const double scale = noise_scale_for_ber(solution, 3e-3), expected = scaled_ber(solution, scale);
    // The same samples, noise and thresholds with Gaussian tails.
    const LaneSamples& s = lane.samples(0.0);
    double gaussian = 0.0;
    for (std::size_t i = 0; i < s.value.size(); ++i) {
      const double sigma = s.sigma(i, {.noise = scale}), away = lane.thresholds()[0] - s.value[i];
      gaussian += s.tail->exceeds(lane.inputs().index[i] == 0 ? away : -away, sigma) /
                  static_cast<double>(s.value.size());
    }
    const MonteCarloResult counted =
        run_monte_carlo(solution, {.seed = 8, .target_errors = 1e4, .noise_scale = scale}, context);
    INFO("noise x ", scale, ", skewed ", expected, ", Gaussian ", gaussian, ", counted ", counted.total.ber,
         " +- ", counted.total.sigma);
    CHECK(counted.total.errors >= 1e4);
    CHECK(std::abs(counted.total.ber - expected) <= 5.0 * counted.total.sigma);
    CHECK(std::abs(counted.total.ber - gaussian) > 5.0 * counted.total.sigma);
  }
}
