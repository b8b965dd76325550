#include "studies/assumption_band.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cmath>

#include "wdm_study.hpp"

using namespace photonlink;
using namespace photonlink::test;

namespace {

// One slow lane, so that an evaluation takes milliseconds; only the given assumptions.
LinkSpec small_link() {
  LinkSpec spec = one_lane(microring_link());
  spec.pattern = "deBruijn6";
  for (StageSpec& stage : spec.stages) stage.assumed.clear();
  return spec;
}

void assume(LinkSpec& spec, const std::string& stage, Assumption assumption) {
  for (StageSpec& each : spec.stages)
    if (each.name == stage) each.assumed.push_back(std::move(assumption));
}

Observable laser_and_tuning_W() {
  return {"power_W", [](PatternSolution&, const LinkResult& result) {
            return power_of(result, "wall-plug") + power_of(result, "tuning");
          }};
}

const ObservableBand& named(const AssumptionBand& band, const std::string& name) {
  for (const ObservableBand& each : band.observables)
    if (each.name == name) return each;
  throw std::runtime_error("no observable " + name);
}

}  // namespace

// Oracle: P / η + 2 R λ² / (c g), falling in η, rising in R; λ at 228.2 THz.
TEST_CASE("assumption band: corners combine the end of each assumption that moved the observable that way") {
  LinkSpec spec = small_link();
  assume(spec, "laser", {"wall_plug_efficiency", 0.10, 0.20, "test"});
  assume(spec, "filter rings", {"resonance_spread", 50e9, 200e9, "test"});
  Context context(2);
  const AssumptionBand band = assumption_band(spec, {laser_and_tuning_W()}, context);
  const double wavelength_m = 299792458.0 / 228.2e12;
  const auto ring_W = [&](double spread_Hz) {
    return spread_Hz * wavelength_m * wavelength_m / 299792458.0 / 1e-7;
  };
  const double light_W = 1e-3 * std::pow(10.0, 0.3), modulator_W = ring_W(100e9);
  const ObservableBand& power = band.observables.at(0);
  // Closed forms of a few operations.
  CHECK(rel_error(power.nominal, light_W / 0.15 + modulator_W + ring_W(100e9)) <= 1e-12);
  CHECK(rel_error(power.low, light_W / 0.20 + modulator_W + ring_W(50e9)) <= 1e-12);
  CHECK(rel_error(power.high, light_W / 0.10 + modulator_W + ring_W(200e9)) <= 1e-12);
  const double one_down =
      std::min(light_W / 0.20 + ring_W(100e9), light_W / 0.15 + ring_W(50e9)) + modulator_W;
  CHECK(rel_error(power.single_low, one_down) <= 1e-12);
  // Nominal, two ends each of two assumptions, two corners.
  CHECK(band.evaluations == 7);
  REQUIRE(band.effects.size() == 2);
  CHECK(band.effects[0].stage_name == "laser");
  CHECK(rel_error(band.effects[0].at_low.at(0), light_W / 0.10 + modulator_W + ring_W(100e9)) <= 1e-12);
}

TEST_CASE("assumption band: does not depend on the number of threads, and is a point without assumptions") {
  LinkSpec spec = small_link();
  Context one(1), two(2);
  const AssumptionBand point = assumption_band(spec, standard_observables(spec), one);
  CHECK(point.evaluations == 1);
  for (const ObservableBand& each : point.observables) CHECK(each.low == each.high);
  assume(spec, "tia", {"input_noise", 7e-12, 14e-12, "test"});
  const AssumptionBand a = assumption_band(spec, standard_observables(spec), one);
  const AssumptionBand b = assumption_band(spec, standard_observables(spec), two);
  for (std::size_t k = 0; k < a.observables.size(); ++k) {
    CAPTURE(a.observables[k].name);
    CHECK(a.observables[k].low == b.observables[k].low);
    CHECK(a.observables[k].high == b.observables[k].high);
  }
  // More noise needs more power and leaves less margin.
  CHECK(named(a, "sensitivity_dBm").low < named(point, "sensitivity_dBm").nominal);
  CHECK(named(a, "loss_margin_dB").low < named(point, "loss_margin_dB").nominal);
}

