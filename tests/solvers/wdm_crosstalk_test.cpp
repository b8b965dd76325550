#include "solvers/wdm_crosstalk.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "devices/microring_modulator.hpp"
#include "monte_carlo_links.hpp"
#include "solvers/evaluate.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

// 1 - A / (1 + (2D/W)²).
double dip(double distance_Hz, double width_Hz, double depth) {
  return 1.0 - depth / (1.0 + std::pow(2.0 * distance_Hz / width_Hz, 2));
}

PatternSolution solved(const LinkSpec& spec, Context& context) {
  return solve_pattern(build_link(spec), context);
}

}  // namespace

// Oracle: Lorentzian dips of all rings in closed form; two lanes, one neighbour each.
TEST_CASE("wdm crosstalk: a ring modulates its neighbour's carrier by the slope of its Lorentzian") {
  Context context(1);
  for (const double spacing_Hz : {200e9, 400e9}) {
    LinkSpec spec = test::small_ring_link(2);
    test::change(spec, "laser", "spacing", spacing_Hz);
    test::change(spec, "filter rings", "spacing", spacing_Hz);
    test::change(spec, "modulator rings", "detuning_mode", std::string("fixed"));
    test::change(spec, "modulator rings", "detuning", 30e9);
    const PatternSolution s = solved(spec, context);
    const WdmCrosstalk crosstalk = wdm_crosstalk(s);
    // Shift of half the swing at the junction, from the card: 40 pm/V.
    const Bundle* at = nullptr;
    for (std::size_t node = 0; node < s.chain->nodes().size(); ++node)
      if (s.chain->stage(s.chain->nodes()[node]).name() == "modulator rings")
        at = &s.periodic.before_core[node];
    REQUIRE(at != nullptr);
    for (const int lane : {0, 1}) {
      const auto carrier_Hz = [&](int c) { return at->carrier_Hz[static_cast<std::size_t>(c)]; };
      const auto shift_Hz = [&](int ring) {
        return -carrier_Hz(ring) * carrier_Hz(ring) / 299792458.0 * 40e-12 * 0.5 * at->full_scale_Vpp;
      };
      const auto passed = [&](int ring, double sign) {
        const double width_Hz = carrier_Hz(ring) / 4500.0, depth = 0.99;
        const double distance_Hz =
            std::remainder(carrier_Hz(lane) - (carrier_Hz(ring) - 30e9) - sign * shift_Hz(ring), 2.5e12);
        return dip(distance_Hz, width_Hz, depth);
      };
      const int other = 1 - lane;
      const double own = std::abs(passed(lane, 1.0) - passed(lane, -1.0)) * passed(other, 0.0);
      const double neighbour = std::abs(passed(other, 1.0) - passed(other, -1.0)) * passed(lane, 0.0);
      // The same Lorentzians: rounding, and 0.03 Hz of 2e14.
      CHECK(rel_error(crosstalk.modulation[static_cast<std::size_t>(lane)], neighbour / own) <= 1e-6);
      // The slope 8 A D W^-2 / (1 + (2D/W)²)² times the swing of the shift, to second order in shift / D.
      const double width_Hz = carrier_Hz(other) / 4500.0,
                   distance_Hz = carrier_Hz(lane) - carrier_Hz(other) + 30e9;
      const double slope_per_Hz = 8.0 * 0.99 * std::abs(distance_Hz) / (width_Hz * width_Hz) /
                                  std::pow(1.0 + std::pow(2.0 * distance_Hz / width_Hz, 2), 2);
      CHECK(rel_error(std::abs(passed(other, 1.0) - passed(other, -1.0)),
                      slope_per_Hz * 2.0 * std::abs(shift_Hz(other))) <= 0.01);
    }
    CHECK(std::isnan(crosstalk.in_band_dB[0]));
  }
}

TEST_CASE("wdm crosstalk: one lane and switched-off crosstalk have none") {
  Context context(1);
  const WdmCrosstalk alone = wdm_crosstalk(solved(test::small_ring_link(1), context));
  CHECK(std::isnan(alone.modulation[0]));
  CHECK(std::isnan(alone.demultiplexer[0]));
  LinkSpec off = test::small_ring_link(2);
  test::change(off, "filter rings", "crosstalk", 0.0);
  CHECK(wdm_crosstalk(solved(off, context)).demultiplexer[0] == 0.0);
}

TEST_SUITE("slow") {
  // Oracle: OMA that arrives with two lanes, against the add-drop Lorentzian of the filter in closed form.
  TEST_CASE("wdm crosstalk: the demultiplexer lets through the Lorentzian share of a neighbour's OMA") {
    Context context(2);
    LinkSpec spec = test::small_ring_link(2);
    spec.symbol_rate_Bd = 2e9;  // levels settle, sidebands stay on the line
    const WdmCrosstalk crosstalk = wdm_crosstalk(solved(spec, context));
    const double width_Hz = 228.2e12 / 4200.0;
    const double drop = 1.0 / (1.0 + std::pow(400e9 / width_Hz, 2));
    // Port 0 sees carrier 1 fresh; both carriers have about the same OMA: the modulators' rings pass the
    // other carrier alike to 1 %.
    CHECK(rel_error(crosstalk.demultiplexer[0], drop) <= 0.03);
  }

  // Record: the penalty of demultiplexer crosstalk at 32 Gb/s and Q 4200 is negligible (below 0.2 dB) for
  // spacings above 200 GHz, and grows as the spacing shrinks (Mehta 2026).
  TEST_CASE("wdm crosstalk: negligible from 200 GHz on at 32 Gb/s, growing below") {
    Context context(2);
    double last_dB = 0.0;
    for (const double spacing_Hz : {400e9, 200e9, 150e9, 100e9}) {
      LinkSpec spec = test::example_link("microring_wdm");
      for (const char* stage : {"laser", "filter rings"}) test::change(spec, stage, "spacing", spacing_Hz);
      test::change(spec, "filter rings", "fsr", 3.34e12);
      LinkSpec off = spec;
      test::change(off, "filter rings", "crosstalk", 0.0);
      const auto margin_dB = [&](const LinkSpec& each) {
        return evaluate(build_link(each), {.pictures = false}, context).loss_margin_dB;
      };
      const double penalty_dB = margin_dB(off) - margin_dB(spec);
      MESSAGE("crosstalk penalty at ", spacing_Hz * 1e-9, " GHz: ", penalty_dB, " dB");
      if (spacing_Hz >= 200e9) CHECK(penalty_dB < 0.2);
      CHECK(penalty_dB > last_dB - 0.002);  // margins are found to 0.001 dB
      last_dB = penalty_dB;
    }
    CHECK(last_dB > 0.2);
  }
}
