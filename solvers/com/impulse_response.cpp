#include "solvers/com/impulse_response.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "core/error.hpp"
#include "core/quantity.hpp"
#include "signal/fft.hpp"

namespace photonlink::com {
namespace {

constexpr std::size_t low_points = 50, high_points = 51, corrected_points = 10, line_points = 10;

struct Line {
  double offset = 0.0, slope = 0.0;
  double at(double x) const { return offset + slope * x; }
};

Line fitted_line(std::span<const double> x, std::span<const double> y) {
  // Centred, so that frequencies of 1e10 do not cost digits.
  const auto n = static_cast<double>(x.size());
  const double mx = std::accumulate(x.begin(), x.end(), 0.0) / n;
  const double my = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double sxy = 0.0, sxx = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sxy += (x[i] - mx) * (y[i] - my);
    sxx += (x[i] - mx) * (x[i] - mx);
  }
  const double slope = sxy / sxx;
  return {my - slope * mx, slope};
}

/// Mean of what lies within one standard deviation of the median.
double trimmed_mean(std::vector<double> values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0.0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  const double deviation = std::sqrt(squares / (n - 1.0));
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  const double median = values.size() % 2 ? values[half] : 0.5 * (values[half - 1] + values[half]);
  double sum = 0.0;
  int kept = 0;
  for (const double v : values)
    if (std::abs(v - median) < deviation) {
      sum += v;
      ++kept;
    }
  return kept > 0 ? sum / kept : median;  // all equal: nothing is within a deviation of 0
}

std::vector<double> unwrapped_phase(std::span<const Complex> transfer) {
  std::vector<double> phase(transfer.size());
  double turns = 0.0;
  for (std::size_t k = 0; k < phase.size(); ++k) {
    const double raw = std::arg(transfer[k]);
    if (k > 0) {
      const double step = raw + turns - phase[k - 1];
      turns -= 2.0 * std::numbers::pi * std::round(step / (2.0 * std::numbers::pi));
    }
    phase[k] = raw + turns;
  }
  return phase;
}

std::vector<double> group_delays(std::span<const double> f, std::span<const double> phase) {
  std::vector<double> delay(f.size() - 1);
  for (std::size_t k = 0; k < delay.size(); ++k) delay[k] = -(phase[k + 1] - phase[k]) / (f[k + 1] - f[k]);
  return delay;
}

/// Piecewise linear in rising x; beyond the ends the first and last pieces go on.
class Interpolated {
 public:
  Interpolated(std::span<const double> x, std::span<const double> y) : x_(x), y_(y) {}
  double at(double x) {
    while (piece_ + 2 < x_.size() && x > x_[piece_ + 1]) ++piece_;
    const double share = (x - x_[piece_]) / (x_[piece_ + 1] - x_[piece_]);
    return y_[piece_] + share * (y_[piece_ + 1] - y_[piece_]);
  }

 private:
  std::span<const double> x_, y_;
  std::size_t piece_ = 0;  // calls come with rising x
};

std::vector<double> magnitudes(std::span<const double> f, std::span<const Complex> transfer,
                               const SpectrumGrid& grid) {
  constexpr double least = std::numeric_limits<double>::epsilon();
  std::vector<double> x(f.begin(), f.end()), y(f.size());
  for (std::size_t k = 0; k < y.size(); ++k) y[k] = std::max(std::abs(transfer[k]), least);
  const double top_Hz = grid.frequency_Hz(grid.intervals);
  if (f.back() < top_Hz) {
    const auto mid = static_cast<std::size_t>(std::lround(static_cast<double>(f.size()) / 2.0)) - 1;
    const Line trend = fitted_line(f.subspan(mid), std::span<const double>(y).subspan(mid));
    y.push_back(std::clamp(trend.at(top_Hz), std::min(least, y.back()), y.back()));
    x.push_back(top_Hz);
  }
  if (f.front() > 0.0) {
    const Line trend = fitted_line(f.first(line_points), std::span<const double>(y).first(line_points));
    y.insert(y.begin(), trend.at(0.0));
    x.insert(x.begin(), 0.0);
  }
  Interpolated curve(x, y);
  std::vector<double> result(static_cast<std::size_t>(grid.intervals) + 1);
  for (int k = 0; k <= grid.intervals; ++k)
    result[static_cast<std::size_t>(k)] = curve.at(grid.frequency_Hz(k));
  return result;
}

std::vector<double> phases(std::span<const double> f, std::span<const Complex> transfer,
                           const SpectrumGrid& grid) {
  auto phase = unwrapped_phase(transfer);
  if (phase.back() > phase.front())
    throw DomainError(
        "the phase of the channel rises with frequency: its points are too far apart for its delay; give a "
        "file with a finer frequency step");
  std::vector<double> result(static_cast<std::size_t>(grid.intervals) + 1);
  // The script extends by trends only when the file lacks 0 Hz; else the last piece goes on.
  const bool trends = f.front() > 0.0;
  double high_delay = 0.0;
  if (trends) {
    const auto delay = group_delays(f, phase);
    const double low_delay = trimmed_mean({delay.begin(), delay.begin() + low_points});
    high_delay = trimmed_mean({delay.end() - high_points, delay.end()});
    for (std::size_t k = corrected_points; k-- > 0;) phase[k] = phase[k + 1] + low_delay * (f[k + 1] - f[k]);
  }
  Interpolated curve(f, phase);
  int last_inside = 0;
  for (int k = 0; k <= grid.intervals; ++k) {
    const double at = grid.frequency_Hz(k);
    auto& value = result[static_cast<std::size_t>(k)];
    if (trends && at > f.back()) {
      value =
          result[static_cast<std::size_t>(last_inside)] - (at - grid.frequency_Hz(last_inside)) * high_delay;
    } else {
      value = curve.at(at);
      last_inside = k;
    }
  }
  return result;
}

}  // namespace

