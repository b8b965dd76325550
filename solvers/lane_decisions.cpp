/// Errors of a slicer, and the thresholds of least error.
///
/// Each threshold a sample passes changes the number of wrong bits, so the errors are a sum over thresholds,
///   Σ_t Σ_i (bits wrong beyond t - bits wrong before it) P(y_i passes t),
/// and each threshold is optimised on its own.
#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <numeric>

#include "core/parallel.hpp"
#include "signal/pattern.hpp"
#include "solvers/lane_model.hpp"

namespace photonlink {
namespace {

constexpr std::size_t symbols_at_once = 8192;  // more are shared among the threads, piece by piece

}  // namespace

std::vector<double> LaneModel::spread(const LaneSamples& s, Scaling scaling) {
  std::vector<double> sigma(s.value.size());
  for (std::size_t i = 0; i < sigma.size(); ++i) sigma[i] = s.sigma(i, scaling);
  // Behind a curve the table is asked for others as well, by one thread.
  if (!s.compressed && !sigma.empty()) {
    const auto [least, most] = std::minmax_element(sigma.begin(), sigma.end());
    s.tail->prepare(*least, *most);
  }
  return sigma;
}

double LaneModel::errors_passing(const LaneSamples& s, std::span<const double> sigma, int threshold,
                                 double value, Scaling scaling) const {
  // Bits that are wrong more, sent below and found above the threshold, or the other way round.
  std::vector<double> up(static_cast<std::size_t>(in_.levels)), side(up);
  for (int sent = 0; sent < in_.levels; ++sent) {
    const bool below = sent <= threshold;
    const double change =
        bit_errors(in_.levels, sent, threshold + 1) - bit_errors(in_.levels, sent, threshold);
    up[static_cast<std::size_t>(sent)] = below ? change : -change;
    side[static_cast<std::size_t>(sent)] = below ? 1.0 : -1.0;
  }
  const auto sum = [&](std::size_t first, std::size_t last) {
    double errors = 0.0;
    for (std::size_t i = first; i < last; ++i) {
      const auto sent = static_cast<std::size_t>(in_.index[i]);
      for (const JitterNode& node : s.displacements(i))
        errors += node.weight * up[sent] *
                  s.beyond(i, value - (s.value[i] + node.at), side[sent], sigma[i], scaling);
    }
    return errors;
  };
  const std::size_t count = s.value.size();
  if (s.compressed || s.skewed || count <= symbols_at_once) return sum(0, count);
  std::vector<double> part((count + symbols_at_once - 1) / symbols_at_once);
  parallel_for(part.size(), context_, [&](std::size_t p) {
    part[p] = sum(p * symbols_at_once, std::min(count, (p + 1) * symbols_at_once));
  });
  return std::accumulate(part.begin(), part.end(), 0.0);
}

double LaneModel::slicer_ber(double delta_UI, std::span<const double> thresholds, Scaling scaling) {
  const LaneSamples& s = samples(delta_UI);
  const std::vector<double> sigma = spread(s, scaling);
  double errors = 0.0;
  for (int t = 0; t < in_.levels - 1; ++t)
    errors += errors_passing(s, sigma, t, thresholds[static_cast<std::size_t>(t)], scaling);
  return errors / (static_cast<double>(s.value.size()) * bits_per_symbol(in_.levels));
}

double LaneModel::bit_error_ratio(double delta_UI, std::span<const double> thresholds, Scaling scaling) {
  double sum = 0.0;
  for (const JitterNode& node : timing_)
    sum += node.weight * jitter_free_ber(delta_UI + node.at, thresholds, scaling);
  return sum;
}

void LaneModel::optimize_thresholds() {
  // Start in the middle between the mean levels.
  const LaneSamples& s = samples(0.0);
  std::vector<double> sum(static_cast<std::size_t>(in_.levels), 0.0), count(sum);
  for (std::size_t i = 0; i < s.value.size(); ++i) {
    sum[static_cast<std::size_t>(in_.index[i])] += s.value[i];
    count[static_cast<std::size_t>(in_.index[i])] += 1.0;
  }
  std::vector<double> level(sum.size());
  for (std::size_t l = 0; l < level.size(); ++l) level[l] = sum[l] / count[l];
  thresholds_.assign(static_cast<std::size_t>(in_.levels - 1), 0.0);
  for (std::size_t t = 0; t < thresholds_.size(); ++t) thresholds_[t] = 0.5 * (level[t] + level[t + 1]);
  if (in_.detector == Detector::mlse) return;  // sequence detection has no thresholds
  std::vector<std::vector<double>> sigma;      // (n_timing, n_symbol)
  for (const JitterNode& node : timing_) sigma.push_back(spread(samples(node.at), {}));
  const auto passing = [&](std::size_t t, double value) {
    double errors = 0.0;
    for (std::size_t n = 0; n < timing_.size(); ++n)
      errors += timing_[n].weight *
                errors_passing(samples(timing_[n].at), sigma[n], static_cast<int>(t), value, {});
    return errors / (static_cast<double>(s.value.size()) * bits_per_symbol(in_.levels));
  };
  std::vector<double> ratio;  // of each threshold
  for (std::size_t t = 0; t < thresholds_.size(); ++t) ratio.push_back(passing(t, thresholds_[t]));
  for (std::size_t t = 0; t < thresholds_.size(); ++t) {
    const double reach = 0.25 * (level[t + 1] - level[t]), middle = thresholds_[t];
    const double others = std::accumulate(ratio.begin(), ratio.end(), 0.0) - ratio[t];
    const auto cost = [&](double value) { return std::log(others + passing(t, value) + 1e-280); };
    // Sixteen bits of precision: the optimum is flat.
    const auto best = boost::math::tools::brent_find_minima(cost, middle - reach, middle + reach, 12);
    if (!(best.second < std::log(others + ratio[t] + 1e-280))) continue;
    thresholds_[t] = best.first;
    ratio[t] = passing(t, best.first);
  }
}

}  // namespace photonlink
