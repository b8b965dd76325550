#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "io/text_file.hpp"
#include "picture_checks.hpp"
#include "scratch.hpp"
#include "studies/com/com_figures.hpp"
#include "studies/com/com_json.hpp"
#include "studies/com/com_table.hpp"
#include "studies/com/write_com.hpp"
#include "studies/pictures/com_picture.hpp"
#include "support.hpp"

using namespace photonlink;

namespace {

/// Two package cases with every kind of tap; the numbers are made up.
ComRun sample_run() {
  ComRun run;
  run.parameters.title =
      "Made-up interface, a title that is rather long, 50 GBd PAM4, to be cut where it must";
  run.parameters.source = "none";
  run.parameters.signal = {.symbol_rate_Bd = 50e9, .levels = 4, .samples_per_symbol = 4};
  run.parameters.dfe = {.taps = 3,
                        .maximum = {0.85, 0.2},
                        .minimum = {0.3, -0.2},
                        .floating_groups = 1,
                        .taps_per_group = 2,
                        .span = 8,
                        .floating_maximum = 0.05,
                        .tail_start = 6,
                        .tail_rss = 0.02};
  run.parameters.ffe = {.pre = 1, .post = 2, .first_pre_limit = 0.3, .first_post_limit = 0.3, .limit = 0.1};
  run.files = {{"a/through.s4p", com::Path::Kind::through, 4001, 0.0, 40e9, 20.0, false},
               {"a/next.s4p", com::Path::Kind::next, 2001, 0.0, 20e9, std::nan(""), true}};
  run.crosstalk = {2e-3, 0.0, 2e-3};
  run.warnings = {"a/next.s4p: has other points"};
  for (const double com_dB : {4.0, 2.5}) {
    com::CaseResult r;
    r.name = com_dB > 3.0 ? "short package" : "long package";
    r.com_dB = com_dB;
    r.available_V = 0.02;
    r.interference_V = r.available_V * std::pow(10.0, -com_dB / 20.0);
    r.eye = {.height_V = 0.01, .closure_dB = std::nan("")};
    r.main_tap = 1;
    r.transmit_taps = {-0.2, 0.8, 0.0};
    r.receive_taps = {-0.3, 1.0, 0.2, 0.05};
    r.dfe_taps = {0.5, 0.2, -0.1, 0.0, 0.0, 0.012, 0.016, 0.0};
    r.floating_taps = {6, 7};
    r.terms = {.isi_V = 3e-3,
               .jitter_V = 1e-3,
               .random_jitter_V = 4e-4,
               .crosstalk_V = 1e-3,
               .noise_V = 5e-4,
               .transmitter_V = 2e-3};
    for (int n = -32; n <= 96; ++n) {
      const double t = n / 4.0, pulse = std::exp(-0.5 * t * t);
      r.pulse_time_UI.push_back(t);
      r.unequalized_V.push_back(0.08 * pulse);
      r.equalized_V.push_back(0.0632 * pulse);
    }
    for (int i = 0; i <= 40; ++i) {
      const double y = -0.04 * (1.0 - i / 40.0);
      r.interference.voltage_V.push_back(y);
      r.interference.log10_probability.push_back(-std::pow(y / 0.008, 2) - 0.3);
    }
    run.result.package_case.push_back(r);
  }
  run.result.mode = "standard";
  run.result.return_loss = {{12.0, 14.0}, 12.0, {0.0, 1.0}, {0.1, 0.05}};
  run.result.com_dB = 2.5;
  return run;
}

const Provenance provenance{"com", "t", "schema = 1\n", "0.0.0", "test", "photonlink com", {}};

}  // namespace

TEST_CASE("COM results: taps at their limits are found, each kind by its own limit") {
  const ComRun run = sample_run();
  const com::CaseResult& r = run.result.package_case.front();
  // b(2) = b_max; taps 6 and 7 have the limited root sum of squares, sqrt(0.012² + 0.016²) = 0.02.
  CHECK(limited_dfe_taps(r, run.parameters) == std::vector<double>{2, 6, 7});
  CHECK(limited_receive_taps(r, run.parameters) == std::vector<double>{0});
  com::CaseResult other = r;
  other.dfe_taps[5] = 0.05;  // the limit of floating taps, and a tail above its limit
  other.dfe_taps[2] = -0.2;
  other.dfe_taps[6] = 0.0;
  auto p = run.parameters;
  p.dfe.tail_start = 0;
  CHECK(limited_dfe_taps(other, p) == std::vector<double>{2, 3, 6});
  other.receive_taps = {0.2, 1.0, -0.3, 0.1};
  CHECK(limited_receive_taps(other, p) == std::vector<double>{2, 3});
}

TEST_CASE("COM results: steps end quantised floating taps below their limit") {
  ComRun run = sample_run();
  run.parameters.dfe.step = 0.02;
  run.parameters.dfe.tail_start = 0;
  com::CaseResult r = run.result.package_case.front();
  r.dfe_taps[5] = 0.04;  // floor(0.05 / 0.02) 0.02
  r.dfe_taps[6] = 0.02;
  CHECK(limited_dfe_taps(r, run.parameters) == std::vector<double>{2, 6});
}

