/// What the beat with in-band crosstalk means to a LaneModel.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "solvers/in_band_beat.hpp"
#include "solvers/lane_model.hpp"

namespace photonlink {

std::vector<double> LaneModel::beat_samples(std::size_t beat, double delta_UI) const {
  return beats_[beat].at_symbols(first_sample(delta_UI));
}

void LaneModel::add_beats(double delta_UI, std::vector<std::vector<JitterNode>>& moved) const {
  std::vector<std::vector<double>> beat;
  for (std::size_t b = 0; b < beats_.size(); ++b) beat.push_back(beat_samples(b, delta_UI));
  moved.resize(in_.symbols.size(), {{0.0, 1.0}});
  std::vector<double> at(beat.size());
  for (std::size_t i = 0; i < moved.size(); ++i) {
    for (std::size_t b = 0; b < beat.size(); ++b) at[b] = beat[b][i];
    const auto nodes = beat_nodes(at, in_.beat_keys);
    std::vector<JitterNode> both;
    both.reserve(nodes.size() * moved[i].size());
    for (const JitterNode& old : moved[i])
      for (const JitterNode& node : nodes) both.push_back({old.at + node.at, old.weight * node.weight});
    moved[i] = std::move(both);
  }
}

double LaneModel::beat_variance() const {
  double sum = 0.0;
  for (std::size_t b = 0; b < beats_.size(); ++b) {
    const auto sample = beat_samples(b, 0.0);
    sum += 0.5 * std::inner_product(sample.begin(), sample.end(), sample.begin(), 0.0) /
           static_cast<double>(sample.size());
  }
  return sum;
}

double LaneModel::beat_closure() const {
  if (beats_.empty()) return 0.0;
  const auto levels = static_cast<std::size_t>(in_.levels);
  const auto signal = eye_samples(0.0);
  std::vector<double> sum(levels, 0.0), count(levels, 0.0), reach(levels, 0.0);
  std::vector<double> largest(signal.size(), 0.0);
  for (std::size_t b = 0; b < beats_.size(); ++b) {
    const double key = *std::max_element(in_.beat_keys[b].begin(), in_.beat_keys[b].end());
    const auto sample = beat_samples(b, 0.0);
    for (std::size_t i = 0; i < sample.size(); ++i) largest[i] += key * std::abs(sample[i]);
  }
  for (std::size_t i = 0; i < signal.size(); ++i) {
    const auto level = static_cast<std::size_t>(in_.index[i]);
    sum[level] += signal[i];
    count[level] += 1.0;
    reach[level] = std::max(reach[level], largest[i]);
  }
  double closure = 0.0;
  for (std::size_t k = 0; k + 1 < levels; ++k)
    closure = std::max(closure,
                       (reach[k] + reach[k + 1]) / std::abs(sum[k + 1] / count[k + 1] - sum[k] / count[k]));
  return closure;
}

}  // namespace photonlink
