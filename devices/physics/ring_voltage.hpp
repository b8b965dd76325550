/// What a junction voltage does to a ring: resonance shift and change of the intrinsic decay rate.
///
///   δf(u) = slope · s(u),      δf'(0) = slope,
/// with u the reverse voltage around the bias and s the bend of a depletion junction
/// (devices/physics/junction_bend.hpp). The loss follows linearly, δ(1/τ_l)(u) = loss_slope · u.
/// With an `effect` both come from that instead (devices/physics/ring_junction.hpp), and the four numbers
/// say nothing.
#pragma once

#include <memory>

#include "devices/physics/junction_bend.hpp"
#include "devices/physics/ring.hpp"

namespace photonlink {

/// A law of its own around the bias: zero at u = 0, with its derivative.
class JunctionEffect {
 public:
  virtual ~JunctionEffect() = default;
  virtual RateChange change(double u_V) const = 0;
  virtual RateChange slope(double u_V) const = 0;  ///< per volt
};

struct RingVoltageLaw {
  double slope_Hz_per_V = 0.0;      ///< resonance frequency per volt at the bias; negative: red shift
  double curvature = 0.0;           ///< c in [0, 1]
  double potential_V = 1.0;         ///< Φ > 0
  double loss_slope_per_s_V = 0.0;  ///< change of 1/τ_l per volt [1/(s V)]
  std::shared_ptr<const JunctionEffect> effect = nullptr;

  JunctionBend bend() const { return {curvature, potential_V}; }
  double shift_Hz(double u_V) const {
    return effect ? effect->change(u_V).resonance_Hz : slope_Hz_per_V * bend().effective_V(u_V);
  }
  double shift_slope_Hz_per_V(double u_V) const {
    return effect ? effect->slope(u_V).resonance_Hz : slope_Hz_per_V * bend().slope(u_V);
  }
  double extra_loss_per_s(double u_V) const {
    return effect ? effect->change(u_V).loss_per_s : loss_slope_per_s_V * u_V;
  }
  /// d(1/τ_l)/du at u.
  double loss_slope_at(double u_V) const {
    return effect ? effect->slope(u_V).loss_per_s : loss_slope_per_s_V;
  }
  /// Both changes at once, for laws that share their work.
  RateChange change(double u_V) const {
    return effect ? effect->change(u_V) : RateChange{shift_Hz(u_V), extra_loss_per_s(u_V)};
  }
  bool changes_loss() const { return effect || loss_slope_per_s_V != 0.0; }
};

}  // namespace photonlink
