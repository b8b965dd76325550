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
  if (!std::isfinite(value)) return "-";
  return as_published(value, 0.0);
}

/// A logarithm read to a decade has two digits worth printing.
std::string two_digits(double value) {
  return as_published(value, 5.0 * std::pow(10.0, std::floor(std::log10(std::abs(value)) + 1e-9) - 1.0));
}

bool relative(const QuantityResult& quantity) {
  return quantity.tolerance_unit == "%" && quantity.unit != "%";
}

std::string with_bound(const std::string& value, Bound bound) {
  return bound == Bound::at_least ? "≥ " + value : bound == Bound::at_most ? "≤ " + value : value;
}

std::string x_text(const QuantityResult& quantity, double x) {
  return with_unit(plain(x), quantity.x_unit);
}

}  // namespace

std::string number(double value, double tolerance) {
  if (!std::isfinite(value)) return "-";
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
  if (!std::isfinite(error)) return "-";
  const double size = std::abs(error);
  if (size == 0.0) return "0";
  if (size >= 99999.5) return fmt::format("{:.0e}", size);
  return fmt::format("{:.{}f}", size, size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

std::string signed_error(double error) {
  const std::string size = error_size(error);
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
    } else if (text[i] == '-' && digit_at(i + 1) && (i == 0 || !word_at(i - 1))) {
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

bool in_decades(const QuantityResult& quantity) {
  return quantity.tolerance_unit.rfind("decade", 0) == 0;
}

double tolerance_in_unit(const QuantityResult& quantity, const PointResult& point) {
  if (in_decades(quantity)) return 0.0;
  if (relative(quantity)) return point.tolerance / 100.0 * std::abs(point.published);
  return point.tolerance;
}

const PointResult* worst_point(const QuantityResult& quantity) {
  if (quantity.points.empty()) return nullptr;
  const PointResult* worst = &quantity.points.front();
  for (const PointResult& point : quantity.points)
    if (std::isfinite(point.error) &&
        (!std::isfinite(worst->error) || std::abs(point.error) > std::abs(worst->error)))
      worst = &point;
  return worst;
}

std::string published_text(const QuantityResult& quantity, const PointResult& point) {
  const auto text = [&](double value) {
    return in_decades(quantity) ? two_digits(value) : as_published(value, tolerance_in_unit(quantity, point));
  };
  if (quantity.bound == Bound::interval) return text(point.published) + " … " + text(point.published_high);
  return with_bound(text(point.published), quantity.bound);
}

std::string computed_text(const QuantityResult& quantity, const PointResult& point) {
  return in_decades(quantity) ? two_digits(point.computed)
                              : number(point.computed, tolerance_in_unit(quantity, point));
}

std::string band_text(const QuantityResult& quantity, const PointResult& point) {
  if (!std::isfinite(point.low) || !std::isfinite(point.high) || point.low == point.high) return "";
  const auto end = [&](double limit) {
    return in_decades(quantity) ? two_digits(limit) : number(limit, tolerance_in_unit(quantity, point));
  };
  return end(point.low) + " … " + end(point.high);
}

std::string tolerance_text(const QuantityResult& quantity, const PointResult& point) {
  if (!(point.tolerance > 0.0)) return "-";
  const bool same = quantity.tolerance_unit.empty() || quantity.tolerance_unit == quantity.unit;
  return with_unit(plain(point.tolerance), same ? "" : quantity.tolerance_unit);
}

std::string error_text(const QuantityResult& quantity) {
  if (!std::isfinite(quantity.error)) return "-";
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
  if (!std::isfinite(worst->error)) return text;
  return text + ", shown: the worst, " +
         (std::isfinite(worst->x) ? "at " + x_text(quantity, worst->x)
                                  : fmt::format("number {}", worst - quantity.points.data() + 1));
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
