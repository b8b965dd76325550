#include "solvers/bathtub.hpp"

#include <cmath>

namespace photonlink {
namespace {

// First place from the middle in `direction` where y rises above `level`.
double crossing(const std::vector<double>& x, const std::vector<double>& y, double level, double floor,
                long direction) {
  const auto value = [&](long k) {
    const double v = y[static_cast<std::size_t>(k)];
    return std::isnan(v) ? floor : v;
  };
  const long count = static_cast<long>(x.size());
  for (long k = count / 2; k + direction >= 0 && k + direction < count; k += direction) {
    const double a = value(k), b = value(k + direction);
    if (a > level) return not_computed;
    if (b <= level) continue;
    const double xa = x[static_cast<std::size_t>(k)], xb = x[static_cast<std::size_t>(k + direction)];
    return xa + (xb - xa) * (level - a) / (b - a);
  }
  return not_computed;
}

}  // namespace

void add_openings(Bathtub& tub, double floor) {
  const double level = std::log10(tub.target_ber), lowest = std::log10(floor);
  tub.left_UI = crossing(tub.time_UI, tub.log10_ber_time, level, lowest, -1);
  tub.right_UI = crossing(tub.time_UI, tub.log10_ber_time, level, lowest, 1);
  tub.width_UI = tub.right_UI - tub.left_UI;
  tub.height = crossing(tub.threshold_offset, tub.log10_ber_level, level, lowest, 1) -
               crossing(tub.threshold_offset, tub.log10_ber_level, level, lowest, -1);
}

}  // namespace photonlink
