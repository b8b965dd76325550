#include "devices/connector.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "device_checks.hpp"
#include "line_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr ConnectorParameters mated{.impedance_ohm = 95.0,
                                    .delay_s = 60e-12,
                                    .loss_dB = 1.2,
                                    .loss_frequency_Hz = 26.5625e9,
                                    .entry_capacitance_F = 20e-15,
                                    .exit_capacitance_F = 30e-15};

double loss_dB(const ConnectorParameters& p, double f) {
  return -20.0 * std::log10(std::abs(to_s(test::chain_of(Connector("c", p), f), p.impedance_ohm).s21));
}

}  // namespace

TEST_CASE("connector: every parameter refuses values outside its range by name") {
  test::check_range_messages<Connector, ConnectorParameters>();
}

TEST_CASE("connector: matched, its loss is the stated one and grows with the root of frequency") {
  ConnectorParameters p = mated;
  p.entry_capacitance_F = p.exit_capacitance_F = 0.0;
  // Low-loss line: second order (R/(2ωL))² of 1e-3 in the loss and in the mismatch.
  CHECK(rel_error(loss_dB(p, 26.5625e9), 1.2) <= 0.02);
  CHECK(rel_error(loss_dB(p, 4.0 * 26.5625e9), 2.4) <= 0.02);
  CHECK(abs_error(loss_dB(p, 0.0), 0.0) <= 1e-12);
  p.loss_dB = 0.0;
  CHECK(abs_error(loss_dB(p, 26.5625e9), 0.0) <= 1e-12);
}

TEST_CASE("connector: warns of a delay too short for its loss, which then misses the stated one") {
  CHECK(test::warning_count(Connector("c", mated), 106.25e9) == 0);
  ConnectorParameters p = mated;
  p.entry_capacitance_F = p.exit_capacitance_F = 0.0;
  p.delay_s = 0.5e-12;
  p.loss_dB = 6.0;
  CHECK(test::warning_count(Connector("c", p), 106.25e9) == 1);
  // Hardly more than a series impedance (1 + j) 2 Z a, a = 0.69 Np: 20 log10 |1 + (1 + j) a| = 5.2 dB, and
  // its delay of 0.08 rad.
  CHECK(abs_error(loss_dB(p, p.loss_frequency_Hz), 5.22) <= 0.3);
  p.delay_s = 1e-10;
  CHECK(test::warning_count(Connector("c", p), 106.25e9) == 0);
}

TEST_CASE("connector: footprints reflect as capacitances at their ends") {
  ConnectorParameters p{.impedance_ohm = 100.0, .entry_capacitance_F = 20e-15};
  const double f = 2e10;
  // Shunt capacitance on a matched line: S11 = -jωC Z/(2 + jωC Z), \cite Pozar2012 Table 4.1; rounding.
  const Complex y(0.0, 2.0 * constants::pi * f * 20e-15 * 100.0);
  CHECK(std::abs(to_s(test::chain_of(Connector("c", p), f), 100.0).s11 + y / (2.0 + y)) <= 1e-14);
  // From the other end it is the same two-port with the capacitances exchanged.
  ConnectorParameters turned = mated;
  std::swap(turned.entry_capacitance_F, turned.exit_capacitance_F);
  const Abcd m = test::chain_of(Connector("c", mated), f), back = test::chain_of(Connector("c", turned), f);
  CHECK(std::abs(m.a - back.d) <= 1e-12);
  CHECK(std::abs(m.a - m.d) > 1e-6);
}

TEST_CASE("connector: passive and reciprocal; ledger books its delay") {
  for (double f = 1e8; f < 2e11; f *= 1.4) {
    // Rounding.
    CHECK(test::reciprocity_gap(test::chain_of(Connector("c", mated), f)) <= 1e-12);
    CHECK(test::gains(test::chain_of(Connector("c", mated), f))(0) <= 1.0 + 1e-12);
  }
  CHECK(test::booked_delay_s(Connector("c", mated), 53.125e9) == 60e-12);
  CHECK_THROWS_WITH_AS(Connector("c", {.loss_dB = 1.0}), doctest::Contains("on a delay of 0"), ConfigError);
}
