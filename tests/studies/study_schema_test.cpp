#include "studies/study_schema.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <regex>

#include "fake_devices.hpp"
#include "support.hpp"

using namespace photonlink;
using test::fake_devices;

TEST_CASE("study schema: holds every device, parameter and link key, and refuses others") {
  const auto schema = nlohmann::json::parse(study_schema(fake_devices()));
  CHECK(schema["$id"] == "urn:photonlink:study:1");
  CHECK(schema["$schema"] == "http://json-schema.org/draft-04/schema#");
  const auto& definitions = schema["definitions"];
  CHECK(definitions["stage"]["oneOf"].size() == fake_devices().size());
  int checked = 0;
  for (const DeviceType& device : fake_devices()) {
    const auto& stage = definitions.at("device_" + device.name);
    CHECK(stage["additionalProperties"] == false);
    for (const FieldInfo& row : device.fields) {
      CHECK_MESSAGE(stage["properties"].contains(row.name), row.name);
      ++checked;
    }
  }
  CHECK(checked == 10);
  for (const char* key : {"name", "symbol_rate", "lanes", "stage", "fec", "target_ber"})
    CHECK(definitions["link"]["properties"].contains(key));
  CHECK(definitions["link"]["properties"]["lanes"]["maximum"] == 128);
}

TEST_CASE("study schema: the pattern of each kind accepts its own units and refuses bare numbers") {
  int checked = 0;
  for (const Quantity kind : all_quantities()) {
    if (kind == Quantity::dimensionless) continue;
    const std::vector<DeviceType> one{
        {"d", "", "", {{"x", "", kind, 0.0, 0.0, 1.0, {}, {}}}, test::make_plain_stage}};
    const auto schema = nlohmann::json::parse(study_schema(one));
    const std::regex pattern(
        schema["definitions"]["device_d"]["properties"]["x"]["pattern"].get<std::string>());
    for (const std::string& unit : accepted_units(kind)) {
      CHECK_MESSAGE(std::regex_match("-2.5e-3 " + unit, pattern), unit);
      CHECK_MESSAGE(std::regex_match("5" + unit, pattern), unit);
      ++checked;
    }
    CHECK_FALSE(std::regex_match("2.5", pattern));
    CHECK_FALSE(std::regex_match("2.5 parsec", pattern));
  }
  CHECK(checked > 100);
}

TEST_SUITE("slow") {
  TEST_CASE("study schema: Python's jsonschema accepts a valid study and refuses broken ones") {
    if (std::system("python3 -c 'import jsonschema' 2>/dev/null") != 0) {
      MESSAGE("python3 has no jsonschema: not compared");
      return;
    }
    const test::TemporaryFolder folder;
    const std::string schema = folder.write("schema.json", study_schema(fake_devices()));
    const std::string link =
        R"({"schema": 1, "name": "a", "link": [{"name": "b", "symbol_rate": "32 GBd", "stage": [)";
    const std::string good =
        R"({"device": "cw_laser", "card": "c", "power": "3 dBm", "carriers": 4,)"
        R"("assumed": {"responsivity": {"low": "0.7 A/W", "high": "1 A/W", "source": "s"}}},)"
        R"({"device": "microring_modulator", "weights": [1, 2], "spacing": ["1 GHz"]}, {"device": "cable", "fext": ["f"]})";
    const auto accepted = [&](const std::string& stages) {
      const std::string study = folder.write("study.json", link + stages + "]}]}");
      const std::string script = test::source_path("tests/studies/check_schema.py");
      return std::system(("python3 '" + script + "' '" + schema + "' '" + study + "' 2>/dev/null").c_str()) ==
             0;
    };
    CHECK(accepted(good));
    CHECK_FALSE(accepted(R"({"device": "cw_laser", "power": 3})"));
    CHECK_FALSE(accepted(R"({"device": "cw_laser", "powr": "3 W"})"));
    CHECK_FALSE(accepted(R"({"device": "laser"})"));
    CHECK_FALSE(accepted(R"({"device": "cw_laser", "carriers": 40})"));
    CHECK_FALSE(accepted(""));
  }
}
