#include "devices/physics/ring_integrator.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/simd.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi;
constexpr double series_radius_squared = 0.25;
constexpr int exponential_width = 8;

/// Everything the kernel of one group of lanes touches.
struct Kernel {
  const double *zv_re, *zv_im, *ev_re, *ev_im;      // per sample
  const double *z_re, *z_im, *e_re, *e_im;          // per lane
  double *a_re, *a_im, *s_re, *s_im;                // per lane, state
  double *field_re, *field_im, *mode_re, *mode_im;  // per sample and lane
  double step_gain, direct, mode_gain;              // h sqrt(2/τ_e), ρ d, ρ sqrt(2/τ_out)
  int samples;
};

/// φ₁ and φ₂ by Taylor series, to 2^-14/16! = 3e-18 for |z| <= 0.5.
template <class Real>
PHOTONLINK_INLINE void series(Real zr, Real zi, Real& p1r, Real& p1i, Real& p2r, Real& p2i) {
  p2r = Real{} + 1.0;
  p2i = Real{};
  for (int k = 13; k >= 1; --k) {  // φ₂ = 1/2 (1 + z/3 (1 + z/4 (1 + ...)))
    const double scale = simd::reciprocal[k + 2];
    const Real tr = 1.0 + scale * (zr * p2r - zi * p2i);
    p2i = scale * (zr * p2i + zi * p2r);
    p2r = tr;
  }
  p2r *= 0.5;
  p2i *= 0.5;
  p1r = 1.0 + zr * p2r - zi * p2i;
  p1i = zr * p2i + zi * p2r;
}

template <int W, bool Small, bool Mode>
PHOTONLINK_INLINE void advance(const Kernel& k) {
  using L = simd::Lanes<W>;
  using Real = typename L::Real;
  const Real zcr = L::load(k.z_re), zci = L::load(k.z_im), ecr = L::load(k.e_re), eci = L::load(k.e_im);
  Real ar = L::load(k.a_re), ai = L::load(k.a_im), pr = L::load(k.s_re), pi_ = L::load(k.s_im);
  for (int n = 0; n < k.samples; ++n) {
    const Real zr = zcr + k.zv_re[n], zi = zci + k.zv_im[n];
    const Real er = ecr * k.ev_re[n] - eci * k.ev_im[n], ei = ecr * k.ev_im[n] + eci * k.ev_re[n];
    const Real norm = zr * zr + zi * zi;
    const Real qr = zr / norm, qi = -zi / norm;  // 1/z
    Real p1r = (er - 1.0) * qr - ei * qi, p1i = (er - 1.0) * qi + ei * qr;
    Real p2r = (p1r - 1.0) * qr - p1i * qi, p2i = (p1r - 1.0) * qi + p1i * qr;
    if constexpr (Small) {
      Real t1r, t1i, t2r, t2i;
      series(zr, zi, t1r, t1i, t2r, t2i);
      const auto near = norm < Real{} + series_radius_squared;
      p1r = near ? t1r : p1r;
      p1i = near ? t1i : p1i;
      p2r = near ? t2r : p2r;
      p2i = near ? t2i : p2i;
    }
    const Real sr = L::load(k.field_re + n * W), si = L::load(k.field_im + n * W);
    const Real dr = p1r - p2r, di = p1i - p2i;
    const Real fr = dr * pr - di * pi_ + p2r * sr - p2i * si;
    const Real fi = dr * pi_ + di * pr + p2r * si + p2i * sr;
    const Real next = er * ar - ei * ai - k.step_gain * fi;
    ai = er * ai + ei * ar + k.step_gain * fr;
    ar = next;
    pr = sr;
    pi_ = si;
    L::store(k.field_re + n * W, k.direct * sr - k.mode_gain * ai);
    L::store(k.field_im + n * W, k.direct * si + k.mode_gain * ar);
    if constexpr (Mode) {
      L::store(k.mode_re + n * W, ar);
      L::store(k.mode_im + n * W, ai);
    }
  }
  L::store(k.a_re, ar);
  L::store(k.a_im, ai);
  L::store(k.s_re, pr);
  L::store(k.s_im, pi_);
}

template <int W>
PHOTONLINK_INLINE void choose(const Kernel& k, bool small) {
  const bool mode = k.mode_re != nullptr;
  if (small) {
    mode ? advance<W, true, true>(k) : advance<W, true, false>(k);
  } else {
    mode ? advance<W, false, true>(k) : advance<W, false, false>(k);
  }
}

PHOTONLINK_CLONES void advance_group(const Kernel& k, int width, bool small) {
  switch (width) {
    case 2:
      return choose<2>(k, small);
    case 4:
      return choose<4>(k, small);
    default:
      return choose<8>(k, small);
  }
}

