/// What the channels of a wavelength-multiplexed link do to each other, as ratios of optical modulation
/// amplitude: crosstalk on lane l is Σ_j OMA_j→l / OMA_l, every neighbour at its worst, so that the eye of
/// two levels closes by -10 log₁₀(1 - Σ).
///
/// Modulation: ring j modulates carrier l too. From the settled transmission T_l of carrier l through the
/// modulator with one lane at ±half its swing and the others at rest,
///   Σ_{j≠l} |T_l(u_j = +) - T_l(u_j = -)| / |T_l(u_l = +) - T_l(u_l = -)|.
/// A Lorentzian dip of depth 1 - T_min and full width W turns a shift δ into 8 (1 - T_min) δ D/W² / (1 + (2
/// D/W)²)² at distance D, which falls with D³: crosstalk through demultiplexers falls with D².
///
/// Demultiplexer: OMA of the neighbours' carriers at the photodiode of lane l over its own. Carriers beat at
/// their spacing, outside the receiver, so powers add (devices/physics/square_law.hpp).
///
/// In-band: the share of the eye that an interferer of the same wavelength takes at the worst phase
/// (in_band_beat.hpp), as the penalty -10 log₁₀(1 - share).
///
/// Verified in tests/solvers/wdm_crosstalk_test.cpp.
#pragma once

#include "solvers/pattern_solver.hpp"

namespace photonlink {

struct WdmCrosstalk {
  std::vector<double> modulation, demultiplexer;  ///< (n_lane), ratios of OMA; NaN: no such stage or one lane
  std::vector<double> in_band_dB;                 ///< (n_lane), NaN: no in-band crosstalk
};
WdmCrosstalk wdm_crosstalk(const PatternSolution& solution);

}  // namespace photonlink