SpectrumGrid SpectrumGrid::of(std::span<const double> frequency_Hz, double sample_rate_Hz) {
  require(frequency_Hz.size() > high_points,
          fmt::format("the channel has {} points, at least {} are needed; give a file with a finer step",
                      frequency_Hz.size(), high_points + 1));
  const double step = frequency_Hz[2] - frequency_Hz[1];
  constexpr double most_samples = 1 << 24;
  require(sample_rate_Hz / step <= most_samples,
          fmt::format("steps of {} make responses of {:.2g} samples, at most {:.2g} are computed; export the "
                      "channel with steps of 10 MHz",
                      format_quantity(step, Quantity::frequency), sample_rate_Hz / step, most_samples));
  const auto intervals = static_cast<int>(std::lround(0.5 * sample_rate_Hz / step));
  return {intervals, 0.5 * sample_rate_Hz / intervals};
}

std::vector<double> SpectrumGrid::frequencies_Hz() const {
  std::vector<double> values(static_cast<std::size_t>(intervals) + 1);
  for (int k = 0; k <= intervals; ++k) values[static_cast<std::size_t>(k)] = frequency_Hz(k);
  return values;
}

std::vector<double> transform(std::vector<Complex> spectrum, Context& context) {
  const int size = 2 * (static_cast<int>(spectrum.size()) - 1);
  spectrum.front() = spectrum.front().real();
  spectrum.back() = spectrum.back().real();
  std::vector<double> wave(static_cast<std::size_t>(size));
  context.fft(size).inverse(spectrum, wave);
  return wave;
}

std::vector<double> script_impulse(std::span<const double> f, std::span<const Complex> transfer,
                                   double sample_rate_Hz, double truncation, Context& context) {
  const SpectrumGrid grid = SpectrumGrid::of(f, sample_rate_Hz);
  const auto magnitude = magnitudes(f, transfer, grid);
  const auto phase = phases(f, transfer, grid);
  std::vector<Complex> spectrum(magnitude.size());
  for (std::size_t k = 0; k < spectrum.size(); ++k)
    spectrum[k] = magnitude[k] * Complex(std::cos(phase[k]), std::sin(phase[k]));
  auto impulse = transform(std::move(spectrum), context);
  double peak = 0.0;
  for (const double value : impulse) peak = std::max(peak, std::abs(value));
  auto last = impulse.size();
  while (last > 1 && !(std::abs(impulse[last - 1]) > peak * truncation)) --last;
  impulse.resize(last);
  return impulse;
}

std::vector<double> held(std::span<const double> impulse, int width) {
  std::vector<double> pulse(impulse.size());
  for (std::size_t i = 0; i < pulse.size(); ++i) {
    const std::size_t begin =
        i + 1 >= static_cast<std::size_t>(width) ? i + 1 - static_cast<std::size_t>(width) : 0;
    double sum = 0.0;
    for (std::size_t j = begin; j <= i; ++j) sum += impulse[j];
    pulse[i] = sum;
  }
  return pulse;
}

}  // namespace photonlink::com
