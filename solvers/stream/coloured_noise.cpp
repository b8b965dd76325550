#include "solvers/stream/coloured_noise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"

namespace photonlink {
namespace {

constexpr int design_grid = 1 << 15;  // taps and frequencies of the design
constexpr double tolerance = 1e-3;    // rms of what the window loses: 1e-6 of the variance
constexpr long shortest_transform = 1 << 10;

struct Band {
  double all = 0.0, low = 0.0;  // sums over all frequencies and below the symbol rate
  void add(double frequency_Hz, double symbol_rate_Bd, double value) {
    all += value;
    if (frequency_Hz <= symbol_rate_Bd) low += value;
  }
};

std::vector<double> roots(const NoiseTerm& term, std::span<const double> frequency_Hz) {
  std::vector<double> root;
  root.reserve(frequency_Hz.size());
  for (const double f : frequency_Hz) {
    const double density = term.shape(f);
    if (!(density >= 0.0) || !std::isfinite(density))
      throw Error(fmt::format("noise '{}': relative density {} at {} Hz; a shape is finite and not negative",
                              term.label, density, f));
    root.push_back(std::sqrt(density));
  }
  return root;
}

// Taps -half ... half, the outer halves under raised cosines, on a circle of `size` taps.
RealWave windowed(const RealWave& tap, long half, int size) {
  RealWave result(static_cast<std::size_t>(size), 0.0);
  for (long n = -half; n <= half; ++n) {
    const double outside =
        std::max(0.0, 2.0 * static_cast<double>(std::abs(n)) / static_cast<double>(half + 1) - 1.0);
    const double weight = 0.5 + 0.5 * std::cos(constants::pi * outside);
    result[static_cast<std::size_t>(wrap(n, size))] =
        weight * tap[static_cast<std::size_t>(wrap(n, static_cast<long>(tap.size())))];
  }
  return result;
}

double relative_rms(const Band& difference, const Band& power) {
  const double low = power.low > 0.0 ? difference.low / power.low : 0.0;
  return std::sqrt(std::max(difference.all / power.all, low));
}

}  // namespace

ColourFilter::ColourFilter(const NoiseTerm& term, const TimeGrid& grid, Context& context)
    : source_(term.source) {
  const Fft& fft = context.fft(design_grid);
  const auto frequency = real_frequencies_Hz(design_grid, grid.sample_rate_Hz() / term.period);
  const std::vector<double> root = roots(term, frequency);
  Band power;
  for (std::size_t k = 0; k < root.size(); ++k)
    power.add(frequency[k], grid.symbol_rate_Bd, root[k] * root[k]);
  if (power.all == 0.0)
    throw Error(fmt::format("noise '{}': its relative density is 0 at all frequencies", term.label));
  std::vector<Complex> spectrum(root.begin(), root.end());
  RealWave tap(design_grid);
  fft.inverse(spectrum, tap);
  RealWave trial;
  for (half_ = 4;; half_ *= 2) {
    trial = windowed(tap, half_, design_grid);
    fft.forward(trial, spectrum);
    Band difference;
    for (std::size_t k = 0; k < root.size(); ++k)
      difference.add(frequency[k], grid.symbol_rate_Bd, std::norm(spectrum[k] - root[k]));
    error_ = relative_rms(difference, power);
    if (error_ <= tolerance) break;
    if (2 * half_ > design_grid / 4)
      throw Error(
          fmt::format("noise '{}': {} taps draw its shape with an rms error of {:.2g}, more than {:.2g}; the "
                      "shape has a feature narrower than a stream can hold, use the pattern solver",
                      term.label, 2 * half_ + 1, error_, tolerance));
  }
  const long taps = 2 * half_ + 1;
  long size = shortest_transform;
  while (size < 4 * taps) size *= 2;
  fft_ = &context.fft(static_cast<int>(size));
  response_.resize(static_cast<std::size_t>(size / 2 + 1));
  fft_->forward(windowed(tap, half_, static_cast<int>(size)), response_);
}

void ColourFilter::apply(std::span<const double> white, std::span<double> out, ColourScratch& scratch) const {
  const auto size = static_cast<std::size_t>(fft_->size()), guard = static_cast<std::size_t>(half_);
  require(white.size() == out.size() + 2 * guard, "coloured noise: draws do not cover the taps");
  scratch.piece.resize(size);
  scratch.spectrum.resize(response_.size());
  const std::size_t step = size - 2 * guard;  // free of wrap-around
  for (std::size_t first = 0; first < out.size(); first += step) {
    const std::size_t count = std::min(step, out.size() - first);
    std::copy_n(white.begin() + static_cast<long>(first), count + 2 * guard, scratch.piece.begin());
    std::fill(scratch.piece.begin() + static_cast<long>(count + 2 * guard), scratch.piece.end(), 0.0);
    fft_->forward(scratch.piece, scratch.spectrum);
    for (std::size_t k = 0; k < response_.size(); ++k) scratch.spectrum[k] *= response_[k].real();
    fft_->inverse(scratch.spectrum, scratch.piece);
    std::copy_n(scratch.piece.begin() + half_, count, out.begin() + static_cast<long>(first));
  }
}

}  // namespace photonlink
