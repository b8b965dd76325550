#include "solvers/lane_waves.hpp"

#include <algorithm>
#include <array>
#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/special_functions/sinc.hpp>
#include <cmath>

#include "core/constants.hpp"
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

namespace {

constexpr int sinc_points = 64;  // in front of and behind the position, together

// Of the samples base - 31 ... base + 32 at base + t. A Kaiser window of β = 21 (Oppenheim & Schafer,
// Discrete-Time Signal Processing, 3rd ed., Sec. 7.5.3) leaves 200 dB and ends at 0.79 of the Nyquist
// frequency.
std::array<double, sinc_points> sinc_weights(double t) {
  constexpr double beta = 21.0, half = 0.5 * sinc_points;
  std::array<double, sinc_points> weight{};
  for (int n = 0; n < sinc_points; ++n) {
    const double distance = t - static_cast<double>(n - sinc_points / 2 + 1), x = distance / half;
    if (std::abs(x) >= 1.0) continue;
    weight[static_cast<std::size_t>(n)] = boost::math::sinc_pi(constants::pi * distance) *
                                          boost::math::cyl_bessel_i(0, beta * std::sqrt(1.0 - x * x)) /
                                          boost::math::cyl_bessel_i(0, beta);
  }
  return weight;
}

// One value per symbol in front of the FFE.
std::vector<double> read_directly(const RealWave& wave, const TimeGrid& grid, double first) {
  const long size = grid.size(), base = static_cast<long>(std::floor(first));
  const auto weight = sinc_weights(first - static_cast<double>(base));
  std::vector<double> value(static_cast<std::size_t>(grid.symbols));
  long at = wrap(base - sinc_points / 2 + 1, size);
  for (double& each : value) {
    double sum = 0.0;
    if (at + sinc_points <= size) {
      const double* sample = wave.data() + at;
      for (std::size_t n = 0; n < sinc_points; ++n) sum += weight[n] * sample[n];
    } else {
      for (std::size_t n = 0; n < sinc_points; ++n)
        sum += weight[n] * wave[static_cast<std::size_t>(wrap(at + static_cast<long>(n), size))];
    }
    each = sum;
    at += grid.samples_per_symbol;
    if (at >= size) at -= size;
  }
  return value;
}

}  // namespace

double read_upsampled(const RealWave& upsampled, double position) {
  const long size = static_cast<long>(upsampled.size());
  const double at = position * upsampling;
  const long base = static_cast<long>(std::floor(at));
  const double t = at - static_cast<double>(base);
  const auto v = [&](long k) { return upsampled[static_cast<std::size_t>(wrap(base + k, size))]; };
  if (t == 0.0) return v(0);
  return v(-1) * (-t * (t - 1) * (t - 2) / 6) + v(0) * ((t + 1) * (t - 1) * (t - 2) / 2) +
         v(1) * (-(t + 1) * t * (t - 2) / 2) + v(2) * ((t + 1) * t * (t - 1) / 6);
}

EqualizedWave::EqualizedWave(RealWave wave, const Equalizer& equalizer, const TimeGrid& grid, Reading reading,
                             Context& context)
    : equalizer_(equalizer), grid_(grid), reading_(reading) {
  wave_ = reading == Reading::direct
              ? std::move(wave)
              : upsample(feed_forward(wave, equalizer, grid.samples_per_symbol), context);
}

std::vector<double> EqualizedWave::at_symbols(double first) const {
  const long symbols = grid_.symbols;
  std::vector<double> value(static_cast<std::size_t>(symbols), 0.0);
  if (reading_ == Reading::upsampled) {
    for (long i = 0; i < symbols; ++i)
      value[static_cast<std::size_t>(i)] =
          read_upsampled(wave_, first + static_cast<double>(i * grid_.samples_per_symbol));
    return value;
  }
  const std::vector<double> raw = read_directly(wave_, grid_, first);
  for (long j = 0; j < static_cast<long>(equalizer_.ffe.size()); ++j) {
    const double tap = equalizer_.ffe[static_cast<std::size_t>(j)];
    long at = wrap(equalizer_.ffe_pre - j, symbols);
    for (double& each : value) {
      each += tap * raw[static_cast<std::size_t>(at)];
      if (++at == symbols) at = 0;
    }
  }
  return value;
}

std::vector<double> interference(std::span<const double> cursor, std::span<const double> symbols,
                                 Context& context) {
  const auto count = static_cast<long>(symbols.size()), cursors = static_cast<long>(cursor.size());
  std::vector<double> result(symbols.size(), 0.0);
  constexpr long few = 64;  // cursors: adding them up is faster than transforms
  if (std::count_if(cursor.begin(), cursor.end(), [](double q) { return q != 0.0; }) <= few) {
    for (long k = 0; k < cursors; ++k) {
      const double q = cursor[static_cast<std::size_t>(k)];
      if (q == 0.0) continue;
      const long shift = wrap(2 * k < cursors ? k : k - cursors, count);
      for (long i = 0; i < shift; ++i)
        result[static_cast<std::size_t>(i)] += q * symbols[static_cast<std::size_t>(i - shift + count)];
      for (long i = shift; i < count; ++i)
        result[static_cast<std::size_t>(i)] += q * symbols[static_cast<std::size_t>(i - shift)];
    }
    return result;
  }
  const Fft& fft = context.fft(static_cast<int>(count));
  std::vector<Complex> spectrum(symbols.begin(), symbols.end()), response(symbols.size(), 0.0);
  for (long k = 0; k < cursors; ++k)
    response[static_cast<std::size_t>(wrap(2 * k < cursors ? k : k - cursors, count))] +=
        cursor[static_cast<std::size_t>(k)];
  fft.forward(std::span(spectrum));
  fft.forward(std::span(response));
  for (std::size_t k = 0; k < spectrum.size(); ++k) spectrum[k] *= response[k];
  fft.inverse(std::span(spectrum));
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = spectrum[i].real();
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
