/// Axes for any unit: linear or logarithmic, ticks of a few characters, a power of ten in the label.
#pragma once

#include <span>
#include <string>

#include "studies/pictures/plot.hpp"

namespace photonlink::pictures {

/// Maps values to axis coordinates: their logarithm, or themselves over a power of ten.
class ValueScale {
 public:
  enum class Kind { linear, logarithmic };
  ValueScale() = default;
  /// @param values what the axis must show; NaN is skipped. Logarithmic: values above zero only.
  ValueScale(Kind kind, std::span<const double> values);
  Kind kind() const { return kind_; }
  /// NaN where a logarithmic axis has no place.
  double operator()(double value) const;
  /// "Energy in 10⁻¹² J"; the unit is left out when it is "" or "1".
  std::string label(const std::string& name, const std::string& unit) const;
  /// Ticks about `spacing` of `length` points apart, over [low, high] in axis coordinates.
  Axis axis(double low, double high, const std::string& label, double length, double spacing) const;

 private:
  Kind kind_ = Kind::linear;
  int exponent_ = 0;
};

/// A range of axis coordinates.
struct Span {
  double low, high;
  double width() const { return high - low; }
};
/// Of the finite ones; {0, 1} without any.
Span span_of(std::span<const double> values);
/// `wanted`, but beyond `core` by at most `factor` times the width of `core`.
Span limited(Span wanted, Span core, double factor);
/// Wider by `part` of the width at both ends; never empty.
Span padded(Span span, double part);

}  // namespace photonlink::pictures
