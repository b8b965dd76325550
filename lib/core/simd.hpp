/// Short vectors of doubles for kernels that keep several carriers, samples or random numbers in one
/// register.
///
/// GCC vector extensions, so the same text compiles for any processor; PHOTONLINK_CLONES builds a function
/// once per instruction set and picks at load time (g++ on x86-64, switched off under sanitizers). Fused
/// multiply-adds are allowed here: the last bits of a result may differ between instruction sets, not between
/// runs.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define PHOTONLINK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PHOTONLINK_CLONES
#endif
#define PHOTONLINK_INLINE __attribute__((always_inline)) inline

namespace photonlink::simd {

/// W doubles (or 64-bit integers) that move together; memory need not be aligned.
template <int W>
struct Lanes {
  typedef double Real __attribute__((vector_size(8 * W)));
  typedef std::int64_t Int __attribute__((vector_size(8 * W)));
  typedef std::uint64_t Word __attribute__((vector_size(8 * W)));
  typedef double Unaligned __attribute__((vector_size(8 * W), aligned(8), may_alias));

  static PHOTONLINK_INLINE Real load(const double* p) { return *reinterpret_cast<const Unaligned*>(p); }
  static PHOTONLINK_INLINE void store(double* p, Real v) { *reinterpret_cast<Unaligned*>(p) = v; }
  static PHOTONLINK_INLINE Real fill(double x) { return Real{} + x; }
};

/// 1/n, so that series divide at compile time.
inline constexpr std::array<double, 20> reciprocal = [] {
  std::array<double, 20> table{};
  for (int n = 1; n < 20; ++n) table[n] = 1.0 / n;
  return table;
}();
/// Adding and subtracting 1.5·2^52 rounds to the nearest integer and leaves it in the low bits of the sum.
inline constexpr double rounding_magic = 6755399441055744.0;

/// sin and cos of |x| < 1e5 to 2e-16 absolute: reduction by π/2 in three parts, Taylor series on |r| <= π/4
/// whose first neglected terms are r^17/17! = 5e-17 and r^18/18! = 2e-18.
template <int W>
PHOTONLINK_INLINE void sincos(typename Lanes<W>::Real x, typename Lanes<W>::Real& sine,
                              typename Lanes<W>::Real& cosine) {
  using Real = typename Lanes<W>::Real;
  using Int = typename Lanes<W>::Int;
  const Real rounded = x * 0.63661977236758134308 + rounding_magic;  // 2/π
  const Real k = rounded - rounding_magic;
  const Int quadrant = std::bit_cast<Int>(rounded);
  // π/2 split so that k times the first two parts is exact for |k| < 2^20.
  Real r = x - k * 1.57079632673412561417;
  r = r - k * 6.07710050630396597660e-11;
  r = r - k * 2.02226624879595063154e-21;
  const Real q = r * r;
  const Real s =
      r * (1.0 + q * (-1.0 / 6 +
                      q * (1.0 / 120 +
                           q * (-1.0 / 5040 +
                                q * (1.0 / 362880 + q * (-1.0 / 39916800 +
                                                         q * (1.0 / 6227020800.0 - q / 1307674368000.0)))))));
  const Real c =
      1.0 +
      q * (-0.5 + q * (1.0 / 24 +
                       q * (-1.0 / 720 +
                            q * (1.0 / 40320 + q * (-1.0 / 3628800 +
                                                    q * (1.0 / 479001600.0 + q * (-1.0 / 87178291200.0 +
                                                                                  q / 20922789888000.0)))))));
  const auto odd = (quadrant & 1) != 0;
  const Real s1 = odd ? c : s, c1 = odd ? s : c;
  sine = (quadrant & 2) != 0 ? -s1 : s1;
  cosine = ((quadrant + 1) & 2) != 0 ? -c1 : c1;
}

/// e^x to 3e-16 relative for |x| <= 700: reduction by ln 2, Taylor series on |r| <= 0.347 up to r^13.
template <int W>
PHOTONLINK_INLINE typename Lanes<W>::Real exp(typename Lanes<W>::Real x) {
  using Real = typename Lanes<W>::Real;
  using Int = typename Lanes<W>::Int;
  const Real limit = Lanes<W>::fill(700.0);
  x = x > limit ? limit : x;
  x = x < -limit ? -limit : x;
  const Real rounded = x * 1.44269504088896340736 + rounding_magic;
  const Real k = rounded - rounding_magic;
  Real r = x - k * 6.93147180369123816490e-01;  // ln 2 in two parts
  r = r - k * 1.90821492927058770002e-10;
  Real sum = Lanes<W>::fill(1.0);
  for (int n = 13; n >= 1; --n) sum = 1.0 + r * sum * reciprocal[n];
  const Int bits = (std::bit_cast<Int>(rounded) + 1023) << 52;
  return sum * std::bit_cast<Real>(bits);
}

/// ln x to 3e-16 relative for normal x > 0: x = 2^k m, m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh(s) with
/// s = (m - 1)/(m + 1), |s| < 0.172, whose series up to s^19 leaves s^20/21 = 2e-17 of it.
template <int W>
PHOTONLINK_INLINE typename Lanes<W>::Real log(typename Lanes<W>::Real x) {
  using Real = typename Lanes<W>::Real;
  using Int = typename Lanes<W>::Int;
  constexpr std::int64_t half_root = 0x3fe6a09e667f3bcd;  // bits of sqrt(1/2)
  const Int bits = std::bit_cast<Int>(x);
  const Int exponent = (bits - half_root) >> 52;
  const Real m = std::bit_cast<Real>(bits - (exponent << 52));
  const Real s = (m - 1.0) / (m + 1.0), q = s * s;
  Real sum = Lanes<W>::fill(reciprocal[19]);
  for (int n = 17; n >= 3; n -= 2) sum = reciprocal[n] + q * sum;
  const Real k = __builtin_convertvector(exponent, Real);
  // ln 2 in two parts; the large terms last.
  return k * 6.93147180369123816490e-01 + (2.0 * s + (2.0 * s * q * sum + k * 1.90821492927058770002e-10));
}

}  // namespace photonlink::simd