TEST_CASE("assumption band: a link that no power closes is infinite, not left out") {
  LinkSpec spec = small_link();
  assume(spec, "laser", {"rin", 1e-14, 1e-10, "test"});
  Context context(2);
  const AssumptionBand band = assumption_band(spec, standard_observables(spec), context);
  CHECK(std::isinf(named(band, "sensitivity_dBm").high));
  CHECK(std::isinf(named(band, "loss_margin_dB").low));
  CHECK(named(band, "bathtub_width_UI").low == 0.0);
}

TEST_CASE("assumption band: ends that a device refuses are named and left out, the others make the band") {
  LinkSpec spec = small_link();
  assume(spec, "laser", {"wall_plug_efficiency", -1.0, 0.2, "test"});
  assume(spec, "filter rings", {"resonance_spread", 50e9, 200e9, "test"});
  Context context(2);
  const AssumptionBand band = assumption_band(spec, {laser_and_tuning_W()}, context);
  REQUIRE(band.refused.size() == 1);
  CHECK(band.refused[0].ends == "laser wall_plug_efficiency at its low end");
  CHECK(band.refused[0].message.find("wall_plug_efficiency = -1") != std::string::npos);
  LinkSpec other = small_link();
  assume(other, "laser", {"wall_plug_efficiency", 0.15, 0.2, "test"});  // nominal instead
  assume(other, "filter rings", {"resonance_spread", 50e9, 200e9, "test"});
  const AssumptionBand without = assumption_band(other, {laser_and_tuning_W()}, context);
  CHECK(without.refused.empty());
  CHECK(band.observables[0].low == without.observables[0].low);
  CHECK(band.observables[0].high == without.observables[0].high);
}

TEST_CASE("assumption band: a link that fails as written is an error") {
  LinkSpec spec = small_link();
  assume(spec, "laser", {"wall_plug_efficiency", 0.1, 0.2, "test"});
  const auto evaluate = [](const LinkSpec&) -> std::vector<double> { throw DomainError("no light"); };
  Context context(1);
  CHECK_THROWS_WITH_AS(assumption_band(spec, {"one"}, evaluate, context),
                       doctest::Contains("all parameters nominal: no light"), DomainError);
}

namespace {

/// A link whose assumptions are its laser's efficiency in [0.1, 0.2] around 0.15 and its filter rings' spread
/// in [50, 200] GHz around 100 GHz.
LinkSpec two_assumptions() {
  LinkSpec spec = small_link();
  assume(spec, "laser", {"wall_plug_efficiency", 0.10, 0.20, "test"});
  assume(spec, "filter rings", {"resonance_spread", 50e9, 200e9, "test"});
  return spec;
}

double value_of(const LinkSpec& spec, const std::string& stage, const std::string& key, double nominal) {
  for (const StageSpec& each : spec.stages)
    if (each.name == stage)
      for (const auto& [name, value] : each.parameters)
        if (name == key) return std::get<double>(value);
  return nominal;
}
double efficiency(const LinkSpec& spec) {
  return value_of(spec, "laser", "wall_plug_efficiency", 0.15);
}
double spread_GHz(const LinkSpec& spec) {
  return 1e-9 * value_of(spec, "filter rings", "resonance_spread", 100e9);
}

}  // namespace

