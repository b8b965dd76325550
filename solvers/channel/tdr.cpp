#include "solvers/channel/tdr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "network/time_response.hpp"

namespace photonlink {
namespace {

/// Between the edges any value counts; on the edge of the step and of the far end only a turning point does:
/// the way from the reference to the line is no impedance of either.
void find_extremes(const TdrSettings& settings, ImpedanceProfile& profile) {
  profile.least_ohm = std::numeric_limits<double>::infinity();
  profile.largest_ohm = -profile.least_ohm;
  const auto& z = profile.impedance_ohm;
  for (std::size_t i = 1; i + 1 < z.size(); ++i) {
    const double t = profile.time_s[i];
    if (t < 0.0 || t > settings.until_s || !std::isfinite(z[i])) continue;
    const bool between =
        t >= 2.0 * settings.rise_time_s && t <= settings.until_s - 2.0 * settings.rise_time_s;
    const bool turns = (z[i] - z[i - 1]) * (z[i + 1] - z[i]) < 0.0;
    if (!between && !turns) continue;
    profile.least_ohm = std::min(profile.least_ohm, z[i]);
    profile.largest_ohm = std::max(profile.largest_ohm, z[i]);
  }
}

}  // namespace

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
  const std::size_t begin = reflected.index_of(-2.0 * settings.rise_time_s),
                    end = reflected.index_of(1.25 * settings.until_s) + 1;
  profile.baseline = reflected.value[begin];
  profile.time_s.reserve(end - begin);
  profile.impedance_ohm.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i) {
    const double rho = reflected.value[i] - profile.baseline;
    profile.time_s.push_back(reflected.time_s(i));
    profile.impedance_ohm.push_back(rho < 1.0 ? network.reference_ohm * (1.0 + rho) / (1.0 - rho)
                                              : std::numeric_limits<double>::quiet_NaN());
  }
  find_extremes(settings, profile);
  return profile;
}

}  // namespace photonlink
