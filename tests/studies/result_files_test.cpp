#include <doctest/doctest.h>
#include <hdf5.h>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "sample_result.hpp"
#include "scratch.hpp"
#include "studies/result_hdf5.hpp"
#include "studies/result_json.hpp"
#include "studies/result_table.hpp"
#include "support.hpp"

using namespace photonlink;
using test::Scratch;

TEST_CASE("result JSON: documented keys, NaN as null, numbers round-trip, study text kept") {
  const Scratch scratch;
  const LinkResult optical = test::sample_result(), copper = test::sample_copper();
  write_result_json({optical, copper},
                    {.study_name = "s",
                     .study_title = "t",
                     .study_text = "a = \"µ\"\n",
                     .program_version = "0.1.0",
                     .build = "",
                     .command = ""},
                    scratch.file("r.json"));
  const nlohmann::json json = nlohmann::json::parse(test::text_of(scratch.file("r.json")));
  CHECK(json["schema_version"] == result_schema_version);
  CHECK(json["study"]["text"] == "a = \"µ\"\n");
  CHECK(json["links"].size() == 2);
  CHECK(json["links"][0]["ber_before_fec"].get<double>() == optical.ber_before_fec);
  CHECK(json["links"][1]["loss_margin_dB"].is_null());
  CHECK(json["links"][0]["eye"]["density"].size() == optical.eye.density.size());
  const std::string manual = test::text_of(test::source_path("docs/results.md"));
  int checked = 0;
  for (const auto& [key, value] : json["links"][0].items()) {
    CHECK_MESSAGE(manual.find("`" + key + "`") != std::string::npos, key);
    ++checked;
  }
  CHECK(checked > 30);
}

TEST_CASE("result HDF5: eye density and figures read back bit for bit") {
  const Scratch scratch;
  const LinkResult result = test::sample_result();
  write_result_hdf5({result, test::sample_copper()}, {}, scratch.file("r.h5"));
  const hid_t file = H5Fopen(scratch.file("r.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  REQUIRE(file >= 0);
  std::vector<double> density(result.eye.density.size());
  const hid_t eye = H5Dopen2(file, "/ring_cpo/eye/density", H5P_DEFAULT);
  REQUIRE(H5Dread(eye, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, density.data()) >= 0);
  CHECK(density == result.eye.density);
  double ber = 0.0;
  const hid_t scalar = H5Dopen2(file, "/copper/ber_before_fec", H5P_DEFAULT);
  REQUIRE(H5Dread(scalar, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &ber) >= 0);
  CHECK(ber == result.ber_before_fec);
  H5Dclose(scalar), H5Dclose(eye), H5Fclose(file);
  CHECK_THROWS_AS(write_result_hdf5({result}, {}, scratch.file("missing/r.h5")), IoError);
}

TEST_CASE("result HDF5: empty results are written, not refused") {
  const Scratch scratch;
  LinkResult bare;
  bare.name = "bare";
  write_result_hdf5({bare}, {}, scratch.file("r.h5"));
  CHECK(scratch.entries() == 1);
}

TEST_CASE("BER text: two digits, floor and NaN are told apart") {
  CHECK(ber_text(1.234e-13, 1e-40) == "1.2e-13");
  CHECK(ber_text(1e-40, 1e-40) == "<1e-40");
  CHECK(ber_text(not_computed, 1e-40) == "-");
}

TEST_CASE("comparison table: golden rows, colour only when asked") {
  const std::string text = comparison_table({test::sample_result(), test::sample_copper()});
  CHECK(
      text.find(
          "Microring co-packaged optics, 2 km, 53.125 GBd PAM4     yes  1.2e-07         <1e-40    2.3 dB loss"
          "         2.10            4.60       5.20  12.3 ns\n") != std::string::npos);
  CHECK(text.find("-0.7 dB noise") != std::string::npos);
  CHECK(text.find("TIA thermal        2.20e-03  80.0 %\n") != std::string::npos);
  CHECK(text.find("warning: ring_cpo / modulator: drive") != std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(comparison_table({test::sample_result()}, TableColor::ansi).find("\x1b[32m") != std::string::npos);
}
