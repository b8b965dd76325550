#include "studies/pictures/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace photonlink::pictures {

std::vector<double> nice_ticks(double low, double high, int count) {
  if (!(high > low) || count < 1) return {};
  const double raw = (high - low) / count, decade = std::pow(10.0, std::floor(std::log10(raw)));
  double step = 10.0 * decade;
  for (const double factor : {5.0, 2.0, 1.0})
    if (factor * decade >= raw * (1 - 1e-9)) step = factor * decade;
  std::vector<double> ticks;
  for (double index = std::ceil(low / step - 1e-9); index * step <= high + 1e-9 * step; ++index)
    ticks.push_back(index * step);
  return ticks;
}

std::string tick_text(double value, double distance) {
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(distance) - 1e-9)));
  const std::string text = fmt::format("{:.{}f}", std::abs(value) < 1e-9 * distance ? 0.0 : value, decimals);
  return text[0] == '-' ? "−" + text.substr(1) : text;
}

Prefix engineering_prefix(double largest) {
  static const std::pair<double, const char*> prefixes[] = {{1e-9, "G"}, {1e-6, "M"}, {1e-3, "k"},
                                                            {1.0, ""},   {1e3, "m"},  {1e6, "µ"},
                                                            {1e9, "n"},  {1e12, "p"}, {1e15, "f"}};
  if (!(largest > 0.0)) return {1.0, ""};
  for (const auto& [factor, symbol] : prefixes)
    if (largest * factor >= 1.0 - 1e-12) return {factor, symbol};
  return {1e15, "f"};
}

std::string power_of_ten(double value) {
  if (!(value > 0.0) || !std::isfinite(value)) return "–";
  static const char* const raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  int exponent = static_cast<int>(std::floor(std::log10(value) + 1e-9));
  double mantissa = value / std::pow(10.0, exponent);
  if (mantissa >= 9.95) mantissa /= 10.0, ++exponent;
  std::string digits;
  for (const char digit : std::to_string(std::abs(exponent))) digits += raised[digit - '0'];
  const std::string power = fmt::format("10{}{}", exponent < 0 ? "⁻" : "", digits);
  return std::abs(mantissa - 1.0) < 0.05 ? power : fmt::format("{:.1f}·{}", mantissa, power);
}

Plot::Plot(Canvas& canvas, Box frame, Axis x, Axis y)
    : canvas_(canvas), frame_(frame), x_(std::move(x)), y_(std::move(y)) {
  for (Axis* axis : {&x_, &y_})
    if (!(axis->high > axis->low)) axis->low -= 0.5, axis->high = axis->low + 1.0;
}

Point Plot::at(double x, double y) const {
  return {frame_.x + (x - x_.low) / (x_.high - x_.low) * frame_.width,
          frame_.bottom() - (y - y_.low) / (y_.high - y_.low) * frame_.height};
}

void Plot::background(bool grid) {
  canvas_.fill(frame_, white);
  if (!grid) return;
  for (const double tick : nice_ticks(x_.low, x_.high, x_.ticks))
    canvas_.line(std::vector<Point>{at(tick, y_.low), at(tick, y_.high)}, pale, 0.8);
  for (const double tick : nice_ticks(y_.low, y_.high, y_.ticks))
    canvas_.line(std::vector<Point>{at(x_.low, tick), at(x_.high, tick)}, pale, 0.8);
}

void Plot::axes(const std::string& panel_title) {
  canvas_.outline(frame_, grey, 1.0);
  const auto label = [](const Axis& axis, double value, double step) {
    return axis.text ? axis.text(value) : tick_text(value, step);
  };
  const auto step_of = [](const std::vector<double>& ticks) {
    return ticks.size() > 1 ? ticks[1] - ticks[0] : 1.0;
  };
  const std::vector<double> x_ticks = nice_ticks(x_.low, x_.high, x_.ticks);
  for (const double tick : x_ticks) {
    const Point foot = at(tick, y_.low);
    canvas_.line(std::vector<Point>{foot, {foot.x, foot.y + 4}}, grey, 1.0);
    canvas_.text({foot.x, foot.y + 14}, label(x_, tick, step_of(x_ticks)),
                 {.size = 11, .align = Align::center});
  }
  const std::vector<double> y_ticks = nice_ticks(y_.low, y_.high, y_.ticks);
  double widest = 0.0;
  for (const double tick : y_ticks) {
    const Point foot = at(x_.low, tick);
    const std::string text = label(y_, tick, step_of(y_ticks));
    widest = std::max(widest, canvas_.text_width(text, 11));
    canvas_.line(std::vector<Point>{foot, {foot.x - 4, foot.y}}, grey, 1.0);
    canvas_.text({foot.x - 8, foot.y}, text, {.size = 11, .align = Align::right});
  }
  canvas_.text({frame_.x + frame_.width / 2, frame_.bottom() + 33}, x_.label, {.align = Align::center});
  canvas_.text({frame_.x - 20 - widest, frame_.y + frame_.height / 2}, y_.label,
               {.align = Align::center, .upright = false});
  canvas_.text({frame_.x + frame_.width / 2, frame_.y - 12}, panel_title,
               {.align = Align::center, .bold = true});
}

void Plot::curve(const std::vector<double>& x, const std::vector<double>& y, Color color, double width,
                 bool dashed) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) points.push_back(at(x[i], y[i]));
  canvas_.clip(frame_);
  canvas_.line(points, color, width, dashed);
  canvas_.unclip();
}

double legend_row(Canvas& canvas, Point at, const std::vector<LegendEntry>& entries) {
  double x = at.x;
  for (const LegendEntry& entry : entries) {
    using Mark = LegendEntry::Mark;
    if (entry.mark == Mark::box)
      canvas.fill({x + 6, at.y - 6, 12, 12}, entry.color);
    else if (entry.mark == Mark::dot)
      canvas.dot({x + 12, at.y}, 4, entry.color);
    else
      canvas.line(std::vector<Point>{{x, at.y}, {x + 22, at.y}}, entry.color, 2.0,
                  entry.mark == Mark::dashed);
    canvas.text({x + 28, at.y}, entry.text, {.size = 11});
    x += 28 + canvas.text_width(entry.text, 11) + 20;
  }
  return x - at.x;
}

void heading(Canvas& canvas, const std::string& title, const std::string& facts) {
  const double width = canvas.width() - 40;
  canvas.text({20, 22}, canvas.fitted(title, width, 16, true), {.size = 16, .bold = true});
  canvas.text({20, 43}, canvas.fitted(facts, width, 11), {.size = 11, .color = grey});
}

}  // namespace photonlink::pictures
