#include "solvers/energy.hpp"

#include <doctest/doctest.h>

#include "links.hpp"
#include "signal/pattern.hpp"
#include "solvers/evaluate.hpp"
#include "solvers/power_budget.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

TEST_CASE("energy: sums by boundary, twice one end for the duplex link") {
  Ledger ledger;
  ledger.energy = {{"laser", "wall-plug", Owner::module, 0.4, ""},
                   {"tia", "supply", Owner::module, 0.1, ""},
                   {"serdes", "output stage", Owner::host, 0.3, ""}};
  ledger.latency = {{"fiber", 20e-9}, {"fec", 60e-9}};
  const EnergySum sum = add_energy(ledger, 100e9);
  // Rounding of three divisions.
  CHECK(rel_error(sum.module_J_per_bit, 5e-12) <= 1e-14);
  CHECK(rel_error(sum.with_host_J_per_bit, 8e-12) <= 1e-14);
  CHECK(rel_error(sum.link_J_per_bit, 16e-12) <= 1e-14);
  CHECK(rel_error(add_latency_s(ledger), 80e-9) <= 1e-14);
}

TEST_CASE("power budget: copper levels chain up from the swing to the slicer") {
  SerdesReceiverParameters receiver{.ffe_pre = 1, .ffe_post = 1};
  receiver.noise_V2_per_Hz = 1e-15;
  const auto link = test::copper_link(4, 25e9, {.swing_Vpp = 0.8, .rise_time_s = 10e-12},
                                      {std::make_shared<test::LowPassChannel>(0.5e-9, 100e-15)}, receiver);
  Context context(1);
  const LinkResult result = evaluate(link, {false}, context);
  REQUIRE(result.budget.size() >= 6);
  // 0.8 V in dBV.
  CHECK(abs_error(result.budget.front().level, 20.0 * std::log10(0.8)) <= 1e-9);
  double level = result.budget.front().level;
  for (const BudgetStep& step : result.budget) {
    CAPTURE(step.label);
    // Sums of a few decibels.
    if (step.kind == BudgetStep::Kind::change) CHECK(abs_error(step.level, level + step.change) <= 1e-9);
    if (step.kind == BudgetStep::Kind::level) CHECK(abs_error(step.level, level) <= 1e-9);
    if (step.kind == BudgetStep::Kind::required)
      CHECK(abs_error(step.level, level - result.noise_margin_dB) <= 1e-9);
    if (step.kind == BudgetStep::Kind::margin) CHECK(step.change == result.noise_margin_dB);
    level = step.level;
  }
  // Back where the margin was taken off.
  CHECK(result.budget.back().kind == BudgetStep::Kind::margin);
}

TEST_CASE("power budget: amplitudes of a known square wave of light, however late") {
  // Upper level 2 mW, lower 0.5 mW, held; PRBS7 has no other delay at which the outer symbols differ as much.
  const SymbolPattern pattern = make_pattern("PRBS7", 2);
  const TimeGrid grid{25e9, 16, static_cast<int>(pattern.index.size())};
  const auto size = static_cast<std::size_t>(grid.size());
  Context context(1);
  for (const std::size_t late : {5u, 128u, 1000u, 2000u}) {  // up to 125 symbols
    CAPTURE(late);
    ComplexWave field(size);
    for (std::size_t u = 0; u < size; ++u)
      field[(u + late) % size] = std::polar(std::sqrt(pattern.index[u / 16] == 1 ? 2e-3 : 0.5e-3), 0.3);
    const Modulation m = modulation_of(field, grid, pattern.index, 2, context);
    // Rounding of means.
    CHECK(rel_error(m.high_W, 2e-3) <= 1e-12);
    CHECK(rel_error(m.low_W, 0.5e-3) <= 1e-12);
    CHECK(rel_error(m.average_W, (64.0 * 2e-3 + 63.0 * 0.5e-3) / 127.0) <= 1e-12);
  }
}
