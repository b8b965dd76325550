#include "solvers/margin.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "devices/registry.hpp"
#include "links.hpp"
#include "solvers/evaluate.hpp"
#include "studies/link_builder.hpp"
#include "studies/study_reader.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;

namespace {

constexpr double rate_Bd = 25e9;

std::shared_ptr<Link> echo_link(double noise_V2_per_Hz, double loss_dB) {
  SerdesReceiverParameters receiver{.bandwidth_Hz = 20e9};
  receiver.noise_V2_per_Hz = noise_V2_per_Hz;
  const double g = std::pow(10.0, -loss_dB / 20.0);
  return test::copper_link(
      2, rate_Bd, {.swing_Vpp = 1.0, .snr_dB = 30.0},
      {std::make_shared<test::SymbolSpacedEcho>(std::vector<double>{0.02 * g, 1.0 * g, -0.15 * g}, rate_Bd)},
      receiver);
}

double solved_ber(const std::shared_ptr<const Link>& link) {
  Context context(1);
  return solve_pattern(link, context).ber[0];
}

LinkSpec ring_link() {
  const Study study = read_study(test::source_path("examples/microring_vs_copper/study.toml"), device_types(),
                                 test::source_path("devices/cards"));
  LinkSpec link = study.links[0];
  link.pattern = "deBruijn6";  // rings remember about two symbols
  return link;
}

}  // namespace

TEST_CASE("margin: a copper link with that much more loss lands on the target") {
  constexpr double noise = 2e-14, target = 1e-6;
  Context context(1);
  PatternSolution solution = solve_pattern(echo_link(noise, 0.0), context);
  const double margin_dB = loss_margin_dB(*solution.lane[0], target, false);
  REQUIRE(margin_dB > 0.5);
  // The margin ends at a thousandth of a dB; tables of the tail.
  CHECK(abs_error(std::log10(solved_ber(echo_link(noise, margin_dB))), std::log10(target)) <= 0.01);
}

TEST_CASE("margin: all Gaussian noise grown by the noise margin lands on the target") {
  constexpr double noise = 2e-14, target = 1e-6;
  Context context(1);
  PatternSolution solution = solve_pattern(echo_link(noise, 0.0), context);
  LaneModel& lane = *solution.lane[0];
  const double margin_dB = noise_margin_dB(lane, target);
  const double factor = std::pow(10.0, margin_dB / 20.0);
  const double ber = lane.bit_error_ratio(0.0, lane.thresholds(), {1.0, factor});
  CHECK(abs_error(std::log10(ber), -6.0) <= 0.01);  // a thousandth of a dB
  // The same by its sources: receiver density by the square, transmitter SNR by the decibels.
  auto grown = echo_link(noise * factor * factor, 0.0);
  grown->stages[0] = std::make_shared<SerdesTransmitter>(
      "transmitter", SerdesTransmitterParameters{.swing_Vpp = 1.0, .snr_dB = 30.0 - margin_dB});
  CHECK(abs_error(std::log10(solved_ber(grown)), -6.0) <= 0.02);  // adapted again, on the same samples
}

TEST_CASE("margin: interference that closes the eye is not a matter of decibels") {
  Context context(1);
  const auto link = test::copper_link(
      2, rate_Bd, {.swing_Vpp = 1.0},
      {std::make_shared<test::SymbolSpacedEcho>(std::vector<double>{0.5, 1.0, 0.6, 0.3}, rate_Bd)},
      {.noise_V2_per_Hz = 1e-14});
  PatternSolution solution = solve_pattern(link, context);
  CHECK(std::isnan(noise_margin_dB(*solution.lane[0], 1e-9)));
  CHECK(std::isnan(loss_margin_dB(*solution.lane[0], 1e-9, false)));
}

TEST_SUITE("slow") {
  TEST_CASE("margin: a ring link with that much optical loss in front of the detector lands on the target") {
    const LinkSpec spec = ring_link();
    Context context(1);
    PatternSolution solution = solve_pattern(build_link(spec), context);
    const auto worst = static_cast<std::size_t>(solution.worst_lane());
    const double target = 1e-11, margin_dB = loss_margin_dB(*solution.lane[worst], target, true);
    REQUIRE(margin_dB > 1.0);
    std::size_t coupler = 0;
    while (spec.stages[coupler].name != "coupler receive") ++coupler;
    PatternSolution lossy =
        solve_pattern(build_link(with_parameter(spec, coupler, "loss", 1.3 + margin_dB)), context);
    // RIN, shot and thermal noise scale with 1, sqrt(g) and 0 as the lossy chain makes them. Same thresholds:
    // the sampling instant may move by a sample, and the equaliser is scaled anew.
    const auto& thresholds = solution.lane[worst]->thresholds();
    const double same = lossy.lane[worst]->bit_error_ratio(0.0, thresholds);
    MESSAGE("target 1e-11, same thresholds " << same << ", adapted again " << lossy.ber[worst]);
    CHECK(lossy.lane[worst]->inputs().offset == solution.lane[worst]->inputs().offset);
    CHECK(abs_error(std::log10(same), std::log10(target)) <= 0.05);
    CHECK(lossy.ber[worst] <= same);  // what the margin leaves to a receiver that adapts again
  }

  TEST_CASE("energy: twice the laser power doubles the laser's entries and nothing of the host") {
    LinkSpec spec = ring_link();
    std::size_t laser = 0;
    while (spec.stages[laser].name != "laser") ++laser;
    Context context(1);
    const LinkResult once =
                         evaluate(build_link(with_parameter(spec, laser, "power", 1e-3)), {false}, context),
                     twice =
                         evaluate(build_link(with_parameter(spec, laser, "power", 2e-3)), {false}, context);
    int lasers = 0;
    REQUIRE(once.ledger.energy.size() == twice.ledger.energy.size());
    double difference_W = 0.0;
    for (std::size_t k = 0; k < once.ledger.energy.size(); ++k) {
      const auto &a = once.ledger.energy[k], &b = twice.ledger.energy[k];
      difference_W += b.power_W - a.power_W;
      if (a.component == "laser") {
        ++lasers;
        // One product.
        CHECK(test::rel_error(b.power_W, 2.0 * a.power_W) <= 1e-14);
      } else if (a.owner == Owner::host) {
        CHECK(b.power_W == a.power_W);
      }
    }
    CHECK(lasers > 0);
    const double rate = 8 * 32e9;
    // A difference of sums.
    CHECK(test::rel_error(twice.energy.module_J_per_bit - once.energy.module_J_per_bit,
                          difference_W / rate) <= 1e-9);
    // Budget of the lit link: levels chain up, from the laser's dBm to required plus margin.
    REQUIRE(once.budget.size() > 5);
    CHECK(abs_error(once.budget.front().level, 0.0) <= 1e-9);  // 1 mW
    for (std::size_t k = 1; k < once.budget.size(); ++k) {
      const BudgetStep &before = once.budget[k - 1], &step = once.budget[k];
      CAPTURE(step.label);
      // Sums of a few decibels.
      if (step.kind == BudgetStep::Kind::change)
        CHECK(abs_error(step.level, before.level + step.change) <= 1e-9);
      if (step.kind == BudgetStep::Kind::level) CHECK(abs_error(step.level, before.level) <= 1e-9);
      if (step.kind == BudgetStep::Kind::required)
        CHECK(abs_error(step.level, before.level - once.loss_margin_dB) <= 1e-9);
      if (step.kind == BudgetStep::Kind::margin)
        CHECK(abs_error(step.level, before.level + once.loss_margin_dB) <= 1e-9);
    }
  }
}
