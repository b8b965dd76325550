#include "devices/via.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "device_checks.hpp"
#include "line_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double c0 = constants::speed_of_light_m_per_s;
constexpr ViaParameters thick{.barrel_length_m = 2e-3,
                              .stub_length_m = 1.5e-3,
                              .impedance_ohm = 70.0,
                              .permittivity = 4.4,
                              .loss_tangent = 0.01,
                              .top_capacitance_F = 40e-15,
                              .exit_capacitance_F = 25e-15};

double loss_dB(const ViaParameters& p, double f) {
  return -20.0 * std::log10(std::abs(to_s(test::chain_of(Via("via", p), f), 100.0).s21));
}

}  // namespace

TEST_CASE("via: every parameter refuses values outside its range by name") {
  test::check_range_messages<Via, ViaParameters>();
}

TEST_CASE("via: a loss that would leave waves faster than light is refused") {
  // ε_∞ = ε_r (1 - tan δ ln(100)/(π/2)) = 1 - 0.15.
  CHECK_THROWS_WITH_AS(Via("v", {.permittivity = 1.0, .loss_tangent = 0.05}),
                       doctest::Contains("falls to 0.85"), ConfigError);
}

TEST_CASE("via: the stub shorts the pair at a quarter of a wavelength") {
  ViaParameters p = thick;
  p.loss_tangent = 0.0;
  const double notch_Hz = c0 / (4.0 * p.stub_length_m * std::sqrt(p.permittivity));
  CHECK(loss_dB(p, notch_Hz) > 200.0);
  // Without loss |S21| falls linearly with the distance from the notch: 20 dB per decade.
  CHECK(loss_dB(p, notch_Hz * (1.0 - 1e-4)) > 60.0);
  // The same notch three times as high, the third quarter.
  CHECK(loss_dB(p, 3.0 * notch_Hz) > 200.0);
  // Nothing like it without the stub.
  p.stub_length_m = 0.0;
  CHECK(loss_dB(p, notch_Hz) < 10.0);
  // tan δ keeps some of it: Y = coth(¼π tan δ)/Z_v across the pair; barrel and pads move the level.
  const double shunt_S = 1.0 / (70.0 * std::tanh(0.25 * constants::pi * 0.01));
  CHECK(abs_error(loss_dB(thick, notch_Hz), 20.0 * std::log10(1.0 + 50.0 * shunt_S)) <= 4.0);
}

TEST_CASE("via: at low frequency it is the L and C of its barrel, stub and pads") {
  // All capacitance over the stub and barrel against ground, all inductance of the barrel.
  const double root = std::sqrt(thick.permittivity) / c0;
  const double inductance_H = 70.0 * root * 2e-3, capacitance_F = root * 3.5e-3 / 70.0 + 65e-15;
  ViaParameters p = thick;
  p.loss_tangent = 0.0;
  const double f = 1e7, w = 2.0 * constants::pi * f;
  const Abcd m = test::chain_of(Via("via", p), f);
  // The next order: (ωτ)² of 1e-6.
  CHECK(rel_error(m.b.imag(), w * inductance_H) <= 1e-5);
  CHECK(rel_error(m.c.imag(), w * capacitance_F) <= 1e-5);
}

TEST_CASE("via: passive and reciprocal, lossless without loss tangent") {
  for (double f = 1e8; f < 1e11; f *= 1.31) {
    const Abcd m = test::chain_of(Via("via", thick), f);
    // Rounding of products of size |ad|.
    CHECK(test::reciprocity_gap(m) <= 1e-12);
    CHECK(test::gains(m)(0) <= 1.0 + 1e-12);
    ViaParameters p = thick;
    p.loss_tangent = 0.0;
    CHECK(test::gains(test::chain_of(Via("via", p), f))(1) >= 1.0 - 1e-9);
  }
}

TEST_CASE("via: warns of a stub whose notch lies in the band, books the delay of the barrel") {
  // 23.8 GHz.
  CHECK(test::warning_count(Via("via", thick), 53.125e9) == 1);
  CHECK(test::warning_count(Via("via", thick), 25.78125e9) == 0);
  ViaParameters drilled = thick;
  drilled.stub_length_m = 0.0;
  CHECK(test::warning_count(Via("via", drilled), 106.25e9) == 0);
  // Dispersion of tan δ = 0.01 over the decade from 10 GHz: 2 %.
  CHECK(rel_error(test::booked_delay_s(Via("via", thick), 53.125e9), 2e-3 * std::sqrt(4.4) / c0) <= 0.02);
}
