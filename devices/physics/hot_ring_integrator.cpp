#include "devices/physics/hot_ring_integrator.hpp"

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>

#include "core/constants.hpp"
#include "core/simd.hpp"
#include "devices/physics/ring_step.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi;

/// Everything one block touches; per sample arrays begin at the block.
struct Kernel {
  const double *zv_re, *zv_im, *ev_re, *ev_im;
  const double *linear_heat, *square_heat;      // null: no live heat
  const double *z_re, *z_im, *e_re, *e_im;      // per lane
  double *a_re, *a_im, *s_re, *s_im;            // per lane
  double *energy, *pairs, *shift, *extra_loss;  // per sample, written
  CarrierBlock *field, *mode;
  RingStepGains gain;
  double dt;
  double carrier_decay, carrier_gain;  // e^{-h/τ_c}, g τ_c (1 - e^{-h/τ_c})
  double heat_decay, heat_gain, mean_heat;
  RingMedium medium;
};

struct Slow {
  double energy, before, pairs, temperature;
};

/// e^{x + jy}.
PHOTONLINK_INLINE Complex exponential(double x, double y) {
  if (x * x + y * y > 2.5e-4) {
    const double size = std::exp(x);
    return {size * std::cos(y), size * std::sin(y)};
  }
  // (1 + w) + w² [(1/2 + w/6) + w² (1/24 + w/120 + w²/720)]: few products one behind the other.
  const double qr = x * x - y * y, qi = 2.0 * x * y;
  const double cr = 1.0 / 24 + x / 120 + qr / 720, ci = y / 120 + qi / 720;
  const double br = 0.5 + x / 6 + qr * cr - qi * ci, bi = y / 6 + qr * ci + qi * cr;
  const double re = 1.0 + x + qr * br - qi * bi, im = y + qr * bi + qi * br;
  return {re, im};
}

template <int W, bool Small>
PHOTONLINK_INLINE void advance(const Kernel& k, Slow& slow, int samples) {
  using L = simd::Lanes<W>;
  using Real = typename L::Real;
  const int groups = k.field->groups();
  const RingMedium& m = k.medium;
  for (int n = 0; n < samples; ++n) {
    const double middle = 1.5 * slow.energy - 0.5 * slow.before;
    const double later = k.carrier_decay * slow.pairs + k.carrier_gain * slow.energy * slow.energy;
    if (k.linear_heat) {
      const double pairs = 0.5 * (slow.pairs + later);
      const double heat =
          (k.linear_heat[n] + k.square_heat[n] * slow.energy + 2.0 * m.carrier_loss_per_s * pairs) *
          slow.energy;
      slow.temperature = k.heat_decay * slow.temperature + k.heat_gain * (heat - k.mean_heat);
    }
    if (n > 0) k.pairs[n - 1] = 0.5 * (slow.pairs + later);
    slow.pairs = later;
    const double shift = m.shift_Hz(middle, later) - m.thermal_shift_Hz_per_K * slow.temperature;
    const double loss = m.loss_per_s(middle, later);
    k.shift[n] = shift;
    k.extra_loss[n] = loss;
    const double wr = -k.dt * loss, wi = 2.0 * pi * k.dt * shift;
    const Complex w = exponential(wr, wi);
    const double fr = k.ev_re[n] * w.real() - k.ev_im[n] * w.imag();
    const double fi = k.ev_re[n] * w.imag() + k.ev_im[n] * w.real();
    const double vr = k.zv_re[n] + wr, vi = k.zv_im[n] + wi;
    Real sum = L::fill(0.0);
    for (int g = 0; g < groups; ++g) {
      const int lane = g * W;
      const Real zr = L::load(k.z_re + lane) + vr, zi = L::load(k.z_im + lane) + vi;
      const Real cr = L::load(k.e_re + lane), ci = L::load(k.e_im + lane);
      const Real er = cr * fr - ci * fi, ei = cr * fi + ci * fr;
      Real ar = L::load(k.a_re + lane), ai = L::load(k.a_im + lane);
      Real pr = L::load(k.s_re + lane), pi_ = L::load(k.s_im + lane);
      double *re = k.field->re(g) + n * W, *im = k.field->im(g) + n * W;
      Real sr = L::load(re), si = L::load(im);
      ring_step<Small>(k.gain, zr, zi, er, ei, ar, ai, pr, pi_, sr, si);
      L::store(re, sr);
      L::store(im, si);
      L::store(k.a_re + lane, ar);
      L::store(k.a_im + lane, ai);
      L::store(k.s_re + lane, pr);
      L::store(k.s_im + lane, pi_);
      if (k.mode) {
        L::store(k.mode->re(g) + n * W, ar);
        L::store(k.mode->im(g) + n * W, ai);
      }
      sum += ar * ar + ai * ai;
    }
    slow.before = slow.energy;
    slow.energy = 0.0;
    for (int c = 0; c < W; ++c) slow.energy += sum[c];
    k.energy[n] = slow.energy;
  }
  // Behind the last sample the pairs of the next half step follow from its energy.
  const double later = k.carrier_decay * slow.pairs + k.carrier_gain * slow.energy * slow.energy;
  k.pairs[samples - 1] = 0.5 * (slow.pairs + later);
}

