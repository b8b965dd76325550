#include "studies/pictures/validation_panel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "studies/pictures/panel_ranges.hpp"
#include "studies/validation/report_text.hpp"

namespace photonlink::pictures {
namespace {

constexpr std::size_t most_series = 6;
constexpr double legend_row_height = 18.0, below_plot = 52.0, above_plot = 10.0;

/// A wide panel is higher, but not in proportion.
double plot_height(double width) {
  return width > 700.0 ? 290.0 : 220.0;
}

struct Style {
  Color color;
  Shape shape;
  std::vector<double> dashes;
  double shift = 0.0;  ///< to the right [points], so that lists at the same abscissae do not cover each other
};

Style style_of(std::size_t series) {
  static const std::array<Shape, most_series> shapes = {Shape::circle,   Shape::square, Shape::diamond,
                                                        Shape::triangle, Shape::circle, Shape::square};
  static const std::array<std::vector<double>, most_series> dashes = {
      {{}, {7, 3}, {2, 2.5}, {9, 3, 2, 3}, {4, 2}, {9, 2, 2, 2, 2, 2}}};
  return {category(series).color, shapes[series], dashes[series]};
}

std::vector<Style> styles_of(const PanelGroup& group) {
  constexpr double distance = 11.0;
  const auto is_list = [](const QuantityResult* quantity) { return quantity->fine_x.empty(); };
  const auto lists = static_cast<double>(std::count_if(group.begin(), group.end(), is_list));
  std::vector<Style> styles;
  double next = -distance * (lists - 1.0) / 2.0;
  for (std::size_t i = 0; i < group.size(); ++i) {
    styles.push_back(style_of(i));
    if (is_list(group[i])) styles.back().shift = next, next += distance;
  }
  return styles;
}

bool same_axes(const QuantityResult& a, const QuantityResult& b) {
  return a.observable == b.observable && a.unit == b.unit && a.x_label == b.x_label && a.x_unit == b.x_unit;
}

/// "small_signal.s21" as "Small signal S21".
std::string readable(const std::string& key) {
  static const std::array<const char*, 12> acronyms = {"eo",  "s21", "s11",  "ber", "tdecq", "oma",
                                                       "fsr", "rin", "pam4", "q",   "dc",    "iv"};
  std::string text, word;
  for (std::size_t i = 0; i <= key.size(); ++i) {
    if (i < key.size() && key[i] != '_' && key[i] != '.') {
      word += key[i];
      continue;
    }
    const bool acronym = std::find(acronyms.begin(), acronyms.end(), word) != acronyms.end();
    if (acronym)
      std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::toupper(c); });
    if (!word.empty()) text += (text.empty() ? "" : " ") + word;
    word.clear();
  }
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

/// Draws one panel: the axes and everything that needs them.
class Panel {
 public:
  Panel(Canvas& canvas, const PanelRanges& ranges, const Box& frame, const std::string& x_label,
        const std::string& y_label)
      : canvas_(canvas),
        ranges_(ranges),
        plot_(canvas, frame, ranges.x.axis(ranges.x_span.low, ranges.x_span.high, x_label, frame.width, 70),
              ranges.y.axis(ranges.y_span.low, ranges.y_span.high, y_label, frame.height, 36)) {}

  Plot& plot() { return plot_; }
  Point at(double x, double y) const { return plot_.at(ranges_.x(x), ranges_.y(y)); }

  void tolerances(const QuantityResult& quantity, const Style& style) {
    for (std::size_t i = 0; i < quantity.points.size(); ++i) {
      const PointResult& point = quantity.points[i];
      const double high = quantity.bound == Bound::interval ? point.published_high : point.published;
      const Point bottom = lower_end(at(x_of(quantity, i), point.published - point.tolerance));
      const Point top = at(x_of(quantity, i), high + point.tolerance);
      canvas_.line(std::vector<Point>{{bottom.x + style.shift, bottom.y}, {top.x + style.shift, top.y}},
                   tint(style.color, 0.32), 4.0);
    }
  }

  /// Between the limits, broken where either is NaN.
  void band(const QuantityResult& quantity, const Style& style) {
    std::vector<Point> lower, upper;
    const auto flush = [&] {
      if (lower.size() > 1) {
        lower.insert(lower.end(), upper.rbegin(), upper.rend());
        canvas_.polygon(lower, style.color, 0.16);
      }
      lower.clear(), upper.clear();
    };
    const std::size_t count =
        std::min({quantity.fine_x.size(), quantity.fine_low.size(), quantity.fine_high.size()});
    for (std::size_t i = 0; i < count; ++i) {
      const Point low = at(quantity.fine_x[i], quantity.fine_low[i]);
      const Point high = at(quantity.fine_x[i], quantity.fine_high[i]);
      if (std::isfinite(low.y) && std::isfinite(high.y) && std::isfinite(low.x)) {
        lower.push_back(low), upper.push_back(high);
      } else {
        flush();
      }
    }
    flush();
  }

