/// One step of the scheme in ring_integrator.hpp for a pack of carriers; shared by the steppers of linear and
/// of hot rings.
#pragma once

#include "core/simd.hpp"

namespace photonlink {

/// What a step takes from the ring: h sqrt(2/τ_e), ρ d, ρ sqrt(2/τ_out).
struct RingStepGains {
  double step, direct, mode;
};

/// φ₁ and φ₂ by Taylor series, to 2^-14/16! = 3e-18 for |z| <= 0.5.
template <class Real>
PHOTONLINK_INLINE void phi_series(Real zr, Real zi, Real& p1r, Real& p1i, Real& p2r, Real& p2i) {
  p2r = Real{} + 1.0;
  p2i = Real{};
  for (int k = 13; k >= 1; --k) {  // φ₂ = 1/2 (1 + z/3 (1 + z/4 (1 + ...)))
    const double scale = simd::reciprocal[k + 2];
    const Real tr = 1.0 + scale * (zr * p2r - zi * p2i);
    p2i = scale * (zr * p2i + zi * p2r);
    p2r = tr;
  }
  p2r *= 0.5;
  p2i *= 0.5;
  p1r = 1.0 + zr * p2r - zi * p2i;
  p1i = zr * p2i + zi * p2r;
}

/// Advances mode a and last input p to the input s with rate z and e = e^z; returns the field behind the ring
/// in s. @tparam Small takes the φ functions of |z| < 0.5 from their series.
template <bool Small, class Real>
PHOTONLINK_INLINE void ring_step(const RingStepGains& gain, Real zr, Real zi, Real er, Real ei, Real& ar,
                                 Real& ai, Real& pr, Real& pi, Real& sr, Real& si) {
  constexpr double series_radius_squared = 0.25;
  const Real norm = zr * zr + zi * zi;
  const Real qr = zr / norm, qi = -zi / norm;  // 1/z
  Real p1r = (er - 1.0) * qr - ei * qi, p1i = (er - 1.0) * qi + ei * qr;
  Real p2r = (p1r - 1.0) * qr - p1i * qi, p2i = (p1r - 1.0) * qi + p1i * qr;
  if constexpr (Small) {
    Real t1r, t1i, t2r, t2i;
    phi_series(zr, zi, t1r, t1i, t2r, t2i);
    const auto near = norm < Real{} + series_radius_squared;
    p1r = near ? t1r : p1r;
    p1i = near ? t1i : p1i;
    p2r = near ? t2r : p2r;
    p2i = near ? t2i : p2i;
  }
  const Real dr = p1r - p2r, di = p1i - p2i;
  const Real fr = dr * pr - di * pi + p2r * sr - p2i * si;
  const Real fi = dr * pi + di * pr + p2r * si + p2i * sr;
  const Real next = er * ar - ei * ai - gain.step * fi;
  ai = er * ai + ei * ar + gain.step * fr;
  ar = next;
  pr = sr;
  pi = si;
  sr = gain.direct * sr - gain.mode * ai;
  si = gain.direct * si + gain.mode * ar;
}

/// Dividing by z twice costs eps/|z|²: 5e-13 at this decay per step, below which the series is used.
inline constexpr double series_decay = 0.02;

}  // namespace photonlink
