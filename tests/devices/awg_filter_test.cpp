#include "devices/awg_filter.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "device_checks.hpp"
#include "filter_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::filter_power;
using test::rel_error;

namespace {

double dB(double power) {
  return 10.0 * std::log10(power);
}

}  // namespace

TEST_CASE("awg filter: every parameter refuses values outside its range by name") {
  test::check_range_messages<AwgFilter, AwgFilterParameters>();
}

TEST_CASE("awg filter: half power at half the width, whatever the order; flat tops are flatter inside") {
  for (const double order : {1.0, 2.0, 4.0}) {
    const AwgFilter filter("awg", {.bandwidth_Hz = 100e9, .passband_order = order, .insertion_loss_dB = 1.0});
    for (const double side : {-50e9, 50e9})
      // 0.03 Hz of 100 GHz.
      CHECK(rel_error(filter_power(filter, 3, 228.6e12 + side), 0.5 * std::pow(10.0, -0.1)) <= 1e-10);
    // ln 2 (1/2)^(2n), 2.7e-3 at least, of a logarithm that is rounded to 1e-16.
    CHECK(rel_error(-std::log(std::pow(10.0, 0.1) * filter_power(filter, 3, 228.625e12)),
                    std::log(2.0) * std::pow(0.5, 2.0 * order)) <= 1e-10);
  }
}

TEST_CASE("awg filter: neighbours and others leak at their floors, the own carrier has none") {
  const AwgFilter filter("awg", {.bandwidth_Hz = 60e9,
                                 .adjacent_crosstalk_dB = 30.0,
                                 .nonadjacent_crosstalk_dB = 40.0,
                                 .insertion_loss_dB = 2.0});
  // The Gaussian of 60 GHz is 10^-13 a spacing away. Rounding.
  CHECK(abs_error(dB(filter_power(filter, 5, 229.0e12)), -2.0) <= 1e-9);
  CHECK(abs_error(dB(filter_power(filter, 5, 229.2e12)), -32.0) <= 1e-6);
  CHECK(abs_error(dB(filter_power(filter, 5, 228.8e12)), -32.0) <= 1e-6);
  CHECK(abs_error(dB(filter_power(filter, 5, 229.4e12)), -42.0) <= 1e-6);
  CHECK(abs_error(dB(filter_power(filter, 5, 230.8e12)), -42.0) <= 1e-6);
}

TEST_CASE("awg filter: orders repeat with the free spectral range, and neighbours across it are neighbours") {
  const AwgFilter filter("awg", {.bandwidth_Hz = 60e9, .fsr_Hz = 3.2e12, .insertion_loss_dB = 0.0});
  for (const double off : {-30e9, 0.0, 45e9})
    CHECK(abs_error(filter_power(filter, 2, 228.4e12 + off + 3.2e12),
                    filter_power(filter, 2, 228.4e12 + off)) <= 1e-11);
  // Channel 15 lies one spacing below channel 0 of the next order.
  CHECK(abs_error(dB(filter_power(filter, 0, 231.0e12)), -30.0) <= 0.05);
  CHECK_THROWS_WITH_AS(AwgFilter("awg", {.fsr_Hz = 3.0e12}), doctest::Contains("free spectral range"),
                       ConfigError);
}

TEST_CASE("awg filter: crosstalk of 15 equal carriers into one port is the sum of the floors") {
  const AwgFilter filter("awg", {.bandwidth_Hz = 60e9, .insertion_loss_dB = 1.0});
  double others = 0.0;
  for (int c = 0; c < 16; ++c)
    if (c != 7) others += filter_power(filter, 7, 228e12 + 200e9 * c);
  // Two at -30 dB, thirteen at -40 dB.
  CHECK(rel_error(others, std::pow(10.0, -0.1) * (2e-3 + 13e-4)) <= 1e-9);
}

TEST_CASE("awg filter: one that is specified without loss gives out what enters, not more") {
  const AwgFilter filter("awg", {.bandwidth_Hz = 250e9, .insertion_loss_dB = 0.0});
  for (int i = 0; i < 30; ++i) {
    double sum = 0.0;
    for (int port = 0; port < 16; ++port) sum += filter_power(filter, port, 228.6e12 + 30e9 * i);
    // Rounding of sixteen terms.
    CHECK(abs_error(sum, 1.0) <= 1e-12);
  }
}

TEST_CASE("awg filter: the mean path delays, wide passbands warn") {
  Ledger ledger;
  AwgFilter("awg", {}).ledger({}, ledger);
  // 15 mm of vacuum.
  CHECK(rel_error(ledger.latency.at(0).delay_s, 0.015 / 299792458.0) <= 1e-14);
  std::vector<Warning> warnings;
  AwgFilter("awg", {}).validity({}, warnings);
  CHECK(warnings.empty());
  AwgFilter("awg", {.bandwidth_Hz = 250e9}).validity({}, warnings);
  CHECK(warnings.size() == 1);
}
