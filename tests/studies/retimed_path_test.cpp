#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "fake_devices.hpp"
#include "sample_result.hpp"
#include "scratch.hpp"
#include "studies/path_reader.hpp"
#include "studies/result_hdf5.hpp"
#include "studies/result_json.hpp"
#include "studies/result_table.hpp"
#include "studies/study_reader.hpp"
#include "studies/study_schema.hpp"
#include "support.hpp"

using namespace photonlink;
using test::TemporaryFolder;

namespace {

/// `valid_study` with a third link of the bit rate of the second and a path.
std::string study_with(const std::string& path) {
  return test::valid_study +
         "[[link]]\nname = \"third\"\nsymbol_rate = \"106.25 GBd\"\n  [[link.stage]]\n  device = "
         "\"cw_laser\"\n" +
         path;
}

std::vector<std::string> problems(const std::string& path) {
  const TemporaryFolder folder;
  test::write_surroundings(folder);
  return lint_study(folder.write("study.toml", study_with(path)), test::fake_devices(), folder.path("cards"));
}

}  // namespace

TEST_CASE("retimed path: a study names its links, and what cannot be a path is told with its place") {
  const TemporaryFolder folder;
  test::write_surroundings(folder);
  const Study study = read_study(
      folder.write("study.toml", study_with("[[path]]\nname = \"row\"\nlinks = [\"second\", \"third\"]\n"
                                            "fec = \"RS(544,514)\"\ntarget_ber = 1e-15\n")),
      test::fake_devices(), folder.path("cards"));
  REQUIRE(study.paths.size() == 1);
  CHECK(study.paths[0].path.title == "row");
  CHECK(study.paths[0].path.fec == "RS(544,514)");
  CHECK(study.paths[0].path.target_ber == 1e-15);
  CHECK(study.paths[0].links == std::vector<std::string>{"second", "third"});

  const std::pair<const char*, const char*> bad[] = {
      {"[[path]]\nname = \"row\"\n", "path[0]: links is missing"},
      {"[[path]]\nname = \"row\"\nlinks = [\"fourth\"]\n", "is no [[link]] of this study"},
      {"[[path]]\nname = \"row\"\nlinks = [\"second\", \"wdm\"]\n",
       "carries 256 Gb/s, the first one 106.25 Gb/s"},
      {"[[path]]\nname = \"wdm\"\nlinks = [\"second\"]\n", "already that of another link or path"},
      {"[[path]]\nname = \"row\"\nlinks = [\"second\"]\nfeck = \"none\"\n", "did you mean 'fec'?"},
  };
  for (const auto& [text, expected] : bad) {
    const auto messages = problems(text);
    CAPTURE(text);
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].find(expected) != std::string::npos);
  }
  const auto schema = nlohmann::json::parse(study_schema(test::fake_devices()));
  for (const char* key : {"name", "title", "links", "fec", "target_ber"})
    CHECK(schema["properties"]["path"]["items"]["properties"].contains(key));
}

TEST_CASE("retimed path: results go into table, JSON and HDF5 under documented keys") {
  LinkResult hop = test::sample_result();
  Study study;
  study.paths.push_back({{.name = "twice", .title = "Twice the ring"}, {hop.name, hop.name}});
  const auto paths = evaluate_paths(study, {hop});
  REQUIRE(paths.size() == 1);
  // Two equal hops.
  CHECK(test::rel_error(paths[0].one_way_J_per_bit, 2.0 * hop.energy.with_host_J_per_bit) <= 1e-12);
  const auto json = to_json({hop}, {}, EyeDensity::left_out, paths);
  REQUIRE(json["paths"].size() == 1);
  const std::string manual = test::text_of(test::source_path("docs/results.md"));
  for (const auto& [key, value] : json["paths"][0].items())
    CHECK_MESSAGE(manual.find("`" + key + "`") != std::string::npos, key);
  CHECK_FALSE(to_json({hop}, {}).contains("paths"));
  const std::string table = path_table(paths);
  CHECK(table.find("Twice the ring: ring_cpo ring_cpo") != std::string::npos);
  CHECK(path_table({}).empty());
  const test::Scratch scratch;
  write_result_hdf5({hop}, {}, scratch.file("r.h5"), paths);
  CHECK(test::text_of(scratch.file("r.h5")).find("twice") != std::string::npos);
}
