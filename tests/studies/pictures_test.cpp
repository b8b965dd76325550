#include "studies/pictures/pictures.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "picture_checks.hpp"
#include "sample_result.hpp"
#include "scratch.hpp"
#include "studies/pictures/canvas.hpp"
#include "studies/pictures/contour_outline.hpp"
#include "studies/pictures/plot.hpp"
#include "support.hpp"

using namespace photonlink;
using namespace photonlink::pictures;

TEST_CASE("pictures: no text leaves the frame or covers another") {
  LinkResult long_title = test::sample_copper();
  long_title.title = std::string(300, 'W');
  LinkResult crowded = test::sample_result();
  crowded.ledger.energy.clear(), crowded.penalties.clear(), crowded.eye.contours.clear();
  for (int i = 0; i < 40; ++i) {
    const std::string name = "component number " + std::to_string(i);
    crowded.ledger.energy.push_back({name, "bias", Owner::module, 0.1 + i, ""});
    crowded.penalties.push_back(
        {name, "a_parameter_with_a_long_name", i == 3 ? not_computed : 0.1 * (i - 5)});
  }
  // The longest contour legend of the solvers.
  for (const double ber : {1e-3, 1e-6, 1e-9, 1e-12, 1e-15}) crowded.eye.contours.push_back({ber, 0, {}, {}});
  crowded.ber_before_fec = crowded.ber_floor;
  for (const LinkResult& result : {test::sample_result(), test::sample_copper(), long_title, crowded}) {
    Canvas eye(eye_size.width, eye_size.height), tub(bathtub_size.width, bathtub_size.height);
    Canvas pulse(pulse_size.width, pulse_size.height),
        budget(budget_size(result).width, budget_size(result).height);
    const std::vector<LinkResult> links = {test::sample_result(), result};
    Canvas comparison(comparison_size(links).width, comparison_size(links).height);
    paint_eye(eye, result), test::check_texts(eye);
    paint_bathtub(tub, result), test::check_texts(tub);
    paint_pulse(pulse, result), test::check_texts(pulse);
    paint_budget(budget, result), test::check_texts(budget);
    Canvas locking(locking_size.width, locking_size.height);
    paint_locking(locking, result), test::check_texts(locking);
    paint_comparison(comparison, links), test::check_texts(comparison);
    Canvas penalties(penalties_size(result).width, penalties_size(result).height);
    paint_penalties(penalties, result), test::check_texts(penalties);
  }
}

TEST_CASE("pictures: PNG and SVG are complete, results without curves are drawn") {
  const test::Scratch scratch;
  LinkResult bare;
  bare.symbol_rate_Bd = 1e9;
  for (const LinkResult& result : {test::sample_result(), bare}) {
    draw_eye(result, scratch.file("eye")), draw_bathtub(result, scratch.file("tub"));
    draw_pulse(result, scratch.file("pulse")), draw_budget(result, scratch.file("budget"));
    draw_comparison({result}, scratch.file("all")), draw_penalties(result, scratch.file("penalties"));
    draw_locking(result, scratch.file("locking"));
    CHECK(scratch.entries() == 14);
    for (const char* name : {"eye", "tub", "pulse", "budget", "all", "penalties", "locking"}) {
      CHECK(test::text_of(scratch.file(name) + ".png").substr(1, 3) == "PNG");
      CHECK(test::text_of(scratch.file(name) + ".svg").find("</svg>") != std::string::npos);
    }
  }
  CHECK_THROWS_AS(draw_eye(bare, scratch.file("missing/eye")), IoError);
}

TEST_CASE("axes: ticks are multiples of 1, 2 or 5, texts carry the digits they need") {
  CHECK(nice_ticks(0, 1, 5).size() == 6);
  CHECK(tick_text(-0.25, 0.05) == "−0.25");
  CHECK(engineering_prefix(0.02).symbol == "m");
  CHECK(engineering_prefix(3e-5).symbol == "µ");
  CHECK(power_of_ten(1.2e-13) == "1.2·10⁻¹³");
  CHECK(power_of_ten(not_computed) == "–");
  CHECK(ber_phrase(1e-60, 1e-60) == "below 10⁻⁶⁰");
  CHECK(ber_phrase(1.2e-13, 1e-60) == "1.2·10⁻¹³");
  CHECK(signed_dB(-0.004) == "<0.01 dB");
  CHECK(signed_dB(0.0) == "0.00 dB");
  CHECK(signed_dB(-1.3) == "−1.30 dB");
}

