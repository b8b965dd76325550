#include "solvers/pulse_response_solver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "signal/averages.hpp"
#include "signal/fft.hpp"
#include "signal/symbol_correlation.hpp"

namespace photonlink {
std::vector<Complex> linear_pulse_spectrum(const Chain& chain, const TimeGrid& grid, Context& context,
                                           int aggressor, TransmitTaps taps) {
  std::vector<double> impulse(static_cast<std::size_t>(grid.symbols), 0.0);
  impulse[0] = 1.0;
  const SerdesTransmitter& transmitter = chain.link().transmitter();
  const Aggressor sender =
      aggressor < 0 ? Aggressor{} : chain.aggressors()[static_cast<std::size_t>(aggressor)];
  auto levels = sender.equalized && taps == TransmitTaps::as_set ? transmitter.equalized_levels_V(impulse)
                                                                 : transmitter.plain_levels_V(impulse);
  for (double& level : levels) level *= sender.amplitude;
  RealWave wave(static_cast<std::size_t>(grid.size()));
  for (std::size_t u = 0; u < wave.size(); ++u)
    wave[u] = levels[u / static_cast<std::size_t>(grid.samples_per_symbol)];
  std::vector<Complex> spectrum(wave.size() / 2 + 1);
  context.fft(grid.size()).forward(wave, spectrum);
  const auto frequency = real_frequencies_Hz(grid.size(), grid.sample_rate_Hz());
  for (int node = 0; node < static_cast<int>(chain.nodes().size()); ++node) {
    const auto response = chain.electrical_response(chain.block(node), frequency, aggressor);
    for (std::size_t k = 0; k < spectrum.size(); ++k) spectrum[k] *= response[k];
  }
  return spectrum;
}

SampledPulse pulse_from_spectrum(std::vector<Complex> spectrum, std::span<const Complex> tail,
                                 const Fft& fft) {
  for (std::size_t k = 0; k < spectrum.size(); ++k) spectrum[k] *= tail[k];
  if (fft.size() % 2 == 0) spectrum.back() = spectrum.back().real();
  SampledPulse pulse;
  pulse.value.resize(static_cast<std::size_t>(fft.size()));
  fft.inverse(spectrum, pulse.value);
  pulse.main_sample = strongest(pulse.value);
  return pulse;
}

CursorFit::CursorFit(std::span<const double> symbols, int pre, int post)
    : pre_(pre), post_(post), symbols_(symbols.begin(), symbols.end()) {
  const long count = static_cast<long>(symbols.size());
  // Without its mean a periodic sequence has one equation fewer than symbols, and short ones correlate.
  require(
      count >= 2 * (pre + post + 1),
      fmt::format("pattern of {} symbols is too short to fit a pulse of {}, allowed from {}; use a longer "
                  "pattern such as deBruijn7",
                  count, pre + post + 1, 2 * (pre + post + 1)));
  const double level = mean(symbols);
  for (double& value : symbols_) value -= level;
  const int width = pre + post + 1;
  std::vector<double> autocorrelation(static_cast<std::size_t>(width), 0.0);
  for (long lag = 0; lag < width; ++lag)
    for (long i = 0; i < count; ++i)
      autocorrelation[static_cast<std::size_t>(lag)] +=
          symbols_[static_cast<std::size_t>(i)] * symbols_[static_cast<std::size_t>((i + lag) % count)] /
          static_cast<double>(count);
  Eigen::MatrixXd toeplitz(width, width);
  for (int a = 0; a < width; ++a)
    for (int b = 0; b < width; ++b)
      toeplitz(a, b) = autocorrelation[static_cast<std::size_t>(std::abs(a - b))];
  solver_.compute(toeplitz);
}

std::vector<double> CursorFit::solve(std::span<const double> correlation) const {
  const Eigen::VectorXd fitted =
      solver_.solve(Eigen::Map<const Eigen::VectorXd>(correlation.data(), pre_ + post_ + 1));
  return {fitted.begin(), fitted.end()};
}

std::vector<double> CursorFit::operator()(std::span<const double> sample) const {
  const long count = static_cast<long>(symbols_.size());
  std::vector<double> correlation(static_cast<std::size_t>(pre_ + post_ + 1), 0.0);
  for (long k = -pre_; k <= post_; ++k)
    for (long i = 0; i < count; ++i)
      correlation[static_cast<std::size_t>(k + pre_)] +=
          symbols_[static_cast<std::size_t>(i)] * sample[static_cast<std::size_t>(wrap(i + k, count))] /
          static_cast<double>(count);
  return solve(correlation);
}

SampledPulse fit_pulse(std::span<const double> waveform, const CursorFit& fit, const TimeGrid& grid,
                       long period, Context& context, long main) {
  const long size = grid.size(), samples = grid.samples_per_symbol;
  RealWave centred(waveform.begin(), waveform.end());
  const double level = mean(centred);
  for (double& value : centred) value -= level;
  RealWave correlation = correlate_symbols(centred, fit.symbols(), context);
  for (double& value : correlation) value /= static_cast<double>(grid.symbols);
  if (main == where_strongest) main = strongest(correlation);
  if (period < size && main > size / 2) main -= size;  // early rather than very late
  const long first = main - static_cast<long>(fit.pre()) * samples;
  SampledPulse pulse;
  pulse.value.assign(static_cast<std::size_t>(period), 0.0);
  std::vector<double> right(static_cast<std::size_t>(fit.pre() + fit.post() + 1));
  const auto sample = [&](long phase, std::size_t k) {
    return first + phase + static_cast<long>(k) * samples;
  };
  double largest = 0.0;
  for (long phase = 0; phase < samples; ++phase) {
    for (std::size_t k = 0; k < right.size(); ++k)
      right[k] = correlation[static_cast<std::size_t>(wrap(sample(phase, k), size))];
    const std::vector<double> fitted = fit.solve(right);
    for (std::size_t k = 0; k < right.size(); ++k) {
      pulse.value[static_cast<std::size_t>(wrap(sample(phase, k), period))] = fitted[k];
      if (std::abs(fitted[k]) <= largest) continue;
      largest = std::abs(fitted[k]);
      pulse.main_sample = sample(phase, k);
    }
  }
  if (period == size) pulse.main_sample = strongest(pulse.value);
  return pulse;
}

}  // namespace photonlink
