#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"
#include "support.hpp"
#include "wdm_study.hpp"

using namespace photonlink;
using namespace photonlink::test;

namespace {

const LinkSpec& link_of(const Study& study, const std::string& name) {
  for (const LinkSpec& link : study.links)
    if (link.name == name) return link;
  throw std::runtime_error("the example has no link " + name);
}
const LinkSpec& eight(const std::string& name) {
  static const Study study =
      read_study(source_path("examples/dwdm_8x32g/study.toml"), device_types(), source_path("devices/cards"));
  return link_of(study, name);
}
const LinkSpec& sixteen(const std::string& name) {
  static const Study study = read_study(source_path("examples/dwdm_16x64g/study.toml"), device_types(),
                                        source_path("devices/cards"));
  return link_of(study, name);
}

LinkResult result_of(const LinkSpec& spec) {
  return evaluated(spec).result;
}

double worst_dB(const LinkResult& result, double LaneResult::*member) {
  double worst = -INFINITY;
  for (const LaneResult& lane : result.lane) worst = std::max(worst, lane.*member);
  return worst;
}

double lorentzian(double offset_Hz, double linewidth_Hz) {
  return 1.0 / (1.0 + std::pow(2.0 * offset_Hz / linewidth_Hz, 2));
}

bool warns_of(const LinkResult& result, const std::string& text) {
  return std::any_of(result.warnings.begin(), result.warnings.end(),
                     [&](const Warning& warning) { return warning.text.find(text) != std::string::npos; });
}

struct Row {
  const char* name;
  double margin_dB, module_pJ, host_pJ, modulation_dB, demultiplexer_dB;  // as the page says
};

void check_page(const Row& row, const LinkResult& result) {
  CAPTURE(row.name);
  CHECK(result.closes);
  // Half of the last digit on the page.
  CHECK(abs_error(result.loss_margin_dB, row.margin_dB) <= 0.051);
  CHECK(abs_error(1e12 * result.energy.module_J_per_bit, row.module_pJ) <= 0.0051);
  CHECK(abs_error(1e12 * result.energy.with_host_J_per_bit, row.host_pJ) <= 0.0051);
  CHECK(abs_error(worst_dB(result, &LaneResult::modulation_crosstalk_dB), row.modulation_dB) <= 0.051);
  CHECK(abs_error(worst_dB(result, &LaneResult::demultiplexer_crosstalk_dB), row.demultiplexer_dB) <= 0.051);
}

}  // namespace

