/// The steps of ring_integrator.hpp linearised along a trajectory: what the tangents of rings are made of.
#pragma once

#include <vector>

#include "core/conventions.hpp"

namespace photonlink {

/// A complex number per sample of a window, padded to whole packs.
struct PackedWave {
  explicit PackedWave(int count);
  std::vector<double> re, im;
  Complex operator[](int n) const {
    return {re[static_cast<std::size_t>(n)], im[static_cast<std::size_t>(n)]};
  }
  void set(int n, Complex value) {
    re[static_cast<std::size_t>(n)] = value.real();
    im[static_cast<std::size_t>(n)] = value.imag();
  }
};

/// Per step: E, hκ(φ₁ - φ₂), hκφ₂ and G = da_{n+1}/dz (ring_tangent.hpp).
struct LinearSteps {
  explicit LinearSteps(int count) : decay(count), from_now(count), from_next(count), from_rate(count) {}
  PackedWave decay, from_now, from_next, from_rate;
};

/// @param z, mode (count): rate of each step and the mode where it begins. @param input (count + 1).
/// @param gain h sqrt(2/τ_e)
LinearSteps linearise_steps(const PackedWave& z, const PackedWave& mode, const PackedWave& input, double gain,
                            int count);

/// Plain product: std::complex multiplication checks for infinities.
inline Complex plain_product(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

}  // namespace photonlink
