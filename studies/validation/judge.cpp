#include "studies/validation/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/error.hpp"

namespace photonlink {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double passing = 1.0 + 1e-9;  // a value computed at its tolerance passes

double error_of(const PointResult& point, Bound bound, double computed) {
  const double above = computed - point.published;
  switch (bound) {
    case Bound::value:
      return above / point.tolerance;
    case Bound::at_least:
      return std::isnan(above) ? not_a_number : std::min(0.0, above) / point.tolerance;
    case Bound::at_most:
      return std::isnan(above) ? not_a_number : std::max(0.0, above) / point.tolerance;
    case Bound::interval:
      if (above < 0.0) return above / point.tolerance;
      return std::isnan(above) ? not_a_number
                               : std::max(0.0, computed - point.published_high) / point.tolerance;
  }
  return not_a_number;
}

struct Range {
  double least = not_a_number, largest = not_a_number;
};

/// |error| over a point's band.
Range magnitudes(const PointResult& point, Bound bound) {
  const double low = error_of(point, bound, std::fmin(point.low, point.computed));
  const double high = error_of(point, bound, std::fmax(point.high, point.computed));
  const double least = low <= 0.0 && high >= 0.0 ? 0.0 : std::min(std::abs(low), std::abs(high));
  return {least, std::max(std::abs(low), std::abs(high))};
}

double combined(const std::vector<double>& errors, Measure measure) {
  if (measure == Measure::worst)
    return *std::max_element(errors.begin(), errors.end(),
                             [](double a, double b) { return std::abs(a) < std::abs(b); });
  double squares = 0.0;
  for (const double each : errors) squares += each * each;
  return std::sqrt(squares / static_cast<double>(errors.size()));
}

void check_published(const QuantityResult& quantity, const PointResult& point) {
  require(
      point.tolerance > 0.0 && std::isfinite(point.tolerance),
      fmt::format("quantity '{}': tolerance = {} {} at published {} {} is not positive; give each point a "
                  "tolerance",
                  quantity.name, point.tolerance,
                  quantity.tolerance_unit.empty() ? quantity.unit : quantity.tolerance_unit, point.published,
                  quantity.unit));
  require(quantity.bound != Bound::interval || point.published_high >= point.published,
          fmt::format("quantity '{}': interval from {} to {} {} is none; its upper end must not be below the "
                      "lower",
                      quantity.name, point.published, point.published_high, quantity.unit));
}

double median(std::vector<double> values) {
  if (values.empty()) return not_a_number;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

/// A tally under way, with the errors that its median is of.
struct Counting {
  Tally tally;
  std::vector<double> errors;

  void add(const std::string& name, const QuantityResult& quantity) {
    ++tally.quantities;
    switch (quantity.verdict) {
      case Verdict::pass:
        ++tally.pass;
        break;
      case Verdict::band:
        ++tally.band;
        break;
      case Verdict::miss:
        ++tally.miss;
        break;
      case Verdict::uncomputed:
        ++tally.not_computed;
        break;
    }
    if (std::isnan(quantity.error)) return;
    const double magnitude = std::abs(quantity.error);
    errors.push_back(magnitude);
    if (magnitude <= tally.worst_error) return;  // false while there is none
    tally.worst_error = magnitude;
    tally.worst = name;
  }
  Tally finished() const {
    Tally result = tally;
    result.median_error = median(errors);
    return result;
  }
};

enum class Count { measured, predictions };

std::vector<Tally> tally_of(const std::vector<CaseResult>& cases, Count what) {
  std::map<std::string, Counting> families;
  Counting all;
  for (const CaseResult& each : cases) {
    Counting& family = families[each.family];
    for (const QuantityResult& quantity : each.quantities) {
      if (quantity.role != Role::measurement || (what == Count::predictions && !quantity.prediction))
        continue;
      family.add(each.name + "/" + quantity.name, quantity);
      all.add(each.name + "/" + quantity.name, quantity);
    }
  }
  std::vector<Tally> result;
  for (auto& [name, counting] : families) {
    counting.tally.family = name;
    result.push_back(counting.finished());
  }
  all.tally.family = "all";
  result.push_back(all.finished());
  return result;
}

}  // namespace

void judge(QuantityResult& quantity) {
  quantity.error = quantity.band_low = quantity.band_high = not_a_number;
  quantity.verdict = Verdict::uncomputed;
  std::vector<double> errors, least, largest;
  bool complete = true, has_band = false;
  for (PointResult& point : quantity.points) {
    point.error = not_a_number;
    if (std::isnan(point.published)) continue;
    check_published(quantity, point);
    point.error = error_of(point, quantity.bound, point.computed);
    complete = complete && !std::isnan(point.error);
    has_band = has_band || !std::isnan(point.low) || !std::isnan(point.high);
    const Range range = magnitudes(point, quantity.bound);
    errors.push_back(point.error);
    least.push_back(range.least);
    largest.push_back(range.largest);
  }
  if (errors.empty() || !complete) return;
  quantity.error = combined(errors, quantity.measure);
  if (has_band) {
    quantity.band_low = combined(least, quantity.measure);
    quantity.band_high = combined(largest, quantity.measure);
  }
  if (std::abs(quantity.error) <= passing)
    quantity.verdict = Verdict::pass;
  else
    quantity.verdict = quantity.band_low <= passing ? Verdict::band : Verdict::miss;  // NaN: no band
}

Tallies tally(const std::vector<CaseResult>& cases) {
  return {tally_of(cases, Count::measured), tally_of(cases, Count::predictions)};
}

}  // namespace photonlink
