#include "devices/physics/ieee_line.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "../line_support.hpp"
#include "core/constants.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

/// Sheets of 802.3ck KR and of the 802.3dj comparison, as in tests/oracles/lines.py.
IeeeLine kr(double zc) {
  return ieee_line_of_sheet(0.0, 9.909e-4, 2.772e-4, 6.141e-3, zc);
}
IeeeLine dj(double zc) {
  return ieee_line_of_sheet(5e-4, 8.9e-4, 2e-4, 6.141e-3, zc);
}

}  // namespace

TEST_CASE("IEEE line: S-parameters equal scikit-rf with the same propagation constant") {
  // Rounding of both programs on angles up to 130 rad.
  CHECK(test::worst_distance("line_ieee_kr_31mm.csv",
                             [](double f) { return ieee_line(kr(87.5), 31e-3, f); }) <= 1e-12);
  CHECK(test::worst_distance("line_ieee_dj_33mm.csv",
                             [](double f) { return ieee_line(dj(87.5), 33e-3, f); }) <= 1e-12);
  // The test notices a wrong equation: a loss tangent off by one percent.
  CHECK(test::worst_distance("line_ieee_dj_33mm.csv", [](double f) {
          IeeeLine wrong = dj(87.5);
          wrong.a2_s_per_m *= 1.01;
          return ieee_line(wrong, 33e-3, f);
        }) > 1e-4);
}

TEST_CASE("IEEE line: capacitances and inductances of each conductor cascade as scikit-rf's on 50 ohm") {
  const auto package = [](double f) {
    return ieee_shunt_capacitance(0.12e-12, f) * ieee_series_inductance(0.12e-9, f) *
           ieee_shunt_capacitance(0.03e-12, f) * ieee_line(kr(87.5), 31e-3, f) *
           ieee_line(kr(92.5), 1.8e-3, f) * ieee_shunt_capacitance(0.087e-12, f);
  };
  // Rounding, as above.
  CHECK(test::worst_distance("package_kr.csv", package) <= 1e-12);
}

TEST_CASE("IEEE line: the chain matrix and the scattering form of the standard are one line") {
  for (const double reference_ohm : {100.0, 61.3}) {
    for (double f = 1e7; f < 2e11; f *= 1.7) {
      const S2 s = ieee_line_s(dj(92.5), 20e-3, f, reference_ohm),
               from_chain = to_s(ieee_line(dj(92.5), 20e-3, f), reference_ohm);
      // Rounding on angles up to 150 rad.
      CHECK(std::abs(s.s11 - from_chain.s11) <= 1e-12);
      CHECK(std::abs(s.s21 - from_chain.s21) <= 1e-12);
      CHECK(s.s12 == s.s21);
      CHECK(s.s22 == s.s11);
    }
  }
}

TEST_CASE("IEEE line: length 0 is a through, two pieces are one of both lengths") {
  const S2 none = ieee_line_s(kr(87.5), 0.0, 13e9, 100.0);
  CHECK(std::abs(none.s11) == 0.0);
  CHECK(std::abs(none.s21 - 1.0) <= 1e-15);
  const Abcd two = ieee_line(kr(87.5), 7e-3, 13e9) * ieee_line(kr(87.5), 5e-3, 13e9),
             one = ieee_line(kr(87.5), 12e-3, 13e9);
  // Rounding.
  CHECK(std::abs(two.a - one.a) <= 1e-13);
  CHECK(std::abs(two.b - one.b) <= 1e-11);
}

TEST_CASE("IEEE line: a loss beyond all measure overflows nothing") {
  IeeeLine line = kr(87.5);
  line.a1_sqrt_s_per_m = 1e-2;
  const Abcd m = ieee_line(line, 1.0, 1e11);  // 3162 Np
  for (const Complex value : {m.a, m.b, m.c}) CHECK(std::isfinite(std::abs(value)));
  // cosh = sinh where nothing comes back: matched on Z_c.
  CHECK(std::abs(m.b / m.a - 87.5) <= 1e-10);
  CHECK(std::abs(to_s(m, 87.5).s21) <= 1e-100);
}

TEST_CASE("IEEE line: loss of the KR package line in closed form, and only gamma0 left at 0 Hz") {
  // At 1 GHz the logarithm vanishes: α = γ₀ + a₁ + a₂, β = a₁ + 2π τ, per mm.
  const Complex at_1GHz = ieee_propagation_per_m(dj(100), 1e9);
  CHECK(rel_error(at_1GHz.real(), 1e3 * (5e-4 + 8.9e-4 + 2e-4)) <= 1e-13);
  CHECK(rel_error(at_1GHz.imag(), 1e3 * (8.9e-4 + 2.0 * constants::pi * 6.141e-3)) <= 1e-13);
  CHECK(ieee_propagation_per_m(dj(100), 0.0) == Complex(0.5, 0.0));
}