PHOTONLINK_CLONES void advance_block(const Kernel& k, Slow& slow, int samples, int width, bool small) {
  switch (width) {
    case 2:
      return small ? advance<2, true>(k, slow, samples) : advance<2, false>(k, slow, samples);
    case 4:
      return small ? advance<4, true>(k, slow, samples) : advance<4, false>(k, slow, samples);
    default:
      return small ? advance<8, true>(k, slow, samples) : advance<8, false>(k, slow, samples);
  }
}

}  // namespace

double settled_energy_J(const RingRates& rates, const RingMedium& m, std::span<const double> power_W,
                        std::span<const double> detuning_Hz) {
  const double total = rates.total_per_s(), drive = 2.0 * rates.bus_per_s;
  const auto supplied = [&](double energy_J) {
    const double pairs = m.settled_pairs(energy_J), loss = total + m.loss_per_s(energy_J, pairs);
    const double shift_Hz = m.shift_Hz(energy_J, pairs);
    double sum = 0.0;
    for (std::size_t c = 0; c < power_W.size(); ++c) {
      const double d = 2.0 * pi * (detuning_Hz[c] - shift_Hz);
      sum += drive * power_W[c] / (loss * loss + d * d);
    }
    return sum;
  };
  if (!m.fast()) return supplied(0.0);
  double most = 0.0;
  for (const double power : power_W) most += drive * power / (total * total);
  const auto surplus = [&](double energy_J) { return supplied(energy_J) - energy_J; };
  // The least root: from below in steps of the peak.
  constexpr int steps = 32;
  double low = 0.0, at_low = surplus(0.0);
  for (int k = 1; k <= steps; ++k) {
    const double high = most * k / steps, at_high = surplus(high);
    if (at_high > 0.0 && k < steps) {
      low = high;
      at_low = at_high;
      continue;
    }
    if (at_low <= 0.0 || at_high >= 0.0) return at_low <= 0.0 ? low : high;
    std::uintmax_t iterations = 100;
    const auto [a, b] = boost::math::tools::toms748_solve(
        surplus, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(52), iterations);
    return 0.5 * (a + b);
  }
  return most;
}

HotRingIntegrator::HotRingIntegrator(const RingRates& rates, const RingMedium& medium,
                                     std::span<const double> detuning_Hz, double dt_s, double passing_field,
                                     int capacity, RingPort port, double mean_heat_W)
    : rates_(rates),
      medium_(medium),
      carriers_(static_cast<int>(detuning_Hz.size())),
      dt_s_(dt_s),
      passing_field_(passing_field),
      port_(port),
      detuning_Hz_(detuning_Hz.begin(), detuning_Hz.end()),
      mean_heat_W_(mean_heat_W),
      voltage_(dt_s, capacity) {
  const auto width = static_cast<std::size_t>(CarrierBlock::lane_width(carriers_));
  const std::size_t lanes = (detuning_Hz_.size() + width - 1) / width * width;
  for (auto* v : {&z_im_, &e_re_, &e_im_, &a_re_, &a_im_, &s_re_, &s_im_}) v->assign(lanes, 0.0);
  z_re_.assign(lanes, -rates.total_per_s() * dt_s);
  for (std::size_t c = 0; c < detuning_Hz_.size(); ++c) {
    z_im_[c] = -2.0 * pi * detuning_Hz_[c] * dt_s;
    const Complex e = std::polar(std::exp(z_re_[c]), z_im_[c]);
    e_re_[c] = e.real();
    e_im_[c] = e.imag();
  }
  for (auto* v : {&linear_heat_per_s_, &square_heat_per_s_J_, &trace_.energy_J, &trace_.pairs,
                  &trace_.shift_Hz, &trace_.extra_loss_per_s})
    v->assign(static_cast<std::size_t>(capacity), 0.0);
}

double HotRingIntegrator::mode_energy_J() const {
  double sum = 0.0;
  for (std::size_t c = 0; c < a_re_.size(); ++c) sum += a_re_[c] * a_re_[c] + a_im_[c] * a_im_[c];
  return sum;
}