TEST_CASE("cividis: within 1/255 of the published 256 colours, brighter with every step on a grey printer") {
  const auto rows = test::read_csv("tests/data/cividis.csv");
  REQUIRE(rows.size() == 256);
  double darker = -1.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Color color = cividis(static_cast<double>(i) / 255.0);
    const double parts[] = {color.red, color.green, color.blue};
    for (std::size_t c = 0; c < 3; ++c)
      // One step of an 8-bit screen: nobody sees it.
      CHECK(test::abs_error(parts[c], rows[i][c]) <= 1.0 / 255.0);
    CHECK(luminance(color) > darker);
    darker = luminance(color);
  }
}

TEST_CASE("luminance: white, black and the primaries of IEC 61966-2-1") {
  CHECK(test::abs_error(luminance({1, 1, 1}), 1.0) <= 1e-12);  // the coefficients add up to 1 in decimal
  CHECK(luminance({0, 0, 0}) == 0.0);
  // sRGB 0.5 is linear 0.21404 (the standard's formula, five digits).
  CHECK(test::abs_error(luminance({0.5, 0.5, 0.5}), 0.21404) <= 5e-6);
}

TEST_CASE("categories: the first 24 differ in colour or hatching") {
  for (std::size_t i = 0; i < 24; ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      const Fill a = category(i), b = category(k);
      CHECK((a.hatch != b.hatch || a.color.red != b.color.red || a.color.green != b.color.green));
    }
  }
}

TEST_CASE("contour outlines: a parabola's opening closes where its limits meet") {
  // Closed form: half height 1 - (t / w)² around 0.2 t, so that the tips lie at t = ±w, level ±0.2 w.
  constexpr int bins = 96;
  for (const double w : {0.31, 0.4, 0.43}) {
    EyeDiagram eye{.time_bins = bins, .time_begin_UI = -1.0, .time_end_UI = 1.0};
    EyeDiagram::Contour contour;
    for (int i = 0; i < bins; ++i) {
      const double t = -1.0 + 2.0 * (i + 0.5) / bins, half = 1.0 - t * t / (w * w);
      contour.lower.push_back(half > 0 ? 0.2 * t - half : not_computed);
      contour.upper.push_back(half > 0 ? 0.2 * t + half : not_computed);
    }
    const auto lines = contour_outlines(eye, contour);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].front().x == lines[0].back().x);
    double left = 0.0, right = 0.0, level = 0.0;
    for (const Point& point : lines[0]) {
      left = std::min(left, point.x);
      if (point.x > right) right = point.x, level = point.y;
    }
    // A straight line replaces the parabola over less than one bin of 1/48 UI: off by less than a quarter of
    // it.
    CHECK(test::abs_error(left, -w) <= 0.25 / 48);
    CHECK(test::abs_error(right, w) <= 0.25 / 48);
    CHECK(test::abs_error(level, 0.2 * w) <= 0.2 * 0.25 / 48 + 1e-12);
  }
}

TEST_CASE("contour outlines: cut at the ends of the picture, closed elsewhere, single bins and none") {
  EyeDiagram eye{.time_bins = 4, .time_begin_UI = 0.0, .time_end_UI = 4.0};
  const double none = not_computed;
  const auto lines_of = [&](std::vector<double> lower, std::vector<double> upper) {
    return contour_outlines(eye, {1e-6, 0, lower, upper});
  };
  CHECK(lines_of({none, none, none, none}, {none, none, none, none}).empty());
  CHECK(lines_of({-1, -1, -1, -1}, {1, 1, 1, 1}).size() == 2);
  const auto left = lines_of({-1, -1, none, none}, {1, 1, none, none});
  REQUIRE(left.size() == 1);
  CHECK(left[0].front().y == -left[0].back().y);
  const auto right = lines_of({none, none, -1, -1}, {none, none, 1, 1});
  REQUIRE(right.size() == 1);
  CHECK(right[0].front().y == -right[0].back().y);
  const auto single = lines_of({none, -1, none, none}, {none, 1, none, none});
  REQUIRE(single.size() == 1);
  CHECK(single[0].size() == 5);
}
