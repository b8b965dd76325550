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

PHOTONLINK_CLONES void add_scaled(double* sum, const double* row, double scale, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) sum[i] += scale * row[i];
}

Density without_negligible_ends(const Density& density) {
  const auto end_of = [](auto from, auto to) {  // of what is left out
    double sum = 0.0;
    while (from != to && (sum += *from) < negligible_tail) ++from;
    return from;
  };
  const auto& mass = density.mass;
  const auto first = end_of(mass.begin(), mass.end());
  const auto last = end_of(mass.rbegin(), std::make_reverse_iterator(first)).base();
  return {density.step, density.first + (first - mass.begin()), {first, last}};
}

}  // namespace

Interference::Interference(const Density& of)
    : density(without_negligible_ends(of)),
      above(upper_tail(density)),
      below(lower_tail(density)),
      mean(photonlink::mean(density)),
      variance(photonlink::variance(density)) {}

void NoiseKernel::tabulate(Beyond beyond, double sigma_bins, double fraction, const Density& displaced) {
  static const double outer_sigmas = inverse_gaussian_tail(negligible_tail),
                      inner_sigmas = inverse_gaussian_tail(certain_but);
  const long bins = static_cast<long>(displaced.mass.size()),
             reach = bins == 0 ? 0 : std::max(-displaced.first, displaced.first + bins - 1);
  const long outer = static_cast<long>(std::ceil(outer_sigmas * sigma_bins)) + reach,
             inner = static_cast<long>(std::ceil(inner_sigmas * sigma_bins)) + 1 + reach;
  beyond_ = beyond;
  first_ = beyond == Beyond::above ? -outer : -inner;
  q_.assign(static_cast<std::size_t>(outer + inner), 0.0);
  std::vector<double>& q = bins == 0 ? q_ : undisplaced_;
  q.resize(static_cast<std::size_t>(outer + inner + 2 * reach));
  const double outward = beyond == Beyond::above ? -1.0 : 1.0;  // of x against the bin
  gaussian_tails(outward * (static_cast<double>(first_ - reach) - fraction) / sigma_bins,
                 outward / sigma_bins, q);
  for (long n = 0; n < bins; ++n) {
    const double mass = displaced.mass[static_cast<std::size_t>(n)];
    if (mass != 0.0) add_scaled(q_.data(), q.data() + reach + displaced.first + n, mass, q_.size());
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
