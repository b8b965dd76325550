#include "solvers/com/lattice_density.hpp"

#include <algorithm>
#include <cmath>

#include "devices/physics/simd.hpp"

namespace photonlink::com {
namespace {

constexpr double negligible = 1e-40;

/// out[i] += share · in[i - shift], the whole range in place.
PHOTONLINK_CLONES void add_shifted(double share, const double* in, long size, double* out) {
  for (long i = 0; i < size; ++i) out[i] += share * in[i];
}

}  // namespace

void LatticeDensity::add(double cursor) {
  const long span = std::lround(std::abs(cursor) / step_);
  if (span == 0) return;
  const auto size = static_cast<long>(now_.size());
  next_.assign(static_cast<std::size_t>(size + 2 * span), 0.0);
  for (int l = 0; l < levels_; ++l) {
    const double value = std::abs(cursor) * (2.0 * l / (levels_ - 1) - 1.0);
    const long shift = span + std::lround(value / step_);
    add_shifted(1.0 / levels_, now_.data(), size, next_.data() + shift);
  }
  std::size_t drop = 0;
  while (2 * drop + 1 < next_.size() && next_[drop] < negligible && next_[next_.size() - 1 - drop] < negligible)
    ++drop;
  now_.assign(next_.begin() + static_cast<long>(drop), next_.end() - static_cast<long>(drop));
}

void LatticeDensity::add_all(std::span<const double> cursors) {
  sorted_.assign(cursors.begin(), cursors.end());
  std::erase_if(sorted_, [&](double h) { return std::abs(h) <= step_; });
  std::sort(sorted_.begin(), sorted_.end(), [](double a, double b) { return std::abs(a) > std::abs(b); });
  for (const double h : sorted_) add(h);
}

double LatticeDensity::rms() const {
  double sum = 0.0;
  for (long i = -half(); i <= half(); ++i) {
    const double y = static_cast<double>(i) * step_;
    sum += y * y * now_[static_cast<std::size_t>(i + half())];
  }
  return std::sqrt(sum);
}

double LatticeDensity::peak_at(double probability) const {
  double below = 0.0;
  for (std::size_t i = 0; i < now_.size(); ++i) {
    below += now_[i];
    if (below >= probability) return std::abs(static_cast<double>(static_cast<long>(i) - half()) * step_);
  }
  return 0.0;
}

double rounded_variance(double cursor, int levels, double step) {
  if (std::abs(cursor) <= step) return 0.0;
  double sum = 0.0;
  for (int l = 0; l < levels; ++l) {
    const double value = step * std::round(std::abs(cursor) * (2.0 * l / (levels - 1) - 1.0) / step);
    sum += value * value / levels;
  }
  return sum;
}

std::vector<double> gaussian_masses(double sigma, double span, double step) {
  const long half = std::lround(span * sigma / step);
  std::vector<double> mass(static_cast<std::size_t>(2 * half + 1));
  double total = 0.0;
  for (long i = -half; i <= half; ++i) {
    const double x = half == 0 ? 0.0 : static_cast<double>(i) * step / sigma;
    total += mass[static_cast<std::size_t>(i + half)] = std::exp(-0.5 * x * x);
  }
  for (double& each : mass) each /= total;
  return mass;
}

}  // namespace photonlink::com
