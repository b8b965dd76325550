#include "solvers/channel/tdr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "network/time_response.hpp"

namespace photonlink {

ImpedanceProfile impedance_profile(const SParameters& network, int port, const TdrSettings& settings,
                                   Context& context) {
  require(settings.rise_time_s > 0.0 && settings.until_s >= 5.0 * settings.rise_time_s,
          fmt::format("TDR rise time = {} s must be above 0 and length = {} s at least five times that",
                      settings.rise_time_s, settings.until_s));
  constexpr double samples_per_edge = 16.0;
  const TimeResponse reflected = step_response(network, port, port, {.rise_time_s = settings.rise_time_s},
                                               settings.rise_time_s / samples_per_edge, context);
  ImpedanceProfile profile;
  profile.extrapolated_share = reflected.extrapolated_share;
  profile.least_ohm = std::numeric_limits<double>::infinity();
  profile.largest_ohm = -std::numeric_limits<double>::infinity();
  const std::size_t begin = reflected.index_of(-2.0 * settings.rise_time_s),
                    end = reflected.index_of(1.25 * settings.until_s) + 1;
  profile.time_s.reserve(end - begin);
  profile.impedance_ohm.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i) {
    const double t = reflected.time_s(i), rho = reflected.value[i];
    const double z = rho < 1.0 ? network.reference_ohm * (1.0 + rho) / (1.0 - rho)
                               : std::numeric_limits<double>::quiet_NaN();
    profile.time_s.push_back(t);
    profile.impedance_ohm.push_back(z);
    if (t < 2.0 * settings.rise_time_s || t > settings.until_s - 2.0 * settings.rise_time_s) continue;
    if (!std::isfinite(z)) continue;
    profile.least_ohm = std::min(profile.least_ohm, z);
    profile.largest_ohm = std::max(profile.largest_ohm, z);
  }
  return profile;
}

}  // namespace photonlink
