/// What a junction voltage does to a ring: resonance shift and change of the intrinsic decay rate.
///
///   δf(u) = slope · s(u),      δf'(0) = slope,
/// with u the reverse voltage around the bias and s the bend of a depletion junction
/// (devices/physics/junction_bend.hpp). The loss follows linearly, δ(1/τ_l)(u) = loss_slope · u.
#pragma once

#include "devices/physics/junction_bend.hpp"

namespace photonlink {

struct RingVoltageLaw {
  double slope_Hz_per_V = 0.0;      ///< resonance frequency per volt at the bias; negative: red shift
  double curvature = 0.0;           ///< c in [0, 1]
  double potential_V = 1.0;         ///< Φ > 0
  double loss_slope_per_s_V = 0.0;  ///< change of 1/τ_l per volt [1/(s V)]

  JunctionBend bend() const { return {curvature, potential_V}; }
  double shift_Hz(double u_V) const { return slope_Hz_per_V * bend().effective_V(u_V); }
  double shift_slope_Hz_per_V(double u_V) const { return slope_Hz_per_V * bend().slope(u_V); }
  double extra_loss_per_s(double u_V) const { return loss_slope_per_s_V * u_V; }
};

}  // namespace photonlink
