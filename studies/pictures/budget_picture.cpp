#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/pictures/pictures.hpp"
#include "studies/pictures/plot.hpp"

namespace photonlink::pictures {
namespace {

constexpr double row = 30.0, top = 76.0, label_width = 290.0;

std::string signed_dB(double value) {
  return fmt::format("{}{:.2f} dB", value < 0 ? "−" : "+", std::abs(value));
}
std::string level_text(double value, const std::string& unit) {
  return fmt::format("{}{:.2f} {}", value < 0 ? "−" : "", std::abs(value), unit);
}

}  // namespace

Size budget_size(const LinkResult& result) {
  return {860, top + row * static_cast<double>(result.budget.size()) + 66};
}

/// One row per step, bars run from the level before to the level behind; long names have a column of their
/// own.
void paint_budget(Canvas& canvas, const LinkResult& result) {
  using Kind = BudgetStep::Kind;
  heading(canvas, result.title,
          fmt::format("Power budget in {}, worst lane {} · {}", result.budget_unit, result.worst_lane,
                      result.closes ? "the link closes" : "the link does not close"));
  double low = INFINITY, high = -INFINITY, level = not_computed, required = not_computed;
  for (const BudgetStep& step : result.budget) {
    if (step.kind == Kind::margin || !std::isfinite(step.level)) continue;
    low = std::min(low, step.level), high = std::max(high, step.level);
  }
  if (!std::isfinite(low)) low = 0.0, high = 1.0;
  const double room = std::max(0.5, 0.06 * (high - low));
  const Box frame{20 + label_width, top, 400, row * static_cast<double>(result.budget.size())};
  Plot plot(canvas, frame, {low - room, high + room, "Level in " + result.budget_unit, 7, {}},
            {0, 1, "", 0, {}});
  plot.background(false);
  for (const double tick : nice_ticks(low - room, high + room, 7))
    plot.curve({tick, tick}, {0, 1}, pale, 0.8);
  double y = top + row / 2;
  for (const BudgetStep& step : result.budget) {
    double from = std::isfinite(level) ? level : step.level, to = step.level;
    std::string value = level_text(step.level, result.budget_unit);
    Color color = step.change < 0 ? category(1) : green;
    const bool bold = step.kind != Kind::change;
    if (step.kind == Kind::change) value = signed_dB(step.change);
    if (step.kind == Kind::required) required = step.level, color = ink;
    if (step.kind == Kind::margin) {
      from = required, to = required + step.change;
      color = step.change < 0 ? vermilion : green;
      value = signed_dB(step.change);
    }
    const bool bar = step.kind == Kind::change || step.kind == Kind::margin;
    canvas.two_lines({20, y}, step.label, label_width - 20, 12, bold);
    if (std::isfinite(from) && std::isfinite(to)) {
      const double a = plot.at(from, 0).x, b = plot.at(to, 0).x;
      canvas.clip(frame);
      if (bar)
        canvas.fill({std::min(a, b), y - 9, std::max(1.5, std::abs(b - a)), 18}, color);
      else
        canvas.fill({b - 2, y - 11, 4, 22}, step.kind == Kind::required ? vermilion : blue);
      canvas.unclip();
      if (step.kind == Kind::change) canvas.line(std::vector<Point>{{b, y + 9}, {b, y + row - 9}}, grey, 1.0);
    }
    canvas.text({frame.right() + 130, y}, value, {.align = Align::right, .bold = bold});
    if (step.kind == Kind::start || step.kind == Kind::change || step.kind == Kind::level) level = step.level;
    y += row;
  }
  if (std::isfinite(required)) plot.curve({required, required}, {0, 1}, vermilion, 1.2, true);
  plot.axes();
  legend_row(canvas, {20, frame.bottom() + 33},
             {{"level", blue, LegendEntry::Mark::box}, {"required", vermilion, LegendEntry::Mark::dashed}});
}

void draw_budget(const LinkResult& result, const std::string& path) {
  const Size size = budget_size(result);
  Canvas canvas(size.width, size.height);
  paint_budget(canvas, result);
  canvas.save(path);
}

}  // namespace photonlink::pictures
