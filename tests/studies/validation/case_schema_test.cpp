#include "studies/validation/case_schema.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "../fake_devices.hpp"
#include "studies/validation/case_reader.hpp"
#include "studies/validation/observable.hpp"
#include "support.hpp"

using namespace photonlink;

TEST_CASE("case schema: holds every observable, argument and key of a varied link, and refuses others") {
  const auto schema = nlohmann::json::parse(case_schema(device_types()));
  CHECK(schema["$id"] == "urn:photonlink:case:1");
  CHECK(schema["additionalProperties"] == false);
  const auto& quantity = schema["definitions"]["quantity"];
  CHECK(quantity["additionalProperties"] == false);
  CHECK(quantity["properties"]["observable"]["enum"].size() == observable_types().size());
  for (const ObservableType& type : observable_types())
    for (const std::string& key : type.arguments)
      CHECK_MESSAGE(quantity["properties"].contains(key), type.name << " " << key);
  for (const char* key : {"like", "study", "study_link", "remove", "set", "assumptions", "assume", "stage"})
    CHECK_MESSAGE(schema["definitions"]["link"]["properties"].contains(key), key);
}

TEST_SUITE("slow") {
  TEST_CASE("case schema: Python's jsonschema accepts all cases and refuses broken ones") {
    if (std::system("python3 -c 'import jsonschema' 2>/dev/null") != 0) {
      MESSAGE("python3 has no jsonschema: not compared");
      return;
    }
    const test::TemporaryFolder folder;
    const std::string schema = folder.write("schema.json", case_schema(device_types()));
    const std::string script = test::source_path("tests/studies/check_schema.py");
    const auto accepts = [&](const std::string& file) {
      return std::system(("python3 '" + script + "' '" + schema + "' '" + file + "' 2>/dev/null").c_str()) ==
             0;
    };
    const std::string cases = test::source_path("validation");
    for (const std::string& name : list_cases(cases)) CHECK_MESSAGE(accepts(case_path(cases, name)), name);

    const std::string head =
        "schema = 1\ntitle = 't'\nfamily = 'f'\ncitation = 'c'\nread = 'r'\n"
        "[[link]]\nname = 'a'\nstage = [{ device = 'cw_laser' }]\n";
    const std::string quantity =
        "[[quantity]]\nname = 'q'\nlink = 'a'\nobservable = 'oma'\npublished = '1 dBm'\nreason = 's'\n";
    const auto accepted = [&](const std::string& text) { return accepts(folder.write("case.toml", text)); };
    const std::string good = head + quantity + "tolerance = '1 dB'\n";
    CHECK(accepted(good));
    CHECK_FALSE(accepted(head + quantity));                  // no tolerance
    CHECK_FALSE(accepted(good + "tolerence = '1 dB'\n"));    // unknown key
    CHECK_FALSE(accepted(good + "role = 'measured'\n"));     // no such role
    CHECK_FALSE(accepted(good + "ber = 0.5e3\n"));           // outside the range
    CHECK_FALSE(accepted(good + "area = 3\n"));              // a bare number
    CHECK_FALSE(accepted(good + "data = 'x.csv'\n"));        // published and data
    CHECK_FALSE(accepted(good + "[[link]]\nname = 'b'\n"));  // neither stages nor like
    CHECK_FALSE(accepted(good + "[[link]]\nname = 'b'\nlike = 'a'\nset = { power = 1 }\n"));  // no stage
    CHECK_FALSE(accepted(good + "[[fit]]\nlinks = ['a']\non = ['q']\nreason = 'r'\n"));       // no parameter
  }
}
