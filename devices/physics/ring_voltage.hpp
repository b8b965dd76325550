/// What a junction voltage does to a ring: resonance shift and change of the intrinsic decay rate.
///
/// Depletion widens as sqrt(Φ + u), with Φ = built-in potential + reverse bias and u the reverse voltage
/// around the bias (Sze, Physics of Semiconductor Devices, Sec. 2.2, abrupt junction), so the shift is
///   δf(u) = slope · [(1 - c) u + c · 2Φ (sqrt(1 + u/Φ) - 1)],       δf'(0) = slope,
/// with curvature c = 0 (linear) to 1 (abrupt junction). Below u = -Φ/2 the curve continues along its
/// tangent, as circuit simulators do (coefficient FC = 1/2): forward conduction is not part of the model. The
/// loss follows linearly, δ(1/τ_l)(u) = loss_slope · u.
#pragma once

#include <cmath>

namespace photonlink {

struct RingVoltageLaw {
  double slope_Hz_per_V = 0.0;      ///< resonance frequency per volt at the bias; negative: red shift
  double curvature = 0.0;           ///< c in [0, 1]
  double potential_V = 1.0;         ///< Φ > 0
  double loss_slope_per_s_V = 0.0;  ///< change of 1/τ_l per volt [1/(s V)]

  double shift_Hz(double u_V) const {
    const double u0 = u_V < -0.5 * potential_V ? -0.5 * potential_V : u_V;
    const double root = std::sqrt(1.0 + u0 / potential_V);
    const double bent = 2.0 * potential_V * (root - 1.0) + (u_V - u0) / root;
    return slope_Hz_per_V * ((1.0 - curvature) * u_V + curvature * bent);
  }
  double shift_slope_Hz_per_V(double u_V) const {
    const double u0 = u_V < -0.5 * potential_V ? -0.5 * potential_V : u_V;
    return slope_Hz_per_V * (1.0 - curvature + curvature / std::sqrt(1.0 + u0 / potential_V));
  }
  double extra_loss_per_s(double u_V) const { return loss_slope_per_s_V * u_V; }
};

}  // namespace photonlink
