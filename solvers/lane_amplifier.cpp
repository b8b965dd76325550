/// What a compressing amplifier and a converter in front of the FFE mean to a LaneModel.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "solvers/compressed_pulse.hpp"
#include "solvers/lane_model.hpp"

namespace photonlink {
namespace {

double mean_square(std::span<const double> x) {
  return x.empty() ? 0.0
                   : std::inner_product(x.begin(), x.end(), x.begin(), 0.0) / static_cast<double>(x.size());
}

}  // namespace

std::vector<double> LaneModel::one_per_symbol(const RealWave& wave, long offset) const {
  std::vector<double> sample;
  sample.reserve(static_cast<std::size_t>(in_.grid.symbols));
  for (long i = 0; i < in_.grid.symbols; ++i)
    sample.push_back(
        wave[static_cast<std::size_t>(wrap(offset + i * in_.grid.samples_per_symbol, in_.grid.size()))]);
  return sample;
}

// Of the curve at the samples, (n_symbol); empty where the amplifier is linear.
std::vector<double> LaneModel::curve_slopes(long offset) const {
  if (!in_.adc.curve.active()) return {};
  return slopes(in_.adc.curve, one_per_symbol(in_.waveform, offset));
}

// Gaussian covariance of sample i with sample i + lag in front of the curve: noise, sampling jitter,
// crosstalk.
std::vector<double> LaneModel::input_covariance(const std::vector<NoiseCovariance>& noise,
                                                long offset) const {
  const std::size_t taps = in_.equalizer.ffe.size(), symbols = in_.symbols.size();
  const auto crosstalk =
      crosstalk_covariance(in_.aggressors, in_.grid, mean_square(in_.symbols), static_cast<int>(taps) - 1);
  std::vector<double> total(symbols * taps);
  for (std::size_t i = 0; i < symbols; ++i) {
    for (std::size_t lag = 0; lag < taps; ++lag) {
      double& sum = total[i * taps + lag];
      sum = crosstalk[lag] / (mean_slope_ * mean_slope_);
      for (const NoiseCovariance& each : noise) sum += each.at(static_cast<long>(i), static_cast<int>(lag));
    }
    const double jitter =
        slope_per_UI(offset + static_cast<long>(i) * in_.grid.samples_per_symbol) * in_.sampling_jitter_UI;
    total[i * taps] += jitter * jitter;
  }
  return total;
}

std::shared_ptr<const CompressedDecision> LaneModel::compressed_decision(double delta_UI) {
  const int quarter = static_cast<int>(std::lround(4.0 * delta_UI));
  noise_point(quarter);
  const std::vector<double> sample = input_.at_symbols(first_sample(delta_UI));
  const auto& taps = in_.equalizer.ffe;
  return std::make_shared<CompressedDecision>(CompressedDecision::Inputs{
      .taps = taps,
      .pre = in_.equalizer.ffe_pre,
      .curve = in_.adc.curve,
      .sample = sample,
      .covariance = input_covariance_.at(quarter),
      .converter_variance =
          in_.adc.variance() * std::inner_product(taps.begin(), taps.end(), taps.begin(), 0.0),
      .mean_slope = mean_slope_,
      .step = 2.0 / (in_.levels - 1)});
}

// What the linear cursors leave of the samples behind FFE and DFE; empty: nothing.
std::vector<double> LaneModel::distortion(double delta_UI) const {
  std::vector<double> rest;
  if (in_.adc.curve.active()) {
    rest = eye_samples(delta_UI);
    const auto linear = interference(cursors(delta_UI), in_.symbols, context_);
    for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= linear[i];
  } else if (!rounding_.empty()) {
    rest = rounding_.at_symbols(first_sample(delta_UI));
  }
  return rest;
}

double LaneModel::distortion_variance(double delta_UI) const {
  return mean_square(distortion(delta_UI));
}

double LaneModel::largest_share() const {
  if (!in_.adc.curve.active()) return 0.0;
  double largest = 0.0;
  for (const double x : one_per_symbol(in_.waveform, in_.offset)) largest = std::max(largest, std::abs(x));
  return in_.adc.curve(largest) / in_.adc.curve.level;
}

double LaneModel::noise_curvature() {
  const LaneSamples& s = samples(0.0);
  if (!s.compressed) return 0.0;
  std::vector<double> sigma;
  sigma.reserve(s.value.size());
  for (std::size_t i = 0; i < s.value.size(); ++i) sigma.push_back(s.sigma(i, {}));
  return s.compressed->curvature(sigma);
}

double LaneModel::sampled_variance() const {
  double variance = jitter_power(in_.offset) + in_.adc.variance();
  const auto slope = curve_slopes(in_.offset);
  for (const NoiseCovariance& each : noise_source_->per_symbol(in_.offset, 0))
    variance += mean_covariance(each, slope)[0];
  return variance;
}

double LaneModel::clipped_power() const {
  auto sample = one_per_symbol(in_.waveform, in_.offset);
  for (double& x : sample) x = in_.adc.curve(x);
  return clipping_power(in_.adc, sample, std::sqrt(sampled_variance()));
}

}  // namespace photonlink