  void model(const QuantityResult& quantity, const Style& style) {
    std::vector<Point> line;
    for (std::size_t i = 0; i < std::min(quantity.fine_x.size(), quantity.fine_y.size()); ++i)
      line.push_back(at(quantity.fine_x[i], quantity.fine_y[i]));
    canvas_.line(line, {.color = style.color, .width = 2.0, .dashes = style.dashes});
    if (line.empty()) model_points(quantity, style);
  }

  void measurement(const QuantityResult& quantity, const Style& style) {
    const double radius = quantity.points.size() > 60 ? 2.0 : quantity.points.size() > 25 ? 2.6 : 3.4;
    const Color color = shade(style.color, 0.55);
    for (std::size_t i = 0; i < quantity.points.size(); ++i) {
      const PointResult& point = quantity.points[i];
      Point centre = at(x_of(quantity, i), point.published);
      centre.x += style.shift;
      if (!std::isfinite(centre.x) || !std::isfinite(centre.y)) continue;
      const double reading = quantity.reading_error;
      if (std::isfinite(reading) && quantity.bound == Bound::value)
        error_bar(canvas_, centre.x, y_at(point.published + reading),
                  lower_end({centre.x, y_at(point.published - reading)}).y, color, 1.0);
      published_mark(quantity, point, centre, radius, color, style.shape);
    }
  }

 private:
  double y_at(double value) const { return plot_.at(0.0, ranges_.y(value)).y; }

  /// A logarithmic axis has no place for zero and below: the bar goes on to the frame.
  Point lower_end(Point end) const {
    return {end.x, std::isfinite(end.y) ? end.y : plot_.frame().bottom() + 5};
  }

  /// A limit is a foot with an arrow to where the device may be, an interval a bar.
  void published_mark(const QuantityResult& quantity, const PointResult& point, Point centre, double radius,
                      Color color, Shape shape) {
    if (quantity.bound == Bound::value) return mark(canvas_, centre, radius, color, shape);
    if (quantity.bound == Bound::interval)
      return error_bar(canvas_, centre.x, y_at(point.published_high), centre.y, color, 2.0);
    const double up = quantity.bound == Bound::at_least ? -1.0 : 1.0;
    canvas_.line(std::vector<Point>{{centre.x - 5, centre.y}, {centre.x + 5, centre.y}}, color, 2.0);
    canvas_.line(std::vector<Point>{centre, {centre.x, centre.y + up * 12}}, color, 1.5);
    arrow_tip(canvas_, {centre.x, centre.y + up * 18}, {0, up}, color);
  }

  /// Without a fine curve the model stands at the published abscissae only: open marks on bars.
  void model_points(const QuantityResult& quantity, const Style& style) {
    for (std::size_t i = 0; i < quantity.points.size(); ++i) {
      const PointResult& point = quantity.points[i];
      Point centre = at(x_of(quantity, i), point.computed);
      centre.x += style.shift;
      const double low = y_at(point.low), high = y_at(point.high);
      if (std::isfinite(low) && std::isfinite(high) && std::isfinite(centre.x))
        canvas_.fill({centre.x - 6, std::min(low, high), 12, std::max(1.0, std::abs(low - high))},
                     style.color, 0.16);
      if (!std::isfinite(centre.y)) continue;
      const Box& frame = plot_.frame();
      if (centre.y < frame.y)
        arrow_tip(canvas_, {centre.x, frame.y + 1}, {0, -1}, style.color);
      else if (centre.y > frame.bottom())
        arrow_tip(canvas_, {centre.x, frame.bottom() - 1}, {0, 1}, style.color);
      else
        mark(canvas_, centre, 4.6, style.color, style.shape, Filling::open);
    }
  }

  Canvas& canvas_;
  const PanelRanges& ranges_;
  Plot plot_;
};

std::string residual_text(const QuantityResult& quantity) {
  const std::string error = report_text::typographic(report_text::error_text(quantity));
  const std::string missing = report_text::missing_text(quantity);
  return error == "-" ? missing : error + (missing.empty() ? "" : ", " + missing);
}

void legend_line(Canvas& canvas, double left, double right, double y, const QuantityResult& quantity,
                 const Style& style) {
  constexpr double size = 11.0;
  const bool curve = !quantity.fine_x.empty();
  if (curve)
    canvas.line(std::vector<Point>{{left, y}, {left + 30, y}},
                {.color = style.color, .width = 2.0, .dashes = style.dashes});
  else
    mark(canvas, {left + 24, y}, 4.6, style.color, style.shape, Filling::open);
  mark(canvas, {left + (curve ? 15 : 9), y}, 3.4, shade(style.color, 0.55), style.shape);
  const std::string residual = residual_text(quantity);
  const std::string role =
      quantity.role == Role::measurement ? "" : " (" + std::string(role_name(quantity.role)) + ")";
  const double behind = 32 + canvas.text_width(residual, size);
  const double room = right - (left + 38) - behind - canvas.text_width(role, size);
  const std::string title = canvas.fitted(report_text::title_of(quantity), std::max(20.0, room), size) + role;
  canvas.text({left + 38, y}, title, {.size = size});
  const double end = left + 38 + canvas.text_width(title, size);
  verdict_mark(canvas, {end + 20, y}, 4.2, quantity.verdict,
               quantity.prediction ? Filling::solid : Filling::open);
  canvas.text({end + 30, y}, residual, {.size = size, .color = grey});
}

/// Widest tick text beside the axis.
double tick_width(Canvas& canvas, const Axis& axis) {
  const std::vector<double> ticks = nice_ticks(axis.low, axis.high, axis.ticks);
  double widest = 0.0;
  for (const double tick : ticks) {
    const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : 1.0;
    widest = std::max(widest, canvas.text_width(axis.text ? axis.text(tick) : tick_text(tick, step), 11));
  }
  return widest;
}

}  // namespace

