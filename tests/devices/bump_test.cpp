#include "devices/bump.hpp"

#include <doctest/doctest.h>

#include "device_checks.hpp"
#include "devices/physics/ieee_line.hpp"
#include "line_support.hpp"
#include "support.hpp"

using namespace photonlink;

namespace {

constexpr BumpParameters c4{.resistance_ohm = 0.01, .inductance_H = 30e-12, .capacitance_F = 20e-15};

}  // namespace

TEST_CASE("bump: every parameter refuses values outside its range by name") {
  test::check_range_messages<Bump, BumpParameters>();
}

TEST_CASE(
    "bump: half the capacitance at either end of the inductance, as the IEEE elements of one conductor") {
  const BumpParameters lossless{.inductance_H = 30e-12, .capacitance_F = 20e-15};
  for (double f = 1e9; f < 2e11; f *= 1.7) {
    const Abcd pi = ieee_shunt_capacitance(10e-15, f) * ieee_series_inductance(30e-12, f) *
                    ieee_shunt_capacitance(10e-15, f),
               m = test::chain_of(Bump("b", lossless), f);
    // Rounding.
    CHECK(std::abs(m.a - pi.a) <= 1e-14);
    CHECK(std::abs(m.b - pi.b) <= 1e-12);
    CHECK(std::abs(m.c - pi.c) <= 1e-16);
    CHECK(test::gains(test::chain_of(Bump("b", c4), f))(0) <= 1.0 + 1e-13);
    CHECK(test::reciprocity_gap(test::chain_of(Bump("b", c4), f)) <= 1e-13);
  }
  // One bump in each conductor: twice the resistance.
  CHECK(test::chain_of(Bump("b", c4), 0.0).b == 0.02);
  CHECK(test::chain_of(Bump("b", {}), 1e11).b == 0.0);
}

TEST_CASE("bump: a single conductor has all of its capacitance to ground and its own inductance") {
  const BumpParameters pillar{.inductance_H = 30e-12, .capacitance_F = 20e-15, .conductors = 1};
  const double f = 40e9;
  const Abcd m = test::chain_of(Bump("b", pillar), f);
  // Pi section: B = Z, A = 1 + Z Y/2 with Y = jω 20 fF.
  const Complex jw(0.0, 2.0 * 3.14159265358979323846 * f);
  CHECK(std::abs(m.b - jw * 30e-12) <= 1e-12);
  CHECK(std::abs(m.a - (1.0 + jw * 30e-12 * jw * 10e-15)) <= 1e-14);
}
