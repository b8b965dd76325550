#include "devices/physics/ring_small_signal.hpp"

#include <Eigen/LU>
#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/hot_ring_integrator.hpp"

namespace photonlink {

Complex hot_small_signal_response(const RingRates& rates, const RingMedium& m, double power_W,
                                  double detuning_Hz, const RateChange& change, double modulation_Hz,
                                  RingPort port) {
  constexpr double pi = constants::pi;
  const double energy_J = settled_energy_J(rates, m, {&power_W, 1}, {&detuning_Hz, 1});
  const double pairs = m.settled_pairs(energy_J);
  RingRates lit = rates;
  lit.loss_per_s += m.loss_per_s(energy_J, pairs);
  const double lit_Hz = detuning_Hz - m.shift_Hz(energy_J, pairs), field = std::sqrt(power_W);
  const Complex a = mode_response(lit, lit_Hz) * field;
  const Complex rate(-lit.total_per_s(), -2.0 * pi * lit_Hz);  // Λ
  const Complex by_energy = a * Complex(-m.two_photon_per_s_J, -2.0 * pi * m.kerr_Hz_per_J);
  const Complex by_pairs = a * Complex(-m.carrier_loss_per_s, 2.0 * pi * m.carrier_shift_Hz);
  const Complex by_drive = a * Complex(-change.loss_per_s, 2.0 * pi * change.resonance_Hz);
  const Complex s(0.0, 2.0 * pi * modulation_Hz);

  // Unknowns Re δa, Im δa and δN times the scale that makes rows alike.
  const bool carriers = m.carrier_lifetime_s > 0.0 && m.pairs_per_s_J2 > 0.0;
  const double scale = carriers ? std::abs(a) / pairs : 1.0;
  Eigen::Matrix3cd system;
  Eigen::Vector3cd drive(by_drive.real(), by_drive.imag(), 0.0);
  system << s - rate.real() - 2.0 * by_energy.real() * a.real(),
      rate.imag() - 2.0 * by_energy.real() * a.imag(), -by_pairs.real() / scale,
      -rate.imag() - 2.0 * by_energy.imag() * a.real(), s - rate.real() - 2.0 * by_energy.imag() * a.imag(),
      -by_pairs.imag() / scale, 0.0, 0.0, 1.0;
  if (carriers) {
    const double per_energy = -4.0 * m.pairs_per_s_J2 * energy_J * scale;
    system.row(2) << per_energy * a.real(), per_energy * a.imag(), s + 1.0 / m.carrier_lifetime_s;
  }
  const Eigen::Vector3cd change_of = system.partialPivLu().solve(drive);
  const PortCoupling out = port_coupling(rates, port);
  const Complex leaving = out.direct * field + Complex(0.0, out.mode_per_sqrt_s) * a;
  // δ|t|² = 2 (Re t Re δt + Im t Im δt), δt = j χ δa.
  return 2.0 * out.mode_per_sqrt_s * (leaving.imag() * change_of[0] - leaving.real() * change_of[1]) /
         power_W;
}

}  // namespace photonlink
