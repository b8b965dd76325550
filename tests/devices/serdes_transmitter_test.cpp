#include "devices/serdes_transmitter.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "signal/held_edges.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr int samples = 16;

RealWave sent(const SerdesTransmitterParameters& parameters, const std::vector<double>& symbols) {
  const SerdesTransmitter stage("tx", parameters);
  Bundle bundle;
  bundle.grid = {25e9, samples, static_cast<int>(symbols.size())};
  bundle.symbols = {symbols};
  stage.start(bundle)->step(bundle);
  return bundle.lane[0];
}

std::vector<NoiseTerm> noise_of(const SerdesTransmitterParameters& parameters) {
  const SerdesTransmitter stage("tx", parameters);
  Bundle bundle;
  bundle.grid = {25e9, samples, 4};
  bundle.symbols = {{-1.0, 1.0, 1.0, -1.0}};
  stage.start(bundle)->step(bundle);
  return stage.noise(bundle);
}

/// Place of the rising edge near sample `at`: where the area above the lower level begins.
double edge_place(const RealWave& wave, long at, double low, double high) {
  double area = 0.0;
  for (long u = at - 6; u < at + 6; ++u) area += (high - wave[static_cast<std::size_t>(u)]) / (high - low);
  return static_cast<double>(at - 6) - 0.5 + area;
}

}  // namespace

TEST_CASE("held edges: a moved edge keeps its height, area and centre for whole samples and parts") {
  for (const double late : {0.3, 1.0, 2.7, -0.4, -1.9}) {
    RealWave wave(40, 0.0);
    for (std::size_t u = 20; u < 40; ++u) wave[u] = 2.0;
    const RealWave before = wave;
    move_edge(wave, 20, late, 2.0);
    double area = 0.0, moment = 0.0;
    for (std::size_t u = 5; u < 35; ++u) {
      area += before[u] - wave[u];
      moment += (before[u] - wave[u]) * static_cast<double>(u);
    }
    CAPTURE(late);
    // Rounding; the piece between the old and the new place has its centre half way.
    CHECK(abs_error(area, 2.0 * late) <= 1e-13);
    CHECK(abs_error(moment / area, 19.5 + 0.5 * late) <= 1e-12);
  }
}

TEST_CASE("serdes transmitter: taps are rounded to the step before the limits are checked") {
  const SerdesTransmitter stage("tx", {.ffe_taps = {-0.07, 0.78, -0.13}, .ffe_main = 1, .ffe_step = 0.05});
  const std::vector<double> expected = {-0.05, 0.8, -0.15};
  for (std::size_t k = 0; k < 3; ++k) CHECK(abs_error(stage.ffe_taps()[k], expected[k]) <= 1e-12);
  // Rounded 0.05 + 0.8 + 0.15 = 1.
  CHECK_NOTHROW(SerdesTransmitter(
      "tx", {.ffe_taps = {-0.07, 0.78, -0.13}, .ffe_main = 1, .ffe_step = 0.05, .ffe_sum_limit = 1.0}));
  CHECK_THROWS_WITH_AS(
      SerdesTransmitter("tx", {.ffe_taps = {-0.1, 0.8}, .ffe_main = 1, .ffe_sum_limit = 0.85}),
      doctest::Contains("sum to at most 0.85"), ConfigError);
  CHECK_THROWS_WITH_AS(
      SerdesTransmitter("tx", {.ffe_taps = {-0.4, 0.55}, .ffe_main = 1, .ffe_main_minimum = 0.6}),
      doctest::Contains("ffe_main_minimum = 0.6"), ConfigError);
}

