#include "devices/physics/ring_linearised.hpp"

#include <algorithm>
#include <array>

#include "core/simd.hpp"

namespace photonlink {
namespace {

constexpr int width = 8;
using Pack = simd::Lanes<width>;
using Real = Pack::Real;

struct Pair {
  Real re, im;
};
PHOTONLINK_INLINE Pair load(const PackedWave& w, int n) {
  return {Pack::load(&w.re[n]), Pack::load(&w.im[n])};
}
PHOTONLINK_INLINE void store(PackedWave& w, int n, Pair v) {
  Pack::store(&w.re[n], v.re);
  Pack::store(&w.im[n], v.im);
}
PHOTONLINK_INLINE Pair operator*(Pair a, Pair b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
PHOTONLINK_INLINE Pair operator+(Pair a, Pair b) {
  return {a.re + b.re, a.im + b.im};
}
PHOTONLINK_INLINE Pair operator-(Pair a, Pair b) {
  return {a.re - b.re, a.im - b.im};
}
PHOTONLINK_INLINE Pair times_j(Pair a, double gain) {
  return {-gain * a.im, gain * a.re};
}

struct Phi {
  Pair one, two, one_slope, two_slope;
};

constexpr std::array<double, 17> inverse_factorial = [] {
  std::array<double, 17> table{1.0};
  for (int n = 1; n < 17; ++n) table[n] = table[n - 1] / n;
  return table;
}();

/// φ₁, φ₂ and their derivatives; Taylor series where |z| < 0.5 (first neglected term 2e-18) unless all |z|
/// are so large that dividing by z three times costs little.
template <bool Series>
PHOTONLINK_INLINE Phi phi_functions(Pair z, Pair e) {
  const Pair unit{Real{} + 1.0, Real{}};
  const Real norm = z.re * z.re + z.im * z.im;
  const Pair inverse{z.re / norm, -z.im / norm};
  const Pair one = (e - unit) * inverse, two = (one - unit) * inverse;
  const Pair one_slope = (e - one) * inverse, two_slope = (one_slope - two) * inverse;
  if constexpr (!Series) return {one, two, one_slope, two_slope};
  Pair t{}, slope{};  // Σ z^k/(k+2)! and its derivative by Horner
  for (int k = 14; k >= 0; --k) {
    slope = slope * z + t;
    t = t * z + Pair{Real{} + inverse_factorial[k + 2], Real{}};
  }
  const auto near = norm < Real{} + 0.25;
  const auto pick = [&](Pair s, Pair d) { return Pair{near ? s.re : d.re, near ? s.im : d.im}; };
  return {pick(unit + z * t, one), pick(t, two), pick(t + z * slope, one_slope), pick(slope, two_slope)};
}

template <bool Series>
PHOTONLINK_INLINE void linearise_all(const PackedWave& z, const PackedWave& mode, const PackedWave& input,
                                     double gain, int count, LinearSteps& steps) {
  for (int n = 0; n < count; n += width) {
    const Pair zn = load(z, n);
    Pair e;
    simd::sincos<width>(zn.im, e.im, e.re);
    const Real size = simd::exp<width>(zn.re);
    e = {e.re * size, e.im * size};
    const Phi phi = phi_functions<Series>(zn, e);
    const Pair now = load(input, n), next{Pack::load(&input.re[n + 1]), Pack::load(&input.im[n + 1])};
    const Pair driven = (phi.one_slope - phi.two_slope) * now + phi.two_slope * next;
    store(steps.decay, n, e);
    store(steps.from_now, n, times_j(phi.one - phi.two, gain));
    store(steps.from_next, n, times_j(phi.two, gain));
    store(steps.from_rate, n, e * load(mode, n) + times_j(driven, gain));
  }
}

PHOTONLINK_CLONES void linearise(const PackedWave& z, const PackedWave& mode, const PackedWave& input,
                                 double gain, int count, bool series, LinearSteps& steps) {
  series ? linearise_all<true>(z, mode, input, gain, count, steps)
         : linearise_all<false>(z, mode, input, gain, count, steps);
}

}  // namespace

PackedWave::PackedWave(int count)
    : re(static_cast<std::size_t>((count + width - 1) / width * width + width), 0.0), im(re.size(), 0.0) {}

LinearSteps linearise_steps(const PackedWave& z, const PackedWave& mode, const PackedWave& input, double gain,
                            int count) {
  LinearSteps steps(count);
  // Dividing by z three times costs eps/|z|³: 1e-12 at 0.05.
  const bool series = *std::max_element(z.re.begin(), z.re.begin() + count) > -0.05;
  linearise(z, mode, input, gain, count, series, steps);
  return steps;
}

}  // namespace photonlink
