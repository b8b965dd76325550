#include "devices/cw_laser.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "core/units.hpp"
#include "device_checks.hpp"
#include "devices/physics/filters.hpp"
#include "devices/physics/optics.hpp"
#include "signal/fft.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

Bundle dark_bundle(int symbols) {
  Bundle bundle;
  bundle.grid = {.symbol_rate_Bd = 32e9, .samples_per_symbol = 16, .symbols = symbols};
  bundle.lane.assign(1, RealWave(static_cast<std::size_t>(bundle.grid.size()), 0.25));
  return bundle;
}

Bundle lit(const CwLaser& laser, Bundle bundle) {
  laser.start(bundle)->step(bundle);
  return bundle;
}

}  // namespace

TEST_CASE("cw laser: every parameter refuses values outside its range by name") {
  test::check_range_messages<CwLaser, CwLaserParameters>();
}

TEST_CASE("cw laser: one port of constant carriers on the grid, lanes untouched") {
  const CwLaser laser("laser",
                      {.first_frequency_Hz = 228e12, .spacing_Hz = 200e9, .carriers = 4, .power_W = 2e-3});
  const Bundle bundle = lit(laser, dark_bundle(8));
  REQUIRE(bundle.port.size() == 1);
  REQUIRE(bundle.port[0].field.size() == 4);
  CHECK(bundle.carrier_Hz == std::vector<double>{228e12, 228.2e12, 228.4e12, 228.6e12});
  for (const ComplexWave& field : bundle.port[0].field) {
    CHECK(field.size() == 128);
    // One square root squared.
    CHECK(rel_error(std::norm(field[77]), 2e-3) <= 1e-15);
  }
  CHECK(bundle.lane == dark_bundle(8).lane);
}

TEST_CASE("cw laser: a grid given by wavelength is centred on it") {
  const CwLaser laser("laser", {.centre_wavelength_m = 1310e-9, .spacing_Hz = 400e9, .carriers = 8});
  const auto grid_Hz = laser.carrier_frequencies_Hz();
  // Rounding of one sum at 2e14 Hz.
  CHECK(rel_error(0.5 * (grid_Hz.front() + grid_Hz.back()), optical_frequency_Hz(1310e-9)) <= 1e-15);
}

TEST_CASE("cw laser: light in front of it is refused") {
  const CwLaser laser("laser", {});
  const Bundle bundle = lit(laser, dark_bundle(8));
  CHECK_THROWS_WITH_AS(laser.start(bundle), doctest::Contains("laser: the chain already carries light"),
                       ConfigError);
}

TEST_CASE("cw laser: RIN of independent carriers has the density asked for") {
  const double rin = power_ratio(Gain_dB{-140.0});
  const CwLaser laser("laser", {.carriers = 3, .power_W = 4e-3, .rin_per_Hz = rin, .linewidth_Hz = 0.0});
  const Bundle bundle = lit(laser, dark_bundle(8));
  const auto terms = laser.noise(bundle);
  REQUIRE(terms.size() == 3);
  std::set<std::uint64_t> sources;
  for (const NoiseTerm& term : terms) {
    sources.insert(term.source);
    // |A|² (1 + n): relative intensity modulation per unit of noise is 2 Re(conj(A) m) / |A|² = 1.
    const Complex field = bundle.port[0].field[static_cast<std::size_t>(term.carrier)][5];
    CHECK(rel_error(2.0 * (std::conj(field) * term.field_modulation[5]).real() / std::norm(field), 1.0) <=
          1e-15);
    // σ² = RIN f_s / 2 in four roundings.
    CHECK(rel_error(2.0 * term.sigma * term.sigma / bundle.grid.sample_rate_Hz(), rin) <= 1e-14);
  }
  CHECK(sources.size() == 3);
  CHECK(CwLaser("laser", {.rin_per_Hz = 0.0, .linewidth_Hz = 0.0}).noise(bundle).empty());
}

