#include "studies/pictures/panel_ranges.hpp"

#include <algorithm>
#include <cmath>

namespace photonlink::pictures {
namespace {

using Kind = ValueScale::Kind;

Kind kind_of_y(const PanelGroup& group, const std::vector<double>& values) {
  const bool positive = std::all_of(values.begin(), values.end(), [](double value) { return value > 0.0; });
  const bool pure = group.front()->unit.empty() || group.front()->unit == "1";
  const Span span = span_of(values);
  return pure && positive && span.high > 300.0 * span.low ? Kind::logarithmic : Kind::linear;
}

/// Logarithmic when most points crowd at one end of a linear axis.
Kind kind_of_x(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  const bool crowded =
      !x.empty() && x.front() > 0.0 && x.back() > 50.0 * x.front() && x[x.size() / 2] < 0.2 * x.back();
  return crowded ? Kind::logarithmic : Kind::linear;
}

void append(std::vector<double>& to, const std::vector<double>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

double x_of(const QuantityResult& quantity, std::size_t i) {
  return std::isfinite(quantity.points[i].x) ? quantity.points[i].x : static_cast<double>(i + 1);
}

PanelRanges panel_ranges(const PanelGroup& group) {
  std::vector<double> x, published, bars, computed, model;
  for (const QuantityResult* quantity : group) {
    for (std::size_t i = 0; i < quantity->points.size(); ++i) {
      const PointResult& point = quantity->points[i];
      x.push_back(x_of(*quantity, i));
      for (const double value : {point.published, point.published_high}) {
        if (!std::isfinite(value)) continue;
        published.push_back(value);
        for (const double size : {point.tolerance, quantity->reading_error})
          append(bars, {value - size, value + size});
      }
      computed.push_back(point.computed);
      append(model, {point.low, point.high});
    }
    append(model, quantity->fine_y), append(model, quantity->fine_low), append(model, quantity->fine_high);
  }
  PanelRanges ranges;
  ranges.x = ValueScale(kind_of_x(x), x), ranges.y = ValueScale(kind_of_y(group, published), published);
  const auto mapped = [](std::vector<double> values, const ValueScale& scale) {
    for (double& value : values) value = scale(value);
    return values;
  };
  std::vector<double> core = mapped(published, ranges.y);
  append(core, mapped(bars, ranges.y));
  const Span shown = span_of(core);
  append(computed, published), append(model, published);
  const Span nominal = limited(span_of(mapped(computed, ranges.y)), shown, 1.0);
  const Span widest = limited(span_of(mapped(model, ranges.y)), shown, 0.6);
  ranges.y_span = padded({std::min(nominal.low, widest.low), std::max(nominal.high, widest.high)}, 0.05);
  ranges.x_span = padded(span_of(mapped(x, ranges.x)), 0.03);
  return ranges;
}

}  // namespace photonlink::pictures
