#include "solvers/sensitivity.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"
#include "solvers/margin.hpp"

namespace photonlink {
namespace {

constexpr double widest_dB = 39.9;  // loss_margin_dB searches 40 dB and returns its end when nothing is found

double evaluated_oma_dBm(const LaneResult& result) {
  require(result.oma_W > 0.0,
          fmt::format("lane {}: it has no optical modulation amplitude; sensitivity needs a link with a "
                      "photodiode",
                      result.lane));
  return level_dBm(result.oma_W).value;
}

}  // namespace

double sensitivity_oma_dBm(LaneModel& lane, const LaneResult& result, double target_ber) {
  require(target_ber > 0.0 && target_ber < 0.5,
          fmt::format("sensitivity: target BER = {} is outside (0, 0.5)", target_ber));
  const double oma_dBm = evaluated_oma_dBm(result), margin_dB = loss_margin_dB(lane, target_ber, true);
  return std::abs(margin_dB) < widest_dB ? oma_dBm - margin_dB : not_computed;
}

std::vector<SensitivityPoint> ber_against_oma(LaneModel& lane, const LaneResult& result,
                                              std::span<const double> oma_dBm) {
  const double evaluated_dBm = evaluated_oma_dBm(result);
  std::vector<SensitivityPoint> curve;
  for (const double x : oma_dBm) {
    const double signal = std::pow(10.0, (x - evaluated_dBm) / 10.0);  // current follows optical power
    curve.push_back({x, lane.bit_error_ratio(0.0, lane.thresholds(), {signal, 1.0})});
  }
  return curve;
}

}  // namespace photonlink
