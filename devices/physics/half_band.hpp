/// Interleaver of one or two delay stages: Mach-Zehnder lattice with maximally flat halves.
///
///   M = C(θ_n) D(d_n φ) … C(θ_2) D(d_1 φ) C(θ_1),   C(θ) = [cos θ, -j sin θ; -j sin θ, cos θ],
///   D(x) = diag(e^{-jx/2}, e^{jx/2}),   φ = 2π (f - f_0) / FSR,   light enters at port 1
///   1 stage    θ = 45°, 45°         d = 1          cross port |M_21|² = cos²(φ/2)
///   2 stages   θ = 45°, 30°, 15°    d = 1, -2      flat: the dark port's power falls with φ⁴
///
/// Two stages: light is gone from the bar port at φ = 0 if θ_1 + θ_2 + θ_3 = 90°, from the cross port at φ =
/// π if θ_1 = θ_2 + θ_3; that its amplitude falls with φ² asks tan θ_2 = tan(45° + θ_3) / 3, so θ_3 = 15°.
/// Real parts are often designed for equal ripple instead (power couplings 0.50, 0.29, 0.08 for 0.50, 0.25,
/// 0.067). The mean delay of both arms is taken out. Lattice filters: \cite Jinguji1995. Verified in
/// tests/devices/mzi_filter_test.cpp: sum over all paths, unitarity.
#pragma once

#include <array>

#include "core/conventions.hpp"

namespace photonlink {

class HalfBand {
 public:
  /// @param stages 1 or 2 @param coupling_error relative error of every coupler's power coupling, -1 … 1
  HalfBand(int stages, double coupling_error);
  /// Field from the input to the cross port, which is bright at φ = 0.
  Complex cross(double phase_rad) const { return output(phase_rad)[1]; }
  /// Field from the input to the bar port, which is bright at φ = π.
  Complex bar(double phase_rad) const { return output(phase_rad)[0]; }

 private:
  std::array<Complex, 2> output(double phase_rad) const;

  int stages_;
  std::array<double, 3> cosine_, sine_;
};

}  // namespace photonlink