TEST_CASE("serdes transmitter: duty cycle delays rising edges, even-odd jitter every other one") {
  const std::vector<double> symbols = {-1.0, 1.0, -1.0,
                                       -1.0, 1.0, -1.0};  // rising edges 1 and 4, falling 2 and 5
  const RealWave duty = sent({.swing_Vpp = 1.0, .duty_cycle_distortion_UI = 0.1}, symbols);
  // Half of 0.1 UI is 0.8 samples; the ideal edge lies half a sample in front of its first sample.
  CHECK(abs_error(edge_place(duty, samples, -1.0, 1.0), samples - 0.5 + 0.8) <= 1e-12);
  CHECK(abs_error(edge_place(duty, 2 * samples, 1.0, -1.0), 2 * samples - 0.5 - 0.8) <= 1e-12);
  CHECK(abs_error(edge_place(duty, 4 * samples, -1.0, 1.0), 4 * samples - 0.5 + 0.8) <= 1e-12);
  const RealWave odd = sent({.swing_Vpp = 1.0, .even_odd_jitter_UI = 0.1}, symbols);
  CHECK(abs_error(edge_place(odd, samples, -1.0, 1.0), samples - 0.5 - 0.8) <= 1e-12);
  CHECK(abs_error(edge_place(odd, 2 * samples, 1.0, -1.0), 2 * samples - 0.5 + 0.8) <= 1e-12);
  CHECK(abs_error(edge_place(odd, 4 * samples, -1.0, 1.0), 4 * samples - 0.5 + 0.8) <= 1e-12);
}

TEST_CASE("serdes transmitter: variances of resolution and of each law of jitter") {
  const auto terms = noise_of({.swing_Vpp = 0.8,
                               .dac_bits = 6.0,
                               .bounded_jitter_UI = 0.06,
                               .sinusoidal_jitter_UI = 0.1,
                               .sinusoidal_frequency_Hz = 50e6});
  REQUIRE(terms.size() == 3);
  // LSB of the EMF, twice the matched swing: 1.6 V / 64, uniform error.
  CHECK(rel_error(terms[0].sigma, 1.6 / 64.0 / std::sqrt(12.0)) <= 1e-14);
  CHECK(terms[1].law == NoiseTerm::Law::uniform);
  CHECK(rel_error(terms[1].sigma, 0.06 * samples / std::sqrt(12.0)) <= 1e-14);
  CHECK(terms[2].law == NoiseTerm::Law::sinusoid);
  CHECK(rel_error(terms[2].sigma, 0.05 * samples / std::sqrt(2.0)) <= 1e-14);
  CHECK(rel_error(terms[2].cycles_per_draw, 50e6 / 25e9) <= 1e-14);
  // Old minus new level at the edges, EMF of 0.8 V each way; none between equal symbols.
  const std::vector<double> step = {0.0, -1.6, 0.0, 1.6};
  for (std::size_t n = 0; n < step.size(); ++n)
    CHECK(abs_error(terms[1].modulation[n * samples], step[n]) <= 1e-12);
  CHECK(noise_of({}).empty());
}

TEST_CASE("serdes transmitter: a DAC sends its codes, from one end of the swing to the other") {
  SerdesTransmitterParameters p{.swing_Vpp = 0.8, .ffe_taps = {-0.08, 0.7, -0.22}, .ffe_main = 1};
  std::vector<double> symbols(256);
  for (std::size_t i = 0; i < symbols.size(); ++i)
    symbols[i] = static_cast<double>((i * i * 7 + i / 3) % 4) * 2.0 / 3.0 - 1.0;
  const SerdesTransmitter ideal("tx", p);
  for (const int bits : {2, 4, 7}) {
    p.dac_resolution = bits;
    const SerdesTransmitter stage("tx", p);
    const double codes = std::exp2(bits) - 1.0, step = 1.6 / codes;
    const auto level = stage.sent_levels_V(symbols), exact = ideal.equalized_levels_V(symbols);
    for (std::size_t i = 0; i < level.size(); ++i) {
      const double code = (level[i] + 0.8) / step;
      // Rounding of a few sums.
      CHECK(abs_error(code, std::round(code)) <= 1e-10);
      CHECK(code >= -1e-10);
      CHECK(code <= codes + 1e-10);
      CHECK(std::abs(level[i] - exact[i]) <= 0.5 * step + 1e-8);
    }
    // The waveform is made of these levels.
    const RealWave wave = sent(p, symbols);
    for (std::size_t i = 0; i < level.size(); ++i) CHECK(wave[i * samples + 3] == level[i]);
  }
  // Two bits are the four levels of PAM4 without an FFE.
  const SerdesTransmitter plain("tx", {.swing_Vpp = 0.8, .dac_resolution = 2});
  for (std::size_t i = 0; i < symbols.size(); ++i)
    CHECK(abs_error(plain.sent_levels_V(symbols)[i], 0.8 * symbols[i]) <= 1e-12);
  // Not rounded at all: the same bits.
  CHECK(ideal.sent_levels_V(symbols) == ideal.equalized_levels_V(symbols));
  p.dac_resolution = 31;
  const auto fine = SerdesTransmitter("tx", p).sent_levels_V(symbols),
             exact = ideal.equalized_levels_V(symbols);
  // Half a step of 31 bits.
  for (std::size_t i = 0; i < fine.size(); ++i) CHECK(abs_error(fine[i], exact[i]) <= 0.8 / std::exp2(31.0));
}

