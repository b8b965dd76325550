#include "solvers/stream/stream_chain.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/random.hpp"
#include "monte_carlo_links.hpp"
#include "stream_runs.hpp"

using namespace photonlink;
using test::RepeatedPattern;

namespace {

/// The same of a link as it is written.
double difference_from_periodic(const LinkSpec& spec, const std::string& pattern_name, double tolerance) {
  return test::difference_from_periodic(build_link(spec), pattern_name, tolerance);
}

}  // namespace

TEST_CASE("overlap-save: blocks equal the direct convolution") {
  constexpr int size = 256, block = 160, taps = 97;
  const Fft fft(size);
  std::vector<double> impulse(taps), input(10 * block);
  RandomStream(3, 1).normal(0, impulse);
  RandomStream(3, 2).normal(0, input);
  RealWave padded(size, 0.0);
  std::copy(impulse.begin(), impulse.end(), padded.begin());
  std::vector<Complex> response(size / 2 + 1);
  fft.forward(padded, response);
  OverlapBuffer<double> buffer(size);
  OverlapScratch scratch;
  double worst = 0.0;
  for (int b = 0; b < 10; ++b) {
    RealWave wave(input.begin() + b * block, input.begin() + (b + 1) * block);
    filter_stream(fft, buffer, response, 61, wave, scratch);  // two odd pieces and a rest
    for (int u = 0; u < block; ++u) {
      double sum = 0.0;
      for (int k = 0; k < taps; ++k)
        if (b * block + u >= k)
          sum += impulse[static_cast<std::size_t>(k)] * input[static_cast<std::size_t>(b * block + u - k)];
      worst = std::max(worst, std::abs(sum - wave[static_cast<std::size_t>(u)]));
    }
  }
  // Rounding of sums of 97 products of order one.
  CHECK(worst < 1e-12);
}

TEST_CASE("overlap-save: a held wave passes by its symbols as by its samples") {
  constexpr int size = 256, block = 160, taps = 97, hold = 8;
  const Fft fft(size), symbol_fft(size / hold);
  RealWave impulse(size, 0.0), level(4 * block / hold);
  RandomStream(3, 1).normal(0, std::span(impulse).first(taps));
  RandomStream(3, 2).normal(0, level);
  std::vector<Complex> response(size / 2 + 1);
  fft.forward(impulse, response);
  const HeldResponse held(response, hold, size);
  OverlapBuffer<double> buffer(size), held_buffer(size);
  OverlapScratch scratch;
  double worst = 0.0, largest = 0.0;
  for (std::size_t b = 0; b < 4; ++b) {
    RealWave wave(block);
    for (std::size_t u = 0; u < block; ++u) wave[u] = level[(b * block + u) / hold];
    for (std::size_t u = hold; u < block; u += hold) {  // displaced edges
      wave[u] += 0.1 * level[u / hold];
      wave[u - 1] += 0.2 * level[u / hold];
    }
    RealWave fast = wave;
    REQUIRE(is_held(wave, hold));
    filter_stream(fft, buffer, response, 64, wave, scratch);
    filter_held_stream(fft, symbol_fft, held_buffer, held, 64, fast, scratch);
    for (std::size_t u = 0; u < block; ++u) {
      worst = std::max(worst, std::abs(fast[u] - wave[u]));
      largest = std::max(largest, std::abs(wave[u]));
    }
  }
  CHECK(largest > 1.0);
  // Rounding of sums of 97 products of order one.
  CHECK(worst < 1e-12);
  CHECK_FALSE(is_held(std::vector<double>{1, 1, 1, 1, 1, 1, 2, 1}, 4));
}

