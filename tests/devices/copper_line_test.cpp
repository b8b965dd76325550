#include "devices/copper_line.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "device_checks.hpp"
#include "line_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

/// Twinax and board of tests/oracles/lines.py.
CopperLineParameters twinax(double length_m) {
  return {.length_m = length_m,
          .dc_resistance_ohm_per_m = 0.677,
          .skin_resistance_ohm_per_m = 24.6,
          .permittivity = 2.1,
          .loss_tangent = 3e-4};
}
CopperLineParameters board(double length_m) {
  return {.length_m = length_m,
          .impedance_ohm = 93.0,
          .dc_resistance_ohm_per_m = 14.5,
          .skin_resistance_ohm_per_m = 68.0,
          .roughness = "hammerstad",
          .roughness_height_m = 0.4e-6,
          .permittivity = 3.5,
          .loss_tangent = 4e-3,
          .dielectric_frequency_Hz = 12e9};
}

/// S-parameters of one mode of two equal lossless coupled lines, on the impedance of one alone.
S2 mode(double inductance_ratio, double capacitance_ratio, double impedance_ohm, double angle_rad) {
  const double z = impedance_ohm * std::sqrt(inductance_ratio / capacitance_ratio);
  const Complex x(0.0, angle_rad * std::sqrt(inductance_ratio * capacitance_ratio));
  return to_s({std::cosh(x), z * std::sinh(x), std::sinh(x) / z, std::cosh(x)}, impedance_ohm);
}

}  // namespace

TEST_CASE("copper line: every parameter refuses values outside its range by name") {
  test::check_range_messages<CopperLine, CopperLineParameters>();
}

TEST_CASE("copper line: parameters reach the line that scikit-rf confirms") {
  const auto chain = [](const CopperLineParameters& p) {
    return [line = CopperLine("line", p)](double f) { return test::chain_of(line, f); };
  };
  // As in transmission_line_test.cpp.
  CHECK(test::worst_distance("line_twinax_1m.csv", chain(twinax(1.0))) <= 1e-11);
  CHECK(test::worst_distance("line_board_hammerstad_150mm.csv", chain(board(0.15))) <= 1e-6);
  CopperLineParameters balls = board(0.15);
  balls.roughness = "huray";
  balls.roughness_radius_m = 0.36e-6;
  balls.roughness_area_ratio = 14.0 * 4.0 * constants::pi / 36.0;
  CHECK(test::worst_distance("line_board_huray_150mm.csv", chain(balls)) <= 1e-6);
}

TEST_CASE("copper line: length 0 is a wire, two pieces are one of both lengths") {
  const Abcd none = test::chain_of(CopperLine("line", board(0.0)), 3e10);
  CHECK(none.a == 1.0);
  CHECK(none.b == 0.0);
  CHECK(none.c == 0.0);
  const Abcd two = test::chain_of(CopperLine("a", board(0.1)), 3e10) *
                   test::chain_of(CopperLine("b", board(0.05)), 3e10),
             one = test::chain_of(CopperLine("c", board(0.15)), 3e10);
  // Rounding.
  CHECK(std::abs(two.a - one.a) <= 1e-12 * std::abs(one.a));
  CHECK(std::abs(two.b - one.b) <= 1e-12 * std::abs(one.b));
}

TEST_CASE("copper line: crosstalk is the first order of the exact even and odd mode") {
  // Oracle: two lossless lines of mutual ratios κ_L, κ_C; waves as half the sum and difference of their
  // modes.
  const double kl = 4e-4, kc = 1e-4, length_m = 0.05, eps = 3.0;
  CopperLineParameters p{.length_m = length_m, .permittivity = eps};
  p.far_aggressors = p.near_aggressors = 1;
  p.far_coupling = 0.5 * (kc - kl);
  p.near_coupling = 0.25 * (kc + kl);
  const CopperLine line("line", p);
  for (double f = 1e8; f < 6e10; f *= 1.37) {
    const double angle =
        2.0 * constants::pi * f * length_m * std::sqrt(eps) / constants::speed_of_light_m_per_s;
    const S2 even = mode(1.0 + kl, 1.0 - kc, 100.0, angle), odd = mode(1.0 - kl, 1.0 + kc, 100.0, angle);
    const Complex far = 0.5 * (even.s21 - odd.s21), near = 0.5 * (even.s11 - odd.s11);
    const Complex far_model = to_s(test::chain_of(line, f, 0), 100.0).s21,
                  near_model = to_s(test::chain_of(line, f, 1), 100.0).s21;
    // Second order: (κ angle)² and κ² of the wave, angle up to 110.
    CHECK(std::abs(far_model - far) <= 2e-3 * std::abs(far) + 1e-7);
    CHECK(std::abs(near_model - near) <= 2e-2 * p.near_coupling);
    // Above the second order there is something to compare.
    CHECK(std::abs(far) > 1e-6);
  }
}

