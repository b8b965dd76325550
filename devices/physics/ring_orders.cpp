#include "devices/physics/ring_orders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/quantity.hpp"
#include "devices/physics/ring.hpp"

namespace photonlink {
namespace {

std::string hertz(double value) {
  return format_quantity(value, Quantity::frequency, 4);
}

}  // namespace

OrderPair nearest_pair(std::span<const double> carrier_Hz, double fsr_Hz) {
  OrderPair nearest{0, 0, std::numeric_limits<double>::infinity()};
  for (std::size_t i = 0; i < carrier_Hz.size(); ++i)
    for (std::size_t j = i + 1; j < carrier_Hz.size(); ++j) {
      const double distance = std::abs(nearest_detuning_Hz(carrier_Hz[j], carrier_Hz[i], fsr_Hz));
      if (distance < nearest.distance_Hz) nearest = {i, j, distance};
    }
  return nearest;
}

void require_own_orders(const std::string& owner, std::span<const double> carrier_Hz, double fsr_Hz,
                        double linewidth_Hz) {
  const OrderPair pair = nearest_pair(carrier_Hz, fsr_Hz);
  if (pair.distance_Hz >= linewidth_Hz) return;
  throw ConfigError(
      fmt::format("{}: carriers {} and {}, {} apart, lie {} from each other modulo the free spectral range "
                  "{}, less than the linewidth {}: one ring takes both; choose an fsr that is no fraction of "
                  "their distance, smaller rings or a narrower grid",
                  owner, pair.first, pair.second, hertz(carrier_Hz[pair.second] - carrier_Hz[pair.first]),
                  hertz(pair.distance_Hz), hertz(fsr_Hz), hertz(linewidth_Hz)));
}

void check_orders(const std::string& owner, std::span<const double> carrier_Hz, double fsr_Hz,
                  std::vector<Warning>& warnings) {
  double spacing_Hz = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < carrier_Hz.size(); ++i)
    for (std::size_t j = i + 1; j < carrier_Hz.size(); ++j)
      spacing_Hz = std::min(spacing_Hz, std::abs(carrier_Hz[j] - carrier_Hz[i]));
  const OrderPair pair = nearest_pair(carrier_Hz, fsr_Hz);
  // A percent: laser errors and rounded grids are no interleaving.
  if (!(pair.distance_Hz < 0.99 * spacing_Hz)) return;
  warnings.push_back(
      {owner,
       fmt::format("resonance orders interleave: carriers {} and {} are {} apart modulo the free "
                   "spectral range {}, nearer than the {} of the grid; their crosstalk is the largest",
                   pair.first, pair.second, hertz(pair.distance_Hz), hertz(fsr_Hz), hertz(spacing_Hz))});
}

}  // namespace photonlink
