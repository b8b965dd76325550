#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/pictures/pictures.hpp"
#include "studies/pictures/plot.hpp"

namespace photonlink::pictures {
namespace {

struct Panel {
  std::string title, x_label, opening_text;
  std::vector<double> x, log10_ber;
  double target_log10;
};

/// Outermost crossings of the target on both sides of zero; NaN when the tub does not reach it.
std::pair<double, double> crossings(const Panel& panel) {
  double left = not_computed, right = not_computed;
  for (std::size_t i = 1; i < panel.x.size(); ++i) {
    const double a = panel.log10_ber[i - 1] - panel.target_log10, b = panel.log10_ber[i] - panel.target_log10;
    if (!std::isfinite(a) || !std::isfinite(b) || (a > 0) == (b > 0)) continue;
    const double x = panel.x[i - 1] + (panel.x[i] - panel.x[i - 1]) * a / (a - b);
    if (a > 0 && x <= 0 && !std::isfinite(left)) left = x;
    if (b > 0 && x >= 0) right = x;
  }
  return {left, right};
}

/// The size of the opening, above its arrow or, where it is too narrow for that, outside and below the
/// target.
void opening_label(Canvas& canvas, const Plot& plot, const Panel& panel, Point left, Point right) {
  canvas.double_arrow(left, right, ink);
  const double width = canvas.text_width(panel.opening_text, 12, true);
  if (width + 16 < right.x - left.x) {
    const double offset = panel.target_log10 > -13.0 ? 14.0 : -14.0;
    canvas.text({0.5 * (left.x + right.x), left.y - offset}, panel.opening_text,
                {.align = Align::center, .bold = true, .plate = true});
    return;
  }
  const bool fits = right.x + 10 + width < plot.frame().right();
  canvas.text({fits ? right.x + 10 : left.x - 10, left.y + 14}, panel.opening_text,
              {.align = fits ? Align::left : Align::right, .bold = true, .plate = true});
}

void draw_panel(Canvas& canvas, const Box& frame, const Panel& panel) {
  if (panel.x.empty()) {
    canvas.text({frame.x + frame.width / 2, frame.y + frame.height / 2}, "not computed",
                {.color = grey, .align = Align::center});
    return;
  }
  const auto power = [](double value) {
    return value == 0.0 ? std::string("1") : power_of_ten(std::pow(10.0, value));
  };
  Plot plot(canvas, frame, {panel.x.front(), panel.x.back(), panel.x_label, 6, {}},
            {std::min(-15.0, std::floor(panel.target_log10) - 3.0), 0.0, "Bit error ratio", 8, power});
  plot.background();
  plot.curve(panel.x, panel.log10_ber, blue, 2.2);
  if (std::isfinite(panel.target_log10)) {
    plot.curve({panel.x.front(), panel.x.back()}, {panel.target_log10, panel.target_log10}, vermilion, 1.4,
               true);
    const auto [left, right] = crossings(panel);
    if (std::isfinite(left) && std::isfinite(right)) {
      opening_label(canvas, plot, panel, plot.at(left, panel.target_log10),
                    plot.at(right, panel.target_log10));
    }
  }
  plot.axes(panel.title);
}

}  // namespace

void paint_bathtub(Canvas& canvas, const LinkResult& result) {
  const Bathtub& tub = result.bathtub;
  heading(canvas, result.title,
          fmt::format("Bathtub curves, lane {} · solver: {} · target {} before FEC · bit error ratio {}",
                      result.worst_lane, result.solver, power_of_ten(tub.target_ber),
                      ber_phrase(result.ber_before_fec, result.ber_floor)));
  double largest = 0.0;
  for (const double offset : tub.threshold_offset) largest = std::max(largest, std::abs(offset));
  const Prefix prefix = engineering_prefix(largest);
  std::vector<double> offset;
  offset.reserve(tub.threshold_offset.size());
  for (const double value : tub.threshold_offset) offset.push_back(value * prefix.factor);
  const std::string unit = prefix.symbol + result.amplitude_unit;
  const double target = std::log10(tub.target_ber);
  draw_panel(canvas, {86, 92, 340, 280},
             {"Sampling time", "Time from the sampling instant in UI",
              fmt::format("{:.3f} UI = {:.3g} ps", tub.width_UI, tub.width_UI * 1e12 / result.symbol_rate_Bd),
              tub.time_UI, tub.log10_ber_time, target});
  draw_panel(
      canvas, {530, 92, 340, 280},
      {"Threshold", "Shift of all thresholds in " + unit,
       fmt::format("{:.3g} {}", tub.height * prefix.factor, unit), offset, tub.log10_ber_level, target});
  legend_row(canvas, {86, 428}, {{"BER", blue}, {"target", vermilion, LegendEntry::Mark::dashed}});
}

void draw_bathtub(const LinkResult& result, const std::string& path) {
  Canvas canvas(bathtub_size.width, bathtub_size.height);
  paint_bathtub(canvas, result);
  canvas.save(path);
}

}  // namespace photonlink::pictures
