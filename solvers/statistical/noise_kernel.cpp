#include "solvers/statistical/noise_kernel.hpp"

#include <algorithm>
#include <cmath>

#include "core/simd.hpp"
#include "core/special.hpp"

namespace photonlink {
namespace {

constexpr double certain_but = 1e-7;  // Q above 1 - this is taken as 1

PHOTONLINK_CLONES double product(const double* a, const double* b, long size) {
  using L = simd::Lanes<8>;
  L::Real sum0 = {}, sum1 = {};
  long i = 0;
  for (; i + 16 <= size; i += 16) {
    sum0 += L::load(a + i) * L::load(b + i);
    sum1 += L::load(a + i + 8) * L::load(b + i + 8);
  }
  double rest = 0.0;
  for (; i < size; ++i) rest += a[i] * b[i];
  sum0 += sum1;
  for (int lane = 0; lane < 8; ++lane) rest += sum0[lane];
  return rest;
}

}  // namespace

Interference::Interference(Density of)
    : density(std::move(of)),
      above(upper_tail(density)),
      below(lower_tail(density)),
      mean(photonlink::mean(density)),
      variance(photonlink::variance(density)) {}

void NoiseKernel::tabulate(Beyond beyond, double sigma_bins, double fraction) {
  static const double outer_sigmas = inverse_gaussian_tail(negligible_tail),
                      inner_sigmas = inverse_gaussian_tail(certain_but);
  const long outer = static_cast<long>(std::ceil(outer_sigmas * sigma_bins)),
             inner = static_cast<long>(std::ceil(inner_sigmas * sigma_bins)) + 1;
  beyond_ = beyond;
  q_.resize(static_cast<std::size_t>(outer + inner));
  if (beyond == Beyond::above) {
    first_ = -outer;
    gaussian_tails((fraction + static_cast<double>(outer)) / sigma_bins, -1.0 / sigma_bins, q_);
  } else {
    first_ = -inner;
    gaussian_tails((-fraction - static_cast<double>(inner)) / sigma_bins, 1.0 / sigma_bins, q_);
  }
}

double NoiseKernel::tail(const Interference& x, long bin) const {
  const long bins = static_cast<long>(x.density.mass.size()), begin = bin + first_,
             end = begin + static_cast<long>(q_.size());
  const long from = std::max(begin, 0L), to = std::min(end, bins);
  double certain = 0.0;
  if (beyond_ == Beyond::above && end < bins) certain = x.above[static_cast<std::size_t>(std::max(end, 0L))];
  if (beyond_ == Beyond::below && begin > 0)
    certain = x.below[static_cast<std::size_t>(std::min(begin, bins)) - 1];
  if (from >= to) return certain;
  return certain + product(x.density.mass.data() + from, q_.data() + (from - begin), to - from);
}

}  // namespace photonlink
