#include "devices/physics/ring_round_trip.hpp"

#include <cmath>

#include "core/constants.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi;

double amplitude(const RoundTripRing& ring) {
  return std::pow(10.0, -ring.round_trip_loss_dB / 20.0);
}

struct Exponents {
  double x, x2;  // -ln t₁, -ln t₂
  Complex w;
};
Exponents exponents(const RoundTripRing& ring, double phase) {
  const double x2 = -0.5 * std::log1p(-ring.drop_power_coupling);
  return {-0.5 * std::log1p(-ring.bus_power_coupling), x2, {x2 - std::log(amplitude(ring)), phase}};
}

}  // namespace

double WaveguideIndex::propagation_per_m(double wavelength_m) const {
  // n_g = n_eff - λ dn/dλ fixes the slope at the reference.
  const double n = effective + (effective - group) * (wavelength_m - reference_m) / reference_m;
  return 2.0 * pi * n / wavelength_m;
}

Complex round_trip_through(const RoundTripRing& ring, double phase) {
  const double t1 = std::sqrt(1.0 - ring.bus_power_coupling), t2 = std::sqrt(1.0 - ring.drop_power_coupling);
  const Complex z = std::polar(amplitude(ring), -phase);
  return (t1 - t2 * z) / (1.0 - t1 * t2 * z);
}

Complex round_trip_drop(const RoundTripRing& ring, double phase) {
  const double t1t2 = std::sqrt((1.0 - ring.bus_power_coupling) * (1.0 - ring.drop_power_coupling));
  const Complex half = std::polar(std::sqrt(amplitude(ring)), -0.5 * phase);
  return -std::sqrt(ring.bus_power_coupling * ring.drop_power_coupling) * half / (1.0 - t1t2 * half * half);
}

double through_error_bound(const RoundTripRing& ring, double phase) {
  const auto [x, x2, w] = exponents(ring, phase);
  return std::expm1(2.0 * std::abs(w) * x / (pi * pi));
}

double drop_error_bound(const RoundTripRing& ring, double phase) {
  const auto [x, x2, w] = exponents(ring, phase);
  return std::expm1(2.0 * std::norm(0.5 * (w + x)) / (pi * pi) + (x * x + x2 * x2) / 12.0);
}

}  // namespace photonlink
