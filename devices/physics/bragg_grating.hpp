/// Bragg grating by coupled modes: reflection and transmission of a grating whose strength may fall towards
/// its ends.
///
///   dA/dz = -jδ A - jκ B,   dB/dz = jδ B + jκ A,   B(L) = 0,   δ = 2π n_g (f - f_B) / c
///   uniform    r = B(0)/A(0) = -jκ sinh sL / (s cosh sL + jδ sinh sL),   s² = κ² - δ²
///              t = A(L)/A(0) = s / (s cosh sL + jδ sinh sL)
///   apodised   κ(z) = κ exp(-a (2z/L - 1)²), by sections of constant κ, each in closed form
/// \cite Erdogan1997, Eqs. for uniform gratings and the transfer matrix of piecewise uniform ones. Peak
/// |r|² = tanh² κL, first zeros of a uniform grating at δL = ± sqrt(π² + (κL)²). The same equations hold for
/// a grating-assisted contra-directional coupler, with n_g the mean group index of its two guides.
///
/// 64 sections leave 4e-4 of the field for a = 4 and κL = 4 (see the test). Verified in
/// tests/devices/bragg_filter_test.cpp: Boost.Odeint on the equations, the uniform closed form.
#pragma once

#include "core/conventions.hpp"

namespace photonlink {

struct BraggGrating {
  double coupling_per_m = 0.0;  ///< κ in the middle
  double length_m = 0.0;        ///< L
  double apodisation = 0.0;     ///< a
};

struct BraggFields {
  Complex reflected, transmitted;  ///< r, t
};

/// At the detuning δ [1/m].
BraggFields bragg_fields(const BraggGrating& grating, double detuning_per_m);

}  // namespace photonlink
