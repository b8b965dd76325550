/// Can a file be a passive and causal network? Measured, and enforced on request.
///
/// Passive: no singular value of S exceeds 1 at any frequency. Enforced by clipping singular values at each
/// frequency on its own, the nearest passive matrix in the spectral and Frobenius norm; alone this bends
/// magnitudes without their phases and breaks causality slightly.
///
/// Causal: nothing arrives before the time of flight. A band-limited file cannot show less than about
/// 1/f_end, so two measures look past such a guard:
///  - early energy: share of the energy of the impulse response behind a Gaussian edge that has fallen by
///    40 dB at the last point, earlier than 4 σ of that edge before the time of flight. A pure delay has
///    ½ erfc(4), -81 dB: the floor of the measure. The tail of skin effect, t^(-3/2), outlasts the period of
///    the response and wraps to before t = 0: about -61 dB at steps of 40 MHz, -67 dB at 20 MHz, -73 dB at
///    10 MHz for a line of 20 dB.
///  - Kramers-Kronig residual: real and imaginary part of a causal response are Hilbert transforms of each
///    other, in the time domain the statement h(t < t0) = 0. The file is continued to 4 f_end (interpolate(),
///    tapered by a raised cosine), set to zero before t0 = time of flight - 1/f_end, and what this changes
///    inside the band, rms over rms, is the residual.
/// Enforced by alternating projections: zero before t0, then the magnitude of the file again inside the band
/// with the phase that came out. Magnitudes stay, phases move. Both together take turns, causality first and
/// clipping last, so that the result is passive and the rest of the acausality is reported.
///
/// Elements keep their own t0: the time of flight for the strongest transmission into each port, 0 for
/// reflections and couplings. Verified in tests/lib/physicality_test.cpp: causal and zero-phase lines in
/// closed form, singular values set by construction.
#pragma once

#include "core/context.hpp"
#include "network/s_parameters.hpp"

namespace photonlink {

struct PassivityFinding {
  double largest_gain = 0.0;     ///< largest singular value
  double frequency_Hz = 0.0;     ///< where
  std::size_t points_above = 0;  ///< points whose largest singular value exceeds 1 by more than 1e-6
};
PassivityFinding find_passivity(const SParameters& network);
/// Singular values cut at `limit`, points below it untouched. @throws DomainError unless limit > 0.
SParameters clip_passivity(const SParameters& network, double limit = 1.0);

struct CausalityFinding {
  double time_of_flight_s = 0.0;
  double early_energy_dB = 0.0;  ///< 10 log10 of the share
  double residual = 0.0;         ///< Kramers-Kronig, rms over rms
};
/// Of S[out, in]. @throws DomainError with fewer than 8 points.
CausalityFinding find_causality(const SParameters& network, int out, int in, Context& context);

struct EnforceSettings {
  bool passive = true, causal = true;
  int most_iterations = 20;  ///< of causality and passivity in turn; each has 10 projections of its own
  double tolerance = 1e-3;   ///< Kramers-Kronig residual at which the iteration ends
};
struct Enforced {
  SParameters network;
  bool converged = false;
  int iterations = 0;
  double residual = 0.0;      ///< largest Kramers-Kronig residual of the transmissions at the end
  double largest_gain = 0.0;  ///< largest singular value at the end
  double change = 0.0;        ///< rms of the change of S over the rms of S
};
/// Non-convergence is reported, not thrown. @throws DomainError as find_causality.
Enforced enforce(const SParameters& network, const EnforceSettings& settings, Context& context);

}  // namespace photonlink
