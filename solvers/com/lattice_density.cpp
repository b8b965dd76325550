#include "solvers/com/lattice_density.hpp"

#include <algorithm>
#include <cmath>

#include "core/simd.hpp"

namespace photonlink::com {
namespace {

constexpr double negligible = 1e-40;

/// out[i] = share Σ_l in[i - shift_l], all reads inside the padded input.
PHOTONLINK_CLONES void add_two(double share, const double* a, const double* b, long size, double* out) {
  for (long i = 0; i < size; ++i) out[i] = share * (a[i] + b[i]);
}
PHOTONLINK_CLONES void add_four(double share, const double* a, const double* b, const double* c,
                                const double* d, long size, double* out) {
  for (long i = 0; i < size; ++i) out[i] = share * ((a[i] + b[i]) + (c[i] + d[i]));
}
PHOTONLINK_CLONES void add_scaled(double share, const double* in, long size, double* out) {
  for (long i = 0; i < size; ++i) out[i] += share * in[i];
}

}  // namespace

void LatticeDensity::add(double cursor) {
  const long span = std::lround(std::abs(cursor) / step_);
  if (span == 0) return;
  const auto size = static_cast<long>(now_.size()), grown = size + 2 * span;
  // Zeros on both sides, so that every shifted read stays inside.
  padded_.assign(static_cast<std::size_t>(size + 4 * span), 0.0);
  std::copy(now_.begin(), now_.end(), padded_.begin() + 2 * span);
  const auto read = [&](int level) {
    const double value = std::abs(cursor) * (2.0 * level / (levels_ - 1) - 1.0);
    return padded_.data() + span - std::lround(value / step_);
  };
  now_.resize(static_cast<std::size_t>(grown));
  const double share = 1.0 / levels_;
  if (levels_ == 2) {
    add_two(share, read(0), read(1), grown, now_.data());
  } else if (levels_ == 4) {
    add_four(share, read(0), read(1), read(2), read(3), grown, now_.data());
  } else {
    std::fill(now_.begin(), now_.end(), 0.0);
    for (int level = 0; level < levels_; ++level) add_scaled(share, read(level), grown, now_.data());
  }
  std::size_t drop = 0;
  while (2 * drop + 1 < now_.size() && now_[drop] < negligible && now_[now_.size() - 1 - drop] < negligible)
    ++drop;
  now_.erase(now_.end() - static_cast<long>(drop), now_.end());
  now_.erase(now_.begin(), now_.begin() + static_cast<long>(drop));
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
