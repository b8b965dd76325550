#include "solvers/statistical_lane.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace photonlink {
namespace {

constexpr double smallest_sigma =
    1e-3;  // of the main cursor, as in the pattern solver: nothing finer is resolved

// Gaussian noise that does not depend on transitions.
double noise_variance(const std::vector<NoiseVariance>& noise, bool sampling_apart) {
  double sum = 0.0;
  for (const NoiseVariance& each : noise) {
    if (each.interference || each.moves_edges || (sampling_apart && each.sampling)) continue;
    sum += each.mean();
  }
  return sum;
}

}  // namespace

StatisticalLink statistical_link(LaneModel& lane) {
  const auto& in = lane.inputs();
  require(in.linear && !lane.statistics().pulse.empty(),
          "statistical eye: the chain is not linear; its eye comes from the pattern solver");
  StatisticalLink link = lane.statistics();
  const bool sampling_apart = in.equalizer.ffe.size() == 1;
  if (sampling_apart) link.timing.random_UI = in.sampling_jitter_UI;
  for (int j = 0; j < link.samples_per_symbol; ++j) {
    const double delta_UI = static_cast<double>(j) / link.samples_per_symbol - 0.5;
    const double variance =
        noise_variance(lane.noise(delta_UI), sampling_apart) + lane.distortion_variance(delta_UI);
    link.sigma.push_back(std::max(std::sqrt(variance), smallest_sigma));
  }
  return link;
}

StatisticalEye statistical_eye(LaneModel& lane) {
  StatisticalEye eye(statistical_link(lane));
  eye.set_thresholds(lane.thresholds());
  return eye;
}

EyeDiagram scaled(EyeDiagram eye, double scale_V) {
  eye.level_begin *= scale_V;
  eye.level_end *= scale_V;
  for (double& threshold : eye.thresholds) threshold *= scale_V;
  for (auto& contour : eye.contours) {
    for (double& v : contour.lower) v *= scale_V;
    for (double& v : contour.upper) v *= scale_V;
  }
  return eye;
}

Bathtub scaled(Bathtub tub, double scale_V) {
  for (double& v : tub.threshold_offset) v *= scale_V;
  tub.height *= scale_V;
  return tub;
}

EyeMeasures scaled(EyeMeasures m, double scale_V) {
  for (EyeOpening& each : m.opening) {
    each.height *= scale_V;
    each.lower *= scale_V;
    each.upper *= scale_V;
  }
  m.signal_amplitude *= scale_V;
  m.noise_amplitude *= scale_V;
  m.vertical_opening *= scale_V;
  return m;
}

}  // namespace photonlink
