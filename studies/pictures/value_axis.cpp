#include "studies/pictures/value_axis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace photonlink::pictures {

ValueScale::ValueScale(Kind kind, std::span<const double> values) : kind_(kind) {
  if (kind == Kind::logarithmic) return;
  double largest = 0.0;
  for (const double value : values)
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  // 0.01 to 99999 fit beside an axis as they are.
  if (largest > 0.0 && (largest < 0.01 || largest >= 1e5))
    exponent_ = 3 * static_cast<int>(std::floor(std::log10(largest) / 3.0));
}

double ValueScale::operator()(double value) const {
  if (kind_ == Kind::linear) return value * std::pow(10.0, -exponent_);
  return value > 0.0 ? std::log10(value) : std::numeric_limits<double>::quiet_NaN();
}

std::string ValueScale::label(const std::string& name, const std::string& unit) const {
  const std::string power = exponent_ == 0 ? "" : power_of_ten(std::pow(10.0, exponent_));
  const std::string shown = unit == "1" ? "" : unit;
  if (power.empty() && shown.empty()) return name;
  return name + " in " + power + (power.empty() || shown.empty() ? "" : " ") + shown;
}

Axis ValueScale::axis(double low, double high, const std::string& label, double length,
                      double spacing) const {
  Axis axis{.low = low, .high = high, .label = label};
  axis.ticks = std::clamp(static_cast<int>(length / spacing), 2, 8);
  if (kind_ == Kind::linear) return axis;
  // Decades only: ticks between them would need more digits than the axis has room for.
  axis.low = std::min(low, std::floor(high - 0.3)), axis.high = std::max(high, axis.low + 1.2);
  axis.ticks = std::clamp(static_cast<int>(axis.high - axis.low), 1, axis.ticks);
  axis.text = [](double exponent) { return power_of_ten(std::pow(10.0, exponent)); };
  return axis;
}

Span span_of(std::span<const double> values) {
  Span span{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    span.low = std::min(span.low, value), span.high = std::max(span.high, value);
  }
  return span.low <= span.high ? span : Span{0.0, 1.0};
}

Span limited(Span wanted, Span core, double factor) {
  return {std::clamp(wanted.low, core.low - factor * core.width(), core.low),
          std::clamp(wanted.high, core.high, core.high + factor * core.width())};
}

Span padded(Span span, double part) {
  double extra = part * span.width();
  if (!(extra > 0.0)) extra = std::max(1e-9, 0.1 * std::abs(span.low));
  return {span.low - extra, span.high + extra};
}

}  // namespace photonlink::pictures
