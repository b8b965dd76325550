#include "signal/held_edges.hpp"

#include <algorithm>
#include <cmath>

#include "signal/grid.hpp"

namespace photonlink {
namespace {

// Integral of the triangle of unit area between -1 and 1, from -1 to x.
double triangle_area(double x) {
  x = std::clamp(x, -1.0, 1.0);
  return x < 0.0 ? 0.5 * (1.0 + x) * (1.0 + x) : 1.0 - 0.5 * (1.0 - x) * (1.0 - x);
}

}  // namespace

void move_edge(std::span<double> wave, long at, double late, double height) {
  if (late == 0.0) return;
  const long size = static_cast<long>(wave.size());
  const double edge = static_cast<double>(at) - 0.5, begin = std::min(edge, edge + late),
               end = std::max(edge, edge + late), change = late > 0.0 ? -height : height;
  for (long u = static_cast<long>(std::ceil(begin)) - 1; u <= static_cast<long>(std::floor(end)) + 1; ++u) {
    const double place = static_cast<double>(u);
    wave[static_cast<std::size_t>(wrap(u, size))] +=
        change * (triangle_area(end - place) - triangle_area(begin - place));
  }
}

}  // namespace photonlink
