/// Microring round by round in time: every resonance order at once, exact for modulation of any speed.
///
/// A coupler to the bus, and half a round trip later one to the drop waveguide; between them a waveguide
/// whose index and loss the voltage changes along its whole length at once. With a(t) behind the bus coupler,
/// T = 1/FSR and fields of the carrier's envelope (\cite Sacher2008, there all-pass)
///   a(t)     = jκ₁ s(t) + t₁ t₂ E(t, T) a(t - T)
///   thru(t)  = t₁ s(t) + jκ₁ t₂ E(t, T) a(t - T),       drop(t) = jκ₂ E(t, T/2) a(t - T/2)
///   E(t, θ)  = exp( ∫_{t-θ}^{t} [j2π(δf - D) - 1/τ_l - δγ] dt' )
/// D = carrier minus the nearest resonance, so that E includes the phase that the resonance leaves over;
/// couplers κ² = 1 - e^{-2/(τ FSR)} and loss have the poles of the coupled mode (rates_from_couplings).
///
/// In time: a lives on a grid of dt/M, M such that a round trip has 12 points or more; input and rates are
/// linear between samples and their integral exact. a(t - T) is a point of that grid where T is a multiple of
/// dt/M, and read between six of them (Lagrange) elsewhere: modulation at f is then off by less than
/// 5e-3 (2πf dt/M)^6 a round trip, 1e-4 at the free spectral range. The state after periodic input repeats.
///
/// Small signal around a settled state, q = t₁ t₂ z, z = E at rest, Ω = 2πf, change g = j2π δf - δγ:
///   δE/E = g G(Ω, θ),  G = (1 - e^{-jΩθ})/(jΩ)
///   thru: K = -κ₁² t₂ z G(Ω, T) / ((1 - q)(1 - q e^{-jΩT}))
///   drop: K = -κ₁ κ₂ √z [q e^{-jΩT/2} G(Ω, T)/(1 - q e^{-jΩT}) + G(Ω, T/2)] / (1 - q)
///   δP/|s|² = o* K(Ω) g + o (K(-Ω) g)*,     o the settled response
/// It has a pole near every multiple of the FSR beside the carrier, where the coupled mode has none.
///
/// Validity: no dispersion of index or couplers between the orders, no reflections.
/// Verified in tests/devices/physics/ring_delay_test.cpp against Photontorch, the coupled-mode stepper and
/// the closed forms.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "devices/physics/ring.hpp"
#include "devices/physics/ring_integrator.hpp"

namespace photonlink {

/// A delay in points of a grid, read between six of them.
struct GridDelay {
  explicit GridDelay(double points);
  Complex read(const Complex* now) const;  ///< of a wave that ends at `now`

  double points;
  int first;                     // delay of the first weight; the others lie behind it
  std::array<double, 6> weight;  // Lagrange
};

/// Grid, couplers and phases of one ring seen by one carrier.
struct DelayRing {
  DelayRing(const RingRates& rates, double fsr_Hz, double dt_s, RingPort port);

  int refinement;                    // M
  double step_s;                     // dt/M
  GridDelay trip, output;            // T and the way from the bus coupler to that of the port, T or T/2
  double k1, kept, direct, coupled;  // κ₁; t₁t₂; share of s in the output; factor of E a(t - T)
  int history;                       // points that a reading may look back
  /// Exponent of the resting ring over `points`: (-j2πD - 1/τ_l) t.
  Complex rest(double detuning_Hz, double points) const;
  double loss_per_s;
};

/// What drives the phase of a ring, on its grid: j2πδf - δγ and its integral in grid points.
class DelayDrive {
 public:
  DelayDrive(const DelayRing& ring, int capacity);
  void settle(Complex rate_per_s);
  /// Continues by the samples of a block, linear between them.
  void advance(const RateBlock& rate, int samples);
  /// ∫ over the `delay` points in front of point j of the block (0: the first behind the last sample), in
  /// seconds.
  Complex integral(int j, double delay) const;
  /// Ends a block of `points`: what lies further back than a round trip is forgotten.
  void keep(int points);

 private:
  const int refinement_, history_;
  const double step_s_;
  std::vector<Complex> rate_, integral_;  // history first
};

class RingDelay {
 public:
  /// @param detuning_Hz (n_carrier), carrier minus nearest unshifted resonance; @param passing_field factor
  /// on the field behind the ring; @param capacity largest block.
  RingDelay(const RingRates& rates, double fsr_Hz, std::span<const double> detuning_Hz, double dt_s,
            double passing_field, int capacity, RingPort port = RingPort::through);

  /// Settles on constant input and rate, as if they had lasted for ever. On return `field` (n_carrier) holds
  /// the fields behind the ring.
  void settle(std::span<Complex> field, double shift_Hz, double extra_loss_per_s);
  /// Empties the ring: the next sample is the first to bring light.
  void darken();
  /// What one carrier met at every point of a block.
  struct Record {
    std::vector<Complex> factor;                         ///< t₁t₂ E(t, T)
    std::vector<Complex> delayed;                        ///< a(t - T)
    std::vector<Complex> output_factor, output_delayed;  ///< (n_sample), of E a in the output
  };
  /// Replaces the fields, (n_carrier) waves of `samples`, by those behind the ring. @param record of the
  /// first carrier, or nullptr.
  void step(const RateBlock& rate, std::span<const std::span<Complex>> field, Record* record = nullptr);

  /// a of each carrier at the last sample.
  Complex state(int carrier) const { return wave_[carrier].stored[ring_.history]; }
  int carriers() const { return static_cast<int>(wave_.size()); }
  const DelayRing& ring() const { return ring_; }

 private:
  struct Carrier {
    Complex trip, output;         // exponentials of the resting ring, couplers and passage included
    Complex last;                 // input at the last sample
    std::vector<Complex> stored;  // a, history first
  };

  DelayRing ring_;
  RingRates rates_;
  double fsr_Hz_, passing_field_;
  RingPort port_;
  std::vector<double> detuning_Hz_;
  DelayDrive drive_;
  std::vector<Complex> trip_, output_;  // per point and per sample, exponentials of the drive
  std::vector<Carrier> wave_;
};

/// Settled response of the round trips at a detuning from the nearest resonance, and its power.
Complex delay_response(const RingRates& rates, double fsr_Hz, RingPort port, double detuning_Hz);
double delay_power(const RingRates& rates, double fsr_Hz, RingPort port, double detuning_Hz);
/// K(Ω): field behind the ring per unit input field and per unit of g.
Complex delay_kernel(const RingRates& rates, double fsr_Hz, RingPort port, double detuning_Hz,
                     double modulation_Hz);
/// δP/|s|² per unit drive, the drive changing the rates by `change`; at f = 0 the slope of delay_power().
Complex delay_small_signal(const RingRates& rates, double fsr_Hz, RingPort port, double detuning_Hz,
                           const RateChange& change, double modulation_Hz);

}  // namespace photonlink
