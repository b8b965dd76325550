#include "solvers/lane_sequence.hpp"

#include <cmath>
#include <cstdlib>
#include <numeric>

#include "signal/grid.hpp"
#include "solvers/detection/mlse_analysis.hpp"
#include "solvers/equalized_noise.hpp"

namespace photonlink {
namespace {

constexpr double taper_lags = 16.0;

}  // namespace

std::vector<double> equalized_covariance(std::span<const double> covariance, const Equalizer& equalizer) {
  std::vector<double> result(sequence_lags + 1, 0.0);
  const auto& w = equalizer.ffe;
  const int taps = static_cast<int>(w.size());
  for (int lag = 0; lag <= sequence_lags; ++lag)
    for (int j = 0; j < taps; ++j)
      for (int k = 0; k < taps; ++k)
        result[static_cast<std::size_t>(lag)] += w[static_cast<std::size_t>(j)] *
                                                 w[static_cast<std::size_t>(k)] *
                                                 covariance[static_cast<std::size_t>(std::abs(lag + j - k))];
  return result;
}

std::vector<double> crosstalk_covariance(std::span<const SampledPulse> pulses, const TimeGrid& grid,
                                         double symbol_power, int lags) {
  std::vector<double> covariance(static_cast<std::size_t>(lags + 1), 0.0);
  const double scale = symbol_power / grid.samples_per_symbol;
  for (const SampledPulse& pulse : pulses) {
    const RealWave& p = pulse.value;
    for (int lag = 0; lag <= lags; ++lag) {
      const auto shifted = p.begin() + wrap(static_cast<long>(lag) * grid.samples_per_symbol, grid.size());
      covariance[static_cast<std::size_t>(lag)] +=
          scale *
          std::inner_product(p.begin(), p.begin() + (p.end() - shifted), shifted,
                             std::inner_product(p.begin(), shifted, p.begin() + (p.end() - shifted), 0.0));
    }
  }
  return covariance;
}

std::vector<double> interference_covariance(std::span<const double> cursor, double symbol_power) {
  std::vector<double> covariance = autocovariance(cursor, sequence_lags);
  for (double& each : covariance) each *= symbol_power * static_cast<double>(cursor.size());
  return covariance;
}

double sequence_bit_error_ratio(std::span<const double> amplitude, const Equalizer& equalizer,
                                std::span<const SequenceNoise> noise, std::span<const double> scale) {
  std::vector<double> total(sequence_lags + 1, 0.0);
  for (std::size_t n = 0; n < noise.size(); ++n)
    for (std::size_t lag = 0; lag < total.size(); ++lag) total[lag] += scale[n] * noise[n].covariance[lag];
  for (std::size_t lag = 0; lag < total.size(); ++lag) {
    const double width = static_cast<double>(lag) / taper_lags;
    total[lag] *= std::exp(-0.5 * width * width);
  }
  const MlseErrors errors =
      analyse_mlse({.amplitude = amplitude, .target = equalizer.dfe, .covariance = total, .tolerance = 1e-2});
  return errors.converged ? errors.bit_error_ratio : errors.upper_bit_error_ratio;
}

}  // namespace photonlink