/// e^{x + jy} for `count` numbers, a multiple of the width.
PHOTONLINK_CLONES void exponentials(const double* x, const double* y, int count, double* re, double* im) {
  using L = simd::Lanes<exponential_width>;
  for (int n = 0; n < count; n += exponential_width) {
    L::Real sine, cosine;
    simd::sincos<exponential_width>(L::load(y + n), sine, cosine);
    const L::Real size = simd::exp<exponential_width>(L::load(x + n));
    L::store(re + n, size * cosine);
    L::store(im + n, size * sine);
  }
}

}  // namespace

RingIntegrator::RingIntegrator(const RingRates& rates, std::span<const double> detuning_Hz, double dt_s,
                               double passing_field, int capacity, RingPort port)
    : rates_(rates),
      carriers_(static_cast<int>(detuning_Hz.size())),
      dt_s_(dt_s),
      passing_field_(passing_field),
      port_(port),
      detuning_Hz_(detuning_Hz.begin(), detuning_Hz.end()) {
  const int width = CarrierBlock::lane_width(carriers_);
  const int lanes = (carriers_ + width - 1) / width * width;
  for (auto* v : {&z_im_, &e_re_, &e_im_, &a_re_, &a_im_, &s_re_, &s_im_}) v->assign(lanes, 0.0);
  z_re_.assign(lanes, -rates.total_per_s() * dt_s);
  for (int c = 0; c < carriers_; ++c) {
    z_im_[c] = -2.0 * pi * detuning_Hz[c] * dt_s;
    const Complex e = std::polar(std::exp(z_re_[c]), z_im_[c]);
    e_re_[c] = e.real();
    e_im_[c] = e.imag();
  }
  const int padded = (capacity + exponential_width - 1) / exponential_width * exponential_width;
  for (auto* v : {&zv_re_, &zv_im_, &ev_re_, &ev_im_}) v->assign(padded, 0.0);
}

void RingIntegrator::settle(std::span<Complex> field, double shift_Hz, double extra_loss_per_s) {
  RingRates rates = rates_;
  rates.loss_per_s += extra_loss_per_s;
  for (int c = 0; c < carriers_; ++c) {
    const double detuning = detuning_Hz_[c] - shift_Hz;
    const Complex a = mode_response(rates, detuning) * field[c];
    a_re_[c] = a.real();
    a_im_[c] = a.imag();
    s_re_[c] = field[c].real();
    s_im_[c] = field[c].imag();
    field[c] *= passing_field_ * port_response(rates, port_, detuning);
  }
  last_shift_Hz_ = shift_Hz;
  last_loss_per_s_ = extra_loss_per_s;
}

void RingIntegrator::prepare(const RateBlock& rate, int samples) {
  double shift = last_shift_Hz_, loss = last_loss_per_s_;
  for (int n = 0; n < samples; ++n) {
    zv_im_[n] = pi * dt_s_ * (shift + rate.shift_Hz[n]);
    shift = rate.shift_Hz[n];
  }
  for (int n = 0; n < samples; ++n) {
    const double now = rate.extra_loss_per_s.empty() ? 0.0 : rate.extra_loss_per_s[n];
    zv_re_[n] = -0.5 * dt_s_ * (loss + now);
    loss = now;
  }
  last_shift_Hz_ = shift;
  last_loss_per_s_ = loss;
  const int padded = (samples + exponential_width - 1) / exponential_width * exponential_width;
  exponentials(zv_re_.data(), zv_im_.data(), padded, ev_re_.data(), ev_im_.data());
}

void RingIntegrator::step(const RateBlock& rate, CarrierBlock& block, CarrierBlock* mode) {
  const int samples = block.samples(), width = block.width();
  prepare(rate, samples);
  double least_decay = rates_.total_per_s() * dt_s_;
  for (int n = 0; n < samples; ++n)
    least_decay = std::min(least_decay, rates_.total_per_s() * dt_s_ - zv_re_[n]);
  // Dividing by z twice costs eps/|z|²: 5e-13 at 0.02.
  const bool small = least_decay < 0.02;
  const PortCoupling out = port_coupling(rates_, port_);
  for (int g = 0; g < block.groups(); ++g) {
    const int lane = g * width;
    advance_group({zv_re_.data(),
                   zv_im_.data(),
                   ev_re_.data(),
                   ev_im_.data(),
                   &z_re_[lane],
                   &z_im_[lane],
                   &e_re_[lane],
                   &e_im_[lane],
                   &a_re_[lane],
                   &a_im_[lane],
                   &s_re_[lane],
                   &s_im_[lane],
                   block.re(g),
                   block.im(g),
                   mode ? mode->re(g) : nullptr,
                   mode ? mode->im(g) : nullptr,
                   dt_s_ * std::sqrt(2.0 * rates_.bus_per_s),
                   passing_field_ * out.direct,
                   passing_field_ * out.mode_per_sqrt_s,
                   samples},
                  width, small);
  }
}

}  // namespace photonlink
