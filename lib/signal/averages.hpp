/// Means and peaks of waves and sequences.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace photonlink {

/// Arithmetic mean; NaN of nothing.
inline double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Index of the largest magnitude, the first of equal ones.
inline long strongest(std::span<const double> values) {
  return std::max_element(values.begin(), values.end(),
                          [](double a, double b) { return std::abs(a) < std::abs(b); }) -
         values.begin();
}

}  // namespace photonlink
