#include "devices/waveguide.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "device_checks.hpp"
#include "devices/physics/optics.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = std::numbers::pi, c0 = 299792458.0;

}  // namespace

TEST_CASE("waveguide: every parameter refuses values outside its range by name") {
  test::check_range_messages<Waveguide, WaveguideParameters>();
}

TEST_CASE("waveguide: straight parts, bends and crossings add up in dB") {
  WaveguideParameters p{.length_m = 5e-3,
                        .loss_dB_per_m = 200.0,
                        .bends = 4,
                        .bend_radius_m = 10e-6,
                        .loss_per_bend_dB = 0.01,
                        .crossings = 3,
                        .crossing_loss_dB = 0.03};
  const double length = 5e-3 + 4 * 0.5 * pi * 10e-6;
  // Rounding.
  CHECK(rel_error(Waveguide("wg", p).total_loss_dB(), 200.0 * length + 0.04 + 0.09) <= 1e-14);
  CHECK(rel_error(Waveguide("wg", p).total_length_m(), length) <= 1e-14);
  const double offset_Hz = 30e9;
  Complex response(0.0, 1.0);
  Waveguide("wg", p).multiply_optical(0, 228e12, {&offset_Hz, 1}, {&response, 1});
  CHECK(abs_error(-20.0 * std::log10(std::abs(response)), 200.0 * length + 0.13) <= 1e-12);
}

TEST_CASE("waveguide: a bend of twice the radius loses 2^-10.15 per length of what the reference does") {
  const auto excess_dB = [](double radius) {
    const WaveguideParameters bent{.length_m = 0.0,
                                   .loss_dB_per_m = 0.0,
                                   .bends = 1,
                                   .bend_radius_m = radius,
                                   .bend_angle_rad = 2.0 * pi,
                                   .bend_loss_dB_per_m = 8000.0};
    return Waveguide("wg", bent).total_loss_dB();
  };
  // 80 dB/cm around a circle of 5 um is 0.25 dB.
  CHECK(rel_error(excess_dB(5e-6), 8000.0 * 2.0 * pi * 5e-6) <= 1e-14);
  CHECK(rel_error(excess_dB(10e-6) / excess_dB(5e-6), 2.0 * std::exp2(-10.15)) <= 1e-12);
}

TEST_CASE("waveguide: latency is the group delay of its length, bends included") {
  Ledger ledger;
  Waveguide("wg", {.length_m = 10e-3, .group_index = 4.2, .bends = 2}).ledger({}, ledger);
  REQUIRE(ledger.latency.size() == 1);
  CHECK(rel_error(ledger.latency[0].delay_s, 4.2 * (10e-3 + pi * 10e-6) / c0) <= 1e-14);
}

TEST_CASE("waveguide: group delay follows dn_g/dlambda") {
  const WaveguideParameters p{.length_m = 0.05, .loss_dB_per_m = 0.0, .group_index_slope = -0.47};
  const double carrier_Hz = c0 / 1550e-9;
  const Waveguide guide("wg", p);
  // -0.47 / (c λ) is -1011 ps/(nm km).
  CHECK(rel_error(guide.dispersion(carrier_Hz).dispersion_s_per_m2, -1.0114e-3) <= 1e-4);
  // Delay at ±f by central differences of the phase over ±h against n_g(λ) L/c; n_g linear in ln λ.
  const double f = 200e9, h = 1e9;
  const auto delay = [&](double offset) {
    const std::vector<double> at{offset - h, offset + h};
    std::vector<Complex> response(2, 1.0);
    guide.multiply_optical(0, carrier_Hz, at, response);
    return -std::arg(response[1] * std::conj(response[0])) / (4.0 * pi * h);
  };
  const double change = -0.47 * std::log((carrier_Hz - f) / (carrier_Hz + f)) * 0.05 / c0;
  // β₃ is left out: the delay is linear in frequency, n_g in ln λ, so they differ by f/f_c = 1e-3 at most.
  CHECK(rel_error(delay(f) - delay(-f), change) <= 1e-3);
}

TEST_CASE("waveguide: weak isolation of crossings warns, none or strong ones do not") {
  const auto count = [](const WaveguideParameters& p) {
    std::vector<Warning> warnings;
    Waveguide("wg", p).validity({}, warnings);
    return warnings.size();
  };
  CHECK(count({.crossings = 0, .crossing_isolation_dB = 20.0}) == 0);
  CHECK(count({.crossings = 5, .crossing_isolation_dB = 40.0}) == 0);
  CHECK(count({.crossings = 5, .crossing_isolation_dB = 25.0}) == 1);
}
