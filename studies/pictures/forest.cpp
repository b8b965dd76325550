#include "studies/pictures/forest.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "studies/validation/report_text.hpp"

namespace photonlink::pictures {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Where `value` lies on the error axis of `point`. Only to place a bar: the runner decides what passes.
double error_at(Bound bound, const PointResult& point, double value) {
  const double above = (value - point.published) / point.tolerance;
  switch (bound) {
    case Bound::value:
      return above;
    case Bound::at_least:
      return std::isnan(above) ? none : std::min(0.0, above);
    case Bound::at_most:
      return std::isnan(above) ? none : std::max(0.0, above);
    case Bound::interval:
      if (std::isnan(above) || above < 0.0) return above;
      return std::max(0.0, (value - point.published_high) / point.tolerance);
  }
  return none;
}

}  // namespace

ForestMark forest_mark(const QuantityResult& quantity) {
  ForestMark mark{.verdict = quantity.verdict,
                  .filling = quantity.prediction ? Filling::solid : Filling::open,
                  .error = quantity.error,
                  .low = none,
                  .high = none};
  if (quantity.points.size() == 1) {
    const PointResult& point = quantity.points.front();
    const double low = error_at(quantity.bound, point, point.low);
    const double high = error_at(quantity.bound, point, point.high);
    mark.low = std::min(low, high), mark.high = std::max(low, high);
    return mark;
  }
  mark.error = std::abs(quantity.error);
  mark.low = quantity.band_low, mark.high = quantity.band_high;
  return mark;
}

double forest_reach(const std::vector<ForestMark>& marks) {
  std::vector<double> sizes;
  for (const ForestMark& mark : marks)
    if (std::isfinite(mark.error)) sizes.push_back(std::abs(mark.error));
  std::sort(sizes.begin(), sizes.end());
  const double most = sizes.empty() ? 0.0 : sizes[(sizes.size() * 9 + 9) / 10 - 1];  // ceil of nine tenths
  for (const double reach : {2.0, 3.0})
    if (most <= 0.93 * reach) return reach;
  return 5.0;
}

Forest::Forest(Canvas& canvas, const Box& frame, double reach)
    : canvas_(canvas),
      reach_(reach),
      plot_(canvas, frame, {-reach, reach, "Error in tolerances", 2 * static_cast<int>(reach), {}},
            {0, 1, "", 0, {}}) {}

void Forest::background() {
  plot_.background();
  const double left = plot_.at(-1, 0).x, right = plot_.at(1, 0).x;
  const Box& frame = plot_.frame();
  canvas_.fill({left, frame.y, right - left, frame.height}, tolerance_shading);
  plot_.curve({0, 0}, {0, 1}, grey, 1.0);
}

void Forest::draw(const ForestMark& mark, double y, double radius) {
  const Box& frame = plot_.frame();
  const auto x_of = [&](double error) { return plot_.at(std::clamp(error, -reach_, reach_), 0).x; };
  if (mark.low <= reach_ && mark.high >= -reach_) {
    const double a = x_of(mark.low), b = x_of(mark.high);
    canvas_.fill({a, y - 3, std::max(1.0, b - a), 6}, band_color);
    if (mark.low < -reach_) arrow_tip(canvas_, {frame.x, y}, {-1, 0}, band_edge);
    if (mark.high > reach_) arrow_tip(canvas_, {frame.right(), y}, {1, 0}, band_edge);
  }
  if (std::isnan(mark.error)) return;
  if (std::abs(mark.error) <= reach_)
    return verdict_mark(canvas_, {x_of(mark.error), y}, radius, mark.verdict, mark.filling);
  // Off the scale: an arrow at the edge, the mark and the number beside it.
  const double side = mark.error > 0 ? 1.0 : -1.0, edge = side > 0 ? frame.right() : frame.x;
  arrow_tip(canvas_, {edge - side * 1.0, y}, {side, 0}, verdict_color(mark.verdict));
  verdict_mark(canvas_, {edge - side * 16, y}, radius, mark.verdict, mark.filling);
  canvas_.text({edge - side * 25, y}, report_text::typographic(report_text::signed_error(mark.error)),
               {.size = 10, .color = ink, .align = side > 0 ? Align::right : Align::left, .plate = true});
}

void Forest::axes(Ticks ticks) {
  if (ticks == Ticks::below) return plot_.axes();
  canvas_.outline(plot_.frame(), grey, 1.0);
}

}  // namespace photonlink::pictures
