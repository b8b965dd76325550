#include "devices/physics/ring_tuning.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double fsr_Hz = 1.6e12, spacing_m = 50e-6;

std::vector<double> grid(int rings) {
  std::vector<double> carriers;
  for (int i = 0; i < rings; ++i) carriers.push_back(228e12 + i * fsr_Hz / rings);
  return carriers;
}

RingTuningParameters spread(double common_Hz, double local_Hz, const char* assignment) {
  RingTuningParameters p;
  p.resonance_spread_Hz = common_Hz;
  p.local_spread_Hz = local_Hz;
  p.channel_assignment = assignment;
  return p;
}

RingTuning drawn(const RingTuningParameters& p, int rings, int chips = 4096) {
  return drawn_ring_tuning(p, grid(rings), fsr_Hz, spacing_m, chips);
}

RingTuningParameters with_range(RingTuningParameters p, double range_Hz) {
  // 1 kohm, so that V² = R Δλ/η, at the wavelength of the first carrier.
  const double wavelength = constants::speed_of_light_m_per_s / 228e12;
  const double shift_m = range_Hz * wavelength * wavelength / constants::speed_of_light_m_per_s;
  p.heater_max_voltage_V = std::sqrt(1e3 * shift_m / p.heater_efficiency_m_per_W);
  return p;
}

}  // namespace

TEST_CASE("ring tuning: an even common spread of fixed rings shifts by its half range") {
  const RingTuningParameters p = spread(100e9, 0.0, "fixed");
  const RingTuning closed = ring_tuning("ring", p, grid(4), fsr_Hz, spacing_m), random = drawn(p, 4);
  CHECK(closed.chips == 0);
  CHECK(closed.mean_shift_Hz == 100e9);
  double expected_W = 0.0;
  for (const double f : grid(4)) {
    const double wavelength = constants::speed_of_light_m_per_s / f;
    expected_W += 100e9 * wavelength * wavelength / (constants::speed_of_light_m_per_s * 1e-7);
  }
  // Rounding.
  CHECK(rel_error(closed.drawn_W, expected_W) <= 1e-14);
  // One draw in each of 4096 even strata: sigma of the mean is 2R / sqrt(12) / 4096^1.5, five of them 1.1e-5
  // R.
  CHECK(rel_error(random.mean_shift_Hz, 100e9) <= 1.1e-5);
  CHECK(rel_error(random.drawn_W, expected_W) <= 1.1e-5);
  // The last stratum is 2R/4096 wide.
  CHECK(rel_error(random.worst_shift_Hz, 200e9) <= 2.5e-4);
}

TEST_CASE("ring tuning: spread over the whole spectral range costs half of it, with barrel shifting 1/2N") {
  for (const int rings : {1, 4, 8, 16}) {
    const RingTuning fixed = drawn(spread(0.5 * fsr_Hz, 0.0, "fixed"), rings);
    const RingTuning barrel = drawn(spread(0.5 * fsr_Hz, 0.0, "barrel"), rings);
    // Strata as above; the folding at each channel adds at most one stratum.
    CHECK(rel_error(fixed.mean_shift_Hz, 0.5 * fsr_Hz) <= 5e-4);
    CHECK(rel_error(barrel.mean_shift_Hz, 0.5 * fsr_Hz / rings) <= 5e-4 * rings);
    CHECK(barrel.worst_shift_Hz <= fsr_Hz / rings);
    // All turns are alike: one in N stays. Edges of N strata.
    CHECK(abs_error(barrel.turned, 1.0 - 1.0 / rings) <= rings / 4096.0);
    CHECK(fixed.turned == 0.0);
  }
}

