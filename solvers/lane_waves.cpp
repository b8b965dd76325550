#include "solvers/lane_waves.hpp"

#include "signal/fft.hpp"

namespace photonlink {

RealWave upsample(const RealWave& wave, Context& context) {
  const auto size = static_cast<int>(wave.size());
  std::vector<Complex> spectrum(wave.size() / 2 + 1), padded(wave.size() * upsampling / 2 + 1, 0.0);
  context.fft(size).forward(wave, spectrum);
  for (std::size_t k = 0; k + 1 < spectrum.size(); ++k)
    padded[k] = spectrum[k] * static_cast<double>(upsampling);
  RealWave result(wave.size() * upsampling);
  context.fft(size * upsampling).inverse(padded, result);
  return result;
}

RealWave feed_forward(const RealWave& wave, const Equalizer& equalizer, int samples) {
  RealWave result(wave.size(), 0.0);
  const long size = static_cast<long>(wave.size());
  for (int j = 0; j < static_cast<int>(equalizer.ffe.size()); ++j) {
    const double tap = equalizer.ffe[static_cast<std::size_t>(j)];
    const long shift = wrap(static_cast<long>(equalizer.ffe_pre - j) * samples, size);
    for (long u = 0; u < size; ++u)
      result[static_cast<std::size_t>(u)] +=
          tap * wave[static_cast<std::size_t>(u + shift < size ? u + shift : u + shift - size)];
  }
  return result;
}

Density crosstalk_density(const std::vector<RealWave>& pulses, const TimeGrid& grid,
                          std::span<const double> amplitude, std::span<const double> probability, double step,
                          double& gaussian_variance) {
  Density total{step, 0, {1.0}};
  const double merge_below = merged_cursor / static_cast<double>(amplitude.size() - 1);
  for (const RealWave& pulse : pulses) {
    std::vector<Density> phases;
    std::vector<double> cursor(static_cast<std::size_t>(grid.symbols));
    double merged = 0.0;
    for (int phase = 0; phase < grid.samples_per_symbol; ++phase) {
      for (int k = 0, at = phase; k < grid.symbols; ++k, at += grid.samples_per_symbol)
        cursor[static_cast<std::size_t>(k)] = pulse[static_cast<std::size_t>(at)];
      const auto one = interference_density(cursor, amplitude, step, merge_below, Split::linear, probability);
      merged += one.merged_variance - one.excess_variance;
      phases.push_back(one.density);
    }
    const std::vector<double> weight(phases.size(), 1.0 / static_cast<double>(phases.size()));
    gaussian_variance += merged / static_cast<double>(phases.size());
    total = convolve(total, mixture(phases, weight));
  }
  return total;
}

}  // namespace photonlink
