// Case files: what is read, and that each mistake is told with place, value and fix.
#include <doctest/doctest.h>

#include <cmath>

#include "case_files.hpp"
#include "studies/validation/case_reader.hpp"
#include "studies/validation/csv_table.hpp"
#include "studies/validation/observable_help.hpp"

using namespace photonlink;
using namespace photonlink::test;

namespace {

std::vector<std::string> problems_of(const std::string& text) {
  const CaseFolder folder("made_up", text);
  return lint_case(folder.file(), device_types(), source_path("devices/cards"));
}

bool any_contains(const std::vector<std::string>& messages, const std::string& part) {
  for (const std::string& message : messages)
    if (message.find(part) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("case reader: a case is read with its units") {
  const CaseFolder folder("made_up", made_up_case);
  const CaseSpec spec = read_case(folder.file(), device_types(), source_path("devices/cards"));
  CHECK(spec.name == "made_up");
  REQUIRE(spec.links.size() == 2);
  CHECK(spec.links[1].stages.size() == spec.links[0].stages.size());
  REQUIRE(spec.quantities.size() == 4);
  const QuantitySpec& q = spec.quantities[0];
  CHECK(q.observable->name == "linewidth");
  CHECK(q.unit == "GHz");
  CHECK(q.published.front() == 50e9);
  CHECK(q.tolerance.front() == 1e9);
  const QuantitySpec& swept = spec.quantities[2];
  CHECK(swept.sweep.kind == SweepSpec::Kind::argument);
  CHECK(swept.x == std::vector<double>{1.0, 2.0});
  // "10 %" of each published value.
  CHECK(abs_error(spec.quantities[3].tolerance.front(), 0.1 * spec.quantities[3].published.front()) <= 1e-6);
}

TEST_CASE("case reader: what is set is no longer assumed, what is assumed anew is") {
  const CaseFolder folder("made_up", made_up_case);
  const CaseSpec spec = read_case(folder.file(), device_types(), source_path("devices/cards"));
  const auto assumed = [](const LinkSpec& link) {
    std::vector<std::string> keys;
    for (const StageSpec& stage : link.stages)
      for (const Assumption& each : stage.assumed) keys.push_back(each.key);
    return keys;
  };
  CHECK(assumed(spec.links[0]) == std::vector<std::string>{"extinction"});
  CHECK(assumed(spec.links[1]) == std::vector<std::string>{"q_loaded"});
}

TEST_CASE("case reader: every mistake has its place, its value and its fix") {
  struct Mistake {
    const char *text, *with, *message;
  };
  const std::vector<Mistake> mistakes{
      {"schema = 1", "schema = 7", "this program reads schema = 1"},
      {"title = \"made up\"", "titel = \"made up\"", "titel = \"made up\": unknown key"},
      {"family = \"tests\"\n", "", "family is missing"},
      {"observable = \"linewidth\"", "observable = \"linewith\"", "did you mean 'linewidth'?"},
      {"published = \"50 GHz\"", "published = 50", "published = 50 has no unit"},
      {"published = \"50 GHz\"", "published = \"50 dB\"", "unknown unit \"dB\""},
      {"tolerance = \"1 GHz\"", "tolerance = \"-1 GHz\"", "must be above 0"},
      {"tolerance = \"1 GHz\"", "tolerance = \"x %\"", "write for example \"10 %\""},
      {"tolerance = \"1 GHz\"\n", "", "tolerance is missing"},
      {"published = \"24 dB\"", "published = \"0 dB\"",
       "of a published 0 is 0; write a quantity with its unit"},
      {"like = \"plain\"", "like = \"plain\"\nstage = [{device = \"photodiode\"}]",
       "would replace the whole chain"},
      {"reason = \"made up\"\n", "", "reason is missing"},
      {"link = \"plain\"", "link = \"plane\"", "no such link; did you mean 'plain'?"},
      {"like = \"plain\"", "like = \"plains\"", "no link of that name stands above"},
      {"\"ring.coupling\"", "\"rung.coupling\"", "no stage 'rung' in this link; did you mean 'ring'?"},
      {"\"ring.coupling\"", "\"ring.couple\"", "unknown key"},
      {"\"ring.coupling\"", "\"coupling\"", "names no parameter; write \"stage.key\""},
      {"sweep = \"drive\"", "sweep = \"near_amplitude\"", "no argument of dip_wavelength"},
      {"sweep = \"drive\"\n", "", "points need a sweep"},
      {"at = [\"1 V\", \"2 V\"]", "at = [\"1 V\"]", "2 published values for 1 points of at"},
      {"role = \"identity\"", "role = \"identify\"", "role = \"identify\" is no known word"},
      {"q_loaded = 3900", "q_loaded = 1", "q_loaded = 1 is outside"},
      {"observable = \"linewidth\"", "observable = \"sensitivity\"", "needs a symbol rate"},
      {"observable = \"linewidth\"", "observable = \"eo_bandwidth\"\nlimit = \"50.5 GHz\"",
       "limit = 50.5 GHz must lie above the published value and its tolerance"},
      {"tolerance = \"1 GHz\"", "tolerance = \"1 GHz\"\nreading_error = \"-1 GHz\"", "must be at least 0"},
      {"tolerance = \"1 GHz\"", "tolerance = \"1 GHz\"\nskip_rows = 2", "skip_rows belongs to data"},
      {"reason = \"made up\"", "reason = \" \"", "reason is missing"},
      {"observable = \"linewidth\"", "observable = \"sensitivity\"", "must begin with a serdes_transmitter"},
  };
  CHECK(problems_of(made_up_case).empty());
  for (const Mistake& mistake : mistakes) {
    const auto problems = problems_of(replaced(made_up_case, mistake.text, mistake.with));
    CAPTURE(mistake.with);
    REQUIRE(!problems.empty());
    CAPTURE(problems.front());
    CHECK(any_contains(problems, mistake.message));
    CHECK(problems.front().find("case.toml:") != std::string::npos);
  }
}

TEST_CASE("case reader: all problems of a file are told at once") {
  std::string text = replaced(made_up_case, "published = \"50 GHz\"", "published = 50");
  text = replaced(text, "\"ring.coupling\"", "\"rung.coupling\"");
  CHECK(problems_of(text).size() == 2);
}

TEST_CASE("case reader: a fit names what it moves and what it is fitted on") {
  const std::string fit =
      "[[fit]]\nlinks = [\"plain\"]\non = [\"width\"]\nreason = \"r\"\n[[fit.parameter]]\nstage = "
      "\"ring\"\nkey = "
      "\"q_loaded\"\nlow = 1000\nhigh = 9000\nstart = 3000\n";
  CHECK(any_contains(problems_of(made_up_case + fit), "must have role = \"fit\""));
  const std::string fitted = replaced(made_up_case, "role = \"identity\"", "role = \"fit\"");
  CHECK(problems_of(fitted + fit).empty());
  const std::string swept = replaced(fitted, "sweep = \"drive\"\nat = [\"1 V\", \"2 V\"]",
                                     "sweep = \"ring.q_loaded\"\nat = [3000, 4000]");
  CHECK(any_contains(problems_of(swept + fit), "sweeps ring.q_loaded, which is fitted"));
  CHECK(any_contains(problems_of(fitted), "nothing of link \"plain\" is fitted"));
  CHECK(any_contains(problems_of(fitted + replaced(fit, "start = 3000", "start = 300")), "must rise"));
  CHECK(any_contains(problems_of(fitted + replaced(fit, "\"q_loaded\"", "\"coupling\"")),
                     "only numbers can be fitted"));
  CHECK(any_contains(problems_of(fitted + replaced(fit, "[\"plain\"]", "[\"plain\", \"nowhere\"]")),
                     "no link \"nowhere\""));
}

TEST_CASE("csv table: columns by name, bad cells with file and line") {
  const CaseFolder folder("made_up", made_up_case);
  folder.write("good.csv", "# note\na,b\n1,-2e3\n3, 4 \n");
  const CsvTable table = read_csv_table(folder.path("good.csv"));
  CHECK(table.columns == std::vector<std::string>{"a", "b"});
  CHECK(table.values[1] == std::vector<double>{-2000.0, 4.0});
  folder.write("bad.csv", "a,b\n1,x\n");
  CHECK_THROWS_WITH_AS(read_csv_table(folder.path("bad.csv")),
                       doctest::Contains("bad.csv:2: \"x\" is no number"), IoError);
  folder.write("short.csv", "a,b\n1\n");
  CHECK_THROWS_WITH_AS(read_csv_table(folder.path("short.csv")), doctest::Contains("1 cells where"), IoError);
  CHECK_THROWS_AS(read_csv_table(folder.path("absent.csv")), IoError);
}

TEST_CASE("observables: the manual has the table of the registry") {
  const std::string page = text_of(source_path("docs/validation.md"));
  CHECK(page.find(observable_list_markdown()) != std::string::npos);
}

TEST_CASE("observables: every argument is one of the table, every name is once") {
  std::string before;
  for (const ObservableType& type : observable_types()) {
    CAPTURE(type.name);
    CHECK(before < type.name);
    before = type.name;
    CHECK(argument_rows(type).size() == type.arguments.size());
    CHECK(!type.doc.empty());
    CHECK(bool(type.x_unit) == !type.x_label.empty());
  }
}