TEST_CASE("ring tuning: with barrel shifting the local spread adds its least of N") {
  for (const int rings : {2, 8, 16}) {
    const double channel = fsr_Hz / rings, local = 0.2 * channel;
    const int chips = 16384;
    const RingTuning even = drawn(spread(0.5 * fsr_Hz, local, "barrel"), rings, chips);
    // Least of N even draws: mean -L (N-1)/(N+1). Sigma of one chip's mean below (channel/√12 + L), 5 sigma.
    const double five_sigma = 5.0 * (channel / std::sqrt(12.0) + local) / std::sqrt(chips);
    CHECK(abs_error(even.mean_shift_Hz, 0.5 * channel + local * (rings - 1) / (rings + 1)) <= five_sigma);
    // Nobody wraps: one channel and both ends of the local spread at most.
    CHECK(even.worst_shift_Hz <= channel + 2.0 * local);
    // Without it: the blue offset covers both spreads.
    const RingTuning fixed = drawn(spread(0.1 * fsr_Hz, local, "fixed"), rings, chips);
    CHECK(abs_error(fixed.mean_shift_Hz, 0.1 * fsr_Hz + local) <=
          5.0 * local / std::sqrt(3.0 * chips * rings) + 1e-5 * fsr_Hz);
  }
}

TEST_CASE("ring tuning: a normal local spread adds the expected largest of N normal values") {
  // E[max of N standard normal values], Harter 1961 Table 1, five digits.
  const std::vector<std::pair<int, double>> table{{2, 0.56419}, {4, 1.02938}, {8, 1.42360}, {16, 1.76599}};
  for (const auto& [rings, expected] : table) {
    RingTuningParameters p = spread(4.0 * fsr_Hz, 0.0, "barrel");
    p.spread_law = "normal";
    p.local_spread_Hz = 0.1 * fsr_Hz / rings;
    const int chips = 16384;
    const RingTuning tuning = drawn(p, rings, chips);
    const double channel = fsr_Hz / rings;
    const double five_sigma = 5.0 * (channel / std::sqrt(12.0) + p.local_spread_Hz) / std::sqrt(chips);
    // A common sigma of four spectral ranges is even modulo one channel to exp(-2 (4π)² N²), nothing.
    CHECK(abs_error(tuning.mean_shift_Hz, 0.5 * channel + expected * p.local_spread_Hz) <= five_sigma);
  }
}

TEST_CASE("ring tuning: turning never costs more than staying") {
  for (const char* law : {"uniform", "normal"})
    for (const double common : {10e9, 150e9, 400e9}) {
      RingTuningParameters fixed = spread(common, 40e9, "fixed"), barrel = spread(common, 40e9, "barrel");
      fixed.spread_law = barrel.spread_law = law;
      CHECK(drawn(barrel, 8, 1024).mean_shift_Hz <= drawn(fixed, 8, 1024).mean_shift_Hz * (1.0 + 1e-12));
    }
}

TEST_CASE("ring tuning: yield is the share of shifts within the range of the heater") {
  // Fixed, ±200 GHz even: shifts even over 0 ... 400 GHz, at the lowest carrier's range.
  const RingTuningParameters p = with_range(spread(200e9, 0.0, "fixed"), 300e9);
  // Rounding; then one stratum.
  CHECK(rel_error(ring_tuning("ring", p, grid(4), fsr_Hz, spacing_m).yield, 0.75) <= 1e-12);
  CHECK(abs_error(drawn(p, 4).yield, 0.75) <= 1.0 / 4096.0);
  // Barrel shifting needs one channel of 400 GHz at most: a range of 300 GHz is enough for three in four.
  const RingTuningParameters turned = with_range(spread(0.5 * fsr_Hz, 0.0, "barrel"), 300e9);
  CHECK(abs_error(drawn(turned, 4).yield, 0.75) <= 4.0 / 4096.0);
  std::vector<Warning> warnings;
  tuning_warnings("ring", turned, drawn(turned, 4), warnings);
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].text.find("need more than") != std::string::npos);
  CHECK(warnings[1].text.find("re-order the lanes") != std::string::npos);
  // A local spread of ±L alone, N rings each in range with probability 3/4 of its own.
  const RingTuning local = drawn(with_range(spread(0.0, 200e9, "fixed"), 300e9), 4, 16384);
  // Ranges of the four carriers differ by up to 1 % in frequency squared; 5 sigma of 16384 chips.
  CHECK(abs_error(local.yield, std::pow(0.75, 4)) <= 5.0 * 0.5 / 128.0 + 0.01);
}

