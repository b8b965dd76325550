#include "studies/validation/report_table.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "sample_report.hpp"
#include "studies/validation/report_counts.hpp"
#include "studies/validation/report_text.hpp"

using namespace photonlink;
using namespace photonlink::report_text;

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The line of `text` that begins with `start`.
std::string line_of(const std::string& text, const std::string& start) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.rfind(start, 0) == 0) return line;
  return "no line begins with " + start;
}

}  // namespace

TEST_CASE("report numbers: the tolerance decides the digits, tiny and huge ones get a power of ten") {
  CHECK(number(81.23, 5) == "81");
  CHECK(number(81.23, 3) == "81.2");
  CHECK(number(0.462, 0.1) == "0.46");
  CHECK(number(-0.02, 0.5) == "0.0");
  CHECK(number(0.0, 1) == "0");
  CHECK(number(test::no_number, 1) == "-");
  CHECK(number(-std::numeric_limits<double>::infinity(), 1) == "-∞");
  CHECK(number(7.13e-14, 1e-14) == "7.1e-14");
  CHECK(number(2.5e7, 1e6) == "2.50e+07");
  CHECK(number(83e3, 5e3) == "83000");
  CHECK(number(1234.56, 0) == "1235");
  CHECK(as_published(83, 3) == "83");
  CHECK(as_published(200, 1) == "200");
  CHECK(as_published(18.40, 0.1) == "18.4");
  CHECK(as_published(5e-13, 1e-14) == "5e-13");
}

TEST_CASE("report numbers: signs of errors, minus signs and powers for pages and pictures") {
  CHECK(signed_error(0.357) == "+0.36");
  CHECK(signed_error(-12.34) == "-12.3");
  CHECK(signed_error(0.0) == "0");
  CHECK(signed_error(test::no_number) == "-");
  CHECK(signed_error(std::numeric_limits<double>::infinity()) == "+∞");
  CHECK(typographic("-∞") == "−∞");
  CHECK(error_size(-345.6) == "346");
  CHECK(typographic("-1.2e-13") == "−1.2·10⁻¹³");
  CHECK(typographic("7e+07") == "7·10⁷");
  CHECK(typographic("-3 … -2") == "−3 … −2");
  CHECK(typographic("OFC-2026, link-01, µ-2") == "OFC-2026, link-01, µ-2");
  CHECK(with_unit("83", "GHz") == "83 GHz");
  CHECK(with_unit("0.02", "1") == "0.02");
  CHECK(counted(1, "miss", "misses") == "1 miss");
}

TEST_CASE("report texts: bounds, bands, lists, roles, fits, explanations") {
  const CaseResult ring = test::sample_ring(), link = test::sample_link();
  const auto of = [](const CaseResult& result, const std::string& name) -> const QuantityResult& {
    for (const QuantityResult& quantity : result.quantities)
      if (quantity.name == name) return quantity;
    throw std::runtime_error(name);
  };
  const auto published = [&](const std::string& name) {
    return published_text(of(ring, name), of(ring, name).points[0]);
  };
  CHECK(published("extinction") == "≥ 3.5");
  CHECK(published("loss") == "≤ 3");
  CHECK(published("tdecq") == "2 … 2.5");
  CHECK(computed_text(of(ring, "dip").points[0]) == "-12.4");
  CHECK(band_text(of(ring, "dip").points[0]) == "-14.1 … -11.0");
  CHECK(band_text(of(ring, "fsr").points[0]).empty());
  CHECK(points_text(of(ring, "eo_s21_6db")) == "31 points, 1 … 67 GHz, shown: the worst, at 56 GHz");
  CHECK(points_text(of(link, "lanes")) == "8 points, shown: the worst, number 8");
  CHECK(points_text(of(ring, "fsr")).empty());
  CHECK(error_text(of(link, "ber")) == "worst 1.01");
  CHECK(missing_text(of(link, "lanes_eye")) == "1 of 8 not computed");
  CHECK(missing_text(of(link, "energy")) == "not computed");
  CHECK(missing_text(of(link, "ber")).empty());
  CHECK(explanation(of(link, "lanes_eye")) == "1 of 8 not computed");
  CHECK(tolerance_text(of(link, "lanes"), of(link, "lanes").points[0]) == "0.5 dB");
  CHECK(published_text(of(link, "ber"), of(link, "ber").points[6]) == "3.2e-12");
  CHECK(role_mark(of(ring, "tdecq")) == "after a fit");
  CHECK(role_mark(of(ring, "dip")) == "prediction");
  CHECK(role_mark(of(link, "jitter")) == "code");
  CHECK(explanation(of(link, "power")) == "no diagnosis yet");
  CHECK(explanation(of(link, "energy")) == "ring 'tx3': no operating point within the heater's range");
  CHECK(explanation(of(ring, "fsr")).empty());
  CHECK(fitted_text(ring.fits[0].parameters[0]) == "0.0213 [0.0198, 0.0229]");
  CHECK(fitted_text(ring.fits[0].parameters[1]) == "50, at its bound");
  QuantityResult bare;
  CHECK(points_text(bare) == "no points");
  CHECK(worst_point(bare) == nullptr);
}

