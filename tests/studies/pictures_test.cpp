#include "studies/pictures/pictures.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "sample_result.hpp"
#include "scratch.hpp"
#include "studies/pictures/canvas.hpp"
#include "studies/pictures/plot.hpp"

using namespace photonlink;
using namespace photonlink::pictures;

namespace {

void check_texts(const Canvas& canvas) {
  const std::vector<TextBox>& texts = canvas.texts();
  CHECK(texts.size() > 10);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Box& a = texts[i].box;
    CAPTURE(texts[i].text);
    const bool inside = a.x >= 0 && a.y >= 0 && a.right() <= canvas.width() && a.bottom() <= canvas.height();
    CHECK(inside);
    for (std::size_t k = 0; k < i; ++k) {
      const Box& b = texts[k].box;
      const bool apart = a.right() <= b.x || b.right() <= a.x || a.bottom() <= b.y || b.bottom() <= a.y;
      CHECK_MESSAGE(apart, texts[k].text);
    }
  }
}

}  // namespace

TEST_CASE("pictures: no text leaves the frame or covers another") {
  LinkResult long_title = test::sample_copper();
  long_title.title = std::string(300, 'W');
  for (const LinkResult& result : {test::sample_result(), test::sample_copper(), long_title}) {
    Canvas eye(eye_size.width, eye_size.height), tub(bathtub_size.width, bathtub_size.height);
    Canvas pulse(pulse_size.width, pulse_size.height),
        budget(budget_size(result).width, budget_size(result).height);
    const std::vector<LinkResult> links = {test::sample_result(), result};
    Canvas comparison(comparison_size(links).width, comparison_size(links).height);
    paint_eye(eye, result), check_texts(eye);
    paint_bathtub(tub, result), check_texts(tub);
    paint_pulse(pulse, result), check_texts(pulse);
    paint_budget(budget, result), check_texts(budget);
    paint_comparison(comparison, links), check_texts(comparison);
  }
}

TEST_CASE("pictures: PNG and SVG are complete, results without curves are drawn") {
  const test::Scratch scratch;
  LinkResult bare;
  bare.symbol_rate_Bd = 1e9;
  for (const LinkResult& result : {test::sample_result(), bare}) {
    draw_eye(result, scratch.file("eye")), draw_bathtub(result, scratch.file("tub"));
    draw_pulse(result, scratch.file("pulse")), draw_budget(result, scratch.file("budget"));
    draw_comparison({result}, scratch.file("all"));
    CHECK(scratch.entries() == 10);
    for (const char* name : {"eye", "tub", "pulse", "budget", "all"}) {
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
}
