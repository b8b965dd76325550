#include "devices/physics/gain_reservoir.hpp"

#include <cmath>

namespace photonlink {

double GainReservoir::settled_Np(double power_W) const {
  const double x = power_W / saturation_power_W;
  double gain = small_signal_Np;
  // Rising and convex: Newton's steps fall monotonically from h₀ to the solution.
  for (int i = 0; i < 100; ++i) {
    const double step = (gain + x * std::expm1(gain) - small_signal_Np) / (1.0 + x * std::exp(gain));
    gain -= step;
    if (std::abs(step) <= 1e-15 * small_signal_Np) break;
  }
  return gain;
}

ReservoirStep::ReservoirStep(const GainReservoir& r, double dt_s)
    : small_signal_Np_(r.small_signal_Np),
      decay_(std::exp(-0.5 * dt_s / r.lifetime_s)),
      per_energy_(1.0 / r.saturation_energy_J()) {}

double ReservoirStep::advance(double gain_Np, double energy_J) const {
  const double relaxed = small_signal_Np_ + (gain_Np - small_signal_Np_) * decay_;
  const double used = -std::expm1(-relaxed) * std::exp(-energy_J * per_energy_);
  const double left = -std::log1p(-used);
  return small_signal_Np_ + (left - small_signal_Np_) * decay_;
}

double ReservoirStep::advance_by_output(double gain_Np, double output_energy_J) const {
  const double relaxed = small_signal_Np_ + (gain_Np - small_signal_Np_) * decay_;
  const double left = std::log1p(std::expm1(relaxed) * std::exp(-output_energy_J * per_energy_));
  return small_signal_Np_ + (left - small_signal_Np_) * decay_;
}

ReservoirStep::Slopes ReservoirStep::slopes(double gain_Np, double energy_J) const {
  const double relaxed = small_signal_Np_ + (gain_Np - small_signal_Np_) * decay_;
  const double kept = std::exp(-energy_J * per_energy_), used = -std::expm1(-relaxed) * kept;
  return {decay_ * decay_ * std::exp(-relaxed) * kept / (1.0 - used),
          -decay_ * used * per_energy_ / (1.0 - used)};
}

}  // namespace photonlink
