#include "solvers/sensitivity.hpp"

#include <fmt/format.h>

#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"

namespace photonlink {
namespace {

constexpr double widest_dB = 40.0;  // extra loss or gain that is searched

double evaluated_oma_dBm(const LaneResult& result) {
  require(result.oma_W > 0.0,
          fmt::format("lane {}: it has no optical modulation amplitude; sensitivity needs a link with a "
                      "photodiode",
                      result.lane));
  return level_dBm(result.oma_W).value;
}

// Natural logarithm of the bit error ratio at a signal factor, thresholds adapted one after the other: each
// separates its own pair of levels.
double log_ber(LaneModel& lane, double signal) {
  auto thresholds = lane.thresholds();
  const double reach = 0.25 * 2.0 / (lane.inputs().levels - 1);  // a quarter of the level step
  double best = INFINITY;
  for (double& threshold : thresholds) {
    const double middle = threshold;
    const auto cost = [&](double value) {
      threshold = value;
      return std::log(lane.bit_error_ratio(0.0, thresholds, {signal, 1.0}) + 1e-280);
    };
    // Half the digits of 1e-6: the optimum is flat.
    const auto found = boost::math::tools::brent_find_minima(cost, middle - reach, middle + reach, 12);
    const double kept = cost(middle);
    best = std::min(found.second, kept);
    threshold = found.second < kept ? found.first : middle;
  }
  return best;
}

}  // namespace

double sensitivity_oma_dBm(LaneModel& lane, const LaneResult& result, double target_ber) {
  require(target_ber > 0.0 && target_ber < 0.5,
          fmt::format("sensitivity: target BER = {} is outside (0, 0.5)", target_ber));
  const double oma_dBm = evaluated_oma_dBm(result), target = std::log(target_ber);
  const auto excess = [&](double loss_dB) { return log_ber(lane, std::pow(10.0, -loss_dB / 10.0)) - target; };
  const double low = excess(-widest_dB), high = excess(widest_dB);
  if (!(low < 0.0 && high > 0.0)) return not_computed;
  std::uintmax_t steps = 40;
  const auto tolerance = [](double a, double b) { return std::abs(a - b) < 1e-3; };
  const auto root =
      boost::math::tools::toms748_solve(excess, -widest_dB, widest_dB, low, high, tolerance, steps);
  return oma_dBm - 0.5 * (root.first + root.second);
}

std::vector<SensitivityPoint> ber_against_oma(LaneModel& lane, const LaneResult& result,
                                              std::span<const double> oma_dBm) {
  const double evaluated_dBm = evaluated_oma_dBm(result);
  std::vector<SensitivityPoint> curve;
  for (const double x : oma_dBm)  // current follows optical power
    curve.push_back({x, std::exp(log_ber(lane, std::pow(10.0, (x - evaluated_dBm) / 10.0)))});
  return curve;
}

}  // namespace photonlink
