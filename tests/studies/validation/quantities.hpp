/// Small results to judge, tally and record.
#pragma once

#include <string>
#include <utility>

#include "studies/validation/case_result.hpp"

namespace photonlink::test {

inline PointResult point(double published, double computed, double tolerance) {
  PointResult result;
  result.published = published;
  result.computed = computed;
  result.tolerance = tolerance;
  return result;
}

inline PointResult point(double published, double computed, double tolerance, double low, double high) {
  PointResult result = point(published, computed, tolerance);
  result.low = low;
  result.high = high;
  return result;
}

inline QuantityResult quantity(std::vector<PointResult> points, Bound bound = Bound::value,
                               Measure measure = Measure::worst) {
  QuantityResult result;
  result.name = "f3dB";
  result.unit = "GHz";
  result.bound = bound;
  result.measure = measure;
  result.points = std::move(points);
  return result;
}

/// As `judge` leaves it.
inline QuantityResult judged(std::string name, Verdict verdict, double error, Role role = Role::measurement) {
  QuantityResult result;
  result.name = std::move(name);
  result.unit = "dB";
  result.verdict = verdict;
  result.error = error;
  result.role = role;
  result.points = {point(1.0, 1.0, 0.5)};
  return result;
}

}  // namespace photonlink::test
