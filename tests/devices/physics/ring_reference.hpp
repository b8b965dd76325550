/// The coupled-mode equation integrated by Boost.Odeint: the oracle of every faster stepper.
#pragma once

#include <boost/numeric/odeint.hpp>
#include <functional>
#include <vector>

#include "core/constants.hpp"
#include "devices/physics/ring.hpp"

namespace photonlink::test {

/// Mode amplitudes at t = 0, dt, ..., (count - 1) dt, from `mode` at t = 0, adaptive Dormand-Prince 5(4) of
/// relative and absolute tolerance `tolerance` (absolute per sqrt(J) scaled by the largest mode).
inline std::vector<Complex> integrate_ring(const RingRates& rates, double detuning_Hz, Complex mode,
                                           const std::function<Complex(double)>& input,
                                           const std::function<RateChange(double)>& change, double dt_s,
                                           int count, double tolerance) {
  namespace odeint = boost::numeric::odeint;
  using State = std::vector<double>;
  // Scaled so that state and time are of order one.
  const double unit_s = 1.0 / rates.total_per_s(), unit_mode = std::sqrt(unit_s);
  const auto slope = [&](const State& a, State& derivative, double t) {
    const RateChange now = change(t * unit_s);
    const Complex rate(-(rates.total_per_s() + now.loss_per_s) * unit_s,
                       2.0 * constants::pi * (now.resonance_Hz - detuning_Hz) * unit_s);
    const Complex drive =
        Complex(0.0, std::sqrt(2.0 * rates.bus_per_s)) * input(t * unit_s) * unit_s / unit_mode;
    const Complex d = rate * Complex(a[0], a[1]) + drive;
    derivative[0] = d.real();
    derivative[1] = d.imag();
  };
  std::vector<double> times;
  for (int n = 0; n < count; ++n) times.push_back(n * dt_s / unit_s);
  State a{mode.real() / unit_mode, mode.imag() / unit_mode};
  std::vector<Complex> path;
  odeint::integrate_times(odeint::make_controlled<odeint::runge_kutta_dopri5<State>>(tolerance, tolerance),
                          slope, a, times.begin(), times.end(), 0.01, [&](const State& now, double) {
                            path.push_back(Complex(now[0], now[1]) * unit_mode);
                          });
  return path;
}

}  // namespace photonlink::test