TEST_CASE("cw laser: detected intensity fluctuates by sqrt(RIN x noise bandwidth)") {
  const double rin = power_ratio(Gain_dB{-130.0}), bandwidth_Hz = 5e9;
  const CwLaser laser("laser", {.power_W = 4e-3, .rin_per_Hz = rin});
  const Bundle bundle = lit(laser, dark_bundle(4096));
  const NoiseTerm term = laser.noise(bundle).front();
  std::mt19937_64 random(20240611);
  std::normal_distribution<double> normal;
  RealWave intensity(bundle.port[0].field[0].size());
  for (std::size_t u = 0; u < intensity.size(); ++u)
    intensity[u] =
        std::norm(bundle.port[0].field[0][u] + term.field_modulation[u] * term.sigma * normal(random)) / 4e-3;
  std::vector<Complex> response;
  for (const double f : real_frequencies_Hz(bundle.grid.size(), bundle.grid.sample_rate_Hz()))
    response.push_back(single_pole(f, bandwidth_Hz));
  filter_periodic(Fft(bundle.grid.size()), response, intensity);
  double mean = 0.0, square = 0.0;
  for (const double value : intensity) mean += value / static_cast<double>(intensity.size());
  for (const double value : intensity)
    square += (value - mean) * (value - mean) / static_cast<double>(intensity.size());
  const double expected = rin * single_pole_noise_bandwidth_Hz(bandwidth_Hz);
  // The pole correlates samples over 1/(2 B): 65536 samples of 512 GHz hold 2 B T = 2011 independent ones, so
  // the variance has a relative deviation of sqrt(2/2011) = 3.2 %; 5 σ. The band above f_s/2 = 256 GHz
  // holds 1.2 %.
  CHECK(rel_error(square, expected) <= 5.0 * 0.032 + 0.012);
}

TEST_CASE("cw laser: wall-plug power follows power, carriers and efficiency") {
  const auto power_W = [](const CwLaserParameters& p) {
    Ledger ledger;
    CwLaser("laser", p).ledger(dark_bundle(8), ledger);
    double sum = 0.0;
    for (const LedgerEntry& entry : ledger.energy) sum += entry.power_W;
    return sum;
  };
  const CwLaserParameters one{.carriers = 2, .power_W = 10e-3, .wall_plug_efficiency = 0.2};
  CwLaserParameters twice = one, efficient = one, more = one, cooled = one;
  twice.power_W *= 2.0;
  efficient.wall_plug_efficiency *= 2.0;
  more.carriers *= 2;
  cooled.temperature_control_share = 0.5;
  // Single products.
  CHECK(rel_error(power_W(one), 0.1) <= 1e-15);
  CHECK(rel_error(power_W(twice), 0.2) <= 1e-15);
  CHECK(rel_error(power_W(efficient), 0.05) <= 1e-15);
  CHECK(rel_error(power_W(more), 0.2) <= 1e-15);
  CHECK(rel_error(power_W(cooled), 0.15) <= 1e-14);
}

TEST_CASE("cw laser: lines of a comb have their own power, and all of it is paid for") {
  const CwLaserParameters comb{
      .carriers = 3, .power_W = 2e-3, .line_levels_dB = {-3.0, 0.0, 1.5}, .wall_plug_efficiency = 0.1};
  const CwLaser laser("laser", comb);
  const Bundle bundle = lit(laser, dark_bundle(4));
  double light_W = 0.0;
  for (std::size_t c = 0; c < 3; ++c) {
    const double power_W = 2e-3 * std::pow(10.0, 0.1 * comb.line_levels_dB[c]);
    // A root squared.
    CHECK(rel_error(std::norm(bundle.port[0].field[c][3]), power_W) <= 1e-14);
    light_W += power_W;
  }
  Ledger ledger;
  laser.ledger(bundle, ledger);
  CHECK(rel_error(ledger.energy.front().power_W, 10.0 * light_W) <= 1e-14);
  CHECK_THROWS_WITH_AS(CwLaser("comb", {.carriers = 2, .line_levels_dB = {0.0}}),
                       doctest::Contains("comb: 1 line_levels for 2 carriers"), ConfigError);
}

TEST_CASE("cw laser: light that returns in strength is warned of") {
  const auto warnings = [](double return_loss_dB, double isolation_dB) {
    std::vector<Warning> list;
    CwLaser("laser", {.return_loss_dB = return_loss_dB, .isolation_dB = isolation_dB})
        .validity(dark_bundle(8), list);
    return list.size();
  };
  CHECK(warnings(40.0, 0.0) == 0);
  CHECK(warnings(20.0, 0.0) == 1);
  CHECK(warnings(20.0, 25.0) == 0);
}

