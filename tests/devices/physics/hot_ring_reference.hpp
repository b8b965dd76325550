/// The coupled mode with carriers and heat integrated by Boost.Odeint: the oracle of the hot ring's stepper.
#pragma once

#include <array>
#include <boost/numeric/odeint.hpp>
#include <functional>
#include <vector>

#include "core/constants.hpp"
#include "devices/physics/ring.hpp"
#include "devices/physics/ring_medium.hpp"

namespace photonlink::test {

/// State of one carrier: Re a, Im a, pairs, temperature above that of the stated detuning.
using HotState = std::array<double, 4>;

/// What drives a ring at time t: field, junction voltage around the bias with its resonance change.
struct HotDrive {
  Complex field;
  double u_V = 0.0, shift_Hz = 0.0, extra_loss_per_s = 0.0;
};

/// States at t = 0, dt, ..., (count - 1) dt. @param mean_heat_W heat at which the temperature would stay 0
inline std::vector<HotState> integrate_hot_ring(const RingRates& rates, const RingMedium& m,
                                                double detuning_Hz, HotState from,
                                                const std::function<HotDrive(double)>& drive, double dt_s,
                                                int count, double mean_heat_W, bool live, double tolerance) {
  namespace odeint = boost::numeric::odeint;
  const double unit_s = 1.0 / rates.total_per_s();
  const double unit_J = 2.0 * rates.bus_per_s * std::norm(drive(0.0).field) * unit_s * unit_s;
  const double unit_a = std::sqrt(unit_J), pairs = m.settled_pairs(unit_J),
               unit_n = pairs > 0.0 ? pairs : 1.0;
  const auto slope = [&](const HotState& x, HotState& d, double t) {
    const HotDrive now = drive(t * unit_s);
    const Complex a = Complex(x[0], x[1]) * unit_a;
    const double energy_J = std::norm(a), n = x[2] * unit_n;
    const double loss = rates.total_per_s() + now.extra_loss_per_s + m.two_photon_per_s_J * energy_J +
                        m.carrier_loss_per_s * n;
    const double shift =
        now.shift_Hz - m.kerr_Hz_per_J * energy_J + m.carrier_shift_Hz * n - m.thermal_shift_Hz_per_K * x[3];
    const Complex slope_a = Complex(-loss, 2.0 * constants::pi * (shift - detuning_Hz)) * a +
                            Complex(0.0, std::sqrt(2.0 * rates.bus_per_s)) * now.field;
    d[0] = slope_a.real() * unit_s / unit_a;
    d[1] = slope_a.imag() * unit_s / unit_a;
    d[2] = m.carrier_lifetime_s > 0.0
               ? (m.pairs_per_s_J2 * energy_J * energy_J - n / m.carrier_lifetime_s) * unit_s / unit_n
               : 0.0;
    // Written out here, not taken from RingMedium: 2(α/τ_l + kU + νN)U + V I.
    const double linear = rates.loss_per_s + now.extra_loss_per_s;
    const double absorbed =
        2.0 * (m.absorbed_share * linear + m.two_photon_per_s_J * energy_J + m.carrier_loss_per_s * n) *
        energy_J;
    const double current = m.current_A_per_W * (2.0 * m.absorbed_share * linear * energy_J +
                                                m.two_photon_per_s_J * energy_J * energy_J);
    const double heat = absorbed + (m.bias_V + now.u_V) * current - mean_heat_W;
    d[3] = live ? (m.thermal_resistance_K_per_W * heat - x[3]) / m.thermal_time_s * unit_s : 0.0;
  };
  std::vector<double> times;
  times.reserve(static_cast<std::size_t>(count));
  for (int n = 0; n < count; ++n) times.push_back(n * dt_s / unit_s);
  HotState x{from[0] / unit_a, from[1] / unit_a, from[2] / unit_n, from[3]};
  std::vector<HotState> path;
  odeint::integrate_times(odeint::make_controlled<odeint::runge_kutta_dopri5<HotState>>(tolerance, tolerance),
                          slope, x, times.begin(), times.end(), 0.01, [&](const HotState& s, double) {
                            path.push_back({s[0] * unit_a, s[1] * unit_a, s[2] * unit_n, s[3]});
                          });
  return path;
}

}  // namespace photonlink::test