std::vector<PanelGroup> panel_groups(const CaseResult& result) {
  std::vector<PanelGroup> groups;
  for (const QuantityResult& quantity : result.quantities) {
    if (quantity.points.size() < 2) continue;
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const PanelGroup& other) {
      return other.size() < most_series && same_axes(*other.front(), quantity);
    });
    if (group == groups.end())
      groups.push_back({&quantity});
    else
      group->push_back(&quantity);
  }
  return groups;
}

double panel_height(double width, std::size_t series) {
  return legend_row_height * static_cast<double>(series) + above_plot + plot_height(width) + below_plot;
}

void paint_panel(Canvas& canvas, const Box& cell, const PanelGroup& group, const std::string& letter) {
  const QuantityResult& first = *group.front();
  const PanelRanges ranges = panel_ranges(group);
  const std::string name =
      first.observable.empty() ? report_text::title_of(first) : readable(first.observable);
  const double frame_height = plot_height(cell.width);
  const Axis y_axis = ranges.y.axis(ranges.y_span.low, ranges.y_span.high, "", frame_height, 36);
  const double left = std::max(64.0, tick_width(canvas, y_axis) + 34);
  const Box frame{cell.x + left, cell.bottom() - below_plot - frame_height, cell.width - left - 8,
                  frame_height};
  const std::string x_name = first.x_label.empty() ? "Number of the point" : first.x_label;
  Panel panel(canvas, ranges, frame, canvas.fitted(ranges.x.label(x_name, first.x_unit), frame.width, 12),
              canvas.fitted(ranges.y.label(name, first.unit), frame.height, 12));
  const std::vector<Style> styles = styles_of(group);
  panel.plot().background();
  canvas.clip(frame);
  for (std::size_t i = 0; i < group.size(); ++i) panel.tolerances(*group[i], styles[i]);
  for (std::size_t i = 0; i < group.size(); ++i) panel.band(*group[i], styles[i]);
  for (std::size_t i = 0; i < group.size(); ++i) panel.model(*group[i], styles[i]);
  for (std::size_t i = 0; i < group.size(); ++i) panel.measurement(*group[i], styles[i]);
  canvas.unclip();
  panel.plot().axes();
  double y = cell.y + legend_row_height / 2;
  canvas.text({cell.x, y}, letter, {.size = 13, .bold = true});
  for (std::size_t i = 0; i < group.size(); ++i, y += legend_row_height)
    legend_line(canvas, cell.x + 26, frame.right(), y, *group[i], styles[i]);
}

std::vector<KeyEntry> panel_key(Canvas& canvas) {
  const Color dark = shade(blue, 0.55);
  return {{[&canvas, dark](Point at) {
             error_bar(canvas, at.x, at.y - 6, at.y + 6, dark, 1.0);
             mark(canvas, at, 3.4, dark, Shape::circle);
           },
           "published, with reading error"},
          {[&canvas](Point at) {
             canvas.line(std::vector<Point>{{at.x, at.y - 7}, {at.x, at.y + 7}}, tint(blue, 0.32), 4.0);
           },
           "tolerance"},
          {[&canvas](Point at) {
             canvas.line(std::vector<Point>{{at.x - 11, at.y}, {at.x + 11, at.y}}, blue, 2.0);
           },
           "model"},
          {[&canvas](Point at) {
             canvas.fill({at.x - 11, at.y - 6, 22, 12}, blue, 0.16);
           },
           "band of the assumed inputs"},
          {[&canvas, dark](Point at) {
             canvas.line(std::vector<Point>{{at.x - 5, at.y + 6}, {at.x + 5, at.y + 6}}, dark, 2.0);
             canvas.line(std::vector<Point>{{at.x, at.y + 6}, {at.x, at.y}}, dark, 1.5);
             arrow_tip(canvas, {at.x, at.y - 7}, {0, -1}, dark);
           },
           "published as a limit"}};
}

}  // namespace photonlink::pictures