TEST_CASE("cw laser: sensitivities to light end at the source, those to lanes pass") {
  const CwLaser laser("laser", {});
  Sensitivity sensitivity = test::random_lane_weights(1, 3);
  const auto lanes = sensitivity.lane;
  sensitivity.port.assign(1, {ComplexWave(20, 1.0)});
  laser.tangent(dark_bundle(8))->pull_back(sensitivity);
  CHECK(sensitivity.port.empty());
  CHECK(sensitivity.lane == lanes);
}

TEST_CASE("cw laser: what is stated for each line reaches that line") {
  const std::vector<double> rin{1e-15, 2e-15, 4e-15}, linewidth_Hz{1e6, 0.0, 3e6};
  const CwLaser laser("comb", {.first_frequency_Hz = 228e12,
                               .carriers = 3,
                               .frequency_errors_Hz = {-4e9, 0.0, 7e9},
                               .line_levels_dB = {-3.0, 0.0, -1.0},
                               .line_rin_per_Hz = rin,
                               .line_linewidths_Hz = linewidth_Hz});
  CHECK(laser.carrier_frequencies_Hz() == std::vector<double>{227.996e12, 228.2e12, 228.407e12});
  const Bundle bundle = lit(laser, dark_bundle(8));
  const double rate_Hz = bundle.grid.sample_rate_Hz();
  int intensity = 0, phase = 0;
  for (const NoiseTerm& term : laser.noise(bundle)) {
    const auto c = static_cast<std::size_t>(term.carrier);
    // σ² = RIN f_s/2 and 2π Δν/f_s: rounding.
    if (term.turns_field) {
      CHECK(rel_error(term.sigma * term.sigma, 2.0 * M_PI * linewidth_Hz[c] / rate_Hz) <= 1e-14);
      ++phase;
    } else {
      CHECK(rel_error(term.sigma * term.sigma, 0.5 * rin[c] * rate_Hz) <= 1e-14);
      ++intensity;
    }
  }
  CHECK(intensity == 3);
  CHECK(phase == 2);
  CHECK_THROWS_WITH_AS(CwLaser("comb", {.carriers = 3, .line_rin_per_Hz = {1e-15}}),
                       doctest::Contains("comb: 1 line_rin for 3 carriers"), ConfigError);
  CHECK_THROWS_WITH_AS(CwLaser("comb", {.carriers = 2, .line_linewidths_Hz = {1e6}}),
                       doctest::Contains("1 line_linewidths for 2 carriers"), ConfigError);
}

// Oracle: relative intensity noise of signal-spontaneous beating, 2 / (B OSNR) one-sided, from random fields.
TEST_CASE("cw laser: emission around a line beats to the intensity noise that its OSNR says") {
  const double osnr_dB = 45.0;
  const CwLaser laser("comb", {.first_frequency_Hz = 228e12,
                               .carriers = 2,
                               .power_W = 2e-3,
                               .line_levels_dB = {0.0, -6.0},
                               .osnr_dB = osnr_dB,
                               .rin_per_Hz = 0.0,
                               .linewidth_Hz = 0.0});
  const Bundle bundle = lit(laser, dark_bundle(8));
  const auto terms = laser.noise(bundle);
  REQUIRE(terms.size() == 4);
  std::mt19937_64 random(20);
  std::normal_distribution<double> normal;
  for (int c = 0; c < 2; ++c) {
    const double amplitude = bundle.port[0].field[static_cast<std::size_t>(c)][0].real();
    double sum = 0.0, square = 0.0;
    const int count = 400000;
    for (int n = 0; n < count; ++n) {
      Complex field = amplitude;
      for (const NoiseTerm& term : terms)
        if (term.carrier == c) field += term.sigma * normal(random) * term.field_modulation[0];
      const double power = std::norm(field);
      sum += power;
      square += power * power;
    }
    const double mean = sum / count, variance = square / count - mean * mean;
    // White up to half the sample rate.
    const double rin_per_Hz = variance / (mean * mean) / (0.5 * bundle.grid.sample_rate_Hz());
    const double level = c == 0 ? 1.0 : power_ratio(Gain_dB{-6.0});
    const double expected = 2.0 / (12.5e9 * power_ratio(Gain_dB{osnr_dB})) / level;
    // 5 σ of a variance of 4e5 numbers is 1.1 %; the emission within the sampled band adds 0.3 % to the power
    // and as much of its own beat.
    CHECK(rel_error(rin_per_Hz, expected) <= 0.02);
  }
}
