#include "studies/link_builder.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "solvers/chain.hpp"

using namespace photonlink;

TEST_CASE("link builder: part of a link has stages, but is no link") {
  LinkSpec spec{.name = "part", .modulation = "PAM4", .symbol_rate_Bd = 50e9, .lanes = 2};
  spec.stages = {{.device = "cw_laser", .name = "laser", .parameters = {{"carriers", 2}}},
                 {.device = "microring_modulator", .name = "ring"}};
  const auto stages = build_stages(spec);
  REQUIRE(stages->stages.size() == 2);
  CHECK(stages->stages[1]->name() == "ring");
  CHECK(stages->levels == 4);
  CHECK(stages->lanes == 2);
  CHECK(Chain(*stages).nodes() == std::vector<int>{0, 1});
  CHECK_THROWS_WITH_AS(build_link(spec), "link 'part': the first stage must be a serdes_transmitter",
                       ConfigError);
  spec.stages.insert(spec.stages.begin(), {.device = "serdes_transmitter", .name = "tx"});
  CHECK_THROWS_WITH_AS(build_link(spec), "link 'part': the last stage must be a serdes_receiver",
                       ConfigError);
  spec.stages[1].parameters = {{"power", -1.0}};
  CHECK_THROWS_AS(build_stages(spec), ConfigError);
}