TEST_CASE("ring tuning: a linear DAC draws the mean of its supply times the current") {
  RingTuningParameters p = with_range(spread(200e9, 0.0, "fixed"), 500e9);
  p.heater_driver = "linear_dac";
  p.heater_supply_V = 1.5 * p.heater_max_voltage_V;
  const RingTuning tuning = ring_tuning("ring", p, grid(1), fsr_Hz, spacing_m);
  // Shifts even over 0 ... 400 GHz of 500: I = sqrt(P/R), the mean of sqrt(u) over 0 ... 0.8 is 2/3
  // sqrt(0.8).
  const double expected_W = p.heater_supply_V * p.heater_max_voltage_V / 1e3 * 2.0 / 3.0 * std::sqrt(0.8);
  // Strata of 1/4096, the root's slope at 0 costs a little more.
  CHECK(rel_error(tuning.drawn_W, expected_W) <= 1e-4);
  p.heater_supply_V *= 2.0;
  CHECK(rel_error(ring_tuning("ring", p, grid(1), fsr_Hz, spacing_m).drawn_W, 2.0 * tuning.drawn_W) <= 1e-12);
}

TEST_CASE("ring tuning: heat of neighbours saves power and can make a ring too red") {
  RingTuningParameters p = spread(100e9, 0.0, "fixed");
  p.thermal_crosstalk = 0.2;
  p.thermal_decay_length_m = 1e-7;  // neighbours only
  const RingTuning alone = ring_tuning("ring", spread(100e9, 0.0, "fixed"), grid(2), fsr_Hz, spacing_m);
  const RingTuning warm = ring_tuning("ring", p, grid(2), fsr_Hz, spacing_m);
  // Two rings that shift alike: each heater needs 1/(1 + x) of it. Strata as above.
  CHECK(rel_error(warm.heater_W, alone.heater_W / 1.2) <= 2e-5);
  CHECK(warm.overheated == 0.0);
  p.local_spread_Hz = 100e9;
  p.resonance_spread_Hz = 0.0;
  const RingTuning local = ring_tuning("ring", p, grid(2), fsr_Hz, spacing_m);
  // Shifts even over the unit square; too red where one is below x of the other: 2 · x/2.
  CHECK(abs_error(local.overheated, 0.2) <= 5.0 * std::sqrt(0.2 * 0.8 / 4096.0));
  CHECK(abs_error(local.yield, 1.0 - local.overheated) <= 1e-12);
  p.blue_offset_Hz = 300e9;
  CHECK(ring_tuning("ring", p, grid(2), fsr_Hz, spacing_m).overheated == 0.0);
}

TEST_CASE("ring tuning: what contradicts itself or cannot work is refused") {
  RingTuningParameters p;
  p.heater_driver = "linear_dac";
  CHECK_THROWS_WITH_AS(check_tuning(p, "ring"), doctest::Contains("heater_max_voltage"), ConfigError);
  p.heater_max_voltage_V = 2.0;
  CHECK_NOTHROW(check_tuning(p, "ring"));
  p.heater_supply_V = 1.0;
  CHECK_THROWS_WITH_AS(check_tuning(p, "ring"), doctest::Contains("heater_supply"), ConfigError);
  p.heater_supply_V = 2.0;
  p.heater_hot_resistance_ohm = 900.0;
  CHECK_THROWS_WITH_AS(check_tuning(p, "ring"), doctest::Contains("heater_hot_resistance"), ConfigError);
  RingTuningParameters far = with_range(spread(10e9, 0.0, "fixed"), 100e9);
  far.blue_offset_Hz = 400e9;
  CHECK_THROWS_WITH_AS(ring_tuning("tx", far, grid(2), fsr_Hz, spacing_m),
                       doctest::Contains("tx: the heaters reach"), ConfigError);
  CHECK_THROWS_WITH_AS(ring_tuning("tx", spread(10e9, 0.0, "barrel"), grid(4), 1e12, spacing_m),
                       doctest::Contains("free spectral range"), ConfigError);
}
