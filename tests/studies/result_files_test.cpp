#include <doctest/doctest.h>
#include <hdf5.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

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
                     .command = "",
                     .cards = {{"smf", "length = \"1 km\"\n"}}},
                    scratch.file("r.json"));
  const nlohmann::json json = nlohmann::json::parse(test::text_of(scratch.file("r.json")));
  CHECK(json["schema_version"] == result_schema_version);
  CHECK(json["study"]["text"] == "a = \"µ\"\n");
  CHECK(json["links"].size() == 2);
  CHECK(json["links"][0]["ber_before_fec"].get<double>() == optical.ber_before_fec);
  CHECK(json["links"][1]["loss_margin_dB"].is_null());
  CHECK(json["links"][0]["locking"]["holds"] == true);
  CHECK(json["links"][0]["locking"]["ber"].size() == optical.locking.ber.size());
  CHECK(json["study"]["cards"][0]["text"] == "length = \"1 km\"\n");
  CHECK(json["links"][0]["assumed"][0]["source"] == "typical of the process");
  const std::string manual = test::text_of(test::source_path("docs/results.md"));
  int checked = 0;
  for (const auto& [key, value] : json["links"][0].items()) {
    CHECK_MESSAGE(manual.find("`" + key + "`") != std::string::npos, key);
    ++checked;
  }
  CHECK(checked > 30);
}

TEST_CASE(
    "result JSON: curves keep six digits, the density comes only when asked for, plain arrays take a line") {
  const LinkResult result = test::sample_result();
  const auto brief = to_json(result), full = to_json(result, EyeDensity::included);
  CHECK(!brief["eye"].contains("density"));
  REQUIRE(full["eye"]["density"].size() == result.eye.density.size());
  const auto& pulse = brief["pulse"]["equalized"];
  REQUIRE(pulse.size() == result.pulse.equalized.size());
  for (std::size_t i = 0; i < pulse.size(); ++i)
    // Rounding to six digits is off by half a unit of the sixth at most, 5e-6 of a mantissa of 1.
    CHECK(test::abs_error(pulse[i], result.pulse.equalized[i]) <= 5e-6 * std::abs(result.pulse.equalized[i]));
  const Scratch scratch;
  write_result_json({result}, {}, scratch.file("r.json"));
  const std::string text = test::text_of(scratch.file("r.json"));
  CHECK(text.find("\"ffe_taps\": [-0.1,1.0,-0.15],\n") != std::string::npos);
  // The sample has 1200 contour points for each limit; two megabytes would hold the density as well.
  CHECK(text.size() < 150'000);
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
  std::vector<double> offset(result.locking.offset_Hz.size());
  const hid_t locking = H5Dopen2(file, "/ring_cpo/locking/offset", H5P_DEFAULT);
  REQUIRE(H5Dread(locking, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, offset.data()) >= 0);
  CHECK(offset == result.locking.offset_Hz);
  H5Dclose(locking), H5Dclose(scalar), H5Dclose(eye), H5Fclose(file);
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

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("comparison table: golden rows, colour only when asked") {
  const std::string text = comparison_table({test::sample_result(), test::sample_copper()});
  CHECK(holds(
      text,
      "Microring co-packaged optics, 2 km, 53.125 GBd PAM4     yes  1.2e-07     <1e-40    2.3 dB loss    "
      "2.10    4.60       5.20  12.3 ns\n"));
  CHECK(holds(text, "-0.7 dB noise"));
  CHECK(holds(text, "\none end with host              4.60    6.40\n"));
  CHECK(holds(text, "\nfiber               9.8 ns   9.8 ns\n"));
  CHECK(holds(text, "\nTIA thermal        2.20 mV  80.0 %\n"));
  CHECK(holds(text, "\nmodulator: finite extinction      +1.20 dB\n"));
  CHECK(holds(text, "warning: ring_cpo / modulator: drive"));
  CHECK(!holds(text, "\x1b"));
  CHECK(holds(comparison_table({test::sample_result()}, TableColor::ansi), "\x1b[32m"));
}

TEST_CASE("comparison table: equal warnings are one, wrapped to the width; titles are cut, figures are not") {
  LinkResult first = test::sample_result(), second = test::sample_copper();
  second.warnings = first.warnings;
  for (const int width : {80, 100}) {
    const std::string text = comparison_table({first, second}, TableColor::plain, width);
    CHECK(holds(text, "warning: ring_cpo / modulator, copper / modulator: drive"));
    CHECK(text.find("warning:") == text.rfind("warning:"));
    CHECK(holds(text, "Microring co-pa"));
    std::istringstream lines(text);
    int checked = 0;
    for (std::string line; std::getline(lines, line); ++checked) {
      // The shortest title of 16 and eight columns of figures need 94.
      const int allowed =
          line.find("  yes  ") != std::string::npos || line.find("closes") != std::string::npos ||
                  line.find("──  ──") != std::string::npos || line.find("  no  ") != std::string::npos
              ? std::max(width, 96)
              : width;
      CHECK_MESSAGE(static_cast<int>(text_table::shown_width(line)) <= allowed, line);
    }
    CHECK(checked > 20);
  }
}

TEST_CASE("text table: lines break at spaces, an ellipsis counts as one character") {
  CHECK(text_table::wrapped("one two three", 7, 2) == "one two\n  three");
  CHECK(text_table::wrapped("one two three", 0, 2) == "one two three");
  CHECK(text_table::shortened("µµµµ", 3) == "µµ…");
  CHECK(text_table::shortened("µµµ", 3) == "µµµ");
}
