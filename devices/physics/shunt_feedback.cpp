#include "devices/physics/shunt_feedback.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/quantity.hpp"

namespace photonlink {
namespace {

double natural_frequency_rad_per_s(const ShuntFeedbackGoal& goal) {
  return 2.0 * constants::pi * goal.bandwidth_Hz / bandwidth_over_natural_frequency(goal.quality);
}

}  // namespace

double bandwidth_over_natural_frequency(double quality) {
  const double rho = 1.0 - 0.5 / (quality * quality);
  return std::sqrt(rho + std::hypot(rho, 1.0));
}

ShuntFeedback shunt_feedback_of_resistance(const ShuntFeedbackGoal& goal, double feedback_resistance_ohm) {
  const double w0 = natural_frequency_rad_per_s(goal);
  const double tau_s = feedback_resistance_ohm * goal.capacitance_F;
  const double excess = w0 * tau_s / goal.quality - 1.0;
  const double tau_amplifier_s = tau_s / excess;
  const double gain = tau_s * tau_amplifier_s * w0 * w0 - 1.0;
  if (!(excess > 0.0) || !(gain > 0.0))
    throw DomainError(fmt::format(
        "R_F = {} with {} reaches {} without a loop; a larger resistor or a larger bandwidth needs one",
        format_quantity(feedback_resistance_ohm, Quantity::resistance),
        format_quantity(goal.capacitance_F, Quantity::capacitance),
        format_quantity(goal.bandwidth_Hz, Quantity::frequency)));
  return {feedback_resistance_ohm, gain, 1.0 / (2.0 * constants::pi * tau_amplifier_s)};
}

ShuntFeedback shunt_feedback_of_gain_bandwidth(const ShuntFeedbackGoal& goal, double gain_bandwidth_Hz) {
  const double w0 = natural_frequency_rad_per_s(goal);
  // ω₀²τ² - (ω₀/Q + ω_GBW) τ + 1 = 0
  const double half = 0.5 * (w0 / goal.quality + 2.0 * constants::pi * gain_bandwidth_Hz);
  const double root_square = half * half - w0 * w0;
  const double tau_s = root_square > 0.0 ? (half + std::sqrt(root_square)) / (w0 * w0) : 0.0;
  // The loop needs A₀ > 0: ττ_A ω₀² > 1 with τ_A = τ / (ω₀τ/Q - 1).
  const double excess = w0 * tau_s / goal.quality - 1.0;
  if (!(excess > 0.0) || !(tau_s * tau_s * w0 * w0 > excess))
    throw DomainError(fmt::format("a gain-bandwidth product of {} is too small for a closed loop of {}",
                                  format_quantity(gain_bandwidth_Hz, Quantity::frequency),
                                  format_quantity(goal.bandwidth_Hz, Quantity::frequency)));
  return shunt_feedback_of_resistance(goal, tau_s / goal.capacitance_F);
}

Complex open_loop_gain(const ShuntFeedback& loop, double frequency_Hz) {
  return loop.open_loop_gain / Complex(1.0, frequency_Hz / loop.open_loop_bandwidth_Hz);
}

double closed_loop_resistance_ohm(const ShuntFeedback& loop) {
  return loop.feedback_resistance_ohm * loop.open_loop_gain / (loop.open_loop_gain + 1.0);
}

Complex feedback_admittance_S(const ShuntFeedback& loop, double frequency_Hz) {
  return (1.0 + open_loop_gain(loop, frequency_Hz)) / loop.feedback_resistance_ohm;
}

Complex closed_loop_response(const ShuntFeedback& loop, double frequency_Hz, Complex total_S) {
  return open_loop_gain(loop, frequency_Hz) / (closed_loop_resistance_ohm(loop) * total_S);
}

}  // namespace photonlink
