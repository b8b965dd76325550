#include "devices/_skeleton/skeleton.hpp"

#include <doctest/doctest.h>

#include <numbers>

#include "device_checks.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

constexpr SkeletonParameters filter{.loss_dB = 0.0,
                                    .centre_frequency_Hz = 228e12,
                                    .bandwidth_Hz = 80e9,
                                    .tuning_range_Hz = 50e9,
                                    .tuning_efficiency_Hz_per_W = 20e12};

Complex response_at(const SkeletonParameters& parameters, double offset_Hz) {
  Complex response = 1.0;
  Skeleton("filter", parameters).multiply_optical(0, 228e12, {&offset_Hz, 1}, {&response, 1});
  return response;
}

}  // namespace

TEST_CASE("skeleton: every parameter refuses values outside its range by name") {
  test::check_range_messages<Skeleton, SkeletonParameters>();
}

TEST_CASE("skeleton: power halves at half the bandwidth on either side") {
  // Frequencies of 228 THz leave 0.03 Hz of rounding, 1e-12 of the bandwidth.
  CHECK(rel_error(std::norm(response_at(filter, 40e9)), 0.5) <= 1e-11);
  CHECK(rel_error(std::norm(response_at(filter, -40e9)), 0.5) <= 1e-11);
}

TEST_CASE("skeleton: latency is the slope of the phase on resonance") {
  // Central difference over ±h = 80 MHz: error (2h/B)²/3 = 1.3e-6 relative.
  const double h_Hz = 80e6;
  const double slope =
      (std::arg(response_at(filter, h_Hz)) - std::arg(response_at(filter, -h_Hz))) / (2.0 * h_Hz);
  Ledger ledger;
  Skeleton("filter", filter).ledger({}, ledger);
  REQUIRE(ledger.latency.size() == 1);
  CHECK(rel_error(ledger.latency[0].delay_s, -slope / (2.0 * std::numbers::pi)) <= 2e-6);
}

TEST_CASE("skeleton: heater power is range over efficiency") {
  Ledger ledger;
  Skeleton("filter", filter).ledger({}, ledger);
  REQUIRE(ledger.energy.size() == 1);
  // 50 GHz / (20 THz/W) = 2.5 mW, one rounding.
  CHECK(rel_error(ledger.energy[0].power_W, 2.5e-3) <= 1e-15);
}

TEST_CASE("skeleton: a carrier outside the pass band is warned of, one inside is not") {
  Bundle bundle;
  bundle.carrier_Hz = {228e12, 228.1e12};
  std::vector<Warning> warnings;
  Skeleton("filter", filter).validity(bundle, warnings);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].text.find("100 GHz") != std::string::npos);
}
