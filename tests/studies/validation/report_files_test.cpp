#include <doctest/doctest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "sample_report.hpp"
#include "scratch.hpp"
#include "studies/validation/report_hdf5.hpp"
#include "studies/validation/report_json.hpp"
#include "support.hpp"

using namespace photonlink;
using test::Scratch;

namespace {

const Provenance provenance{.program_version = "0.1.0", .build = "g++", .command = "photonlink validate"};

/// Every key of `json` down to its leaves stands in the manual.
int check_documented(const nlohmann::ordered_json& json, const std::string& manual) {
  int checked = 0;
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      const bool known = manual.find("`" + key + "`") != std::string::npos ||
                         manual.find("." + key + "`") != std::string::npos;
      CHECK_MESSAGE(known, key);
      checked += 1 + check_documented(value, manual);
    }
  }
  if (json.is_array() && !json.empty()) checked += check_documented(json.front(), manual);
  return checked;
}

}  // namespace

TEST_CASE("report JSON: stable keys, NaN as null, numbers round-trip, every key is documented") {
  const ValidationReport report = test::sample_report();
  const auto json = to_json(report, provenance);
  CHECK(json["schema"] == "photonlink validation");
  CHECK(json["schema_version"] == validation_schema_version);
  CHECK(json["command"] == "photonlink validate");
  REQUIRE(json["cases"].size() == 3);
  const auto& ring = json["cases"][0];
  CHECK(ring["inputs"][1]["value"] == "3500 | at 0 V");
  CHECK(ring["fits"][0]["parameters"][1]["low_95"].is_null());
  CHECK(ring["fits"][0]["parameters"][1]["at_bound"] == true);
  const auto& bandwidth = ring["quantities"][0];
  CHECK(bandwidth["points"]["computed"][0].get<double>() == report.cases[0].quantities[0].points[0].computed);
  CHECK(bandwidth["points"]["x"][0].is_null());
  CHECK(bandwidth["role"] == "measurement");
  CHECK(ring["quantities"][5]["bound"] == "at_least");
  const auto& energy = json["cases"][1]["quantities"][4];
  CHECK(energy["verdict"] == "not_computed");
  CHECK(energy["error"].is_null());
  CHECK(energy["failure"] == "ring 'tx3': no operating point within the heater's range");
  CHECK(json["summary"]["measurements"].back()["pass"] == 8);
  CHECK(json["changes"][1]["kind"] == "worse");
  const std::string manual = test::text_of(test::source_path("docs/results.md"));
  CHECK(check_documented(json, manual.substr(manual.find("## Validation"))) > 60);
}

TEST_CASE("report JSON: words of the format stand in the manual") {
  const std::string manual = test::text_of(test::source_path("docs/results.md"));
  for (const Bound bound : {Bound::value, Bound::at_least, Bound::at_most, Bound::interval})
    CHECK(manual.find(bound_key(bound)) != std::string::npos);
  for (const Verdict verdict : {Verdict::pass, Verdict::band, Verdict::miss, Verdict::uncomputed})
    CHECK(manual.find(std::string(verdict_name(verdict))) != std::string::npos);
  for (const Role role :
       {Role::measurement, Role::alternative, Role::fit, Role::identity, Role::arithmetic, Role::code})
    CHECK(manual.find(std::string(role_name(role))) != std::string::npos);
}

// tests/oracles/read_validation_hdf5.py names the folder and reads both files as other programs do.
TEST_CASE("report files: written whole, an empty report too, an unwritable place is an error") {
  const Scratch scratch;
  const char* given = std::getenv("PHOTONLINK_REPORT_FOLDER");
  const std::string folder = given == nullptr ? scratch.path() : given;
  write_report_json(test::sample_report(), provenance, folder + "/validation.json");
  write_report_hdf5(test::sample_report(), provenance, folder + "/validation.h5");
  const std::string text = test::text_of(folder + "/validation.json");
  CHECK(nlohmann::json::parse(text)["cases"].size() == 3);
  CHECK(test::text_of(folder + "/validation.h5").substr(1, 3) == "HDF");
  CaseResult bare;
  bare.name = "bare_01";
  bare.quantities.resize(1), bare.quantities[0].name = "nothing";
  for (const ValidationReport& report : {ValidationReport{}, test::sample_report({bare})}) {
    write_report_json(report, provenance, scratch.file("bare.json"));
    write_report_hdf5(report, provenance, scratch.file("bare.h5"));
    CHECK(nlohmann::json::parse(test::text_of(scratch.file("bare.json"))).contains("summary"));
  }
  CHECK_THROWS_AS(write_report_json({}, provenance, scratch.file("missing/r.json")), IoError);
  CHECK_THROWS_AS(write_report_hdf5({}, provenance, scratch.file("missing/r.h5")), IoError);
}