TEST_CASE("copper line: aggressors come far end first, near ones with their own amplitude") {
  CopperLineParameters p = board(0.2);
  CHECK(CopperLine("line", p).aggressors().empty());
  // Without aggressors of its own it is part of every path.
  CHECK(test::chain_of(CopperLine("line", p), 1e10, 3).a == test::chain_of(CopperLine("line", p), 1e10).a);
  p.far_aggressors = 2;
  p.near_aggressors = 1;
  p.far_coupling = 0.001;
  p.near_coupling = 0.002;
  p.near_amplitude = 1.5;
  const CopperLine line("line", p);
  REQUIRE(line.aggressors().size() == 3);
  CHECK(line.aggressors()[1].equalized);
  CHECK(line.aggressors()[1].amplitude == 1.0);
  CHECK_FALSE(line.aggressors()[2].equalized);
  CHECK(line.aggressors()[2].amplitude == 1.5);
  CHECK(std::isfinite(std::abs(test::chain_of(line, 0.0, 0).a)));
  CHECK_THROWS_WITH_AS(test::chain_of(line, 1e10, 3), doctest::Contains("aggressor 3 is outside [-1, 2]"),
                       DomainError);
}

TEST_CASE("copper line: ledger books the group delay at half the symbol rate and no power") {
  const CopperLine line("line", twinax(2.0));
  // On its own impedance the phase of S21 is that of γl but for a reflection of 1e-4.
  CHECK(rel_error(test::booked_delay_s(line, 53.125e9), test::phase_delay_slope_s(line, 26.5625e9)) <= 1e-3);
  CHECK(rel_error(test::booked_delay_s(CopperLine("line", twinax(4.0)), 53.125e9),
                  2.0 * test::booked_delay_s(line, 53.125e9)) <= 1e-12);
}

TEST_CASE("copper line: refuses what makes no line, warns where the model ends") {
  CopperLineParameters p = board(0.1);
  p.dielectric_low_Hz = 1e9;
  p.dielectric_high_Hz = 1e9;
  CHECK_THROWS_WITH_AS(CopperLine("line", p), doctest::Contains("not below dielectric_high"), ConfigError);
  for (const double outside_Hz : {1e6, 1e12}) {
    p = board(0.1);
    p.dielectric_low_Hz = 1e7;
    p.dielectric_frequency_Hz = outside_Hz;
    p.dielectric_high_Hz = 5e11;
    CHECK_THROWS_WITH_AS(CopperLine("line", p), doctest::Contains("is not between dielectric_low"),
                         ConfigError);
    p.loss_tangent = 0.0;  // without loss it does not matter
    CHECK_NOTHROW(CopperLine("line", p));
  }
  p = board(0.1);
  p.permittivity = 1.2;
  p.loss_tangent = 0.1;
  CHECK_THROWS_WITH_AS(CopperLine("line", p), doctest::Contains("lower loss_tangent"), ConfigError);
  p = board(0.1);
  CHECK(test::warning_count(CopperLine("line", p), 106.25e9) == 0);
  p.dielectric_high_Hz = 5e10;
  CHECK(test::warning_count(CopperLine("line", p), 106.25e9) == 1);
  p = board(0.1);
  p.far_aggressors = 1;
  p.far_coupling = 0.02;
  CHECK(test::warning_count(CopperLine("line", p), 106.25e9) == 1);
  p.far_coupling = 1e-4;
  CHECK(test::warning_count(CopperLine("line", p), 106.25e9) == 0);
}