TEST_CASE("COM results: every limit that is given counts, and only those") {
  ComRun run = sample_run();
  CHECK_FALSE(passes(run));  // COM of the long package, 2.5 dB
  run.parameters.limits = {.com_dB = 2.0};
  CHECK(passes(run));
  CHECK(case_checks(run.result.package_case.front(), run.parameters).size() == 1);
  CHECK(channel_checks(run).empty());
  run.parameters.limits = {.com_dB = 2.0, .effective_return_loss_dB = 12.0, .eye_height_V = 0.01};
  CHECK(passes(run));
  run.parameters.limits.effective_return_loss_dB = 12.1;
  CHECK_FALSE(passes(run));
  run.parameters.limits = {.com_dB = 2.0, .eye_height_V = 0.0101};
  CHECK_FALSE(passes(run));
  run.parameters.limits = {.com_dB = 2.0, .vertical_eye_closure_dB = 60.0};
  CHECK_FALSE(passes(run));  // a closed eye has no VEC
  for (com::CaseResult& each : run.result.package_case) each.eye.closure_dB = 7.0;
  CHECK(passes(run));
  run.parameters.limits.vertical_eye_closure_dB = 6.9;
  CHECK_FALSE(passes(run));
  run.result.return_loss.least_dB = std::nan("");
  run.parameters.limits = {.com_dB = 2.0, .effective_return_loss_dB = 3.0};
  CHECK_FALSE(passes(run));  // limited but not computed
}

TEST_CASE("COM results: the table marks limits, names the worst case and leaves out what is not computed") {
  const std::string text = com_table(sample_run(), TableColor::plain, 0);
  for (const char* part :
       {"0.5 0.2* -0.1", "6:0.012* 7:0.016*", "-0.3* 1 0.2 0.05", "COM 2.5000 dB, least of 2",
        "(long package)", "limit 3 dB: FAIL", "All limits: FAIL", "ERL11 12.0000 dB", "0 FEXT, 1 NEXT",
        "integrated NEXT 2.0000 mV", "warning: a/next.s4p: has other points", "* at its limit"})
    CHECK_MESSAGE(text.find(part) != std::string::npos, part);
  CHECK(text.find("VEC") == std::string::npos);  // NaN in every case
  CHECK(text.find("g_DC2") == std::string::npos);
  CHECK(com_table(sample_run(), TableColor::ansi, 80).find("\x1b[31mFAIL") != std::string::npos);
}

TEST_CASE("COM results: JSON holds every figure, list and curve; NaN is null") {
  const ComRun run = sample_run();
  const auto json = to_json(run, provenance);
  CHECK(json["worst_case"] == "long package");
  CHECK(json["passes"] == false);
  CHECK(json["configuration"]["text"] == "schema = 1\n");
  const auto& first = json["cases"][0];
  for (const CaseFigure& figure : case_figures()) CHECK_MESSAGE(first.contains(figure.key), figure.key);
  for (const CaseList& list : case_lists()) CHECK_MESSAGE(first.contains(list.key), list.key);
  CHECK(first["vertical_eye_closure_dB"].is_null());
  CHECK(first["passes"] == true);
  // Written to 17 digits.
  CHECK(test::rel_error(first["total_V"].get<double>(), std::sqrt(9e-6 + 1e-6 + 1e-6 + 0.25e-6 + 4e-6)) <=
        1e-14);
  CHECK(first["pulse"]["time_UI"].size() == 129);
  CHECK(json["files"][1]["nyquist_loss_dB"].is_null());
}

TEST_CASE("COM results: units of keys are the units of figures") {
  int checked = 0;
  for (const CaseFigure& figure : case_figures()) {
    if (figure.unit == "1") continue;
    CHECK_MESSAGE(figure.key.ends_with("_" + std::string(figure.unit)), figure.key);
    ++checked;
  }
  CHECK(checked > 20);
}

TEST_CASE("COM results: folder with JSON, HDF5 and a picture per case, replaced as a whole") {
  test::Scratch folder;
  Context context(2);
  write_com(sample_run(), provenance, folder.file("out"), context);
  for (const char* name :
       {"result.json", "result.h5", "case_1.png", "case_1.svg", "case_2.png", "case_2.svg"})
    CHECK_MESSAGE(!text_of_file(folder.file("out/" + std::string(name))).empty(), name);
  CHECK(nlohmann::json::parse(text_of_file(folder.file("out/result.json")))["schema"] == "photonlink com");
  CHECK(folder.entries() == 1);
}

TEST_CASE("COM results: no text of the picture leaves it or covers another") {
  const ComRun run = sample_run();
  for (std::size_t i = 0; i < 2; ++i) {
    pictures::Canvas canvas(pictures::com_size.width, pictures::com_size.height);
    pictures::paint_com(canvas, run, i);
    test::check_texts(canvas);
  }
}