TEST_CASE("serdes transmitter: errors of a DAC behind a dense FFE have the power of its rounding") {
  // Taps without a common measure and many symbols: errors are spread evenly over a step.
  SerdesTransmitterParameters p{
      .swing_Vpp = 1.0, .ffe_taps = {-0.0317, 0.0893, 0.6137, -0.1711, 0.0529, -0.0213}, .ffe_main = 2};
  std::vector<double> symbols(20000);
  std::uint32_t state = 1;
  for (double& each : symbols) {
    state = state * 1664525u + 1013904223u;
    each = static_cast<double>(state >> 30) * 2.0 / 3.0 - 1.0;
  }
  for (const int bits : {5, 6, 7}) {
    p.dac_resolution = bits;
    const SerdesTransmitter stage("tx", p);
    const double step = 2.0 / (std::exp2(bits) - 1.0);
    const auto level = stage.sent_levels_V(symbols), exact = stage.equalized_levels_V(symbols);
    double power = 0.0;
    for (std::size_t i = 0; i < level.size(); ++i)
      power += (level[i] - exact[i]) * (level[i] - exact[i]) / static_cast<double>(level.size());
    CAPTURE(bits);
    // 4⁶ combinations at a standard error of 0.9 / 64, and 20000 draws of them.
    CHECK(rel_error(power, step * step / 12.0) <= 0.05);
  }
  // Effective bits count rounding in: what is left of (swing / 2^N)² / 12.
  p.dac_resolution = 8;
  p.dac_bits = 6.5;
  const auto terms = noise_of(p);
  REQUIRE(terms.size() == 1);
  const double whole = 2.0 / std::exp2(6.5), step = 2.0 / 255.0;
  // Rounding of one square root.
  CHECK(rel_error(terms[0].sigma, std::sqrt((whole * whole - step * step) / 12.0)) <= 1e-12);
  p.dac_resolution = 6;
  CHECK(noise_of(p).empty());
  p.dac_resolution = 6.5;
  CHECK_THROWS_WITH_AS(SerdesTransmitter("tx", p), doctest::Contains("dac_resolution = 6.5"), ConfigError);
}

TEST_CASE("serdes transmitter: every impairment has an ideal value at which it is gone") {
  int impairments = 0;
  for (const auto& field : describe<SerdesTransmitterParameters>())
    for (const char* name : {"ffe_step", "dac_bits", "dac_resolution", "level_mismatch_ratio", "rise_time",
                             "snr", "random_jitter", "deterministic_jitter", "bounded_jitter",
                             "sinusoidal_jitter", "duty_cycle_distortion", "even_odd_jitter"})
      if (field.name == name) {
        CAPTURE(name);
        REQUIRE(field.ideal.has_value());
        CHECK(*field.ideal == std::get<double>(field.default_value));
        ++impairments;
      }
  CHECK(impairments == 12);
}
