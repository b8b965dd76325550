/// Vertical eye of a chip-to-module channel over a window of sampling instants (Annex 120G).
///
/// The pulse is read `samples_per_symbol` times per symbol about t_s, linearly between its samples. At each
/// instant within t_s ± T_O the levels stand at R_LM p(t) (2l/(L-1) - 1), disturbed by the residual cursors
/// there (DFE held at its taps of t_s), the aggressors at their strongest phase, jitter with the slopes
/// there, and noise. The densities of the instants are mixed with the weights of the window; at DER_0 the
/// contours of neighbouring levels leave
///   EH = min over eyes (V_T - V_B),  VEC = 20 log10(2 A_s / EH),  COM = 20 log10(2 A_s / (2 A_s - EH)).
#pragma once

#include "solvers/com/interference.hpp"

namespace photonlink::com {

struct EyeOpening {
  double height_V = 0.0;                 ///< EH; negative when the contours cross
  double closure_dB = 0.0;               ///< VEC, NaN when closed
  std::vector<double> upper_V, lower_V;  ///< V_T and V_B of each eye, lowest eye first
};

/// Weights of the instants -n ... n of a window, sum 1. @param sigma in instants, Gaussian kinds only.
std::vector<double> window_weights(const std::string& kind, int half, double sigma);

EyeOpening eye_opening(const EqualizedCase& equalized, const Parameters& parameters, const Mode& mode);

}  // namespace photonlink::com
