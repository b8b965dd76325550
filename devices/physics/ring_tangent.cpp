#include "devices/physics/ring_tangent.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/ring_linearised.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi;

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
  PackedWave z(length), mode(length), field(length + 1);
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
  const LinearSteps steps =
      linearise_steps(z, mode, field, dt_s_ * std::sqrt(2.0 * rates_.bus_per_s), length);

  const double direct = direct_, gain = mode_gain_;
  Complex later = 0.0, rate_later = 0.0, drive_later = 0.0;  // λ_{n+1}, G_n λ_{n+1}, hκ(φ₁ - φ₂)_n λ_{n+1}
  Complex decayed = 0.0;                                     // E_n λ_{n+1}
  for (int i = length - 1; i >= 0; --i) {
    const Complex weight = sensitivity[i];
    later = Complex(-gain * weight.imag(), gain * weight.real()) + decayed;
    const Complex rate = plain_product(steps.from_rate[i], later);
    const Complex slope(-trajectory_.loss_slope_per_s_V[last],
                        2.0 * pi * trajectory_.shift_slope_Hz_per_V[last]);
    last = last == 0 ? period - 1 : last - 1;
    voltage[i] += 0.5 * dt_s_ * plain_product(slope, rate + rate_later).real();
    sensitivity[i] = direct * weight + drive_later + plain_product(steps.from_next[i], later);
    rate_later = rate;
    drive_later = plain_product(steps.from_now[i], later);
    decayed = plain_product(steps.decay[i], later);
  }
}

}  // namespace photonlink
