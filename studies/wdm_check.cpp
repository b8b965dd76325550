#include "studies/wdm_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/quantity.hpp"
#include "devices/cw_laser.hpp"
#include "devices/dfb_laser.hpp"
#include "devices/microring_filter.hpp"

namespace photonlink {
namespace {

double least_spacing_Hz(const std::vector<double>& carrier_Hz) {
  double least_Hz = std::numeric_limits<double>::infinity();
  for (std::size_t c = 1; c < carrier_Hz.size(); ++c)
    least_Hz = std::min(least_Hz, carrier_Hz[c] - carrier_Hz[c - 1]);
  return least_Hz;
}

void check_filter(const Link& link, const Stage& source, const std::vector<double>& carrier_Hz,
                  const MicroringFilter& filter) {
  const double reach_Hz = 0.5 * least_spacing_Hz(carrier_Hz);
  const auto& place_Hz = filter.places_Hz();
  for (std::size_t c = 0; c < std::min(carrier_Hz.size(), place_Hz.size()); ++c) {
    if (std::abs(place_Hz[c] - carrier_Hz[c]) <= reach_Hz) continue;
    throw ConfigError(
        fmt::format("link '{}': carrier {} of '{}' lies at {}, ring {} of '{}' at {}, more than half the "
                    "spacing of {} apart; give both stages the same grid, first_frequency and spacing",
                    link.name, c, source.name(), format_quantity(carrier_Hz[c], Quantity::frequency, 7), c,
                    filter.name(), format_quantity(place_Hz[c], Quantity::frequency, 7),
                    format_quantity(2.0 * reach_Hz, Quantity::frequency)));
  }
}

}  // namespace

void check_wdm_grids(const Link& link) {
  const Stage* source = nullptr;
  std::vector<double> carrier_Hz;
  for (const auto& stage : link.stages) {
    if (const auto* laser = dynamic_cast<const CwLaser*>(stage.get())) {
      carrier_Hz = laser->carrier_frequencies_Hz();
      source = stage.get();
    } else if (const auto* diodes = dynamic_cast<const DfbLaser*>(stage.get())) {
      carrier_Hz = diodes->carrier_frequencies_Hz();
      source = stage.get();
    } else if (const auto* filter = dynamic_cast<const MicroringFilter*>(stage.get()); filter && source) {
      check_filter(link, *source, carrier_Hz, *filter);
    }
  }
}

}  // namespace photonlink
