/// What all steppers of a ring bus share: blocks, the rates of one ring over a block, the test for having
/// settled.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "core/conventions.hpp"
#include "devices/physics/ring_integrator.hpp"
#include "devices/physics/ring_voltage.hpp"

namespace photonlink {

inline constexpr int bus_block_samples = 128;  // carriers of one block stay in the first-level cache

/// What the voltages `u_V` around the bias do, into the first samples of `rate`; its loss is left empty where
/// it is.
/// @param offset_Hz added to the shift
inline void fill_rates(const RingVoltageLaw& law, std::span<const double> u_V, double offset_Hz,
                       RateBlock& rate) {
  const bool lossy = !rate.extra_loss_per_s.empty();
  if (law.effect && lossy) {  // both changes share their work
    for (std::size_t n = 0; n < u_V.size(); ++n) {
      const RateChange now = law.effect->change(u_V[n]);
      rate.shift_Hz[n] = now.resonance_Hz + offset_Hz;
      rate.extra_loss_per_s[n] = now.loss_per_s;
    }
    return;
  }
  for (std::size_t n = 0; n < u_V.size(); ++n) rate.shift_Hz[n] = law.shift_Hz(u_V[n]) + offset_Hz;
  if (!lossy) return;
  for (std::size_t n = 0; n < u_V.size(); ++n) rate.extra_loss_per_s[n] = law.extra_loss_per_s(u_V[n]);
}

/// Largest change of a state over its largest entry; 0 of a state that is zero.
inline double largest_change(std::span<const Complex> now, std::span<const Complex> before) {
  double change = 0.0, size = 0.0;
  for (std::size_t k = 0; k < now.size(); ++k) {
    change = std::max(change, std::abs(now[k] - before[k]));
    size = std::max(size, std::abs(now[k]));
  }
  return size > 0.0 ? change / size : 0.0;
}

}  // namespace photonlink
