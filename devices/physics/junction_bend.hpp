/// How the effect of a depletion junction bends with voltage: depletion widens as sqrt(Φ + u), with Φ =
/// built-in potential + reverse bias and u the reverse voltage around the bias (Sze, Physics of Semiconductor
/// Devices, Sec. 2.2, abrupt junction). Normalised to slope 1 at the bias,
///   s(u) = (1 - c) u + c · 2Φ (sqrt(1 + u/Φ) - 1),
/// with curvature c = 0 (linear) to 1 (abrupt junction). Below u = -Φ/2 the curve continues along its
/// tangent, as circuit simulators do (coefficient FC = 1/2): forward conduction is not part of the model.
#pragma once

#include <cmath>

namespace photonlink {

struct JunctionBend {
  double curvature = 0.0;    ///< c in [0, 1]
  double potential_V = 1.0;  ///< Φ > 0

  /// s(u) [V], a voltage of the same effect in a linear device.
  double effective_V(double u_V) const {
    const double u0 = u_V < -0.5 * potential_V ? -0.5 * potential_V : u_V;
    const double root = std::sqrt(1.0 + u0 / potential_V);
    const double bent = 2.0 * potential_V * (root - 1.0) + (u_V - u0) / root;
    return (1.0 - curvature) * u_V + curvature * bent;
  }
  /// ds/du, 1 at the bias.
  double slope(double u_V) const {
    const double u0 = u_V < -0.5 * potential_V ? -0.5 * potential_V : u_V;
    return 1.0 - curvature + curvature / std::sqrt(1.0 + u0 / potential_V);
  }
};

}  // namespace photonlink
