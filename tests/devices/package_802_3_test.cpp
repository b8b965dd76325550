#include "devices/package_802_3.hpp"

#include <doctest/doctest.h>

#include "device_checks.hpp"
#include "line_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

/// Sheets of tests/oracles/lines.py, in SI.
Package8023Parameters kr() {
  return {.die_capacitance_F = {0.12e-12},
          .die_inductance_H = {0.12e-9},
          .bump_capacitance_F = 0.03e-12,
          .line_length_m = {31e-3, 1.8e-3},
          .line_impedance_ohm = {87.5, 92.5},
          .a1_sqrt_s_per_m = 9.909e-4 * 1e3 * std::sqrt(1e-9),
          .a2_s_per_m = 2.772e-10,
          .tau_s_per_m = 6.141e-9,
          .ball_capacitance_F = 0.087e-12};
}
Package8023Parameters dj() {
  return {.die_capacitance_F = {0.04e-12, 0.09e-12, 0.11e-12},
          .die_inductance_H = {0.13e-9, 0.15e-9, 0.14e-9},
          .bump_capacitance_F = 0.03e-12,
          .line_length_m = {33e-3, 1.8e-3},
          .line_impedance_ohm = {87.5, 92.5},
          .gamma0_per_m = 0.5,
          .a1_sqrt_s_per_m = 8.9e-4 * 1e3 * std::sqrt(1e-9),
          .a2_s_per_m = 2e-10,
          .tau_s_per_m = 6.141e-9,
          .ball_capacitance_F = 0.04e-12};
}

}  // namespace

TEST_CASE("package 802.3: every parameter refuses values outside its range by name") {
  test::check_range_messages<Package8023, Package8023Parameters>();
}

TEST_CASE("package 802.3: S-parameters of the KR and dj packages equal scikit-rf") {
  const auto chain = [](const Package8023Parameters& p) {
    return [package = Package8023("p", p)](double f) { return test::chain_of(package, f); };
  };
  // Rounding of both programs on angles up to 140 rad, through ten chain matrices.
  CHECK(test::worst_distance("package_kr.csv", chain(kr())) <= 1e-11);
  CHECK(test::worst_distance("package_dj.csv", chain(dj())) <= 1e-11);
}

TEST_CASE("package 802.3: a receiver's package is the transmitter's from the other end") {
  Package8023Parameters p = dj();
  const Package8023 sender("tx", p);
  p.side = "receiver";
  const Package8023 receiver("rx", p);
  for (double f = 1e8; f < 1.1e11; f *= 1.9) {
    const S2 out = to_s(test::chain_of(sender, f), 100.0), in = to_s(test::chain_of(receiver, f), 100.0);
    // Rounding.
    CHECK(std::abs(out.s11 - in.s22) <= 1e-12);
    CHECK(std::abs(out.s22 - in.s11) <= 1e-12);
    CHECK(std::abs(out.s21 - in.s21) <= 1e-12);
    CHECK(std::abs(out.s11 - out.s22) > 1e-6);  // it has two different ends
    CHECK(test::gains(test::chain_of(sender, f))(0) <= 1.0 + 1e-12);
    CHECK(test::reciprocity_gap(test::chain_of(sender, f)) <= 1e-12);
  }
}

TEST_CASE("package 802.3: the via capacitance stands behind the third line") {
  Package8023Parameters p = kr();
  p.line_length_m = {10e-3, 1e-3, 0.5e-3, 0.5e-3};
  p.line_impedance_ohm = {92.0, 70.0, 80.0, 100.0};
  p.via_capacitance_F = 0.05e-12;
  const double f = 3e10;
  Package8023Parameters head = p, tail = p;
  head.line_length_m.resize(3);
  head.line_impedance_ohm.resize(3);
  head.ball_capacitance_F = 0.0;
  tail.die_capacitance_F = tail.die_inductance_H = {};
  tail.bump_capacitance_F = tail.via_capacitance_F = 0.0;
  tail.line_length_m = {0.5e-3};
  tail.line_impedance_ohm = {100.0};
  const Abcd parts = test::chain_of(Package8023("h", head), f) * test::chain_of(Package8023("t", tail), f),
             whole = test::chain_of(Package8023("p", p), f);
  // Rounding.
  CHECK(std::abs(parts.b - whole.b) <= 1e-12 * std::abs(whole.b));
  p.line_length_m.resize(2);
  p.line_impedance_ohm.resize(2);
  CHECK_THROWS_WITH_AS(Package8023("p", p), doctest::Contains("give at least 3"), ConfigError);
}

TEST_CASE("package 802.3: lists that belong together must match") {
  Package8023Parameters p = kr();
  p.die_inductance_H = {};
  CHECK_THROWS_WITH_AS(Package8023("tx", p), doctest::Contains("tx: die_capacitance has 1 values"),
                       ConfigError);
  p = kr();
  p.line_impedance_ohm.pop_back();
  CHECK_THROWS_WITH_AS(Package8023("tx", p), doctest::Contains("line_length has 2 values"), ConfigError);
}

TEST_CASE("package 802.3: ledger books the delay of its lines") {
  Package8023Parameters p = dj();
  p.die_capacitance_F = p.die_inductance_H = {};
  p.bump_capacitance_F = p.ball_capacitance_F = 0.0;
  p.line_impedance_ohm = {100.0, 100.0};
  const Package8023 lines("p", p);
  // On their own impedance; the central difference over 2 MHz is good to 1e-8.
  CHECK(rel_error(test::booked_delay_s(lines, 106.25e9), test::phase_delay_slope_s(lines, 53.125e9)) <= 1e-6);
}
