// A made-up case in a folder of its own: it runs, passes, misses, is fitted, and gets worse.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "case_files.hpp"
#include "studies/validation/case_reader.hpp"
#include "studies/validation/recorded_state.hpp"
#include "studies/validation/run_case.hpp"
#include "studies/validation/validate.hpp"

using namespace photonlink;
using namespace photonlink::test;

namespace {

constexpr double c0 = 299792458.0;

CaseSpec spec_of(const CaseFolder& folder) {
  return read_case(folder.file(), device_types(), source_path("devices/cards"));
}

CaseResult run(const std::string& text) {
  const CaseFolder folder("made_up", text);
  Context context(2);
  return run_case(spec_of(folder), context);
}

const QuantityResult& named(const CaseResult& result, const std::string& name) {
  for (const QuantityResult& q : result.quantities)
    if (q.name == name) return q;
  throw std::runtime_error("no quantity " + name);
}

bool has_warning(const CaseResult& result, const std::string& part) {
  return std::any_of(result.warnings.begin(), result.warnings.end(),
                     [&](const std::string& each) { return each.find(part) != std::string::npos; });
}

const std::string fitted_quantities = R"(
[[quantity]]
name = "fitted_width"
link = "plain"
observable = "linewidth"
role = "fit"
published = "50 GHz"
tolerance = "1 GHz"
reason = "made up"

[[quantity]]
name = "fitted_move"
link = "plain"
observable = "dip_wavelength"
role = "fit"
sweep = "drive"
at = ["1 V", "2 V"]
published = ["1310.05 nm", "1310.10 nm"]
tolerance = "0.001 nm"
reason = "made up"

[[fit]]
links = ["plain"]
on = ["fitted_width", "fitted_move"]
reason = "made up"
  [[fit.parameter]]
  stage = "ring"
  key = "q_loaded"
  low = 1000
  high = 9000
  start = 3900
  [[fit.parameter]]
  stage = "ring"
  key = "shift_per_voltage"
  low = "10 pm/V"
  high = "90 pm/V"
  start = "40 pm/V"
)";

}  // namespace

TEST_CASE("validation case: passes, misses and bands are told apart") {
  const CaseResult result = run(made_up_case);
  REQUIRE(result.quantities.size() == 4);
  // Oracle: linewidth f / Q.
  const double width_GHz = 1e-9 * c0 / 1310e-9 / 3900.0;
  const QuantityResult& width = named(result, "width");
  // The reference midway between resonances lies 1/F² = 1/27.3² below full transmission.
  const double share = std::pow(width_GHz / 1600.0, 2.0);
  CHECK(rel_error(width.points[0].computed, width_GHz) <= 1.01 * share);
  CHECK(width.verdict == Verdict::miss);
  CHECK(abs_error(width.error, width.points[0].computed - 50.0) <= 1e-12);
  CHECK(width.unit == "GHz");
  CHECK(named(result, "q").verdict == Verdict::pass);
  // Shift of 40 pm/V, linear.
  CHECK(named(result, "moves").verdict == Verdict::pass);
  // The dip is 20 dB deep, 15 to 25 dB in the range assumed; 24 dB are published.
  const QuantityResult& depth = named(result, "depth");
  CHECK(depth.verdict == Verdict::band);
  // The reference lies midway between the resonances, 0.01 dB below full transmission at a finesse of 27.
  CHECK(abs_error(depth.points[0].computed, 20.0) <= 0.02);
  CHECK(abs_error(depth.points[0].low, 15.0) <= 0.02);
  CHECK(abs_error(depth.points[0].high, 25.0) <= 0.02);
  CHECK(result.assumed.size() == 1);  // the link "other" is not evaluated
}

