// Delay and interpolation of S-parameters; the method is described in s_parameters.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "network/s_parameters.hpp"
#include "network/skin_root.hpp"

namespace photonlink {
namespace {

constexpr double two_pi = 2.0 * constants::pi;
constexpr double least_magnitude = 1e-15;  // -300 dB: below it neither phase nor dB mean anything

Complex delay_factor(double frequency_Hz, double delay_s) {
  const double angle = -two_pi * frequency_Hz * delay_s;
  return {std::cos(angle), std::sin(angle)};
}

/// One S[out, in] over frequency.
struct Trace {
  std::vector<double> f;
  std::vector<Complex> s;
};

Trace trace_of(const SParameters& network, int out, int in) {
  Trace trace{network.frequency_Hz, std::vector<Complex>(network.frequency_Hz.size())};
  for (std::size_t k = 0; k < trace.s.size(); ++k) trace.s[k] = network.at(k, out, in);
  return trace;
}

double median_step(const Trace& trace, std::size_t begin, std::size_t end) {
  std::vector<double> steps;
  for (std::size_t k = begin; k + 1 < end; ++k) steps.push_back(trace.f[k + 1] - trace.f[k]);
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

/// Mean delay over points [begin, end): first from the sum of the rotations of equal steps, which cannot be
/// fooled by wrapped phases, then refined over all steps, whose rotations are then small.
double mean_delay_s(const Trace& trace, std::size_t begin, std::size_t end) {
  if (end - begin < 2) return 0.0;
  const double step = median_step(trace, begin, end);
  Complex rotation = 0.0;
  for (std::size_t k = begin; k + 1 < end; ++k)
    if (std::abs(trace.f[k + 1] - trace.f[k] - step) < 1e-2 * step)
      rotation += trace.s[k + 1] * std::conj(trace.s[k]);
  if (rotation == 0.0) return 0.0;
  const double coarse = -std::arg(rotation) / (two_pi * step);
  double phase = 0.0, width = 0.0;
  for (std::size_t k = begin; k + 1 < end; ++k) {
    const double df = trace.f[k + 1] - trace.f[k];
    const Complex turn = trace.s[k + 1] * std::conj(trace.s[k] * delay_factor(df, coarse));
    phase += std::abs(turn) * std::arg(turn);
    width += std::abs(turn) * df;
  }
  return width > 0.0 ? coarse - phase / (two_pi * width) : coarse;
}

/// Least-squares slope of the level over points [begin, end), [dB/Hz], at most 0.
double falling_slope_dB_per_Hz(const Trace& trace, std::size_t begin, std::size_t end) {
  const auto count = static_cast<double>(end - begin);
  double mean_f = 0.0, mean_level = 0.0, product = 0.0, square = 0.0;
  const auto level = [&](std::size_t k) {
    return 20.0 * std::log10(std::max(std::abs(trace.s[k]), least_magnitude));
  };
  for (std::size_t k = begin; k < end; ++k) {
    mean_f += trace.f[k] / count;
    mean_level += level(k) / count;
  }
  for (std::size_t k = begin; k < end; ++k) {
    product += (trace.f[k] - mean_f) * (level(k) - mean_level);
    square += (trace.f[k] - mean_f) * (trace.f[k] - mean_f);
  }
  return square > 0.0 ? std::min(0.0, product / square) : 0.0;
}

/// Value at 0 Hz of a trace whose delay is taken out and whose first point lies above 0 Hz.
Complex value_at_dc(const Trace& trace) {
  const double first = std::abs(trace.s[0]);
  if (trace.s.size() < 2) return trace.s[0].real() >= 0.0 ? first : -first;
  const double reach = trace.f[0] / (trace.f[1] - trace.f[0]);
  const double magnitude =
      std::clamp(first - reach * (std::abs(trace.s[1]) - first), 0.0, std::max(1.0, first));
  const double phase = std::arg(trace.s[0]) - reach * std::arg(trace.s[1] * std::conj(trace.s[0]));
  return std::cos(phase) >= 0.0 ? magnitude : -magnitude;
}

class TraceInterpolator {
 public:
  explicit TraceInterpolator(Trace trace) : trace_(std::move(trace)) {
    const std::size_t points = trace_.f.size(),
                      upper = std::min(points - points / 3, points - std::min<std::size_t>(points, 2));
    delay_s_ = mean_delay_s(trace_, 0, points);
    roll_dB_per_Hz_ = falling_slope_dB_per_Hz(trace_, upper, points);
    roll_delay_s_ = mean_delay_s(trace_, upper, points);
    last_ = trace_.s.back();
    for (std::size_t k = 0; k < points; ++k) trace_.s[k] *= delay_factor(trace_.f[k], -delay_s_);
    const bool from_dc = trace_.f[0] == 0.0;
    if (!from_dc) {
      trace_.s.insert(trace_.s.begin(), value_at_dc(trace_));
      trace_.f.insert(trace_.f.begin(), 0.0);
    }
    take_root_off(from_dc ? DcValue::measured : DcValue::guessed);
    make_slopes();
  }

  /// `k` is the interval that holds f: f_k <= f < f_{k+1}.
  Complex inside(double f, std::size_t k) const {
    const double h = trace_.f[k + 1] - trace_.f[k], t = (f - trace_.f[k]) / h, u = 1.0 - t;
    const Complex value = u * u * (1.0 + 2.0 * t) * trace_.s[k] + t * t * (3.0 - 2.0 * t) * trace_.s[k + 1] +
                          h * t * u * (u * slope_[k] - t * slope_[k + 1]);
    return (value + root_.at(f)) * delay_factor(f, delay_s_);
  }

  Complex beyond(double f) const {
    const double distance = f - trace_.f.back();
    return last_ * std::pow(10.0, roll_dB_per_Hz_ * distance / 20.0) * delay_factor(distance, roll_delay_s_);
  }

  const std::vector<double>& grid() const { return trace_.f; }

 private:
  void take_root_off(DcValue dc) {
    root_ = find_skin_root(trace_.f, trace_.s, dc);
    const double largest = std::max(1.0, std::abs(trace_.s[std::min<std::size_t>(1, trace_.s.size() - 1)]));
    if (dc == DcValue::guessed) trace_.s[0] = std::clamp(root_.value_at_dc.real(), -largest, largest);
    if (root_.amplitude == 0.0) return;
    for (std::size_t k = 0; k < trace_.s.size(); ++k) trace_.s[k] -= root_.at(trace_.f[k]);
  }

  void make_slopes() {
    const auto& [f, s] = trace_;
    slope_.assign(f.size(), 0.0);
    if (f.size() < 2) return;
    // The mirror point at -f_1 is the conjugate, so the slope at DC is imaginary.
    slope_.front() = (s[1] - std::conj(s[1])) / (2.0 * f[1]);
    slope_.back() = (s[f.size() - 1] - s[f.size() - 2]) / (f[f.size() - 1] - f[f.size() - 2]);
    for (std::size_t k = 1; k + 1 < f.size(); ++k) {
      const double left = f[k] - f[k - 1], right = f[k + 1] - f[k];
      slope_[k] = (right * (s[k] - s[k - 1]) / left + left * (s[k + 1] - s[k]) / right) / (left + right);
    }
  }

  Trace trace_;
  std::vector<Complex> slope_;
  SkinRoot root_;
  Complex last_;
  double delay_s_ = 0.0, roll_dB_per_Hz_ = 0.0, roll_delay_s_ = 0.0;
};

/// Interval that holds f, starting the search at `hint`; grids are usually walked upward.
std::size_t find_interval(const std::vector<double>& grid, double f, std::size_t hint) {
  if (hint + 1 < grid.size() && grid[hint] <= f && f < grid[hint + 1]) return hint;
  const auto above = std::upper_bound(grid.begin(), grid.end(), f);
  return static_cast<std::size_t>(above - grid.begin()) - 1;
}

}  // namespace

double group_delay_s(const SParameters& network, int out, int in, double low_Hz, double high_Hz) {
  const auto& f = network.frequency_Hz;
  if (f.size() < 2) return 0.0;
  auto begin = static_cast<std::size_t>(std::lower_bound(f.begin(), f.end(), low_Hz) - f.begin());
  auto end = static_cast<std::size_t>(std::upper_bound(f.begin(), f.end(), high_Hz) - f.begin());
  if (end < begin + 2) {
    begin = std::min(begin > 0 ? begin - 1 : 0, f.size() - 2);
    end = begin + 2;
  }
  return mean_delay_s(trace_of(network, out, in), begin, end);
}

SParameters interpolate(const SParameters& network, std::span<const double> frequency_Hz) {
  require(!network.frequency_Hz.empty(),
          "a network without frequencies cannot be interpolated; read it again");
  for (const double f : frequency_Hz)
    if (!(f >= 0.0 && std::isfinite(f)))
      throw DomainError(fmt::format("frequency = {} Hz is outside [0, inf); use |f|", f));
  const auto ports = static_cast<std::size_t>(network.ports);
  SParameters result{network.ports, network.reference_ohm, {frequency_Hz.begin(), frequency_Hz.end()}, {}};
  result.s.resize(frequency_Hz.size() * ports * ports);
  for (std::size_t entry = 0; entry < ports * ports; ++entry) {
    const TraceInterpolator curve(
        trace_of(network, static_cast<int>(entry / ports), static_cast<int>(entry % ports)));
    std::size_t k = 0;
    for (std::size_t i = 0; i < frequency_Hz.size(); ++i) {
      const double f = frequency_Hz[i];
      Complex& value = result.s[i * ports * ports + entry];
      if (f >= curve.grid().back()) {
        value = curve.beyond(f);
        continue;
      }
      k = find_interval(curve.grid(), f, k);
      value = curve.inside(f, k);
    }
  }
  return result;
}

}  // namespace photonlink
