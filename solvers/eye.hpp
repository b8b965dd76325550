/// Eye diagram, bathtub curves and pulse response of one lane, from its model at the slicer.
///
/// For chains that are not linear: their levels have noise and interference of their own for every sequence
/// of the pattern, which no sum over independent cursors gives. A linear chain takes statistical_lane.hpp
/// instead. Amplitudes leave here in volts: `scale_V` is the voltage of a unit main cursor before the FFE.
#pragma once

#include "solvers/lane_model.hpp"
#include "solvers/result.hpp"

namespace photonlink {

struct EyeOptions {
  int time_bins_per_UI = 48;
  int level_bins = 240;
  std::vector<double> contour_ber = {1e-3, 1e-6, 1e-9, 1e-12, 1e-15};
};

/// Probability density over two unit intervals with contours of equal bit error ratio. The contour of BER b
/// around opening k is where the levels next to it are exceeded with probability b; deterministic jitter is
/// averaged.
EyeDiagram eye_diagram(LaneModel& lane, double scale_V, const EyeOptions& options = {});
/// @param target_ber level at which width and height of the opening are read
Bathtub bathtub(LaneModel& lane, double scale_V, double target_ber);
PulseResponse pulse_response(const LaneModel& lane, double scale_V);

}  // namespace photonlink
