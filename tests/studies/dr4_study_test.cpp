#include <doctest/doctest.h>

#include "core/units.hpp"
#include "support.hpp"
#include "wdm_study.hpp"

using namespace photonlink;
using namespace photonlink::test;

namespace {

const LinkSpec& lane_of(const std::string& name) {
  static const Study study =
      read_study(source_path("examples/dr4_mzm/study.toml"), device_types(), source_path("devices/cards"));
  for (const LinkSpec& link : study.links)
    if (link.name == name) return link;
  throw std::runtime_error("the example has no link " + name);
}

/// One equaliser setting: what is asked here does not depend on the grid.
LinkResult result_of(LinkSpec spec) {
  spec = with(spec, "receiver", "ctle_gain", std::vector<double>{-2.0});
  spec = with(spec, "receiver", "ctle_low_gain", std::vector<double>{0.0});
  return evaluated(spec).result;
}

double power_W_of(const LinkResult& result, const std::string& component) {
  double power_W = 0.0;
  for (const LedgerEntry& entry : result.ledger.energy)
    if (entry.component == component) power_W += entry.power_W;
  return power_W;
}

}  // namespace

TEST_CASE("DR4 study: all lanes close within the launch limits of Clause 124, as the page says" *
          doctest::test_suite("slow")) {
  // From the module's connector to the photodiode: fiber, connectors, coupler.
  const double behind_launch_dB = 0.5 * 0.35 + 2.75 + 1.5;
  struct Row {
    const char* name;
    double oma_dBm, extinction_dB, driver_pJ_per_bit;
  };
  for (const Row& row :
       {Row{"silicon", 3.4, 5.3, 2.4}, Row{"lithium_niobate", 4.1, 5.7, 0.9}, Row{"inp", 0.2, 5.8, 1.4}}) {
    CAPTURE(row.name);
    const LinkResult result = result_of(lane_of(row.name));
    const LaneResult& lane = result.lane.front();
    const double oma_dBm = level_dBm(lane.oma_W).value + behind_launch_dB;
    CHECK(result.closes);
    CHECK(result.loss_margin_dB > 6.0);
    CHECK(oma_dBm >= -0.8);
    CHECK(oma_dBm <= 4.2);
    CHECK(level_dBm(lane.average_power_W).value + behind_launch_dB <= 4.0);
    CHECK(lane.extinction_ratio_dB >= 3.5);
    // Half of the last digit on the page, and a little for the loss of the fiber's card.
    CHECK(abs_error(oma_dBm, row.oma_dBm) <= 0.06);
    CHECK(abs_error(lane.extinction_ratio_dB, row.extinction_dB) <= 0.06);
    CHECK(abs_error(power_W_of(result, "driver") / 106.25e9, 1e-12 * row.driver_pJ_per_bit) <= 0.06e-12);
  }
}

TEST_CASE("DR4 study: only the ratio of swing and V_pi counts, and a bias error costs light or extinction" *
          doctest::test_suite("slow")) {
  const LinkSpec silicon = lane_of("silicon");
  const LinkResult as_is = result_of(silicon);
  const LinkResult doubled =
      result_of(with(with(silicon, "driver", "swing", 5.0), "modulator", "v_pi", 12.0));
  // The same voltages in units of V_pi: rounding.
  CHECK(rel_error(doubled.lane[0].oma_W, as_is.lane[0].oma_W) <= 1e-9);
  CHECK(rel_error(doubled.lane[0].extinction_ratio_dB, as_is.lane[0].extinction_ratio_dB) <= 1e-9);
  const LinkResult brighter = result_of(with(silicon, "modulator", "bias_error", -0.1)),
                   darker = result_of(with(silicon, "modulator", "bias_error", 0.1));
  // cos(0.1 π) of the slope, sin(0.1 π) of the mean: the same for both, but for extinction of 30 dB.
  CHECK(rel_error(brighter.lane[0].oma_W, darker.lane[0].oma_W) <= 1e-2);
  CHECK(brighter.lane[0].oma_W < as_is.lane[0].oma_W);
  CHECK(brighter.lane[0].average_power_W > as_is.lane[0].average_power_W);
  CHECK(darker.lane[0].average_power_W < as_is.lane[0].average_power_W);
  CHECK(brighter.lane[0].extinction_ratio_dB < as_is.lane[0].extinction_ratio_dB);
  CHECK(darker.lane[0].extinction_ratio_dB > as_is.lane[0].extinction_ratio_dB);
}
