#include "devices/physics/ring_tangent.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/constants.hpp"
#include "core/simd.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi;
constexpr int width = 8;
using Pack = simd::Lanes<width>;
using Real = Pack::Real;

/// A complex number per sample of the window, padded to whole packs.
struct Wave {
  explicit Wave(int count) : re((count + width - 1) / width * width + width, 0.0), im(re.size(), 0.0) {}
  std::vector<double> re, im;
  Complex operator[](int n) const { return {re[n], im[n]}; }
  void set(int n, Complex value) {
    re[n] = value.real();
    im[n] = value.imag();
  }
};

struct Pair {
  Real re, im;
};
PHOTONLINK_INLINE Pair load(const Wave& w, int n) {
  return {Pack::load(&w.re[n]), Pack::load(&w.im[n])};
}
PHOTONLINK_INLINE void store(Wave& w, int n, Pair v) {
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

/// Per step of the window.
struct Steps {
  explicit Steps(int count) : decay(count), from_now(count), from_next(count), from_rate(count) {}
  Wave decay, from_now, from_next, from_rate;  // E, hκ(φ₁ - φ₂), hκφ₂, G
};

template <bool Series>
PHOTONLINK_INLINE void linearise_all(const Wave& z, const Wave& mode, const Wave& input, double gain,
                                     int count, Steps& steps) {
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

PHOTONLINK_CLONES void linearise(const Wave& z, const Wave& mode, const Wave& input, double gain, int count,
                                 bool series, Steps& steps) {
  series ? linearise_all<true>(z, mode, input, gain, count, steps)
         : linearise_all<false>(z, mode, input, gain, count, steps);
}

/// Plain product: std::complex multiplication checks for infinities.
Complex product(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

}  // namespace

RingTangent::RingTangent(const RingRates& rates, std::span<const double> detuning_Hz, double dt_s,
                         double passing_field, Trajectory trajectory, RingPort port)
    : rates_(rates),
      detuning_Hz_(detuning_Hz.begin(), detuning_Hz.end()),
      dt_s_(dt_s),
      direct_(passing_field * port_coupling(rates, port).direct),
      mode_gain_(passing_field * port_coupling(rates, port).mode_per_sqrt_s),
      trajectory_(std::move(trajectory)) {}

std::size_t RingTangent::wrap(long sample) const {
  const long period = static_cast<long>(trajectory_.rate.shift_Hz.size());
  return static_cast<std::size_t>((sample % period + period) % period);
}

void RingTangent::pass(int carrier, long begin, std::span<Complex> field) const {
  const ComplexWave& mode = trajectory_.mode[carrier];
  const double direct = direct_, gain = mode_gain_;
  std::size_t at = wrap(begin);
  for (std::size_t n = 0; n < field.size(); ++n) {
    const Complex a = mode[at];
    at = at + 1 == mode.size() ? 0 : at + 1;
    field[n] = direct * field[n] + Complex(-gain * a.imag(), gain * a.real());
  }
}

void RingTangent::pull_back(int carrier, long begin, std::span<const Complex> input,
                            std::span<Complex> sensitivity, std::span<double> voltage) const {
  const int length = static_cast<int>(sensitivity.size());
  const auto extra_loss = [&](std::size_t n) {
    return trajectory_.rate.extra_loss_per_s.empty() ? 0.0 : trajectory_.rate.extra_loss_per_s[n];
  };
  Wave z(length), mode(length), field(length + 1);
  const std::size_t period = trajectory_.mode[carrier].size();
  std::size_t from = wrap(begin - 1), last = from;
  for (int i = 0; i < length; ++i) {  // step i ends at sample begin + i
    const std::size_t to = from + 1 == period ? 0 : from + 1;
    const double shift = 0.5 * (trajectory_.rate.shift_Hz[from] + trajectory_.rate.shift_Hz[to]);
    const double loss = rates_.total_per_s() + 0.5 * (extra_loss(from) + extra_loss(to));
    z.set(i, {-dt_s_ * loss, 2.0 * pi * dt_s_ * (shift - detuning_Hz_[carrier])});
    mode.set(i, trajectory_.mode[carrier][from]);
    last = from = to;
  }
  for (int i = 0; i <= length; ++i) field.set(i, input[i]);
  Steps steps(length);
  // Dividing by z three times costs eps/|z|³: 1e-12 at 0.05.
  const bool series = *std::max_element(z.re.begin(), z.re.begin() + length) > -0.05;
  linearise(z, mode, field, dt_s_ * std::sqrt(2.0 * rates_.bus_per_s), length, series, steps);

  const double direct = direct_, gain = mode_gain_;
  Complex later = 0.0, rate_later = 0.0, drive_later = 0.0;  // λ_{n+1}, G_n λ_{n+1}, hκ(φ₁ - φ₂)_n λ_{n+1}
  Complex decayed = 0.0;                                     // E_n λ_{n+1}
  for (int i = length - 1; i >= 0; --i) {
    const Complex weight = sensitivity[i];
    later = Complex(-gain * weight.imag(), gain * weight.real()) + decayed;
    const Complex rate = product(steps.from_rate[i], later);
    const Complex slope(-trajectory_.loss_slope_per_s_V[last],
                        2.0 * pi * trajectory_.shift_slope_Hz_per_V[last]);
    last = last == 0 ? period - 1 : last - 1;
    voltage[i] += 0.5 * dt_s_ * product(slope, rate + rate_later).real();
    sensitivity[i] = direct * weight + drive_later + product(steps.from_next[i], later);
    rate_later = rate;
    drive_later = product(steps.from_now[i], later);
    decayed = product(steps.decay[i], later);
  }
}

}  // namespace photonlink
