#include "solvers/lane_propagation.hpp"

namespace photonlink {

ErrorEvents error_events(LaneModel& lane, Scaling scaling) {
  const auto& in = lane.inputs();
  const std::vector<double> sample = lane.eye_samples(0.0), covariance = lane.error_covariance(scaling),
                            amplitude = lane.amplitudes();
  return draw_error_events({.sample = sample,
                            .index = in.index,
                            .amplitude = amplitude,
                            .threshold = lane.thresholds(),
                            .tap = in.equalizer.dfe,
                            .covariance = covariance});
}

}  // namespace photonlink
