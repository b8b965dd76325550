#include "devices/in_band_crosstalk.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "core/units.hpp"
#include "device_checks.hpp"
#include "microring_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

TEST_CASE("in-band crosstalk: every parameter refuses values outside its range by name") {
  test::check_range_messages<InBandCrosstalk, InBandCrosstalkParameters>();
}

TEST_CASE("in-band crosstalk: light passes untouched and a dark chain is refused") {
  const InBandCrosstalk stage("leak", {});
  Bundle b = test::ring_bundle(2, 4, 8, 32e9, 2.0);
  const Bundle before = b;
  stage.start(b)->step(b);
  CHECK(b.port[0].field == before.port[0].field);
  b.port.clear();
  CHECK_THROWS_WITH_AS(stage.start(b), doctest::Contains("leak: no light arrives"), ConfigError);
}

// Oracle: the interference term 2 sqrt(a ε P_s P_x) cos φ, from the powers.
TEST_CASE("in-band crosstalk: a draw of unit variance moves the power by the beat of both fields") {
  const double epsilon = power_ratio(Gain_dB{-30.0});
  const InBandCrosstalk stage("leak", {.level_dB = -30.0, .alignment = 0.5, .interferer = "unmodulated"});
  Bundle b = test::ring_bundle(3, 4, 8, 32e9, 2.0);
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t n = 0; n < b.port[0].field[c].size(); ++n)
      b.port[0].field[c][n] = std::polar(0.03 * (1.0 + 0.1 * double(n % 7)), 0.3 * double(c + n));
  const auto terms = stage.noise(b);
  REQUIRE(terms.size() == 3);
  std::set<std::uint64_t> sources;
  for (const NoiseTerm& term : terms) {
    const ComplexWave& field = b.port[0].field[static_cast<std::size_t>(term.carrier)];
    double mean_W = 0.0;
    for (const Complex& a : field) mean_W += std::norm(a) / static_cast<double>(field.size());
    for (const std::size_t n : {0U, 5U, 19U}) {
      // d|A|²: 2 Re(conj(A) δA), with draw √2 cos φ at φ = 0.
      const double moved =
          2.0 * std::sqrt(2.0) * term.sigma * (std::conj(field[n]) * term.field_modulation[n]).real();
      // Four roundings.
      CHECK(rel_error(moved, 2.0 * std::sqrt(0.5 * epsilon * std::norm(field[n]) * mean_W)) <= 1e-14);
    }
    CHECK(term.law == NoiseTerm::Law::sinusoid);
    CHECK(term.keys.empty());
    sources.insert(term.source);
  }
  CHECK(sources.size() == 3);
  CHECK(InBandCrosstalk("leak", {.level_dB = -200.0}).noise(b).empty());
  CHECK(InBandCrosstalk("leak", {.alignment = 0.0}).noise(b).empty());
}

TEST_CASE("in-band crosstalk: behind a demultiplexer each lane has the interferer of its own carrier") {
  Bundle b = test::random_bundle(3, 3, 3, 5);
  b.symbols.assign(3, std::vector<double>(4, 1.0));
  const auto terms = InBandCrosstalk("leak", {}).noise(b);
  REQUIRE(terms.size() == 3);
  for (int l = 0; l < 3; ++l) {
    CHECK(terms[static_cast<std::size_t>(l)].port == l);
    CHECK(terms[static_cast<std::size_t>(l)].carrier == l);
  }
}

TEST_CASE("in-band crosstalk: levels of a modulated interferer have its extinction ratio and mean power 1") {
  for (const int levels : {2, 4}) {
    const auto amplitude =
        InBandCrosstalk("leak", {.levels = levels, .extinction_ratio_dB = 5.0}).level_amplitudes();
    REQUIRE(amplitude.size() == static_cast<std::size_t>(levels));
    double mean = 0.0;
    for (const double a : amplitude) mean += a * a / levels;
    // Rounding.
    CHECK(rel_error(mean, 1.0) <= 1e-14);
    CHECK(rel_error(20.0 * std::log10(amplitude.back() / amplitude.front()), 5.0) <= 1e-12);
    for (int l = 2; l < levels; ++l) {
      const auto power = [&](int k) {
        return amplitude[static_cast<std::size_t>(k)] * amplitude[static_cast<std::size_t>(k)];
      };
      CHECK(rel_error(power(l) - power(l - 1), power(1) - power(0)) <= 1e-12);
    }
  }
}

TEST_CASE("in-band crosstalk: warnings appear above -20 dB and for a fast beat") {
  const Bundle b = test::ring_bundle(2, 4, 8, 32e9, 2.0);
  const auto count = [&](const InBandCrosstalkParameters& p) {
    std::vector<Warning> warnings;
    InBandCrosstalk("leak", p).validity(b, warnings);
    return warnings.size();
  };
  CHECK(count({.level_dB = -20.5}) == 0);
  CHECK(count({.level_dB = -19.5}) == 1);
  CHECK(count({.beat_frequency_Hz = 310e6}) == 0);
  CHECK(count({.beat_frequency_Hz = 330e6}) == 1);
}
