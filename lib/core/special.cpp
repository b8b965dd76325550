#include "core/special.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "core/error.hpp"

namespace photonlink {
namespace {

constexpr double sqrt_2 = 1.4142135623730950488;
constexpr int lanes = 32;  // values per vector loop; arrays of this size stay in registers or the first cache

// exp(x²/2) Q(x) = Σ c_k y^k, y = (x - 5) / (x + 5), for 0 <= x <= 37.5; relative error 6e-14 or less.
// Printed by tests/oracles/gaussian_tail_coefficients.py.
constexpr std::array<double, 19> tail_polynomial = {
    7.69193049750064167e-02, -1.43457555264015602e-01, 1.16068811885963255e-01,  -8.08838772638995479e-02,
    4.78553522861881325e-02, -2.34139004912938611e-02, 8.99137051282360503e-03,  -2.37884434249005907e-03,
    2.19551081650736179e-04, 1.34276951338901522e-04,  -6.04291959627930374e-05, 9.60045246364652909e-07,
    6.64926353867175017e-06, -1.26490922187280906e-06, -6.82566353326556250e-07, 2.32533045768243702e-07,
    8.22394984140190565e-08, -2.73977018882573713e-08, -1.06213451901120753e-08,
};
constexpr double tail_pole = 5.0, last_x = 37.5;

// Vector types of g++ and clang: loops with a select are not vectorised by g++ 12 at -O2 or inside clones.
using Vector = double __attribute__((vector_size(32)));
using Bits = std::uint64_t __attribute__((vector_size(32)));

// exp(-a) for 0 <= a < 704: 2^k e^r with |r| <= ln 2 / 2, Taylor to r^13 / 13! (remainder below 5e-18).
[[gnu::always_inline]] inline Vector exp_minus(Vector a) {
  constexpr double log2_e = 1.4426950408889634074, ln2_high = 0x1.62e42fefa0000p-1,
                   ln2_low = 0x1.cf79abc9e3b3ap-40;
  constexpr double shifter = 0x1.8p52;  // adding it leaves the nearest integer in the low mantissa bits
  constexpr std::array<double, 14> inverse_factorial = {1.0,
                                                        1.0,
                                                        0.5,
                                                        1.0 / 6,
                                                        1.0 / 24,
                                                        1.0 / 120,
                                                        1.0 / 720,
                                                        1.0 / 5040.0,
                                                        1.0 / 40320.0,
                                                        1.0 / 362880.0,
                                                        1.0 / 3628800.0,
                                                        1.0 / 39916800.0,
                                                        1.0 / 479001600.0,
                                                        1.0 / 6227020800.0};
  const Vector shifted = shifter - a * log2_e;
  const Vector k = shifted - shifter;
  const Vector r = (-a - k * ln2_high) - k * ln2_low;
  Vector p = r * inverse_factorial[13] + inverse_factorial[12];
#pragma GCC unroll 12
  for (std::size_t i = 12; i-- > 0;) p = p * r + inverse_factorial[i];
  return (Vector)((Bits)p + ((Bits)shifted << 52));
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
// By instruction level, not processor name, so that every maker profits; g++ 12 breaks selects up under
// AVX-512.
#define PHOTONLINK_CLONES __attribute__((target_clones("default", "arch=x86-64-v3")))
#else
#define PHOTONLINK_CLONES
#endif

constexpr int width = sizeof(Vector) / sizeof(double);

[[gnu::always_inline]] inline Vector tail_of(Vector x) {
  const Vector magnitude = x < 0.0 ? -x : x;
  const Vector last = Vector{} + last_x;
  const Vector a = magnitude < last_x ? magnitude : last;
  const Vector y = (a - tail_pole) / (a + tail_pole);
  Vector p = Vector{} + tail_polynomial[18];
#pragma GCC unroll 18
  for (std::size_t k = 18; k-- > 0;) p = p * y + tail_polynomial[k];
  const Vector tail = magnitude <= last_x ? p * exp_minus(0.5 * a * a) : Vector{};
  return x < 0.0 ? 1.0 - tail : tail;
}

// Σ_j weight[j] Q(first + j · step), j = 0 ... lanes - 1, in an order that never depends on the machine.
PHOTONLINK_CLONES double tail_block(const double* weight, double first, double step) {
  const Vector index = {0, 1, 2, 3};
  Vector sum = {};
  for (int j = 0; j < lanes; j += width) {
    Vector w;
    std::memcpy(&w, weight + j, sizeof w);
    sum += w * tail_of(first + (index + static_cast<double>(j)) * step);
  }
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

// Q(first + j · step), j = 0 ... count - 1; count is a multiple of `width`.
PHOTONLINK_CLONES void tail_row(double* tail, std::size_t count, double first, double step) {
  const Vector index = {0, 1, 2, 3};
  for (std::size_t j = 0; j < count; j += width) {
    const Vector result = tail_of(first + (index + static_cast<double>(j)) * step);
    std::memcpy(tail + j, &result, sizeof result);
  }
}

}  // namespace

double gaussian_tail(double x) {
  return 0.5 * std::erfc(x / sqrt_2);
}

double inverse_gaussian_tail(double probability) {
  require(probability > 0.0 && probability < 1.0,
          fmt::format("inverse Gaussian tail: probability = {} is outside (0, 1)", probability));
  return sqrt_2 * boost::math::erfc_inv(2.0 * probability);
}

void gaussian_tails(double first, double step, std::span<double> tail) {
  const std::size_t whole = tail.size() - tail.size() % width;
  tail_row(tail.data(), whole, first, step);
  std::array<double, width> rest = {};
  tail_row(rest.data(), width, first + static_cast<double>(whole) * step, step);
  std::copy_n(rest.begin(), tail.size() - whole, tail.begin() + static_cast<std::ptrdiff_t>(whole));
}

double gaussian_tail_sum(std::span<const double> weight, double first, double step) {
  double sum = 0.0;
  std::size_t begin = 0;
  for (; begin + lanes <= weight.size(); begin += lanes) {
    sum += tail_block(weight.data() + begin, first + static_cast<double>(begin) * step, step);
  }
  if (begin < weight.size()) {
    std::array<double, lanes> rest = {};
    std::copy(weight.begin() + static_cast<std::ptrdiff_t>(begin), weight.end(), rest.begin());
    sum += tail_block(rest.data(), first + static_cast<double>(begin) * step, step);
  }
  return sum;
}

}  // namespace photonlink
