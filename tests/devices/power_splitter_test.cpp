#include "devices/power_splitter.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "device_checks.hpp"
#include "devices/cw_laser.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

double branch_power(const PowerSplitterParameters& p) {
  const double offset_Hz = 0.0;
  Complex response = 1.0;
  PowerSplitter("split", p).multiply_optical(0, 228e12, {&offset_Hz, 1}, {&response, 1});
  return std::norm(response);
}

}  // namespace

TEST_CASE("power splitter: every parameter refuses values outside its range by name") {
  int checked = 0;
  for (const FieldInfo& row : describe<PowerSplitterParameters>()) {
    PowerSplitterParameters p;
    const bool whole = std::holds_alternative<int>(row.default_value);
    const ParameterValue above = whole ? ParameterValue(static_cast<int>(row.upper) + 1) : row.upper + 1.0;
    CHECK_THROWS_WITH_AS(set(p, row.name, above), doctest::Contains(row.name.c_str()), ConfigError);
    ++checked;
  }
  CHECK(checked == 4);
}

TEST_CASE("power splitter: the branches add up to the input less the excess") {
  // Four branches, +0.4, -0.1, -0.1 dB around the mean, and the last so that their mean is the mean.
  const auto share = [](double deviation) { return std::pow(10.0, deviation / 10.0); };
  const double last = 10.0 * std::log10(4.0 - share(0.4) - 2.0 * share(-0.1));
  double sum = 0.0;
  for (const double deviation : {0.4, -0.1, -0.1, last})
    sum += branch_power({.branches = 4, .excess_loss_dB = 0.3, .branch_deviation_dB = deviation});
  // Rounding.
  CHECK(rel_error(sum, std::pow(10.0, -0.03)) <= 1e-14);
  // An ideal splitter in two: 3.01 dB.
  CHECK(rel_error(branch_power({.branches = 2, .excess_loss_dB = 0.0}), 0.5) <= 1e-14);
}

TEST_CASE("power splitter: four links that share a laser pay a quarter of it each, and of nothing else") {
  const CwLaser laser("laser", CwLaserParameters{.temperature_control_share = 0.5});
  Ledger alone;
  laser.ledger({}, alone);
  alone.energy.push_back({"driver", "driver supply", Owner::module, 0.2, "estimate"});
  Ledger shared = alone;
  PowerSplitter("split", {.branches = 4, .sharing_links = 4}).ledger({}, shared);
  REQUIRE(shared.energy.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const double part = shared.energy[i].component == "driver" ? 1.0 : 0.25;
    CHECK(abs_error(shared.energy[i].power_W, part * alone.energy[i].power_W) <= 1e-15);
  }
  CHECK(shared.energy[0].basis.find("shared by 4 links behind split") != std::string::npos);
  CHECK(shared.latency.empty());
}

TEST_CASE(
    "power splitter: more links than branches and a branch above the input are refused, dark ones told") {
  CHECK_THROWS_WITH_AS(PowerSplitter("split", {.branches = 2, .sharing_links = 3}),
                       doctest::Contains("sharing_links = 3"), ConfigError);
  CHECK_THROWS_WITH_AS(
      PowerSplitter("split", {.branches = 1, .excess_loss_dB = 0.0, .branch_deviation_dB = 1.0}),
      doctest::Contains("stronger than the input"), ConfigError);
  std::vector<Warning> warnings;
  PowerSplitter("split", {.branches = 8, .sharing_links = 5}).validity({}, warnings);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].text.find("5 of 8 branches") != std::string::npos);
}
