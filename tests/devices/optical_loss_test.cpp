#include "devices/optical_loss.hpp"

#include <doctest/doctest.h>

#include "core/units.hpp"
#include "device_checks.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

TEST_CASE("optical loss: every parameter refuses values outside its range by name") {
  test::check_range_messages<OpticalLoss, OpticalLossParameters>();
}

TEST_CASE("optical loss: count, length and both kinds of loss add in dB, whatever the offset") {
  const OpticalLoss loss("route",
                         {.loss_dB = 1.5, .count = 2, .length_m = 5e-3, .loss_per_length_dB_per_m = 200.0});
  const std::vector<double> offset_Hz{0.0, 50e9, -50e9};
  std::vector<Complex> response(3, Complex(0.0, 2.0));
  loss.multiply_optical(0, 228e12, offset_Hz, response);
  // 2 x 1.5 dB + 5 mm x 2 dB/cm = 4 dB of power on a response of |2|², phase untouched.
  for (const Complex& value : response) {
    CHECK(rel_error(std::norm(value), 4.0 * power_ratio(Gain_dB{-4.0})) <= 1e-14);
    CHECK(abs_error(value.real(), 0.0) <= 0.0);
  }
}

TEST_CASE("optical loss: its ideal values leave light untouched") {
  const OpticalLoss loss("route",
                         {.loss_dB = 0.0, .count = 3, .length_m = 1.0, .loss_per_length_dB_per_m = 0.0});
  CHECK(abs_error(loss.total_loss_dB(), 0.0) <= 0.0);
}

TEST_CASE("optical loss: only a waveguide delays, by n_g L / c") {
  Ledger ledger;
  OpticalLoss("coupler", {.loss_dB = 1.0}).ledger({}, ledger);
  CHECK(ledger.latency.empty());
  OpticalLoss("route", {.length_m = 10e-3, .group_index = 4.2}).ledger({}, ledger);
  REQUIRE(ledger.latency.size() == 1);
  // 42 mm of vacuum at 299792458 m/s.
  CHECK(rel_error(ledger.latency[0].delay_s, 0.042 / 299792458.0) <= 1e-14);
}
