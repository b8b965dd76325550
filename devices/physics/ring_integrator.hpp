/// Time stepper of one ring seen by many carriers at once.
///
/// Between samples n and n+1 the rate of the coupled-mode equation (ring.hpp) is frozen at its midpoint
///   z_n = h [ jπ(δf_n + δf_{n+1}) - (δγ_n + δγ_{n+1})/2 - j2π(f_c - f_0) - 1/τ ]
/// and the input is taken linear in time, which integrates exactly to (exponential time differencing,
/// \cite CoxMatthews2002; φ functions as in \cite HochbruckOstermann2010)
///   a_{n+1} = e^z a_n + h j sqrt(2/τ_e) [ (φ₁ - φ₂) s_n + φ₂ s_{n+1} ],
///   φ₁ = (e^z - 1)/z,   φ₂ = (φ₁ - 1)/z.
/// The field behind the ring is ρ (d s_{n+1} + j sqrt(2/τ_out) a_{n+1}), d = 1 and τ_out = τ_e at the through
/// port, d = 0 and τ_out = τ_d at the drop port (PortCoupling in ring.hpp); ρ is the loss of the passage.
/// Exact for constant rate and linear input, second order otherwise, stable for every step. The factor
/// exp(h(j2πδf - δγ)) is common to all carriers: one sine, cosine and exponential per sample, the rest is
/// arithmetic. For |z| < 0.5 and a decay per step below 0.02 the φ functions come from their Taylor series.
///
/// step() allocates nothing. The state after periodic input repeats. Speed: bench/ring_bench.cpp.
/// Verified against Boost.Odeint, closed forms and the energy balance in
/// tests/devices/physics/ring_integrator_test.cpp.
#pragma once

#include <span>
#include <vector>

#include "devices/physics/carrier_block.hpp"
#include "devices/physics/ring.hpp"

namespace photonlink {

/// Voltage-dependent part of the rate over a block, one value per sample.
struct RateBlock {
  std::vector<double> shift_Hz;          ///< δf, change of the resonance frequency
  std::vector<double> extra_loss_per_s;  ///< δγ, change of 1/τ_l; empty: none
};

/// The voltage-dependent part of z, midpoint by midpoint, and its exponential; per sample of a block.
class SteppedRates {
 public:
  /// @param capacity largest block
  SteppedRates(double dt_s, int capacity);
  /// As if the voltage had been there for ever.
  void settle(double shift_Hz, double extra_loss_per_s);
  void prepare(const RateBlock& rate, int samples);
  /// Least decay per step of a ring with that decay at the bias.
  double least_decay(double decay, int samples) const;

  std::vector<double> z_re, z_im, e_re, e_im;

 private:
  double dt_s_, last_shift_Hz_ = 0.0, last_loss_per_s_ = 0.0;
};

class RingIntegrator {
 public:
  /// @param detuning_Hz (n_carrier), carrier minus nearest unshifted resonance; @param dt_s sample spacing h;
  /// @param passing_field factor on the field behind the ring; @param capacity largest block; @param port
  /// whose field goes on.
  RingIntegrator(const RingRates& rates, std::span<const double> detuning_Hz, double dt_s,
                 double passing_field, int capacity, RingPort port = RingPort::through);

  /// Settles on constant input and rate, as if they had lasted for ever. @param field (n_carrier) [sqrt(W)].
  /// On return `field` holds the fields behind the ring.
  void settle(std::span<Complex> field, double shift_Hz, double extra_loss_per_s);
  /// Replaces the input fields of `block` by those behind the ring and advances the state; mode amplitudes go
  /// to `mode` unless it is null. Block sizes may vary from call to call up to the capacity.
  void step(const RateBlock& rate, CarrierBlock& block, CarrierBlock* mode = nullptr);

  /// Mode amplitude of each carrier after the last sample [sqrt(J)]: (n_carrier).
  Complex state(int carrier) const { return {a_re_[carrier], a_im_[carrier]}; }
  int carriers() const { return carriers_; }

 private:
  RingRates rates_;
  int carriers_;
  double dt_s_, passing_field_;
  RingPort port_;
  std::vector<double> detuning_Hz_;
  // Padded to whole groups, lane by lane: constant part of z and its exponential, mode, last input.
  std::vector<double> z_re_, z_im_, e_re_, e_im_, a_re_, a_im_, s_re_, s_im_;
  SteppedRates voltage_;
};

}  // namespace photonlink
