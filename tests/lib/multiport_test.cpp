#include "network/multiport.hpp"

#include <doctest/doctest.h>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "lib/network_files.hpp"
#include "network/touchstone.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

SParameters random_network(const std::string& name, int ports) {
  return read_touchstone(
      test::source_path("tests/data/network/random_" + name + ".s" + std::to_string(ports) + "p"));
}

/// Two uncoupled, matched legs of different delay and gain 0.8.
SParameters two_legs(double p_delay_s, double n_delay_s, double last_Hz) {
  SParameters n{4, 50.0, {}, {}};
  for (int k = 0; k <= 400; ++k) {
    const double f = last_Hz * k / 400.0;
    const Complex p = std::polar(0.8, -2.0 * constants::pi * f * p_delay_s),
                  m = std::polar(0.8, -2.0 * constants::pi * f * n_delay_s);
    n.frequency_Hz.push_back(f);
    n.s.insert(n.s.end(), {0.0, 0.0, p, 0.0, 0.0, 0.0, 0.0, m, p, 0.0, 0.0, 0.0, 0.0, m, 0.0, 0.0});
  }
  return n;
}

}  // namespace

// Oracle: scikit-rf, tests/oracles/scikit_rf_networks.py.
TEST_CASE("multiport: a cascade of 2-ports agrees with scikit-rf and with the product of chain matrices") {
  const SParameters c = random_network("c", 2), g = random_network("g", 2), joined = cascade(c, g);
  const auto expected = test::read_csv("tests/data/network/random_c_g_cascade.csv");
  const auto mc = to_abcd(c), mg = to_abcd(g);
  for (std::size_t k = 0; k < expected.size(); ++k) {
    // Roundings of numbers below 1, enlarged by 1 / (1 - S22 S11) < 10.
    CHECK(test::largest_difference(std::span(joined.s).subspan(4 * k, 4),
                                   test::complex_cells(expected[k], 0, 4)) <= 1e-14);
    const S2 s = to_s(mc[k] * mg[k], 50.0);
    // The chain way cancels products of size 1/|S21|².
    CHECK(test::largest_difference(std::span(joined.s).subspan(4 * k, 4),
                                   std::vector<Complex>{s.s11, s.s12, s.s21, s.s22}) <= 1e-12);
  }
  CHECK_THROWS_WITH_AS(cascade(c, random_network("b", 2)), doctest::Contains("renormalise"), DomainError);
  CHECK_THROWS_WITH_AS(cascade(c, random_network("e", 4)), doctest::Contains("equal sides"), DomainError);
}

TEST_CASE("multiport: a cascade of 4-ports agrees with scikit-rf, which joins them port by port") {
  const SParameters joined = cascade(random_network("h", 4), random_network("i", 4));
  const auto expected = test::read_csv("tests/data/network/random_h_i_cascade.csv");
  REQUIRE(expected.size() == 5);
  // Roundings of numbers below 1, enlarged by loops of less than 0.95².
  for (std::size_t k = 0; k < expected.size(); ++k)
    CHECK(test::largest_difference(std::span(joined.s).subspan(16 * k, 16),
                                   test::complex_cells(expected[k], 0, 16)) <= 1e-13);
}

TEST_CASE("multiport: what is joined comes off again, from either side, for 2- and 4-ports") {
  const SParameters c = random_network("c", 2), g = random_network("g", 2);
  // Divisions by the transmission of random networks, which is above 0.1 in all but a few elements.
  CHECK(test::largest_difference(remove_left(cascade(c, g), c).s, g.s) <= 1e-12);
  CHECK(test::largest_difference(remove_right(cascade(c, g), g).s, c.s) <= 1e-12);
  const SParameters h = random_network("h", 4), i = random_network("i", 4);
  CHECK(test::largest_difference(remove_left(cascade(h, i), h).s, i.s) <= 1e-12);
  CHECK(test::largest_difference(remove_right(cascade(h, i), i).s, h.s) <= 1e-12);
  const SParameters all = cascade(cascade(h, i), h);
  CHECK(test::largest_difference(remove_right(remove_left(all, h), h).s, i.s) <= 1e-11);
}

TEST_CASE("multiport: a fixture that transmits nothing, foreign grids and odd networks are refused") {
  const SParameters c = random_network("c", 2), e = random_network("e", 4);
  SParameters blocked = c;
  for (std::size_t k = 0; k < 5; ++k) blocked.s[4 * k + 1] = blocked.s[4 * k + 2] = 1e-7;
  CHECK_THROWS_WITH_AS(remove_left(c, blocked), doctest::Contains("cannot be taken off"), DomainError);
  SParameters shifted = c;
  shifted.frequency_Hz[1] += 1.0;
  CHECK_THROWS_WITH_AS(remove_left(c, shifted), doctest::Contains("grid"), DomainError);
  CHECK_THROWS_WITH_AS(remove_left(c, e), doctest::Contains("equal sides"), DomainError);
  CHECK_THROWS_WITH_AS(cascade(random_network("d", 3), random_network("d", 3)),
                       doctest::Contains("equal sides"), DomainError);
  CHECK_THROWS_AS(reversed(random_network("d", 3)), DomainError);
}

TEST_CASE("multiport: a delay at a port is a matched line there, and comes off with its negative") {
  const SParameters e = random_network("e", 4);
  // A matched lossless line of 20 ps in front of port 2 alone, as a cascade on the left side.
  SParameters line{4, e.reference_ohm, e.frequency_Hz, {}};
  for (const double f : e.frequency_Hz) {
    const Complex turn = std::polar(1.0, -2.0 * constants::pi * f * 20e-12);
    line.s.insert(line.s.end(),
                  {0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, turn, 1.0, 0.0, 0.0, 0.0, 0.0, turn, 0.0, 0.0});
  }
  // Roundings of numbers below 1.
  CHECK(test::largest_difference(delay_port(e, 2, 20e-12).s, cascade(line, e).s) <= 1e-14);
  CHECK(test::largest_difference(delay_port(delay_port(e, 3, 7e-12), 3, -7e-12).s, e.s) <= 1e-14);
  CHECK_THROWS_AS(delay_port(e, 5, 1e-12), DomainError);
  CHECK_THROWS_AS(delay_port(e, 1, NAN), DomainError);
}

TEST_CASE("multiport: skew turns differential into common mode by sin(π f τ), and is measured back") {
  const double skew_s = 4e-12, f = 20e9;
  const SParameters legs = two_legs(3e-9, 3e-9 + skew_s, 40e9);
  // Phases of up to 750 rad.
  CHECK(abs_error(intra_pair_skew_s(legs, 0.0, 40e9), skew_s) <= 1e-22);
  CHECK(abs_error(intra_pair_skew_s(delay_port(legs, 4, -skew_s), 0.0, 40e9), 0.0) <= 1e-22);
  const MixedMode m = mixed_mode(legs);
  REQUIRE(legs.frequency_Hz[200] == f);
  // Half the difference and half the sum of two phasors.
  CHECK(rel_error(std::abs(m.cd[4 * 200 + 2]), 0.8 * std::sin(constants::pi * f * skew_s)) <= 1e-12);
  CHECK(rel_error(std::abs(m.dd.at(200, 1, 0)), 0.8 * std::cos(constants::pi * f * skew_s)) <= 1e-12);
  CHECK_THROWS_AS(intra_pair_skew_s(random_network("c", 2), 0.0, 1e9), DomainError);
}