TEST_CASE("report texts: worst changes come first, what is not counted is said with its agreement") {
  const ValidationReport report = test::sample_report();
  CHECK(sorted_changes(report)[0].quantity == "link_01/power");
  CHECK(
      not_counted_text(report) ==
      "1 identity (agrees), 1 arithmetic check (agrees), 1 comparison with another program (does not agree), "
      "1 fit (agrees) and 1 alternative reading (does not agree)");
  CHECK(not_counted_text({}).empty());
  CHECK(share_text(8, 13) == "8 of 13 (62 %)");
  CHECK(share_text(0, 0) == "-");
  CHECK(tally_text(report.measured.back()) == "0.90, worst 34.5 in link_01/power");
  CHECK(tally_text({}) == "-");
  CHECK(report.worse());
  CHECK(!ValidationReport{}.worse());
}

TEST_CASE("report table: every quantity, its verdict and role, the misses with their diagnosis") {
  const std::string text = report_table(test::sample_report());
  CHECK(line_of(text, "Electro-optic bandwidth ") ==
        "Electro-optic bandwidth                         83           81 (76 … 88)  GHz      -0.35          "
        "5  pass"
        "     prediction");
  CHECK(holds(line_of(text, "Free spectral range"), "identity"));
  CHECK(holds(line_of(text, "Resonance shift"), "band"));
  CHECK(holds(line_of(text, "Energy of the heaters"), "not computed"));
  CHECK(holds(text, "miss: Depth of the dip: the model has no coupling"));
  CHECK(holds(text, "miss: Power at the diode: no diagnosis yet"));
  CHECK(holds(text, "modulator.loss                   50, at its bound  dB/cm     10       1 … 50"));
  CHECK(holds(line_of(text, "all "), "8 (62 %)"));
  CHECK(text.find("worse: link_01/power") < text.find("better: ring_01/tdecq"));
  CHECK(!holds(text, "\x1b"));
  CHECK(!holds(text, " nan"));
  CHECK(!holds(text, "e+10"));
  const std::string colored = report_table(test::sample_report(), TableColor::ansi);
  for (const char* code : {"\x1b[31mmiss", "\x1b[32mpass", "\x1b[33mband", "\x1b[35mnot computed"})
    CHECK_MESSAGE(holds(colored, code), code);
}

TEST_CASE("report table: paragraphs wrap to the terminal, a narrow one shows the bands below the values") {
  for (const int width : {100, 120, 160}) {
    std::istringstream lines(report_table(test::sample_report(), TableColor::plain, width));
    int checked = 0;
    for (std::string line; std::getline(lines, line); ++checked) {
      // A title of 20 and seven columns of figures need 105.
      CHECK_MESSAGE(static_cast<int>(text_table::shown_width(line)) <= std::max(width, 105), line);
    }
    CHECK(checked > 40);
  }
  CHECK(holds(case_table(test::sample_ring(), TableColor::plain, 100), "with assumed inputs 76 … 88"));
  CHECK(!holds(case_table(test::sample_ring(), TableColor::plain, 130), "with assumed inputs"));
}

TEST_CASE("report table: an empty report and a case without quantities have a text") {
  CHECK(holds(report_table({}), "Measurements"));
  CaseResult bare;
  bare.name = "bare_01";
  bare.quantities.resize(1);
  const std::string text = case_table(bare);
  CHECK(holds(text, "not computed"));
  CHECK(holds(text, "the model gives no number here"));
}
