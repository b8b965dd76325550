#include "solvers/cut_response.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "signal/fft.hpp"
#include "solvers/block_filter.hpp"

namespace photonlink {
namespace {

// Rms of what a cut response loses of the signal; the second one where it falls off slowly (skin effect).
constexpr std::array cut_tolerances = {1e-8, 1e-6};

// Three running means over neighbouring bins, on the circle: smooth, so that its transform is short.
void smoothen(std::vector<double>& power) {
  const long size = static_cast<long>(power.size()), half = size / 512;
  std::vector<double> sum(power.size());
  for (int pass = 0; pass < 3; ++pass) {
    double running = 0.0;
    for (long k = -half; k < half; ++k) running += power[static_cast<std::size_t>(wrap(k, size))];
    for (long k = 0; k < size; ++k) {
      running += power[static_cast<std::size_t>(wrap(k + half, size))];
      sum[static_cast<std::size_t>(k)] = std::max(running, 0.0);
      running -= power[static_cast<std::size_t>(wrap(k - half, size))];
    }
    power.swap(sum);
  }
}

// Amplitude spectrum of the beginning of a wave, (n_grid), behind a Hann window, whose sidelobes
// fall as f^-3.
template <class Wave>
std::vector<double> amplitude_spectrum(const Wave& wave, int size, Context& context) {
  std::vector<Complex> part(static_cast<std::size_t>(size));
  for (std::size_t n = 0; n < part.size(); ++n)
    part[n] = wave[n] * (0.5 - 0.5 * std::cos(2.0 * constants::pi * static_cast<double>(n) / size));
  context.fft(size).forward(std::span(part));
  std::vector<double> amplitude(part.size());
  std::transform(part.begin(), part.end(), amplitude.begin(), [](const Complex& a) { return std::norm(a); });
  smoothen(amplitude);
  for (double& each : amplitude) each = std::sqrt(each);
  return amplitude;
}

template <class Wave>
void scale(Wave& wave, typename Wave::value_type gain) {
  if (gain == 1.0) return;
  for (auto& value : wave) value *= gain;
}

}  // namespace

ResponseAt both_signs(ResponseAt one_sided) {
  return [one_sided = std::move(one_sided)](const std::vector<double>& frequency_Hz) {
    std::vector<double> size_Hz = frequency_Hz;
    for (double& f : size_Hz) f = std::abs(f);
    auto response = one_sided(size_Hz);
    for (std::size_t k = 0; k < response.size(); ++k)
      if (frequency_Hz[k] < 0.0) response[k] = std::conj(response[k]);
    // The Nyquist frequency of a grid has both signs.
    if (frequency_Hz.front() == 0.0) response[response.size() / 2] = response[response.size() / 2].real();
    return response;
  };
}

CutResponse::CutResponse(const ResponseAt& response, const TimeGrid& grid, std::span<const double> signal,
                         Context& context)
    : frequency_Hz_(complex_frequencies_Hz(grid.size(), grid.sample_rate_Hz())), context_(context) {
  cut(response, grid, amplitude_spectrum(signal, grid.size(), context));
}

CutResponse::CutResponse(const ResponseAt& response, const TimeGrid& grid, std::span<const Complex> signal,
                         Context& context)
    : frequency_Hz_(complex_frequencies_Hz(grid.size(), grid.sample_rate_Hz())), context_(context) {
  cut(response, grid, amplitude_spectrum(signal, grid.size(), context));
}

void CutResponse::cut(const ResponseAt& response, const TimeGrid& grid,
                      const std::vector<double>& amplitude) {
  const auto on_grid = response(frequency_Hz_);
  for (const double tolerance : cut_tolerances) {
    try {
      set_ = design_stream_filters({on_grid}, grid.samples_per_symbol, tolerance, context_, amplitude);
    } catch (const Error&) {  // it has not ended within half of the grid
      continue;
    }
    fits_ = holds_between_bins(response, on_grid, amplitude, tolerance);
    return;
  }
}

bool CutResponse::holds_between_bins(const ResponseAt& response, const std::vector<Complex>& on_grid,
                                     const std::vector<double>& signal, double tolerance) const {
  constexpr double shift = 0.381966;  // bins, no simple fraction
  const auto size = static_cast<long>(frequency_Hz_.size());
  std::vector<double> frequency = frequency_Hz_;
  for (double& f : frequency) f += shift * frequency_Hz_[1];
  const auto exact = response(frequency);
  std::vector<Complex> cut(on_grid.size(), 0.0);
  const auto& impulse = set_.impulse.front();
  for (long n = 0; n < static_cast<long>(impulse.size()); ++n) {
    const long at = set_.begin + n;
    cut[static_cast<std::size_t>(wrap(at, size))] =
        impulse[static_cast<std::size_t>(n)] *
        std::polar(1.0, -2.0 * constants::pi * shift * static_cast<double>(at) / static_cast<double>(size));
  }
  context_.fft(static_cast<int>(size)).forward(std::span(cut));
  double lost = 0.0, total = 0.0;
  for (std::size_t k = 0; k < cut.size(); ++k) {
    lost += std::norm(cut[k] - exact[k]) * signal[k] * signal[k];
    total += std::norm(on_grid[k]) * signal[k] * signal[k];
  }
  // Loosely: near the Nyquist frequency, where responses jump, cut and exact ones differ between the bins.
  return lost <= 1e4 * tolerance * tolerance * total;
}

void CutResponse::apply(RealWave& wave) const {
  if (!set_.flat.front()) return BlockFilter(set_.impulse.front(), set_.begin, context_).apply(wave);
  scale(wave, set_.impulse.front()[static_cast<std::size_t>(-set_.begin)].real());
}

void CutResponse::apply(ComplexWave& wave) const {
  if (!set_.flat.front()) return BlockFilter(set_.impulse.front(), set_.begin, context_).apply(wave);
  scale(wave, set_.impulse.front()[static_cast<std::size_t>(-set_.begin)]);
}

CutResponse ctle_in_blocks(const Chain& chain, CtleSetting setting, const TimeGrid& grid,
                           std::span<const double> signal, Context& context) {
  const auto ctle = [&](const std::vector<double>& frequency_Hz) {
    std::vector<Complex> response(frequency_Hz.size(), 1.0);
    chain.link().receiver().multiply_ctle(setting, frequency_Hz, response);
    return response;
  };
  return CutResponse(both_signs(ctle), grid, signal, context);
}

}  // namespace photonlink