TEST_CASE("validation case: a fit finds the parameters, and says how well") {
  const CaseResult result = run(made_up_case + fitted_quantities);
  REQUIRE(result.fits.size() == 1);
  const FitResult& fit = result.fits[0];
  CHECK(fit.converged);
  REQUIRE(fit.parameters.size() == 2);
  // Oracles: Q = f / 50 GHz to 1/F² (see above), shift 50 pm/V. The points have no scatter, so the intervals
  // close around them.
  CHECK(rel_error(fit.parameters[0].value, c0 / 1310e-9 / 50e9) <= 1.01 * std::pow(50.0 / 1600.0, 2.0));
  CHECK(rel_error(fit.parameters[1].value, 50.0) <= 1e-3);
  CHECK(fit.parameters[1].unit == "pm/V");
  CHECK(fit.parameters[1].low_95 <= fit.parameters[1].value);
  CHECK(fit.parameters[1].high_95 >= fit.parameters[1].value);
  CHECK(named(result, "fitted_width").verdict == Verdict::pass);
  CHECK_FALSE(named(result, "q").prediction);  // the chain has fitted parameters
  CHECK(named(result, "q").verdict == Verdict::miss);
}

TEST_CASE("validation case: what fails is uncomputed with its reason, the others go on") {
  const std::string broken =
      replaced(made_up_case, "observable = \"q_loaded\"", "observable = \"photocurrent\"");
  const CaseResult result = run(replaced(replaced(broken, "published = 3900", "published = \"1 mA\""),
                                         "tolerance = 20", "tolerance = \"1 mA\""));
  CHECK(named(result, "q").verdict == Verdict::uncomputed);
  CHECK(named(result, "q").failure.find("photodiode") != std::string::npos);
  CHECK(named(result, "moves").verdict == Verdict::pass);
}

TEST_CASE("validation case: an end that a device refuses leaves the rest of the band") {
  // The dip is 15 to 25 dB deep: 22 dB of insertion loss cannot be reached at its low and its nominal depth.
  std::string text = replaced(made_up_case, "detuning_mode = \"fixed\"\n  detuning = \"0 Hz\"",
                              "detuning_mode = \"insertion_loss\"\n  detuning_loss = \"3 dB\"");
  text = replaced(
      text, "extinction = { low",
      "detuning_loss = { low = \"2 dB\", high = \"22 dB\", source = \"made up\" }\n  extinction = { low");
  const CaseResult result = run(replaced(text, "link = \"plain\"\nobservable = \"dip_depth\"",
                                         "link = \"plain\"\nobservable = \"operating_loss\""));
  const QuantityResult& loss = named(result, "depth");
  // 2 dB at the low end of the loss; the high end is left out and said to be.
  CHECK(abs_error(loss.points[0].low, 2.0) <= 1e-6);
  CHECK(abs_error(loss.points[0].computed, 3.0) <= 1e-6);
  CHECK(has_warning(result, "leaves out ends that cannot be evaluated"));
}

TEST_CASE("validation case: a swept or fitted parameter without effect is told") {
  const std::string inert =
      replaced(made_up_case, "detuning_mode = \"fixed\"", "detuning_mode = \"insertion_loss\"");
  const std::string swept = replaced(replaced(inert, "sweep = \"drive\"\nat = [\"1 V\", \"2 V\"]",
                                              "sweep = \"ring.detuning\"\nat = [\"10 GHz\", \"20 GHz\"]"),
                                     "dip_wavelength", "operating_loss");
  const CaseResult result =
      run(replaced(replaced(swept, "[\"1310.04 nm\", \"1310.08 nm\"]", "[\"3 dB\", \"3 dB\"]"),
                   "\"0.001 nm\"", "\"1 dB\""));
  CHECK(has_warning(result, "every value of ring.detuning gives the same result"));
  const std::string fit =
      replaced(fitted_quantities, "key = \"q_loaded\"\n  low = 1000\n  high = 9000\n  start = 3900",
               "key = \"detuning\"\n  low = \"1 GHz\"\n  high = \"9 GHz\"\n  start = \"3 GHz\"");
  CHECK(has_warning(run(inert + fit), "its points do not determine ring.detuning"));
}

