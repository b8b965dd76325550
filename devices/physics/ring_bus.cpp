#include "devices/physics/ring_bus.hpp"

#include <cmath>

#include "core/simd.hpp"

namespace photonlink {
namespace {

constexpr int width = 8;
using Pack = simd::Lanes<width>;
using Real = Pack::Real;

/// One ring over all packs of wavelengths; `power` is what is left in the bus, updated in place.
PHOTONLINK_CLONES
void pass_ring(const RoundTripRing& ring, const double* beta, int count, double* power, double* drop) {
  const double a = std::pow(10.0, -ring.round_trip_loss_dB / 20.0);
  const double t1 = std::sqrt(1.0 - ring.bus_power_coupling), t2 = std::sqrt(1.0 - ring.drop_power_coupling);
  const double drop_gain = ring.bus_power_coupling * ring.drop_power_coupling * a;
  for (int k = 0; k < count; k += width) {
    Real sine, cosine;
    simd::sincos<width>(Pack::load(beta + k) * ring.length_m, sine, cosine);
    // |t₁ - t₂ z|² and |1 - t₁ t₂ z|² with z = a (cos φ - j sin φ).
    const Real re1 = t1 - t2 * a * cosine, im1 = t2 * a * sine;
    const Real re2 = 1.0 - t1 * t2 * a * cosine, im2 = t1 * t2 * a * sine;
    const Real in = Pack::load(power + k);
    const Real scaled = in / (re2 * re2 + im2 * im2);
    Pack::store(drop + k, scaled * drop_gain);
    Pack::store(power + k, scaled * (re1 * re1 + im1 * im1));
  }
}

}  // namespace

BusSpectrum bus_spectrum(std::span<const RoundTripRing> rings, std::span<const double> propagation_per_m) {
  const std::size_t n = propagation_per_m.size(), padded = (n + width - 1) / width * width;
  std::vector<double> beta(propagation_per_m.begin(), propagation_per_m.end());
  beta.resize(padded, 0.0);
  BusSpectrum result;
  result.through.assign(padded, 1.0);
  for (const RoundTripRing& ring : rings) {
    std::vector<double>& drop = result.drop.emplace_back(padded);
    pass_ring(ring, beta.data(), static_cast<int>(padded), result.through.data(), drop.data());
    drop.resize(n);
  }
  result.through.resize(n);
  return result;
}

}  // namespace photonlink
