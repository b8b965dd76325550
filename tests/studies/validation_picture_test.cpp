#include "studies/pictures/validation_picture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/error.hpp"
#include "picture_checks.hpp"
#include "sample_crowd.hpp"
#include "scratch.hpp"
#include "studies/pictures/forest.hpp"
#include "studies/pictures/validation_panel.hpp"
#include "studies/pictures/value_axis.hpp"
#include "support.hpp"

using namespace photonlink;
using namespace photonlink::pictures;
using test::no_number;

namespace {

std::vector<std::string> texts_of(const Canvas& canvas) {
  std::vector<std::string> texts;
  for (const TextBox& box : canvas.texts()) texts.push_back(box.text);
  return texts;
}

bool shows(const Canvas& canvas, const std::string& text) {
  const auto texts = texts_of(canvas);
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& shown) { return shown.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("validation pictures: no text leaves the frame or covers another, from one number to a crowd") {
  CaseResult bare;
  bare.name = "bare_01", bare.quantities.resize(1);
  for (const CaseResult& result : {test::sample_ring(), test::sample_link(), test::sample_single(),
                                   test::sample_crowd(), test::sample_limits(), bare}) {
    CAPTURE(result.name);
    const Size size = case_size(result);
    Canvas canvas(size.width, size.height);
    paint_case(canvas, result);
    test::check_texts(canvas);
  }
  for (const ValidationReport& report : {test::sample_report(), test::sample_collection(24),
                                         test::sample_report({test::sample_crowd(), bare})}) {
    const Size size = overview_size(report);
    Canvas canvas(size.width, size.height);
    paint_overview(canvas, report);
    test::check_texts(canvas);
  }
}

TEST_CASE("validation pictures: say what is hidden, off the scale, not computed and not counted") {
  const CaseResult crowd = test::sample_crowd(), link = test::sample_link();
  Canvas many(case_size(crowd).width, case_size(crowd).height);
  paint_case(many, crowd);
  CHECK(shows(many, "first 6 of 9 panels"));
  CHECK(shows(many, "Power in 10⁻¹² W"));
  Canvas canvas(case_size(link).width, case_size(link).height);
  paint_case(canvas, link);
  CHECK(shows(canvas, "+34.5"));
  CHECK(shows(canvas, "not computed"));
  CHECK(shows(canvas, "1 of 8 not computed"));
  CHECK(shows(canvas, "10⁻¹²"));
  CHECK(shows(canvas, "Shown, not counted"));
  CHECK(shows(canvas, "Jitter (code)"));
  const ValidationReport report = test::sample_report();
  Canvas overview(overview_size(report).width, overview_size(report).height);
  paint_overview(overview, report);
  CHECK(shows(overview, "Measurements, 3 cases: 8 of 13 (62 %) within tolerance"));
  CHECK(shows(overview, "Predictions, nothing fitted: 6 of 11"));
  CHECK(shows(overview, "6 of 8 (75 %) within tolerance"));
  CHECK(!shows(overview, "Jitter"));
}

TEST_CASE("validation pictures: PNG and SVG are complete, an empty report is drawn") {
  const test::Scratch scratch;
  draw_case(test::sample_single(), scratch.file("case"));
  draw_overview({}, scratch.file("overview"));
  CHECK(scratch.entries() == 4);
  for (const char* name : {"case", "overview"}) {
    CHECK(test::text_of(scratch.file(name) + ".png").substr(1, 3) == "PNG");
    CHECK(test::text_of(scratch.file(name) + ".svg").find("</svg>") != std::string::npos);
  }
  CHECK_THROWS_AS(draw_case(test::sample_single(), scratch.file("missing/case")), IoError);
}

TEST_CASE("panels: quantities of one observable, unit and abscissa share axes, six at most") {
  CHECK(panel_groups(test::sample_single()).empty());
  CHECK(panel_groups(test::sample_ring()).size() == 1);
  CHECK(panel_groups(test::sample_ring())[0].size() == 2);
  const auto groups = panel_groups(test::sample_crowd());
  REQUIRE(groups.size() == 9);
  CHECK(groups[0].size() == 6);
  CHECK(groups[1].size() == 1);
  CaseResult link = test::sample_link();
  CHECK(panel_groups(link).size() == 2);
  link.quantities[2].unit = "mW";
  CHECK(panel_groups(link).size() == 3);
}

TEST_CASE("forest: the bar of a single number has the sign of its errors, several points have magnitudes") {
  const auto mark_of = [](double published, double computed, double low, double high, Bound bound) {
    QuantityResult quantity =
        test::sample_scalar("q", "q", "dB", test::sample_point(no_number, published, computed, 2, low, high));
    quantity.bound = bound;
    return forest_mark(quantity);
  };
  const ForestMark value = mark_of(10, 7, 5, 15, Bound::value);
  CHECK(value.error == -1.5);
  CHECK(value.low == -2.5);
  CHECK(value.high == 2.5);
  CHECK(mark_of(10, 7, 5, 15, Bound::at_least).low == -2.5);
  CHECK(mark_of(10, 7, 5, 15, Bound::at_least).high == 0.0);
  CHECK(mark_of(10, 13, 5, 15, Bound::at_most).low == 0.0);
  CHECK(mark_of(10, 13, 5, 15, Bound::at_most).high == 2.5);
  QuantityResult interval =
      test::sample_scalar("q", "q", "dB", test::sample_point(no_number, 10, 12, 2, 5, 19));
  interval.bound = Bound::interval, interval.points[0].published_high = 15;
  CHECK(forest_mark(interval).low == -2.5);
  CHECK(forest_mark(interval).high == 2.0);
  CHECK(std::isnan(forest_mark(test::sample_single().quantities[0]).low));
  const CaseResult link = test::sample_link();
  const ForestMark ber = forest_mark(link.quantities[0]);
  CHECK(ber.low == 0.7);
  CHECK(ber.high == 2.9);
  CHECK(forest_mark(link.quantities[1]).filling == Filling::open);
}

TEST_CASE("forest: an infinite error stands at the edge with its sign, NaN draws nothing") {
  Canvas canvas(400, 100);
  Forest forest(canvas, {10, 10, 380, 40}, 3.0);
  const double infinite = std::numeric_limits<double>::infinity();
  forest.draw({.verdict = Verdict::miss, .error = -infinite, .low = -infinite, .high = 0}, 20, 4);
  forest.draw({.verdict = Verdict::miss, .error = no_number, .low = no_number, .high = no_number}, 40, 4);
  REQUIRE(canvas.texts().size() == 1);
  CHECK(canvas.texts()[0].text == "−∞");
}

TEST_CASE("forest: the axis holds nine of ten errors") {
  const auto reach = [](std::vector<double> errors) {
    std::vector<ForestMark> marks;
    for (const double error : errors) marks.push_back({.error = error, .low = no_number, .high = no_number});
    return forest_reach(marks);
  };
  CHECK(reach({}) == 2.0);
  CHECK(reach({0.3, -1.2, no_number}) == 2.0);
  CHECK(reach({0.3, -2.2}) == 3.0);
  CHECK(reach({0.3, 40}) == 5.0);
  CHECK(reach({0, 0, 0, 0, 0, 0, 0, 0, 0, 40}) == 2.0);
}

TEST_CASE("value axes: powers of ten move into the label, logarithmic ones tick in decades") {
  using Kind = ValueScale::Kind;
  const ValueScale small(Kind::linear, std::vector<double>{1e-12, 8e-12, no_number});
  CHECK(small.label("Power", "W") == "Power in 10⁻¹² W");
  // 5e-12 over 1e-12, rounded once each.
  CHECK(test::rel_error(small(5e-12), 5.0) <= 1e-15);
  const ValueScale plain(Kind::linear, std::vector<double>{-20, 3});
  CHECK(plain.label("Response", "dB") == "Response in dB");
  CHECK(plain.label("Q", "1") == "Q");
  CHECK(plain(-20) == -20);
  const ValueScale decades(Kind::logarithmic, std::vector<double>{1e-12, 1e-4});
  CHECK(std::isnan(decades(0.0)));
  CHECK(test::abs_error(decades(1e-9), -9) <= 1e-12);  // a logarithm to the last digits
  const Axis axis = decades.axis(-12, -4, "BER", 200, 36);
  CHECK(axis.text(-9) == "10⁻⁹");
  CHECK(decades.axis(-9.4, -9.1, "BER", 200, 36).high >= -9);
}

TEST_CASE("spans: limited to a multiple of what must be seen, never empty") {
  CHECK(span_of(std::vector<double>{3, no_number, -1}).low == -1);
  CHECK(span_of(std::vector<double>{no_number}).high == 1);
  CHECK(limited({-100, 12}, {0, 10}, 0.5).low == -5);
  CHECK(limited({-100, 12}, {0, 10}, 0.5).high == 12);
  CHECK(padded({4, 4}, 0.1).width() > 0);
}