// Oracle: closed forms of the two parameters.
TEST_CASE("assumption band: any function of the link, each choice of ends evaluated once") {
  const LinkSpec spec = two_assumptions();
  std::atomic<int> calls = 0;
  const auto evaluate = [&](const LinkSpec& link) {
    ++calls;
    const double sum = 100.0 * efficiency(link) + spread_GHz(link);
    const double difference = 100.0 * efficiency(link) - spread_GHz(link);
    return std::vector<double>{sum, 2.0 * sum, difference, efficiency(link) > 0.18 ? std::nan("") : sum};
  };
  for (const int threads : {1, 2}) {
    Context context(threads);
    calls = 0;
    const AssumptionBand band =
        assumption_band(spec, {"sum", "twice", "difference", "partly"}, evaluate, context);
    // Nominal, four single ends, and four corners: sum and twice share theirs.
    CHECK(calls == 9);
    CHECK(band.evaluations == 9);
    CHECK(band.corners_left_out == 0);
    CHECK(named(band, "sum").nominal == 115.0);
    CHECK(named(band, "sum").single_low == 65.0);
    CHECK(named(band, "sum").low == 60.0);
    CHECK(named(band, "sum").high == 220.0);
    CHECK(named(band, "twice").low == 120.0);
    CHECK(named(band, "difference").low == -190.0);
    CHECK(named(band, "difference").high == -30.0);
    // Where the efficiency is high there is no number: what is left are 0.1 and 0.15.
    CHECK(named(band, "partly").low == 60.0);
    CHECK(named(band, "partly").high == 215.0);
  }
}

TEST_CASE(
    "assumption band: of many corners those of the largest spread are evaluated, and the rest is counted") {
  const LinkSpec spec = two_assumptions();
  const auto evaluate = [](const LinkSpec& link) {
    const double sum = 100.0 * efficiency(link) + spread_GHz(link);
    const double difference = 100.0 * efficiency(link) - spread_GHz(link);
    return std::vector<double>{sum, 10.0 * difference};
  };
  Context context(2);
  const AssumptionBand wide =
      assumption_band(spec, {"sum", "difference"}, evaluate, context, {.most_corners = 2});
  CHECK(wide.evaluations == 5 + 2);
  CHECK(wide.corners_left_out == 2);
  CHECK(named(wide, "difference").low == -1900.0);
  CHECK(named(wide, "difference").high == -300.0);
  // Single assumptions, and the corners of the other.
  CHECK(named(wide, "sum").low == 65.0);
  // A hundredfold unit makes the other the larger one.
  const AssumptionBand scaled = assumption_band(spec, {"sum", "difference"}, evaluate, context,
                                                {.most_corners = 2, .scale = {1.0, 100.0}});
  CHECK(named(scaled, "sum").low == 60.0);
  CHECK(named(scaled, "difference").low == -1850.0);
}

TEST_CASE("assumption band: corners that are known already, or shared, do not use up the allowance") {
  const LinkSpec spec = two_assumptions();
  // The first depends on one assumption: its corners are single ends. The others share theirs.
  const auto evaluate = [](const LinkSpec& link) {
    const double sum = 100.0 * efficiency(link) + spread_GHz(link);
    return std::vector<double>{1e6 * efficiency(link), sum, 2.0 * sum};
  };
  Context context(2);
  const AssumptionBand band =
      assumption_band(spec, {"one", "sum", "twice"}, evaluate, context, {.most_corners = 2});
  CHECK(band.evaluations == 5 + 2);
  CHECK(band.corners_left_out == 0);
  CHECK(named(band, "sum").low == 60.0);
  CHECK(named(band, "twice").high == 440.0);
}

TEST_CASE("assumption band: an evaluation or a scale of another size is an error") {
  const LinkSpec spec = two_assumptions();
  Context context(1);
  const auto two = [](const LinkSpec&) { return std::vector<double>(2, 0.0); };
  CHECK_THROWS_WITH_AS(
      assumption_band(spec, {"one"}, two, context),
      doctest::Contains("all parameters nominal: evaluation yields 2 numbers for 1 observables"),
      DomainError);
  CHECK_THROWS_WITH_AS(assumption_band(spec, {"one", "two"}, two, context, {.scale = {1.0}}),
                       doctest::Contains("1 scales for 2 observables"), DomainError);
}