TEST_SUITE("slow") {
  TEST_CASE("DWDM 8 x 32G study: links close and cost what the page says") {
    check_page({"spacing_100", 4.7, 0.957, 1.36, -12.6, -7.9}, result_of(eight("spacing_100")));
    check_page({"spacing_200", 6.1, 0.957, 1.36, -23.1, -14.7}, result_of(eight("spacing_200")));
    check_page({"spacing_400", 6.3, 0.955, 1.35, -32.6, -19.4}, result_of(eight("spacing_400")));
  }

  // Oracle: the add-drop Lorentzian of a port that no ring stands in front of, every neighbour fresh, with
  // the OMA that each carrier has behind the modulators.
  TEST_CASE("DWDM 8 x 32G study: the first port's crosstalk is the sum of its neighbours' Lorentzians") {
    for (const auto& [name, spacing_Hz] :
         {std::pair{"spacing_100", 100e9}, {"spacing_200", 200e9}, {"spacing_400", 400e9}}) {
      CAPTURE(name);
      LinkSpec spec = eight(name);
      // The closed form has lasers on the grid.
      for (const char* stage : {"lasers", "filter rings"})
        spec = with(spec, stage, "frequency_errors", std::vector<double>{});
      const LinkResult result = result_of(spec);
      double sum = 0.0;
      for (int c = 1; c < 8; ++c) {
        const double share = lorentzian(std::remainder(c * spacing_Hz, 3.34e12), 228.2e12 / 4200.0);
        // Behind the demultiplexer lane c lost 0.06 dB at each ring it passed; its neighbours took their
        // share.
        double passed = std::pow(10.0, -0.006 * c);
        for (int k = 0; k < c; ++k)
          passed *= 1.0 - lorentzian(std::remainder((c - k) * spacing_Hz, 3.34e12), 228.2e12 / 4200.0);
        sum += share * result.lane[static_cast<std::size_t>(c)].oma_W / passed / result.lane[0].oma_W;
      }
      // A port narrows its own signal, which the tail of another passes whole: the budget's filtering, 0.3
      // dB, and sidebands see the tail at other offsets.
      const double excess_dB = result.lane[0].demultiplexer_crosstalk_dB - 10.0 * std::log10(sum);
      CHECK(excess_dB >= 0.1);
      CHECK(excess_dB <= 0.5);
    }
  }

  TEST_CASE("DWDM 8 x 32G study: a second direction on the same wavelengths costs more than all neighbours") {
    const LinkResult both = result_of(eight("both_directions")), one = result_of(eight("spacing_200"));
    check_page({"both_directions", 5.4, 0.957, 1.36, -23.1, -14.7}, both);
    CHECK(abs_error(worst_dB(both, &LaneResult::in_band_closure_dB), 0.86) <= 0.0051);
    const LinkResult no_neighbours = result_of(with(eight("spacing_200"), "filter rings", "crosstalk", 0.0));
    CHECK(one.loss_margin_dB - both.loss_margin_dB > no_neighbours.loss_margin_dB - one.loss_margin_dB);
    // Coherent crosstalk goes with the root: 6 dB less power halve the beat.
    const LinkResult weaker = result_of(with(eight("both_directions"), "other direction", "level", -37.0));
    const auto closure = [](const LinkResult& result) {
      return 1.0 - std::pow(10.0, -0.1 * result.lane[0].in_band_closure_dB);
    };
    // 10^(-6/20), exactly linear in the field.
    CHECK(rel_error(closure(weaker) / closure(both), std::pow(10.0, -0.3)) <= 1e-6);
  }

  TEST_CASE(
      "DWDM 16 x 64G study: links close and cost what the page says, orders interleave where they should") {
    const LinkResult one_order = result_of(sixteen("nrz_200")), two_orders = result_of(sixteen("nrz_400"));
    check_page({"nrz_200", 4.3, 0.845, 1.31, -20.5, -10.0}, one_order);
    check_page({"pam4_200", 2.3, 0.816, 1.14, -20.5, -10.5}, result_of(sixteen("pam4_200")));
    check_page({"nrz_400", 5.0, 0.845, 1.31, -20.3, -8.0}, two_orders);
    CHECK_FALSE(warns_of(one_order, "orders interleave"));
    CHECK(warns_of(two_orders, "orders interleave"));
    // 3.2 THz would put two orders onto each other.
    CHECK_THROWS_WITH_AS(result_of(with(sixteen("nrz_400"), "filter rings", "fsr", 3.2e12)),
                         doctest::Contains("carriers 0 and 8"), ConfigError);
  }

  TEST_CASE("DWDM 16 x 64G study: a comb's emission and weak lines cost margin") {
    const LinkResult comb = result_of(sixteen("nrz_200"));
    LinkSpec lasers = with(sixteen("nrz_200"), "comb", "osnr", 200.0);
    const LinkResult clean = result_of(lasers);
    const LinkResult even = result_of(with(lasers, "comb", "line_levels", std::vector<double>(16, 0.0)));
    MESSAGE("margin with the comb ", comb.loss_margin_dB, ", without emission ", clean.loss_margin_dB,
            ", even ", even.loss_margin_dB);
    CHECK(clean.loss_margin_dB > comb.loss_margin_dB);
    CHECK(even.loss_margin_dB > clean.loss_margin_dB);
    CHECK(comb.worst_lane == 15);
  }
}
