#include "studies/pictures/marks.hpp"

#include <array>
#include <cmath>

namespace photonlink::pictures {
namespace {

Color mixed(Color a, Color b, double part) {
  const auto mix = [&](double Color::*c) { return part * a.*c + (1 - part) * b.*c; };
  return {mix(&Color::red), mix(&Color::green), mix(&Color::blue)};
}

/// Corners around the origin, radius 1; the areas look alike.
std::vector<Point> corners(Shape shape) {
  switch (shape) {
    case Shape::square:
      return {{-0.85, -0.85}, {0.85, -0.85}, {0.85, 0.85}, {-0.85, 0.85}};
    case Shape::triangle:
      return {{0, -1.15}, {1.05, 0.8}, {-1.05, 0.8}};
    case Shape::diamond:
      return {{0, -1.25}, {1.1, 0}, {0, 1.25}, {-1.1, 0}};
    case Shape::cross: {
      constexpr double a = 0.42, b = 1.15;  // half width and reach of the arms, along the diagonals
      static constexpr std::array<std::array<double, 2>, 12> upright = {{{-a, -b},
                                                                         {a, -b},
                                                                         {a, -a},
                                                                         {b, -a},
                                                                         {b, a},
                                                                         {a, a},
                                                                         {a, b},
                                                                         {-a, b},
                                                                         {-a, a},
                                                                         {-b, a},
                                                                         {-b, -a},
                                                                         {-a, -a}}};
      std::vector<Point> points;
      points.reserve(upright.size());
      for (const auto& [x, y] : upright) points.push_back({(x - y) * M_SQRT1_2, (x + y) * M_SQRT1_2});
      return points;
    }
    case Shape::circle:
      break;
  }
  constexpr int sides = 24;
  std::vector<Point> circle;
  circle.reserve(sides);
  for (int i = 0; i < sides; ++i)
    circle.push_back({std::cos(2 * M_PI * i / sides), std::sin(2 * M_PI * i / sides)});
  return circle;
}

std::vector<Point> placed(Shape shape, Point at, double radius) {
  std::vector<Point> points = corners(shape);
  for (Point& point : points) point = {at.x + radius * point.x, at.y + radius * point.y};
  return points;
}

std::vector<Point> closed(std::vector<Point> points) {
  points.push_back(points.front());
  return points;
}

Shape verdict_shape(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return Shape::circle;
    case Verdict::band:
      return Shape::diamond;
    case Verdict::miss:
      return Shape::cross;
    case Verdict::uncomputed:
      return Shape::square;
  }
  return Shape::square;
}

}  // namespace

Color tint(Color color, double part) {
  return mixed(color, white, part);
}

Color shade(Color color, double part) {
  return mixed(color, ink, part);
}

void mark(Canvas& canvas, Point at, double radius, Color color, Shape shape, Filling filling) {
  const std::vector<Point> points = placed(shape, at, radius);
  canvas.polygon(points, filling == Filling::solid ? color : white);
  if (filling == Filling::open) canvas.line(closed(points), {.color = color, .width = 1.5});
}

void verdict_mark(Canvas& canvas, Point at, double radius, Verdict verdict, Filling filling) {
  const Color color = verdict_color(verdict);
  const std::vector<Point> points = placed(verdict_shape(verdict), at, radius);
  if (filling == Filling::open) {
    canvas.polygon(points, white);
    return canvas.line(closed(points), {.color = shade(color, 0.8), .width = 1.6});
  }
  canvas.polygon(points, color);
  canvas.line(closed(points), {.color = shade(color, 0.45), .width = 0.8});
}

void arrow_tip(Canvas& canvas, Point tip, Point direction, Color color) {
  constexpr double length = 7.0, half = 4.0;
  const Point base{tip.x - length * direction.x, tip.y - length * direction.y};
  canvas.polygon(std::vector<Point>{tip,
                                    {base.x - half * direction.y, base.y + half * direction.x},
                                    {base.x + half * direction.y, base.y - half * direction.x}},
                 color);
}

void error_bar(Canvas& canvas, double x, double top, double bottom, Color color, double width) {
  canvas.line(std::vector<Point>{{x, top}, {x, bottom}}, color, width);
  for (const double y : {top, bottom}) canvas.line(std::vector<Point>{{x - 3, y}, {x + 3, y}}, color, width);
}

Color verdict_color(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return green;
    case Verdict::band:
      return category(1).color;
    case Verdict::miss:
      return vermilion;
    case Verdict::uncomputed:
      return grey;
  }
  return grey;
}

int key_rows(Canvas& canvas, Point at, double width, const std::vector<KeyEntry>& entries) {
  constexpr double mark_width = 30.0, gap = 18.0, row = 18.0, size = 11.0;
  double x = at.x, y = at.y;
  int rows = entries.empty() ? 0 : 1;
  for (const KeyEntry& entry : entries) {
    const std::string text = canvas.fitted(entry.text, width - mark_width, size);
    const double length = mark_width + canvas.text_width(text, size);
    if (x > at.x && x + length > at.x + width) x = at.x, y += row, ++rows;
    entry.draw({x + mark_width / 2 - 3, y});
    canvas.text({x + mark_width, y}, text, {.size = size});
    x += length + gap;
  }
  return rows;
}

std::vector<KeyEntry> verdict_key(Canvas& canvas) {
  std::vector<KeyEntry> entries;
  const std::pair<Verdict, const char*> verdicts[] = {
      {Verdict::pass, "within tolerance"},
      {Verdict::band, "in the band of the assumed inputs only"},
      {Verdict::miss, "miss"}};
  for (const auto& [verdict, text] : verdicts)
    entries.push_back(
        {[&canvas, verdict = verdict](Point at) { verdict_mark(canvas, at, 4.6, verdict); }, text});
  entries.push_back({[&canvas](Point at) { mark(canvas, at, 4.5, grey, Shape::circle, Filling::open); },
                     "open: after a fit"});
  entries.push_back({[&canvas](Point at) {
                       canvas.fill({at.x - 11, at.y - 3, 22, 6}, band_color);
                     },
                     "band of the assumed inputs"});
  entries.push_back({[&canvas](Point at) {
                       canvas.fill({at.x - 11, at.y - 7, 22, 14}, tolerance_shading);
                       canvas.outline({at.x - 11, at.y - 7, 22, 14}, pale, 0.8);
                     },
                     "tolerance"});
  return entries;
}

}  // namespace photonlink::pictures
