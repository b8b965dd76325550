/// Margins of one lane: how much worse things may get until the error target is missed.
///
/// The equaliser and the thresholds stay as adapted (thresholds scale with the signal), so a receiver that
/// adapts again does at least as well.
#pragma once

#include "solvers/lane_model.hpp"

namespace photonlink {

/// Largest extra loss at the receiver's input that keeps the bit error ratio at `target_ber`; negative when
/// the target is missed already. [dB], 10 log of optical power or 20 log of copper voltage; NaN when no gain
/// would reach it.
double loss_margin_dB(LaneModel& lane, double target_ber, bool optical);
/// Largest growth of all Gaussian noise, [dB] 20 log; the same signs and NaN.
double noise_margin_dB(LaneModel& lane, double target_ber);

}  // namespace photonlink
