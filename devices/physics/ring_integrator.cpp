#include "devices/physics/ring_integrator.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/simd.hpp"
#include "devices/physics/ring_step.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi;
constexpr int exponential_width = 8;

/// Everything the kernel of one group of lanes touches.
struct Kernel {
  const double *zv_re, *zv_im, *ev_re, *ev_im;      // per sample
  const double *z_re, *z_im, *e_re, *e_im;          // per lane
  double *a_re, *a_im, *s_re, *s_im;                // per lane, state
  double *field_re, *field_im, *mode_re, *mode_im;  // per sample and lane
  RingStepGains gain;
  int samples;
};

template <int W, bool Small, bool Mode>
PHOTONLINK_INLINE void advance(const Kernel& k) {
  using L = simd::Lanes<W>;
  using Real = typename L::Real;
  const Real zcr = L::load(k.z_re), zci = L::load(k.z_im), ecr = L::load(k.e_re), eci = L::load(k.e_im);
  Real ar = L::load(k.a_re), ai = L::load(k.a_im), pr = L::load(k.s_re), pi_ = L::load(k.s_im);
  for (int n = 0; n < k.samples; ++n) {
    const Real zr = zcr + k.zv_re[n], zi = zci + k.zv_im[n];
    const Real er = ecr * k.ev_re[n] - eci * k.ev_im[n], ei = ecr * k.ev_im[n] + eci * k.ev_re[n];
    Real sr = L::load(k.field_re + n * W), si = L::load(k.field_im + n * W);
    ring_step<Small>(k.gain, zr, zi, er, ei, ar, ai, pr, pi_, sr, si);
    L::store(k.field_re + n * W, sr);
    L::store(k.field_im + n * W, si);
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

SteppedRates::SteppedRates(double dt_s, int capacity) : dt_s_(dt_s) {
  const int padded = (capacity + exponential_width - 1) / exponential_width * exponential_width;
  for (auto* v : {&z_re, &z_im, &e_re, &e_im}) v->assign(padded, 0.0);
}

void SteppedRates::settle(double shift_Hz, double extra_loss_per_s) {
  last_shift_Hz_ = shift_Hz;
  last_loss_per_s_ = extra_loss_per_s;
}

void SteppedRates::prepare(const RateBlock& rate, int samples) {
  double shift = last_shift_Hz_, loss = last_loss_per_s_;
  for (int n = 0; n < samples; ++n) {
    z_im[n] = pi * dt_s_ * (shift + rate.shift_Hz[n]);
    shift = rate.shift_Hz[n];
  }
  for (int n = 0; n < samples; ++n) {
    const double now = rate.extra_loss_per_s.empty() ? 0.0 : rate.extra_loss_per_s[n];
    z_re[n] = -0.5 * dt_s_ * (loss + now);
    loss = now;
  }
  last_shift_Hz_ = shift;
  last_loss_per_s_ = loss;
  const int padded = (samples + exponential_width - 1) / exponential_width * exponential_width;
  exponentials(z_re.data(), z_im.data(), padded, e_re.data(), e_im.data());
}

double SteppedRates::least_decay(double decay, int samples) const {
  double least = decay;
  for (int n = 0; n < samples; ++n) least = std::min(least, decay - z_re[n]);
  return least;
}

RingIntegrator::RingIntegrator(const RingRates& rates, std::span<const double> detuning_Hz, double dt_s,
                               double passing_field, int capacity, RingPort port)
    : rates_(rates),
      carriers_(static_cast<int>(detuning_Hz.size())),
      dt_s_(dt_s),
      passing_field_(passing_field),
      port_(port),
      detuning_Hz_(detuning_Hz.begin(), detuning_Hz.end()),
      voltage_(dt_s, capacity) {
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
  voltage_.settle(shift_Hz, extra_loss_per_s);
}

void RingIntegrator::step(const RateBlock& rate, CarrierBlock& block, CarrierBlock* mode) {
  const int samples = block.samples(), width = block.width();
  voltage_.prepare(rate, samples);
  const bool small = voltage_.least_decay(rates_.total_per_s() * dt_s_, samples) < series_decay;
  const PortCoupling out = port_coupling(rates_, port_);
  for (int g = 0; g < block.groups(); ++g) {
    const int lane = g * width;
    advance_group({voltage_.z_re.data(),
                   voltage_.z_im.data(),
                   voltage_.e_re.data(),
                   voltage_.e_im.data(),
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
                   {dt_s_ * std::sqrt(2.0 * rates_.bus_per_s), passing_field_ * out.direct,
                    passing_field_ * out.mode_per_sqrt_s},
                   samples},
                  width, small);
  }
}

}  // namespace photonlink