TEST_CASE("stream filter: a delayed single pole keeps its delay and its closed-form impulse response") {
  constexpr int size = 1 << 14, samples = 16;
  constexpr long delay = 1600;
  // Discrete pole h[n] = (1 - a) a^n, H = (1 - a) / (1 - a e^{-jω}).
  const double a = std::exp(-0.08);
  std::vector<Complex> response;
  for (double omega : complex_frequencies_Hz(size, 2.0 * constants::pi))
    response.push_back((1.0 - a) / (1.0 - std::polar(a, -omega)) * std::polar(1.0, -omega * delay));
  Context context(1);
  const auto set = design_stream_filters({response}, samples, 1e-4, context);
  CHECK(set.error <= 1e-4);
  CHECK(set.begin % samples == 0);
  CHECK(set.begin > 1400);
  CHECK(set.begin < 1600);
  // a^n reaches 1e-4 after 115 samples; margins double from a symbol.
  CHECK(set.length < 400);
  for (const long n : {0L, 10L, 30L}) {
    const Complex h = set.impulse[0][static_cast<std::size_t>(delay + n - set.begin)];
    // The constant that keeps the mean: less than 1e-4 of the sum, over 115 samples or more, against h >
    // 7e-3.
    CHECK(std::abs(h - (1.0 - a) * std::pow(a, n)) < 1.3e-4 * (1.0 - a) * std::pow(a, n));
  }
  Complex sum = 0.0;
  for (const Complex& value : set.impulse[0]) sum += value;
  // Means pass exactly, up to rounding.
  CHECK(std::abs(sum - 1.0) < 1e-12);
}

TEST_CASE("stream filter: an impossible tolerance is refused with its numbers") {
  Context context(1);
  std::vector<Complex> response;
  for (double f : complex_frequencies_Hz(1 << 10, 1e9)) response.push_back(1.0 / Complex(1.0, f / 1e5));
  CHECK_THROWS_WITH_AS(design_stream_filters({response}, 16, 1e-6, context),
                       doctest::Contains("loosen the tolerance"), Error);
}

TEST_CASE("stream: a noise-free periodic pattern gives the periodic solution on the microring link") {
  // Filters cut to 1e-5 of the rms each, a handful of them in a row.
  CHECK(difference_from_periodic(test::small_ring_link(1), "PRBS7", 1e-5) < 5e-5);
}

TEST_CASE("noise draws: blocks of any size give the same noise, sources of one id the same numbers") {
  NoiseTerm symbol{.label = "held", .source = 5, .lane = 0, .period = 4, .hold = 4, .sigma = 2.0};
  NoiseTerm white{.label = "white", .source = 5, .lane = 1, .sigma = 1.0};
  const auto run = [&](long begin, std::size_t samples) {
    Bundle bundle;
    bundle.lane.assign(2, RealWave(samples, 0.0));
    Context context(1);
    NoiseMemory memory;
    add_noise({symbol, white}, begin, {.seed = 9, .segment = 3, .scale = 0.5}, bundle, memory, context);
    return bundle.lane;
  };
  const auto whole = run(-8, 32), part = run(4, 12);
  for (std::size_t u = 0; u < 12; ++u) {
    CHECK(part[0][u] == whole[0][u + 12]);
    CHECK(part[1][u] == whole[1][u + 12]);
  }
  CHECK(whole[0][8] == whole[0][11]);
  CHECK(whole[0][8] != whole[0][12]);
  // Draw 0 of either term: amplitudes 0.5 · 2 and 0.5 · 1 of one number.
  CHECK(whole[0][8] == 2.0 * whole[1][8]);
}

TEST_SUITE("slow") {
  TEST_CASE("stream: a noise-free periodic pattern gives the periodic solution on copper") {
    // Skin effect has tails ~ t^-3/2; filters cut to 1e-4 of the rms each, two in a row.
    CHECK(difference_from_periodic(test::example_link("copper_pam4"), "deBruijn4", 1e-4) < 3e-4);
  }

  TEST_CASE("stream: laser noise behind a modulated ring has the variance of the backward sweep") {
    struct Case {
      const char* what;
      double detuning_Hz;
    };
    for (const Case& each : {Case{"on the slope", 20e9}, Case{"off resonance", 400e9}}) {
      CAPTURE(each.what);
      LinkSpec spec = test::small_ring_link(1);
      test::change(spec, "modulator rings", "detuning_mode", std::string("fixed"));
      test::change(spec, "modulator rings", "detuning", each.detuning_Hz);
      test::change(spec, "transmitter", "random_jitter", 0.0);
      test::change(spec, "tia", "input_noise", 0.0);
      test::change(spec, "photodiode", "shot_noise", 0.0);
      test::change(spec, "receiver", "noise", 0.0);
      test::change(spec, "laser", "linewidth", 5e6);  // on the slope as much as its intensity noise
      test::check_stream_variance(build_link(spec), 2);
    }
  }
}
