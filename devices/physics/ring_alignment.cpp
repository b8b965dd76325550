#include "devices/physics/ring_alignment.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>

#include "core/constants.hpp"

namespace photonlink {

double settled_power(const RingRates& rates, const RingVoltageLaw& law, RingPort port, double detuning_Hz,
                     double u_V) {
  RingRates ring = rates;
  ring.loss_per_s += law.extra_loss_per_s(u_V);
  return port_power(ring, port, detuning_Hz - law.shift_Hz(u_V));
}

double largest_oma_detuning_Hz(const RingRates& rates, const RingVoltageLaw& law, RingPort port, double side,
                               double swing_Vpp) {
  const double u = 0.5 * swing_Vpp;
  const auto minus_oma = [&](double distance_Hz) {
    return -std::abs(settled_power(rates, law, port, side * distance_Hz, u) -
                     settled_power(rates, law, port, side * distance_Hz, -u));
  };
  // The optimum lies within the line and the shift; a coarse scan brackets it for Brent's method.
  const double range = 2.0 * rates.linewidth_Hz() + std::abs(law.shift_Hz(u)) + std::abs(law.shift_Hz(-u));
  constexpr int points = 64;
  int best = 1;
  for (int k = 1; k < points; ++k)
    if (minus_oma(range * k / points) < minus_oma(range * best / points)) best = k;
  constexpr int bits = 26;  // half the digits of a double, all a minimum can give
  return side * boost::math::tools::brent_find_minima(minus_oma, range * (best - 1) / points,
                                                      range * (best + 1) / points, bits)
                    .first;
}

double loss_at_detuning_dB(const RingRates& rates, RingPort port, double detuning_Hz) {
  const double reference = port == RingPort::through ? 1.0 : port_power(rates, port, 0.0);
  return 10.0 * std::log10(reference / port_power(rates, port, detuning_Hz));
}

double detuning_at_loss_Hz(const RingRates& rates, RingPort port, double loss_dB) {
  const double t = std::pow(10.0, -loss_dB / 10.0), total = rates.total_per_s();
  const double dark = total - 2.0 * rates.bus_per_s;
  const double squared = port == RingPort::through ? (t * total * total - dark * dark) / (1.0 - t)
                                                   : (1.0 / t - 1.0) * total * total;
  return std::sqrt(std::max(squared, 0.0)) / (2.0 * constants::pi);
}

}  // namespace photonlink
