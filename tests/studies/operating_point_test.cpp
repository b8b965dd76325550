#include "studies/operating_point.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "support.hpp"
#include "wdm_study.hpp"

using namespace photonlink;

namespace {

LinkSpec varied(const std::string& stage, const Variation& variation, const std::string& goal,
                double margin_dB = 0.0) {
  LinkSpec spec = test::one_lane(test::microring_link());
  for (StageSpec& each : spec.stages)
    if (each.name == stage) each.vary = {variation};
  spec.operating_point = {.goal = goal, .margin_dB = margin_dB};
  return spec;
}

LinkResult evaluated(const LinkSpec& spec) {
  Context context(1);
  return evaluate(build_link(spec), {.pictures = false}, context);
}

}  // namespace

TEST_CASE("operating point: a link without a goal stays as it is") {
  Context context(1);
  const LinkSpec spec = test::one_lane(test::microring_link());
  CHECK(at_operating_point(spec, context).chosen.goal.empty());
}

TEST_SUITE("slow") {
  TEST_CASE("operating point: least laser power leaves the margin that was asked for") {
    // More power costs more energy and gives more margin, so the demand is active.
    Context context(2);
    const LinkSpec chosen =
        at_operating_point(varied("laser", {"power", 0.2e-3, 4e-3}, "least_energy", 2.0), context);
    REQUIRE(chosen.chosen.value.size() == 1);
    CHECK(chosen.chosen.keeps_margin);
    CHECK_FALSE(chosen.chosen.value[0].at_bound);
    const LinkResult result = evaluated(chosen);
    // 1e-4 of the range of powers is 0.002 dB at 1 mW; margins are found to 0.001 dB.
    CHECK(result.loss_margin_dB >= 2.0 - 1e-3);
    CHECK(result.loss_margin_dB <= 2.0 + 0.05);
    const LinkResult before = evaluated(test::one_lane(test::microring_link()));
    CHECK(result.energy.with_host_J_per_bit < before.energy.with_host_J_per_bit);
    // Chosen once, it stays.
    CHECK(at_operating_point(chosen, context).chosen.evaluations == chosen.chosen.evaluations);
  }

  TEST_CASE("operating point: a demand that no point holds is told") {
    Context context(2);
    const LinkSpec chosen =
        at_operating_point(varied("laser", {"power", 0.2e-3, 0.4e-3}, "least_energy", 25.0), context);
    CHECK_FALSE(chosen.chosen.keeps_margin);
    CHECK(chosen.chosen.value[0].at_bound);  // the most power
  }

  TEST_CASE("operating point: a grid of ring detunings finds no larger margin") {
    Context context(2);
    LinkSpec spec = varied("modulator rings", {"detuning", 5e9, 75e9}, "largest_margin");
    spec = test::with(spec, "modulator rings", "detuning_mode", std::string("fixed"));
    const LinkSpec chosen = at_operating_point(spec, context);
    const double best = evaluated(chosen).loss_margin_dB;
    int compared = 0;
    for (double detuning_Hz = 5e9; detuning_Hz <= 75e9; detuning_Hz += 5e9) {
      const double margin =
          evaluated(test::with(spec, "modulator rings", "detuning", detuning_Hz)).loss_margin_dB;
      if (std::isnan(margin)) continue;  // the eye is closed without noise
      ++compared;
      // Margins are found to 0.001 dB, the equaliser's phase jumps by samples.
      CHECK(margin <= best + 0.01);
    }
    CHECK(compared >= 8);
    // The largest static OMA is no larger margin.
    CHECK(best > evaluated(test::one_lane(test::microring_link())).loss_margin_dB - 1e-2);
  }
}
