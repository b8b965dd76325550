#include "studies/validation/recorded_state.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "core/error.hpp"
#include "quantities.hpp"
#include "scratch.hpp"
#include "support.hpp"

using namespace photonlink;
using namespace photonlink::test;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

CaseResult case_of(const std::string& name, std::vector<QuantityResult> quantities) {
  CaseResult result;
  result.name = name;
  result.quantities = std::move(quantities);
  return result;
}

/// What a state recorded from `before` says of `now`; both are the quantity of a case named "c".
std::vector<Change> changes(const QuantityResult& before, const QuantityResult& now) {
  const Scratch scratch;
  const std::string path = scratch.file("recorded.json");
  write_recorded(path, {case_of("c", {before})}, {});
  return compare_with_recorded({case_of("c", {now})}, read_recorded(path));
}

/// The only change between two states of one quantity "q".
Change the_change(const QuantityResult& before, const QuantityResult& now) {
  const std::vector<Change> all = changes(before, now);
  REQUIRE(all.size() == 1);
  CHECK(all[0].quantity == "c/q");
  return all[0];
}
Change the_change(Verdict before, double error_before, Verdict now, double error_now) {
  return the_change(judged("q", before, error_before), judged("q", now, error_now));
}

bool is_worse(const Change& change) {
  ValidationReport report;
  report.changes = {change};
  return report.worse();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("recorded state: the same results are no change, of any role and verdict") {
  for (const Role role :
       {Role::measurement, Role::alternative, Role::fit, Role::identity, Role::arithmetic, Role::code})
    for (const auto& [verdict, error] :
         {std::pair{Verdict::pass, 0.123456789}, std::pair{Verdict::band, -1.98765},
          std::pair{Verdict::miss, 1e9}, std::pair{Verdict::miss, -infinity},
          std::pair{Verdict::uncomputed, missing}}) {
      CAPTURE(error);
      CHECK(changes(judged("q", verdict, error, role), judged("q", verdict, error, role)).empty());
    }
}

TEST_CASE("recorded state: a verdict that falls is worse, one that rises is better") {
  const std::vector<std::pair<Verdict, double>> falling{
      {Verdict::pass, 0.5}, {Verdict::band, 1.5}, {Verdict::miss, 2.5}, {Verdict::uncomputed, missing}};
  for (std::size_t high = 0; high < falling.size(); ++high)
    for (std::size_t low = high + 1; low < falling.size(); ++low) {
      const Change fall =
          the_change(falling[high].first, falling[high].second, falling[low].first, falling[low].second);
      CHECK(fall.kind == Change::Kind::worse);
      CHECK(is_worse(fall));
      const Change rise =
          the_change(falling[low].first, falling[low].second, falling[high].first, falling[high].second);
      CHECK(rise.kind == Change::Kind::better);
      CHECK(!is_worse(rise));
    }
  CHECK(the_change(Verdict::pass, 0.8, Verdict::miss, 1.3).text == "miss, was pass; error 1.3, was 0.8");
  CHECK(the_change(Verdict::miss, 1.3, Verdict::uncomputed, missing).text ==
        "not_computed, was miss; error not computed, was 1.3");
  // A range that became narrower, at the same error.
  CHECK(the_change(Verdict::band, 1.5, Verdict::miss, 1.5).kind == Change::Kind::worse);
  // A verdict that rises does not hide an error that grows.
  CHECK(the_change(Verdict::miss, 1.5, Verdict::band, 1.7).kind == Change::Kind::worse);
}

TEST_CASE(
    "recorded state: an error that grows or shrinks by more than 0.01 (1 + |error|) is a change, of any "
    "role") {
  for (const Role role : {Role::measurement, Role::identity, Role::fit, Role::code}) {
    const auto change = [&](double before, double now) {
      return changes(judged("q", Verdict::miss, before, role), judged("q", Verdict::miss, now, role));
    };
    // Recorded 3: noticed beyond 0.04. The sign does not count.
    CHECK(change(-3.0, -3.039).empty());
    CHECK(change(-3.0, 3.0).empty());
    CHECK(change(-3.0, -2.961).empty());
    REQUIRE(change(-3.0, -3.041).size() == 1);
    CHECK(change(-3.0, -3.041)[0].kind == Change::Kind::worse);
    CHECK(change(-3.0, 3.041)[0].kind == Change::Kind::worse);
    CHECK(change(-3.0, -2.959)[0].kind == Change::Kind::better);
    CHECK(change(3.0, infinity)[0].kind == Change::Kind::worse);
    CHECK(change(infinity, 3.0)[0].kind == Change::Kind::better);
  }
  CHECK(the_change(Verdict::pass, 0.5, Verdict::pass, 0.6).text == "pass; error 0.6, was 0.5");
}

TEST_CASE("recorded state: a tolerance that changed is worse, though the error falls") {
  const QuantityResult before = judged("q", Verdict::miss, 1.5);
  QuantityResult now = judged("q", Verdict::pass, 0.75);
  now.points[0].tolerance = 1.0;
  const Change wider = the_change(before, now);
  CHECK(is_worse(wider));
  CHECK(wider.text ==
        "pass, was miss; error 0.75, was 1.5; tolerance changed from \"0.5 dB\" to \"1 dB\"; record it in a "
        "commit of "
        "its own");
  // So is a narrower one: it is somebody's decision too.
  CHECK(is_worse(the_change(now, before)));
}

TEST_CASE("recorded state: another published value, another point or a wider assumption is worse") {
  const Scratch scratch;
  const std::string path = scratch.file("recorded.json");
  const auto changes = [&](const std::function<void(CaseResult&)>& change) {
    CaseResult result = case_of("c", {judged("q", Verdict::miss, -0.5)});
    result.quantities[0].link = "a";
    result.assumed = {{"a", "ring", "q_loaded", "3900", "3800", "4000", "made up"}};
    write_recorded(path, {result}, {});
    change(result);
    const auto found = compare_with_recorded({result}, read_recorded(path));
    return found.empty() ? std::string() : found.front().text;
  };
  const char* told = "the published values or an assumed range changed";
  CHECK(changes([](CaseResult&) {}).empty());
  CHECK(contains(changes([](CaseResult& r) { r.quantities[0].points[0].published += 1e-3; }), told));
  CHECK(contains(changes([](CaseResult& r) { r.quantities[0].points[0].x = 2.0; }), told));
  CHECK(contains(changes([](CaseResult& r) { r.quantities[0].observable = "other"; }), told));
  CHECK(contains(changes([](CaseResult& r) { r.assumed[0].high = "5000"; }), told));
  CHECK(contains(changes([](CaseResult& r) { r.assumed.push_back(r.assumed[0]); }), told));
  CHECK(changes([](CaseResult& r) { r.assumed[0].source = "another"; }).empty());
  CHECK(changes([](CaseResult& r) {
          r.assumed[0].link = "b";
          r.assumed.push_back({"a", "ring", "q_loaded", "3900", "3800", "4000", ""});
        }).empty());
}

TEST_CASE("recorded state: what else makes a comparison easier is a changed tolerance too") {
  QuantityResult before = judged("q", Verdict::pass, 0.5);
  before.points = {point(1.0, 1.0, 0.25), point(2.0, 2.0, 0.5), point(3.0, 3.0, 0.75)};
  const auto text_after = [&](auto edit) {
    QuantityResult now = before;
    edit(now);
    const Change change = the_change(before, now);
    CHECK(is_worse(change));
    return change.text;
  };
  const std::string from = "tolerance changed from \"0.25 to 0.75 (mean 0.5) dB, worst of 3\" to ";
  CHECK(contains(text_after([](QuantityResult& now) { now.points.pop_back(); }),
                 from + "\"0.25 to 0.5 (mean 0.375) dB, worst of 2\""));
  CHECK(contains(text_after([](QuantityResult& now) { now.points[1].tolerance = 0.7; }), "(mean 0.5667)"));
  CHECK(contains(text_after([](QuantityResult& now) { now.measure = Measure::rms; }), "dB, rms of 3\""));
  CHECK(
      contains(text_after([](QuantityResult& now) { now.bound = Bound::at_least; }), "\"at least, 0.25 to"));
  CHECK(contains(text_after([](QuantityResult& now) { now.bound = Bound::at_most; }), "\"at most, 0.25 to"));
  CHECK(
      contains(text_after([](QuantityResult& now) { now.bound = Bound::interval; }), "\"interval, 0.25 to"));
  CHECK(contains(text_after([](QuantityResult& now) { now.tolerance_unit = "%"; }), "(mean 0.5) %, worst"));
  CHECK(contains(text_after([](QuantityResult& now) { now.points.clear(); }), "to \"none\""));
  // A point of the model alone is no point of the comparison.
  QuantityResult more = before;
  more.points.push_back(point(missing, 4.0, 0.0));
  CHECK(changes(before, more).empty());
}

TEST_CASE("recorded state: a role that changed is worse, in either direction") {
  const QuantityResult counted = judged("q", Verdict::miss, 1.5),
                       uncounted = judged("q", Verdict::miss, 1.5, Role::alternative);
  CHECK(is_worse(the_change(uncounted, counted)));
  CHECK(the_change(counted, uncounted).text ==
        "miss; role changed from \"measurement\" to \"alternative\"; record it in a commit of its own");
}

TEST_CASE("recorded state: new quantities are added, recorded ones that a case no longer has are worse") {
  const Scratch scratch;
  const std::string path = scratch.file("recorded.json");
  const QuantityResult a = judged("a", Verdict::pass, 0.25), b = judged("b", Verdict::miss, -2.0);
  write_recorded(path, {case_of("c", {a, b})}, {});
  const RecordedState state = read_recorded(path);
  const std::vector<Change> renamed =
      compare_with_recorded({case_of("c", {a, judged("better_name", Verdict::miss, -2.0)})}, state);
  REQUIRE(renamed.size() == 2);
  CHECK(renamed[0].kind == Change::Kind::added);
  CHECK(renamed[0].quantity == "c/better_name");
  CHECK(renamed[0].text == "is not recorded yet; miss, error -2");
  CHECK(!is_worse(renamed[0]));
  CHECK(renamed[1].kind == Change::Kind::gone);
  CHECK(renamed[1].quantity == "c/b");
  CHECK(renamed[1].text == "is gone; was miss, error -2");
  CHECK(is_worse(renamed[1]));
}

TEST_CASE("recorded state: a case that was not run is left alone, unless all were") {
  const Scratch scratch;
  const std::string path = scratch.file("recorded.json");
  write_recorded(
      path,
      {case_of("one", {judged("a", Verdict::pass, 0.25)}), case_of("two", {judged("b", Verdict::miss, 2.0)})},
      {});
  const RecordedState before = read_recorded(path);
  const std::vector<CaseResult> run{case_of("two", {judged("b", Verdict::pass, 0.5)})};
  const std::vector<Change> some = compare_with_recorded(run, before);
  REQUIRE(some.size() == 1);
  CHECK(some[0].kind == Change::Kind::better);
  const std::vector<Change> all = compare_with_recorded(run, before, Run::all_cases);
  REQUIRE(all.size() == 2);
  CHECK(all[1].quantity == "one/a");
  CHECK(all[1].kind == Change::Kind::gone);
  // What a case that was run no longer has is told once.
  CHECK(compare_with_recorded({case_of("one", {}), run[0]}, before, Run::all_cases).size() == 2);
  // Writing keeps it, and forgets what a case that was run no longer has.
  write_recorded(path, {case_of("two", {judged("c", Verdict::pass, 0.5)})}, before);
  const RecordedState after = read_recorded(path);
  CHECK(after.at("one").at("a").verdict == Verdict::pass);
  CHECK(after.at("two").count("b") == 0);
  CHECK(after.at("two").count("c") == 1);
}

TEST_CASE("recorded state: the file has sorted keys, one line for a quantity, and four digits") {
  const Scratch scratch;
  const std::string path = scratch.file("recorded.json");
  QuantityResult code = judged("z", Verdict::miss, -infinity, Role::code);
  code.unit = "µm";
  write_recorded(path,
                 {case_of("two", {code, judged("a\"b", Verdict::uncomputed, missing)}),
                  case_of("one", {judged("q", Verdict::band, -1.234567)})},
                 {});
  CHECK(text_of(path) == R"({
 "cases": {
  "one": {
   "q": {"error": -1.235, "question": "3b1f12b9", "role": "measurement", "tolerance": "0.5 dB", "verdict": "band"}
  },
  "two": {
   "a\"b": {"question": "3b1f12b9", "role": "measurement", "tolerance": "0.5 dB", "verdict": "not_computed"},
   "z": {"error": "-inf", "question": "45a17d0b", "role": "code", "tolerance": "0.5 µm", "verdict": "miss"}
  }
 },
 "schema": 1
}
)");
  const RecordedState state = read_recorded(path);
  CHECK(state.at("one").at("q").error == -1.235);
  CHECK(state.at("two").at("z").error == -infinity);
  CHECK(state.at("two").at("z").role == Role::code);
  CHECK(state.at("two").at("z").tolerance == "0.5 µm");
  CHECK(std::isnan(state.at("two").at("a\"b").error));
  // Reading and writing again changes nothing.
  const std::string text = text_of(path);
  write_recorded(path, {}, state);
  CHECK(text_of(path) == text);
  CHECK(scratch.entries() == 1);
}

