/// The statistical eye of a solved lane: its pulses, levels, equalisers, noise and jitter as a
/// StatisticalLink.
///
/// Noise at each phase is the mean variance over the pattern; jitter of single edges depends on transitions
/// and is left to the statistical eye, as is the jitter of the sampling instant where the receiver has no FFE
/// (behind one each tap samples at a time of its own, and the slopes of the waveform make it part of the
/// noise, as in the pattern solver). Rounding in
/// the transmitter's DAC, which belongs to sequences of symbols, enters as noise of its mean square over the
/// pattern. Amplitudes are relative to a unit main cursor. Both solvers see the same
/// link in different ways: sequences of a pattern against densities of all. Their error ratios agree within
/// 0.05 decades from 1e-3 to 1e-12 (tests/solvers/statistical_lane_test.cpp).
#pragma once

#include "solvers/lane_model.hpp"
#include "solvers/statistical/statistical_eye.hpp"

namespace photonlink {

/// @throws DomainError for a chain that is not linear.
StatisticalLink statistical_link(LaneModel& lane);
/// The eye at the lane's own thresholds.
StatisticalEye statistical_eye(LaneModel& lane);

/// In the unit of `scale_V`, the voltage of a unit main cursor.
EyeDiagram scaled(EyeDiagram eye, double scale_V);
Bathtub scaled(Bathtub tub, double scale_V);
EyeMeasures scaled(EyeMeasures measures, double scale_V);

}  // namespace photonlink
