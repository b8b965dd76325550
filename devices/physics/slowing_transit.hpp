/// Carrier transit that the current slows down, one pole whose frequency falls with what it passes on.
///
///   dy/dt = ω(y) (u - y),   ω(y) = 2π f_tr / (1 + y/I_b)
///
/// The carriers in flight screen the field that sweeps them out; at y = I_b the bandwidth is halved. The
/// hyperbolic law is an assumption that a single published pair of current and bandwidth fixes. Step of dt
/// with u linear in between and ω that of the step's beginning, a = ω dt, e = exp(-a):
///   y₁ = u₁ - (u₁ - u₀) (1 - e)/a + (y₀ - u₀) e
/// exact where ω does not change, of first order in how it does.
///
/// Verified in tests/devices/physics/slowing_transit_test.cpp against Odeint, the small-signal pole and
/// finite differences.
#pragma once

#include <cmath>

#include "core/constants.hpp"

namespace photonlink {

struct SlowingTransit {
  double bandwidth_Hz = 0.0;  ///< f_tr without current
  double current_A = 0.0;     ///< I_b

  double angular_rate(double y_A) const {
    return 2.0 * constants::pi * bandwidth_Hz / (1.0 + y_A / current_A);
  }

  /// One step and its derivatives with respect to y₀, u₀ and u₁.
  struct Step {
    double y, from_state, from_before, from_now;
  };
  Step step(double y_A, double before_A, double now_A, double dt_s) const {
    const double a = angular_rate(y_A) * dt_s, e = std::exp(-a), ramp = -std::expm1(-a) / a;
    const double rise_A = now_A - before_A;
    // d/da of ramp and e, and da/dy₀ = -a / (I_b + y₀).
    const double by_rate = -rise_A * (e - ramp) / a - (y_A - before_A) * e;
    return {now_A - rise_A * ramp + (y_A - before_A) * e, e - by_rate * a / (current_A + y_A), ramp - e,
            1.0 - ramp};
  }
};

}  // namespace photonlink
