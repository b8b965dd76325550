#include "solvers/clock_result.hpp"

#include <cmath>

namespace photonlink {
namespace {

constexpr double lowest_frequency_Hz = 1e4, highest_ratio = 0.05;
constexpr double points_per_decade = 16.0;

double tolerance_UI(const LockedClock& clock, double frequency_ratio, double margin_UI) {
  if (std::isnan(margin_UI)) return not_computed;
  return 2.0 * jitter_tolerance_UI(clock.loop, clock.gain_per_UI, frequency_ratio, margin_UI);
}

double mask_ratio(const LockedClock& clock, double symbol_rate_Bd, double margin_UI,
                  std::span<const JitterMaskPoint> mask) {
  if (mask.empty() || std::isnan(margin_UI)) return not_computed;
  return 2.0 * jitter_mask_ratio(clock.loop, clock.gain_per_UI, margin_UI, symbol_rate_Bd, mask);
}

}  // namespace

ClockResult clock_result(const LockedClock& clock, double symbol_rate_Bd, double margin_UI,
                         std::span<const JitterMaskPoint> mask) {
  ClockResult result;
  result.phase_margin_deg = phase_margin_deg(clock.loop, clock.gain_per_UI);
  result.generated_jitter_UI = clock.generated_jitter_UI;
  result.margin_UI = margin_UI;
  const double decades = std::log10(highest_ratio * symbol_rate_Bd / lowest_frequency_Hz);
  const int steps = static_cast<int>(std::ceil(points_per_decade * decades));
  for (int n = 0; n <= steps; ++n) {
    const double frequency_Hz = lowest_frequency_Hz * std::pow(10.0, decades * n / steps);
    const double ratio = frequency_Hz / symbol_rate_Bd;
    result.frequency_Hz.push_back(frequency_Hz);
    result.transfer_dB.push_back(20.0 *
                                 std::log10(std::abs(jitter_transfer(clock.loop, clock.gain_per_UI, ratio))));
    result.tolerance_UI.push_back(tolerance_UI(clock, ratio, margin_UI));
  }
  result.mask_ratio = mask_ratio(clock, symbol_rate_Bd, margin_UI, mask);
  return result;
}

}  // namespace photonlink
