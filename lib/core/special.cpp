#include "core/special.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <boost/math/special_functions/erf.hpp>
#include <cstdint>

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

// exp(-a) for 0 <= a < 704: 2^k e^r with |r| <= ln 2 / 2, Taylor to r^13 / 13! (remainder below 5e-18).
inline double exp_minus(double a) {
  constexpr double log2_e = 1.4426950408889634074, ln2_high = 0x1.62e42fefa0000p-1,
                   ln2_low = 0x1.cf79abc9e3b3ap-40;
  constexpr double shifter = 0x1.8p52;  // adding it leaves the nearest integer in the low mantissa bits
  const double shifted = -a * log2_e + shifter;
  const double k = shifted - shifter;
  const double r = (-a - k * ln2_high) - k * ln2_low;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(p) +
                               (std::bit_cast<std::uint64_t>(shifted) << 52));
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define PHOTONLINK_CLONES \
  __attribute__((target_clones("default", "arch=haswell", "arch=skylake-avx512"), optimize("O3")))
#else
#define PHOTONLINK_CLONES
#endif

// out[j] = Q(first + j · step).
PHOTONLINK_CLONES void tail_block(double first, double step, double* out) {
  for (int j = 0; j < lanes; ++j) {
    const double x = first + j * step;
    const double magnitude = x < 0.0 ? -x : x;
    const double a = magnitude < last_x ? magnitude : last_x;
    const double y = (a - tail_pole) / (a + tail_pole);
    double p = tail_polynomial[18];
#pragma GCC unroll 18
    for (int k = 17; k >= 0; --k) p = p * y + tail_polynomial[static_cast<std::size_t>(k)];
    const double tail = magnitude <= last_x ? p * exp_minus(0.5 * a * a) : 0.0;
    out[j] = x < 0.0 ? 1.0 - tail : tail;
  }
}

}  // namespace

double gaussian_tail(double x) {
  return 0.5 * boost::math::erfc(x / sqrt_2);
}

double inverse_gaussian_tail(double probability) {
  require(probability > 0.0 && probability < 1.0,
          fmt::format("inverse Gaussian tail: probability = {} is outside (0, 1)", probability));
  return sqrt_2 * boost::math::erfc_inv(2.0 * probability);
}

double gaussian_tail_sum(std::span<const double> weight, double first, double step) {
  std::array<double, lanes> tail;
  double sum = 0.0;
  for (std::size_t begin = 0; begin < weight.size(); begin += lanes) {
    tail_block(first + static_cast<double>(begin) * step, step, tail.data());
    const std::size_t count = std::min<std::size_t>(lanes, weight.size() - begin);
    // Four partial sums: independent chains for the adder, in an order that never depends on the machine.
    std::array<double, 4> partial = {};
    for (std::size_t j = 0; j < count; ++j) partial[j % 4] += weight[begin + j] * tail[j];
    sum += (partial[0] + partial[1]) + (partial[2] + partial[3]);
  }
  return sum;
}

}  // namespace photonlink
