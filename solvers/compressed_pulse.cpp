#include "solvers/compressed_pulse.hpp"

#include "signal/averages.hpp"

namespace photonlink {

std::vector<double> slopes(const Saturation& curve, std::span<const double> sample) {
  std::vector<double> slope;
  slope.reserve(sample.size());
  for (const double x : sample) slope.push_back(curve.slope(x));
  return slope;
}

CompressedSamples compress_samples(const Saturation& curve, std::span<const double> sample,
                                   std::span<const double> cursor, const CursorFit& fit) {
  CompressedSamples result{.slope = slopes(curve, sample), .cursor = {}, .distortion = {}};
  result.mean_slope = mean(result.slope);
  result.distortion.reserve(sample.size());
  for (const double x : sample) result.distortion.push_back(curve(x) - result.mean_slope * x);
  const double level = mean(result.distortion);
  for (double& each : result.distortion) each -= level;
  const std::vector<double> fitted = fit(result.distortion);
  result.cursor.assign(cursor.begin(), cursor.end());
  for (double& each : result.cursor) each *= result.mean_slope;
  const long count = static_cast<long>(sample.size());
  for (long k = -fit.pre(); k <= fit.post(); ++k) {
    const double value = fitted[static_cast<std::size_t>(k + fit.pre())];
    result.cursor[static_cast<std::size_t>(wrap(k, static_cast<long>(cursor.size())))] += value;
    for (long i = 0; i < count; ++i)
      result.distortion[static_cast<std::size_t>(i)] -=
          value * fit.symbols()[static_cast<std::size_t>(wrap(i - k, count))];
  }
  return result;
}

SampledPulse compress_pulse(const Saturation& curve, double mean_slope, std::span<const double> waveform,
                            const SampledPulse& pulse, long main, const CursorFit& fit, const TimeGrid& grid,
                            Context& context) {
  RealWave rest(waveform.begin(), waveform.end());
  for (double& x : rest) x = curve(x) - mean_slope * x;
  SampledPulse result = fit_pulse(rest, fit, grid, static_cast<long>(pulse.value.size()), context, main);
  std::size_t strongest = 0;
  for (std::size_t u = 0; u < result.value.size(); ++u) {
    result.value[u] += mean_slope * pulse.value[u];
    if (std::abs(result.value[u]) > std::abs(result.value[strongest])) strongest = u;
  }
  result.main_sample = static_cast<long>(strongest);
  return result;
}

}  // namespace photonlink
