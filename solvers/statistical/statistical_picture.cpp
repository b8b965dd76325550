// The parts of StatisticalEye that pictures show: density and bathtubs.
#include <algorithm>
#include <cmath>

#include "solvers/bathtub.hpp"
#include "solvers/statistical/statistical_eye.hpp"

namespace photonlink {
namespace {

constexpr int bathtub_points = 49, level_points = 61;

// Probability in cells of `bin` from `begin` upward, of one phase without timing jitter.
std::vector<double> phase_density(const TailSurface& surface, long phase, int levels, double begin,
                                  double bin, int bins) {
  const PhaseTails& tails = surface.at(phase);
  std::vector<double> result(static_cast<std::size_t>(bins), 0.0);
  std::vector<TailCurve> upper, lower;
  for (int level = 0; level < levels; ++level) {
    upper.push_back(surface.still(level, Beyond::above, phase));
    lower.push_back(surface.still(level, Beyond::below, phase));
  }
  const auto above = [&](double v) {
    double sum = 0.0;
    for (int level = 0; level < levels; ++level) {
      const auto l = static_cast<std::size_t>(level);
      // The small side of the mean keeps its digits.
      sum += v > tails.mean(level) ? std::exp(upper[l].at(v / tails.spacing()))
                                   : 1.0 - std::exp(lower[l].at(-v / tails.spacing()));
    }
    return sum / levels;
  };
  double outer = above(begin);
  for (double& mass : result) {
    const double inner = above(begin += bin);
    mass = std::max(outer - inner, 0.0);
    outer = inner;
  }
  return result;
}

}  // namespace

Bathtub StatisticalEye::bathtub(double target_ber) const {
  Bathtub tub;
  tub.target_ber = target_ber;
  const auto log10_of = [&](double t, const std::vector<double>& thresholds) {
    return std::log10(bit_error_ratio(t, thresholds));  // NaN below the floor
  };
  for (int k = 0; k < bathtub_points; ++k) {
    tub.time_UI.push_back(-0.5 + k / (bathtub_points - 1.0));
    tub.log10_ber_time.push_back(log10_of(tub.time_UI.back(), thresholds_));
  }
  const double reach =
      0.5 * (surface_.mean(link_.levels() - 1, 0.0) - surface_.mean(0, 0.0)) / (link_.levels() - 1);
  for (int k = 0; k < level_points; ++k) {
    const double shift = reach * (2.0 * k / (level_points - 1.0) - 1.0);
    auto moved = thresholds_;
    for (double& threshold : moved) threshold += shift;
    tub.threshold_offset.push_back(shift);
    tub.log10_ber_level.push_back(log10_of(0.0, moved));
  }
  add_openings(tub, resolved_tail);
  return tub;
}

EyeDiagram StatisticalEye::diagram(int time_bins_per_UI, int level_bins,
                                   std::span<const double> contour_ber) const {
  EyeDiagram eye;
  const int columns = time_bins_per_UI, samples = surface_.samples_per_symbol(), half = samples / 2;
  double reach = 0.0;
  for (long phase = -half; phase <= half; ++phase)
    for (const int level : {0, link_.levels() - 1})
      reach = std::max(reach, std::abs(surface_.at(phase).mean(level)) + 4.5 * surface_.at(phase).rms(level));
  eye.time_bins = 2 * columns;
  eye.level_bins = level_bins;
  eye.time_begin_UI = -1.0;
  eye.time_end_UI = 1.0;
  eye.level_begin = -reach;
  eye.level_end = reach;
  eye.sampling_time_UI = 0.0;
  eye.thresholds = thresholds_;
  std::vector<std::vector<double>> phase;
  phase.reserve(static_cast<std::size_t>(samples));
  for (int j = 0; j < samples; ++j)
    phase.push_back(
        phase_density(surface_, j - half, link_.levels(), -reach, 2.0 * reach / level_bins, level_bins));
  // Columns centred on their cells; the eye repeats each unit interval.
  const auto time = [&](int column) { return (column + 0.5) / columns - 1.0; };
  for (int t = 0; t < eye.time_bins; ++t) {
    std::vector<double> column(static_cast<std::size_t>(level_bins), 0.0);
    for (const JitterNode& node : surface_.timing()) {
      const double position = (time(t) + node.at) * samples + 2.5 * samples, base = std::floor(position);
      const auto first = static_cast<std::size_t>(base) % phase.size(), second = (first + 1) % phase.size();
      const double share = position - base;
      for (std::size_t b = 0; b < column.size(); ++b)
        column[b] += node.weight * ((1.0 - share) * phase[first][b] + share * phase[second][b]);
    }
    eye.density.insert(eye.density.end(), column.begin(), column.end());
  }
  std::vector<double> within;  // the unit interval about the sampling instant
  for (int t = columns / 2; t < columns / 2 + columns; ++t) within.push_back(time(t));
  for (int k = 0; k + 1 < link_.levels(); ++k)
    for (const EyeDiagram::Contour& one : contours(k, contour_ber, within)) {
      EyeDiagram::Contour both{one.ber, k, {}, {}};
      for (int t = 0; t < eye.time_bins; ++t) {
        const auto source = static_cast<std::size_t>((t + columns - columns / 2) % columns);
        both.lower.push_back(one.lower[source]);
        both.upper.push_back(one.upper[source]);
      }
      eye.contours.push_back(std::move(both));
    }
  return eye;
}

}  // namespace photonlink
