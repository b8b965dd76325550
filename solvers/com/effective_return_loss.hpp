/// Effective return loss: what the reflections at one port add up to behind a reference receiver
/// (Annex 93A.5).
///
/// The reflection S_ii on 2 Z_t is excited by a Gaussian edge and filtered; its pulse response, seen from
/// the fixture's end on, is weighted with
///   G = 10^(beta_x (t - (N_bx + 1) T_b) / 20) G_rr  for 0 < t < (N_bx + 1) T_b,   1 behind (3bj: (1 + rho)
///   rho) G_rr = rho (1 + rho) exp(-(t/T_b - N_bx - 1)² / (N_bx + 1)²), 3ck: rho.
/// Its samples at the phase of largest rms are cursors of independent symbols of amplitude 1;
/// ERL = -20 log10 of what their sum exceeds with probability DER_0. Verified against the IEEE script's value
/// in validation/com_02, com_04 and com_05, and against a single reflection in closed form.
#pragma once

#include <vector>

#include "core/context.hpp"
#include "solvers/com/mode.hpp"
#include "solvers/com/network.hpp"

namespace photonlink::com {

struct EffectiveReturnLoss {
  double loss_dB[2] = {0.0, 0.0};  ///< at the transmitter's and the receiver's end; NaN: not asked for
  double least_dB = 0.0;           ///< the one that the limit is held against; NaN without a length
  std::vector<double> time_UI;     ///< from the start of the fixture's end, of the worse port
  std::vector<double> reflection;  ///< weighted pulse response there
};

/// @param channel differential 2-port. With `behind_transmitter_package` the receiver's end is seen through
/// package and channel with the die termination behind, and it alone counts.
EffectiveReturnLoss effective_return_loss(const Parameters& parameters, const SParameters& channel,
                                          const Mode& mode, Context& context);

}  // namespace photonlink::com