TEST_CASE("recorded state: no file is an empty state, a folder or an unwritable place an error") {
  const Scratch scratch;
  CHECK(read_recorded(scratch.file("recorded.json")).empty());
  CHECK_THROWS_AS(read_recorded(scratch.path()), IoError);
  CHECK_THROWS_AS(write_recorded(scratch.file("no/such/recorded.json"), {}, {}), IoError);
  write_recorded(scratch.file("recorded.json"), {}, {});
  CHECK(read_recorded(scratch.file("recorded.json")).empty());
}

TEST_CASE("recorded state: every problem of a file is reported at once, with file, quantity and fix") {
  const Scratch scratch;
  const std::string path = scratch.file("recorded.json");
  const auto problems = [&](const std::string& text) {
    std::ofstream(path) << text;
    try {
      read_recorded(path);
    } catch (const ConfigError& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  const std::string many = problems(R"({"schema": 2, "case": 1, "cases": {"x": 3, "c": {
      "a": {"error": "1.5", "role": "measurment", "tolerance": "0.5 dB", "verdict": "miss"},
      "b": {"role": "fit", "tolerance": 0.5, "verdict": "pass", "eror": 1},
      "d": [], "e": {"error": 1, "role": "fit", "verdict": "passed"}}}})");
  for (const char* expected :
       {"recorded.json: schema = 2; this program reads \"schema\": 1",
        "case = 1: unknown key; did you mean 'cases'?", "cases: x = 3 is a whole number; a table is expected",
        "c/a: error = \"1.5\" is text; write a number, \"inf\" or \"-inf\"",
        "c/a: role = \"measurment\" is none of measurement, alternative, fit, identity, arithmetic, code; "
        "did you mean "
        "'measurement'?",
        "c/b: eror = 1: unknown key; did you mean 'error'?",
        "c/b: tolerance = 0.5 is a number; write text in quotes",
        "c/b: error is missing; only not_computed has none, this is pass",
        "c: d = [] is a list; a table is expected",
        "c/e: verdict = \"passed\" is none of pass, band, miss, not_computed; did you mean 'pass'?",
        "c/e: tolerance is missing", "c/e: question is missing"}) {
    CAPTURE(many);
    CHECK_MESSAGE(contains(many, expected), expected);
  }
  CHECK(contains(problems("{\"schema\": 1}"), "cases is missing; add \"cases\": {}"));
  CHECK(contains(problems("{\"cases\": {}}"), "schema is missing; this program reads \"schema\": 1"));
  CHECK(contains(problems("{\"schema\": 1, \"cases\": 2}"), "cases = 2 is a whole number"));
  // As after a merge that was not resolved.
  CHECK(contains(problems("{\n<<<<<<< HEAD\n"), "recorded.json:2:"));
  CHECK(contains(problems("[]"), "recorded.json"));
}
