#include "studies/com_reader.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.hpp"
#include "scratch.hpp"
#include "support.hpp"

using namespace photonlink;

namespace {

const std::vector<std::string> examples = {"c2c_3ck", "c2m_3ck", "cr_3ck", "kr4", "kr_3ck", "kr_dj"};

std::string example_path(const std::string& name) {
  return test::source_path("examples/com/" + name + ".toml");
}

/// KR4 with `old` replaced by `text`, in a scratch folder.
class Edited {
 public:
  Edited(const std::string& old, const std::string& text) : path_(folder_.file("edited.toml")) {
    std::string all = test::text_of(example_path("kr4"));
    const auto place = all.find(old);
    REQUIRE_MESSAGE(place != std::string::npos, old);
    std::ofstream(path_) << all.replace(place, old.size(), text);
  }
  const std::string& path() const { return path_; }
  std::string message() const {
    try {
      read_com(path_);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  }

 private:
  test::Scratch folder_;
  std::string path_;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("COM reader: KR4 holds the values of its table in SI units") {
  // IEEE Std 802.3bj Table 93-8.
  const com::Parameters p = read_com(example_path("kr4"));
  constexpr double rounding = 1e-12;  // decimal numbers to binary
  CHECK(test::rel_error(p.signal.symbol_rate_Bd, 25.78125e9) <= rounding);
  CHECK(p.signal.levels == 2);
  CHECK(test::rel_error(p.signal.detector_error_ratio, 1e-5) <= rounding);
  CHECK(test::rel_error(p.receiver.noise_V2_per_Hz, 5.2e-17) <= rounding);
  CHECK(test::rel_error(p.package_loss.a1_sqrt_s_per_m, 1.734e-3 * std::sqrt(1e-9) / 1e-3) <= rounding);
  CHECK(test::rel_error(p.package_loss.a2_s_per_m, 1.455e-4 * 1e-9 / 1e-3) <= rounding);
  CHECK(test::rel_error(p.transmitter_package.die_capacitance_F.at(0), 250e-15) <= rounding);
  CHECK(p.tap.size() == 2);
  CHECK(p.tap[1].position == 1);
  CHECK(p.package_case.size() == 2);
  CHECK(test::rel_error(p.package_case[1].transmit_length_m.at(0), 30e-3) <= rounding);
  CHECK(p.transmitter.rise_time_s == 0.0);  // FORCE_TR = 0
}

TEST_CASE("COM reader: every example is read and can be linted") {
  for (const std::string& name : examples) {
    CHECK_FALSE(read_com(example_path(name)).title.empty());
    CHECK(lint_com(example_path(name)).empty());
    CHECK(is_com_configuration(example_path(name)));
  }
  CHECK_FALSE(is_com_configuration(test::source_path("examples/microring_vs_copper/study.toml")));
  CHECK_FALSE(is_com_configuration("absent.toml"));
}

TEST_CASE("COM reader: bad input is told with place, value, range and fix") {
  const struct {
    const char *old, *text;
    std::vector<std::string> words;
  } rows[] = {
      {"snr = \"27 dB\"",
       "snr = \"27 V\"",
       {":16:7: transmitter: snr", "27 V", "write for example", "[10 dB, 300 dB]"}},
      {"snr = \"27 dB\"", "snr = 27", {":16:7: transmitter: snr", "has no unit", "write for example"}},
      {"snr = \"27 dB\"", "snr = \"5 dB\"", {":16:7: transmitter: snr = 5 dB is outside [10 dB, 300 dB]"}},
      {"snr = ", "sn = ", {":16:1: transmitter: sn", "unknown key", "did you mean 'snr'?"}},
      {"[receiver]", "[reciever]", {"reciever", "unknown key", "did you mean 'receiver'?"}},
      {"taps = 14", "taps = 1.5", {"dfe: taps = 1.5", "whole number"}},
      {"taps = 14", "taps = 1400", {":46:8: dfe: taps = 1400 is outside [0, 256]"}},
      {"maximum = [1.0]", "maximum = 1.0", {"dfe: maximum", "list"}},
      {"schema = 1", "schema = 7", {":1:10: schema = 7; this program reads schema = 1"}},
      {"schema = 1\n", "", {"schema is missing", "schema = 1"}},
      {"title = \"100GBASE-KR4, 25.78125 GBd NRZ backplane\"\n", "", {"title is missing; add title = "}},
      {"schema = 1", "schema = 1\nsearch = 3", {":2:10: search = 3 is a whole number; a table is expected"}},
      {"noise = ",
       "filters = [\"brick wall\"]\nnoise = ",
       {"receiver: filters", "brick wall", "butterworth"}},
  };
  for (const auto& row : rows) {
    const Edited file(row.old, row.text);
    const std::string message = file.message();
    for (const std::string& word : row.words)
      CHECK_MESSAGE(contains(message, word), message << " lacks " << word);
    CHECK_MESSAGE(contains(message, file.path()), message);
  }
}

TEST_CASE("COM reader: sections that contradict each other are told with the file, the values and the fix") {
  const struct {
    const char *old, *text;
    std::vector<std::string> words;
  } rows[] = {
      {"minimum = [-1.0]", "minimum = [1.5]", {"dfe: tap 1 has minimum = 1.5 above maximum = 1", "exchange"}},
      {"maximum = [1.0]\n", "", {"dfe: 14 taps need the lists maximum and minimum"}},
      {"first = -0.18", "first = 0.18", {"transmit tap -1: last = 0 is below first = 0.18", "exchange"}},
      {"position = 1\n", "position = -1\n", {"position = -1 stands twice"}},
      {"position = 1\n", "position = 0\n", {"position = 0 is the main tap"}},
      {"zero = \"6.4453125 GHz\"\n", "", {"ctle: zero, pole and second_pole must be given"}},
      {"last_gain = \"0 dB\"", "last_gain = \"-20 dB\"", {"ctle: a grid ends below its start"}},
      {"transmit_length = [\"12 mm\"]",
       "transmit_length = [\"12 mm\", \"1 mm\"]",
       {"case 'short package': transmit_length has 2 lengths, but the package has 1 line segments"}},
      {"symbol_rate = \"25.78125 GBd\"\n", "", {"signal: symbol_rate is missing"}},
      {"last = 0.0",
       "last = -0.18\n[[tap]]\nposition = -2\nfirst = 0.5\nlast = 0.5",
       {"no setting of the transmit taps leaves a main tap of 0.62", "lower smallest_main_tap"}},
      {"step = 0.02\nlast = 0.0",
       "step = 1e-4\nlast = 0.0\n[[tap]]\nposition = 2\nfirst = -1.0\nstep = 1e-4\nlast = 0.0",
       {"transmit taps have", "settings, at most 2e+06", "widen their steps"}},
      {"gain_step = \"1 dB\"",
       "gain_step = \"0.001 dB\"\nlow_corner = \"1 GHz\"\nfirst_low_gain = \"-20 dB\"\nlast_low_gain = \"0 "
       "dB\"",
       {"ctle: 12001 settings of g_DC and 21 of g_DC2, at most 100000 together", "widen gain_step"}},
      {"gain_step = \"1 dB\"",
       "gain_step = \"1 dB\"\nlargest_gain_sum = \"-40 dB\"",
       {"ctle: its limits leave no setting", "widen the ranges"}},
  };
  int checked = 0;
  for (const auto& row : rows) {
    const Edited file(row.old, row.text);
    const std::string message = file.message();
    for (const std::string& word : row.words)
      CHECK_MESSAGE(contains(message, word), message << " lacks " << word);
    CHECK_MESSAGE(message.starts_with(file.path() + ": "), message);
    CHECK(lint_com(file.path()) == std::vector<std::string>{message});
    ++checked;
  }
  CHECK(checked == 13);
}

TEST_CASE("COM reader: all problems of a file are told at once") {
  const Edited file("snr = \"27 dB\"\nrandom_jitter = \"0.01 UI\"",
                    "snr = \"27 V\"\nrandom_jitter = \"9 UI\"");
  CHECK(lint_com(file.path()).size() == 2);
}

TEST_CASE("COM reader: range errors name every parameter of every section with its range") {
  int checked = 0;
  for (const ComSection& section : com_sections()) {
    for (const FieldInfo& row : section.rows) {
      const auto* value = std::get_if<int>(&row.default_value);
      if (!value || section.repeated) continue;
      test::Scratch folder;
      const std::string path = folder.file("one.toml");
      std::ofstream(path) << fmt::format("schema = 1\ntitle = \"t\"\nsource = \"s\"\n[{}]\n{} = {}\n",
                                         section.name, row.name, static_cast<long>(row.upper) + 1);
      const auto problems = lint_com(path);
      REQUIRE(problems.size() == 1);
      CHECK_MESSAGE(contains(problems[0], fmt::format("{}: {} = ", section.name, row.name)), problems[0]);
      CHECK_MESSAGE(contains(problems[0], "is outside ["), problems[0]);
      ++checked;
    }
  }
  CHECK(checked > 15);
}

TEST_CASE("COM schema: holds every section and key, and refuses others") {
  const auto schema = nlohmann::json::parse(com_schema());
  CHECK(schema["$schema"] == "http://json-schema.org/draft-04/schema#");
  CHECK(schema["additionalProperties"] == false);
  int checked = 0;
  for (const ComSection& section : com_sections()) {
    const auto& property = schema["properties"].at(section.name);
    const auto& table = section.repeated ? property["items"] : property;
    CHECK(table["additionalProperties"] == false);
    for (const FieldInfo& row : section.rows) {
      CHECK_MESSAGE(table["properties"].contains(row.name), row.name);
      ++checked;
    }
  }
  CHECK(checked > 80);
}

TEST_SUITE("slow") {
  TEST_CASE("COM schema: Python's jsonschema accepts every example and refuses broken ones") {
    // Exit status 1 and nothing else tells a missing module from a refused file: -c is tried first.
    if (std::system("python3 -c 'import jsonschema, tomllib' 2>/dev/null") != 0) {
      MESSAGE("python3 has no jsonschema or tomllib: not compared");
      return;
    }
    test::Scratch folder;
    const std::string schema = folder.file("schema.json");
    std::ofstream(schema) << com_schema();
    const auto accepted = [&](const std::string& path) {
      const std::string script = test::source_path("tests/studies/check_schema.py");
      return std::system(("python3 '" + script + "' '" + schema + "' '" + path + "' 2>/dev/null").c_str()) ==
             0;
    };
    for (const std::string& name : examples) CHECK_MESSAGE(accepted(example_path(name)), name);
    CHECK_FALSE(accepted(Edited("snr = ", "sn = ").path()));
    CHECK_FALSE(accepted(Edited("snr = \"27 dB\"", "snr = 27").path()));
    CHECK_FALSE(accepted(Edited("schema = 1", "schema = 2").path()));
  }
}