void HotRingIntegrator::settle(std::span<Complex> field, double shift_Hz, double extra_loss_per_s,
                               double u_V) {
  RingRates rates = rates_;
  rates.loss_per_s += extra_loss_per_s;
  std::vector<double> power_W, detuning_Hz;
  power_W.reserve(field.size());
  detuning_Hz.reserve(field.size());
  for (std::size_t c = 0; c < field.size(); ++c) {
    power_W.push_back(std::norm(field[c]));
    detuning_Hz.push_back(detuning_Hz_[c] - shift_Hz);
  }
  energy_J_ = settled_energy_J(rates, medium_, power_W, detuning_Hz);
  pairs_ = medium_.settled_pairs(energy_J_);
  temperature_K_ = 0.0;
  rates.loss_per_s += medium_.loss_per_s(energy_J_, pairs_);
  for (std::size_t c = 0; c < field.size(); ++c) {
    const double detuning = detuning_Hz[c] - medium_.shift_Hz(energy_J_, pairs_);
    const Complex a = mode_response(rates, detuning) * field[c];
    a_re_[c] = a.real();
    a_im_[c] = a.imag();
    s_re_[c] = field[c].real();
    s_im_[c] = field[c].imag();
    field[c] *= passing_field_ * port_response(rates, port_, detuning);
  }
  before_J_ = energy_J_ = mode_energy_J();
  voltage_.settle(shift_Hz, extra_loss_per_s);
  last_linear_per_s_ = medium_.linear_heat_per_s(rates_.loss_per_s + extra_loss_per_s, u_V);
  last_square_per_s_J_ = medium_.square_heat_per_s_J(u_V);
}

void HotRingIntegrator::prepare_heat(const RateBlock& rate, std::span<const double> voltage_V, int samples) {
  for (std::size_t n = 0; n < static_cast<std::size_t>(samples); ++n) {
    const double loss = rates_.loss_per_s + (rate.extra_loss_per_s.empty() ? 0.0 : rate.extra_loss_per_s[n]);
    linear_heat_per_s_[n] = last_linear_per_s_;
    square_heat_per_s_J_[n] = last_square_per_s_J_;
    last_linear_per_s_ = medium_.linear_heat_per_s(loss, voltage_V[n]);
    last_square_per_s_J_ = medium_.square_heat_per_s_J(voltage_V[n]);
  }
}

void HotRingIntegrator::step(const RateBlock& rate, std::span<const double> voltage_V, CarrierBlock& block,
                             CarrierBlock* mode) {
  const int samples = block.samples();
  voltage_.prepare(rate, samples);
  if (live_) prepare_heat(rate, voltage_V, samples);
  const PortCoupling out = port_coupling(rates_, port_);
  const double carriers = medium_.carrier_lifetime_s > 0.0 ? -dt_s_ / medium_.carrier_lifetime_s : 0.0;
  const double heat = -dt_s_ / medium_.thermal_time_s;
  const Kernel kernel{voltage_.z_re.data(),
                      voltage_.z_im.data(),
                      voltage_.e_re.data(),
                      voltage_.e_im.data(),
                      live_ ? linear_heat_per_s_.data() : nullptr,
                      live_ ? square_heat_per_s_J_.data() : nullptr,
                      z_re_.data(),
                      z_im_.data(),
                      e_re_.data(),
                      e_im_.data(),
                      a_re_.data(),
                      a_im_.data(),
                      s_re_.data(),
                      s_im_.data(),
                      trace_.energy_J.data(),
                      trace_.pairs.data(),
                      trace_.shift_Hz.data(),
                      trace_.extra_loss_per_s.data(),
                      &block,
                      mode,
                      {dt_s_ * std::sqrt(2.0 * rates_.bus_per_s), passing_field_ * out.direct,
                       passing_field_ * out.mode_per_sqrt_s},
                      dt_s_,
                      std::exp(carriers),
                      -medium_.pairs_per_s_J2 * medium_.carrier_lifetime_s * std::expm1(carriers),
                      std::exp(heat),
                      -medium_.thermal_resistance_K_per_W * std::expm1(heat),
                      mean_heat_W_,
                      medium_};
  Slow slow{energy_J_, before_J_, pairs_, temperature_K_};
  advance_block(kernel, slow, samples, block.width(),
                voltage_.least_decay(rates_.total_per_s() * dt_s_, samples) < series_decay);
  energy_J_ = slow.energy;
  before_J_ = slow.before;
  pairs_ = slow.pairs;
  temperature_K_ = slow.temperature;
}

}  // namespace photonlink
