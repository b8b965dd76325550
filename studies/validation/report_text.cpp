#include "studies/validation/report_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace photonlink::report_text {
namespace {

/// Decimals whose last one is worth at most `step`.
int decimals_for(double step) {
  return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9);
}

/// Four significant digits without zeros at the end, as abscissae are printed.
std::string plain(double value) {
  return as_published(value, 0.0);
}

std::string with_bound(const std::string& value, Bound bound) {
  return bound == Bound::at_least ? "≥ " + value : bound == Bound::at_most ? "≤ " + value : value;
}

std::string x_text(const QuantityResult& quantity, double x) {
  return with_unit(plain(x), quantity.x_unit);
}

}  // namespace

std::string number(double value, double tolerance) {
  if (std::isinf(value)) return value < 0 ? "-∞" : "∞";
  if (std::isnan(value)) return "-";
  if (value == 0.0) return "0";
  const double size = std::abs(value);
  const double step = tolerance > 0.0 ? tolerance / 5.0 : std::pow(10.0, std::floor(std::log10(size)) - 3.0);
  const bool tiny = size < 1e-3 && step < 1e-4;
  if (!tiny && size < 1e6) {
    const std::string text = fmt::format("{:.{}f}", value, decimals_for(step));
    // "-0.0" says no more than "0.0".
    return text[0] == '-' && text.find_first_not_of("-0.") == std::string::npos ? text.substr(1) : text;
  }
  const double digits = std::floor(std::log10(size) + 1e-9) - std::floor(std::log10(step) + 1e-9);
  return fmt::format("{:.{}e}", value, static_cast<int>(std::clamp(digits, 0.0, 4.0)));
}

std::string as_published(double value, double tolerance) {
  std::string text = number(value, tolerance), exponent;
  if (const std::size_t e = text.find('e'); e != std::string::npos) exponent = text.substr(e), text.resize(e);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text + exponent;
}

std::string error_size(double error) {
  if (std::isinf(error)) return "∞";
  if (std::isnan(error)) return "-";
  const double size = std::abs(error);
  if (size == 0.0) return "0";
  if (size >= 99999.5) return fmt::format("{:.0e}", size);
  return fmt::format("{:.{}f}", size, size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

std::string signed_error(double error) {
  std::string size = error_size(error);
  if (size == "-" || size == "0") return size;
  return (error < 0 ? "-" : "+") + size;
}

std::string with_unit(const std::string& text, const std::string& unit) {
  return unit.empty() || unit == "1" || text == "-" ? text : text + " " + unit;
}

std::string typographic(const std::string& text) {
  static const std::array<const char*, 10> raised = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  const auto digit_at = [&](std::size_t i) {
    return i < text.size() && std::isdigit(static_cast<unsigned char>(text[i]));
  };
  const auto word_at = [&](std::size_t i) {
    const auto c = static_cast<unsigned char>(text[i]);
    return std::isalnum(c) || c == '_' || c >= 0x80;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const bool power = text[i] == 'e' && i > 0 && digit_at(i - 1) && i + 1 < text.size() &&
                       (text[i + 1] == '-' || text[i + 1] == '+') && digit_at(i + 2);
    if (power) {
      out += text[i + 1] == '-' ? "·10⁻" : "·10";
      for (i += 2; text[i] == '0' && digit_at(i + 1);) ++i;
      for (; digit_at(i); ++i) out += raised[static_cast<std::size_t>(text[i] - '0')];
    } else if (text[i] == '-' && (digit_at(i + 1) || text.compare(i + 1, 3, "∞") == 0) &&
               (i == 0 || !word_at(i - 1))) {
      out += "−", ++i;
    } else {
      out += text[i++];
    }
  }
  return out;
}

std::string counted(int count, const std::string& one, const std::string& many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

const PointResult* worst_point(const QuantityResult& quantity) {
  if (quantity.points.empty()) return nullptr;
  const PointResult* worst = &quantity.points.front();
  for (const PointResult& point : quantity.points)
    if (!std::isnan(point.error) && !(std::abs(point.error) <= std::abs(worst->error))) worst = &point;
  return worst;
}

std::string published_text(const QuantityResult& quantity, const PointResult& point) {
  const std::string value = as_published(point.published, point.tolerance);
  if (quantity.bound == Bound::interval)
    return value + " … " + as_published(point.published_high, point.tolerance);
  return with_bound(value, quantity.bound);
}

std::string computed_text(const PointResult& point) {
  return number(point.computed, point.tolerance);
}

std::string band_text(const PointResult& point) {
  if (std::isnan(point.low) || std::isnan(point.high) || point.low == point.high) return "";
  return number(point.low, point.tolerance) + " … " + number(point.high, point.tolerance);
}

std::string tolerance_text(const QuantityResult& quantity, const PointResult& point) {
  if (!(point.tolerance > 0.0)) return "-";
  const bool same = quantity.tolerance_unit.empty() || quantity.tolerance_unit == quantity.unit;
  // Three digits: a tolerance per point is a computed number.
  return with_unit(as_published(point.tolerance, 0.05 * point.tolerance),
                   same ? "" : quantity.tolerance_unit);
}

std::string error_text(const QuantityResult& quantity) {
  if (std::isnan(quantity.error)) return "-";
  if (quantity.points.size() < 2) return signed_error(quantity.error);
  return (quantity.measure == Measure::rms ? "rms " : "worst ") + error_size(quantity.error);
}

std::string points_text(const QuantityResult& quantity) {
  const PointResult* worst = worst_point(quantity);
  if (worst == nullptr) return "no points";
  const std::size_t count = quantity.points.size();
  if (count == 1) return std::isfinite(worst->x) ? "at " + x_text(quantity, worst->x) : "";
  double low = worst->x, high = worst->x;
  for (const PointResult& point : quantity.points)
    low = std::min(low, point.x), high = std::max(high, point.x);
  std::string text = fmt::format("{} points", count);
  if (std::isfinite(worst->x)) text += fmt::format(", {} … {}", plain(low), x_text(quantity, high));
  if (std::isnan(worst->error)) return text;
  return text + ", shown: the worst, " +
         (std::isfinite(worst->x) ? "at " + x_text(quantity, worst->x)
                                  : fmt::format("number {}", worst - quantity.points.data() + 1));
}

std::string missing_text(const QuantityResult& quantity) {
  const auto missing = std::count_if(
      quantity.points.begin(), quantity.points.end(),
      [](const PointResult& point) { return !std::isnan(point.published) && std::isnan(point.computed); });
  if (missing > 0 && static_cast<std::size_t>(missing) < quantity.points.size())
    return fmt::format("{} of {} not computed", missing, quantity.points.size());
  return missing > 0 || std::isnan(quantity.error) ? "not computed" : "";
}

std::string verdict_text(Verdict verdict) {
  return verdict == Verdict::uncomputed ? "not computed" : std::string(verdict_name(verdict));
}

std::string role_mark(const QuantityResult& quantity) {
  if (quantity.role != Role::measurement) return std::string(role_name(quantity.role));
  return quantity.prediction ? "prediction" : "after a fit";
}

std::string title_of(const QuantityResult& quantity) {
  return quantity.title.empty() ? quantity.name : quantity.title;
}

std::string title_of(const CaseResult& result) {
  return result.title.empty() ? result.name : result.title;
}

}  // namespace photonlink::report_text