TEST_CASE("validation case: a fit takes over only what is assumed alike") {
  // Two operating points: the same key with another range is another assumption, so the fit of "plain" stays
  // as it is whatever "other" assumes.
  std::string text = replaced(made_up_case, "[[quantity]]\nname = \"width\"", R"([[quantity]]
name = "other_width"
link = "other"
observable = "linewidth"
published = "50 GHz"
tolerance = "1 GHz"
reason = "made up"

[[quantity]]
name = "width")");
  text = replaced(
      text, "assume = { \"ring.q_loaded\" = { low = 3000, high = 5000, source = \"made up\" } }",
      "assume = { \"ring.extinction\" = { low = \"5 dB\", high = \"20 dB\", source = \"made up\" } }");
  const CaseResult result =
      run(replaced(text + fitted_quantities, "links = [\"plain\"]", "links = [\"plain\", \"other\"]"));
  const PointResult& width = named(result, "other_width").points[0];
  // The fit gives 50 GHz at any depth of the dip that "plain" assumes; that of "other" moves it by the level
  // between the resonances alone, 1/F² = 0.1 % of the width.
  CHECK(width.high - width.low <= 0.2);
}

TEST_CASE("observables: dispersion does not wrap on long fibers") {
  const std::string fiber = R"case(schema = 1
title = "fiber"
family = "tests"
citation = "nobody"
read = "not at all"
[[link]]
name = "km"
[[link.stage]]
device = "cw_laser"
name = "laser"
[[link.stage]]
device = "single_mode_fiber"
name = "fiber"
length = "100 km"
zero_dispersion_wavelength = "1300 nm"
dispersion_slope = "0.092 ps/(nm^2 km)"
[[quantity]]
name = "d"
link = "km"
observable = "dispersion"
near = "1550 nm"
published = "1 ps/nm"
tolerance = "1 ps/nm"
reason = "made up"
[[quantity]]
name = "small"
link = "km"
observable = "dispersion"
near = "1300 nm"
published = "0 ps/nm"
tolerance = "1 ps/nm"
reason = "made up"
)case";
  // Oracle: λ S0/4 (1 - (λ0/λ)⁴) of ITU-T G.652, times 100 km.
  const double expected = 100.0 * 1550.0 * 0.092 / 4.0 * (1.0 - std::pow(1300.0 / 1550.0, 4.0));
  const CaseResult longest = run(fiber);
  // Phases to 1e-12 over a phase of 0.1.
  CHECK(rel_error(named(longest, "d").points[0].computed, expected) <= 1e-6);
  CHECK(abs_error(named(longest, "small").points[0].computed, 0.0) <= 1e-4);
  const CaseResult metres = run(replaced(fiber, "100 km", "4 m"));
  CHECK(rel_error(named(metres, "d").points[0].computed, 4e-5 * expected) <= 1e-6);
}

TEST_CASE("validation case: the result does not depend on the number of threads") {
  const CaseFolder folder("made_up", made_up_case + fitted_quantities);
  Context one(1), four(4);
  const CaseResult a = run_case(spec_of(folder), one), b = run_case(spec_of(folder), four);
  for (std::size_t k = 0; k < a.quantities.size(); ++k)
    for (std::size_t p = 0; p < a.quantities[k].points.size(); ++p) {
      CHECK(a.quantities[k].points[p].computed == b.quantities[k].points[p].computed);
      const double low = a.quantities[k].points[p].low;
      CHECK((std::isnan(low) || low == b.quantities[k].points[p].low));
    }
}

TEST_CASE("validation: against the recorded state a case is unchanged, worse, or gone") {
  const CaseFolder folder("made_up", made_up_case);
  const std::string record = folder.folder() + "/recorded.json";
  Context context(2);
  const auto report = [&](const std::string& text) {
    folder.write("case.toml", text);
    return run_cases({spec_of(folder)}, Run::all_cases, read_recorded(record), context);
  };
  const ValidationReport first = report(made_up_case);
  CHECK(first.changes.size() == 4);  // all new
  CHECK_FALSE(first.worse());
  write_recorded(record, first.cases, {});
  CHECK(report(made_up_case).changes.empty());
  // The model moves away: Q 3700 instead of 3900.
  const ValidationReport worse = report(replaced(made_up_case, "q_loaded = 3900", "q_loaded = 3700"));
  CHECK(worse.worse());
  const auto fell = [](const Change& each) { return each.text.find("was pass") != std::string::npos; };
  CHECK(std::any_of(worse.changes.begin(), worse.changes.end(), fell));
  // A loosened tolerance and a removed quantity do not pass silently.
  CHECK(report(replaced(made_up_case, "tolerance = \"1 GHz\"", "tolerance = \"10 GHz\"")).worse());
  CHECK(report(replaced(made_up_case, "name = \"depth\"", "name = \"deepness\"")).worse());
  // Nor does a published value that comes nearer.
  CHECK(report(replaced(made_up_case, "published = \"50 GHz\"", "published = \"58 GHz\"")).worse());
  write_recorded(record, worse.cases, {});
  const ValidationReport better = report(made_up_case);
  CHECK_FALSE(better.worse());
  REQUIRE(!better.changes.empty());
  CHECK(better.changes.front().kind == Change::Kind::better);
}

// Oracle: D = S0/4 (λ - λ0⁴/λ³) of ITU-T G.652 times the length, lengths at which a phase of 50 GHz wraps.
TEST_CASE("validation case: dispersion of any length of fiber, without lost turns") {
  for (const double length_km : {0.001, 1.0, 11.4, 11.6, 80.0}) {
    CAPTURE(length_km);
    const std::string text =
        "schema = 1\ntitle = \"t\"\nfamily = \"tests\"\ncitation = \"c\"\nread = \"r\"\n"
        "[[link]]\nname = \"a\"\n[[link.stage]]\ndevice = \"cw_laser\"\n"
        "centre_wavelength = \"1550 nm\"\n[[link.stage]]\ndevice = \"single_mode_fiber\"\n"
        "zero_dispersion_wavelength = \"1312 nm\"\ndispersion_slope = \"0.09 ps/nm^2/km\"\n"
        "length = \"" +
        std::to_string(length_km) +
        " km\"\n[[quantity]]\nname = \"d\"\nlink = \"a\"\nobservable = \"dispersion\"\n"
        "published = \"1 ps/nm\"\ntolerance = \"1 ps/nm\"\nreason = \"made up\"\n";
    const double l = 1550.0, l0 = 1312.0;
    const double expected = 0.09 / 4.0 * (l - l0 * l0 * l0 * l0 / (l * l * l)) * length_km;
    const CaseResult result = run(text);
    // The fourth order of the phase that is allowed to bend it is 1 % of the parabola at twice the step.
    CHECK(rel_error(named(result, "d").points[0].computed, expected) <= 5e-3);
  }
}

TEST_CASE(
    "validation case: a dip keeps its shape wherever the voltage moves it, and a shift across orders is "
    "refused") {
  const std::string narrow =
      replaced(made_up_case, "q_loaded = 3900", "q_loaded = 4500\n  fsr = \"600 GHz\"");
  const std::string moved =
      replaced(narrow, "observable = \"dip_depth\"", "observable = \"dip_depth\"\ndrive = \"40 V\"");
  // 40 V and 40 pm/V, 280 GHz: next to half the distance, where the order below becomes the nearest.
  CHECK(abs_error(named(run(moved), "depth").points[0].computed,
                  named(run(narrow), "depth").points[0].computed) <= 1e-2);
  const auto shift_to = [&](const std::string& to) {
    return run(replaced(replaced(replaced(narrow, "observable = \"dip_depth\"",
                                          "observable = \"shift_per_voltage\"\nto = \"" + to + "\""),
                                 "\"24 dB\"", "\"40 pm/V\""),
                        "\"10 %\"", "\"1 pm/V\""));
  };
  CHECK(rel_error(named(shift_to("10 V"), "depth").points[0].computed, 40.0) <= 1e-2);
  CHECK(named(shift_to("60 V"), "depth").verdict == Verdict::uncomputed);
  CHECK(named(shift_to("60 V"), "depth").failure.find("choose voltages that are nearer") !=
        std::string::npos);
}

TEST_CASE("validation case: a band leaves out assumptions with which a fit misses its points") {
  // With an extinction of 15 dB no Q makes the dip 20 dB deep.
  std::string text = replaced(made_up_case, "observable = \"dip_depth\"\npublished = \"24 dB\"",
                              "observable = \"dip_depth\"\nrole = \"fit\"\npublished = \"20 dB\"");
  text += R"(
[[fit]]
links = ["plain"]
on = ["depth"]
reason = "made up"
  [[fit.parameter]]
  stage = "ring"
  key = "q_loaded"
  low = 3800
  high = 4000
  start = 3900
)";
  CHECK(has_warning(run(text), "the fit misses its points by"));
}
