/// Feed-forward and decision-feedback equaliser in closed form: least mean square error with a unit main
/// cursor.
///
/// With cursors p_k of the pulse at the sampling instant and taps w_j (earliest first), y_i = Σ_j w_j x_{i +
/// pre - j} has cursors q_m = Σ_j w_j p_{m + pre - j}. Minimised subject to q_0 = 1, as in IEEE Std 802.3dj
/// Annex 178A:
///   mse = σ_d² [ Σ_{m ≠ 0, m ∉ DFE} q_m² + Σ_{m ∈ DFE} (q_m - b_m)² ] + wᵀ R_n w,   |b_m| <= limit_m.
/// A DFE tap inside its limit removes its cursor whatever w is; a tap at its limit stays fixed and w is
/// solved again until the set of limited taps repeats.
#pragma once

#include <span>
#include <vector>

namespace photonlink {

struct EqualizerShape {
  int ffe_pre = 0, ffe_post = 0, dfe_taps = 0;
  std::span<const double> dfe_limit;  ///< last value holds for all further taps
};

struct Equalizer {
  std::vector<double> ffe;  ///< (pre + 1 + post), earliest first, scaled to a unit main cursor
  std::vector<double> dfe;  ///< (dfe_taps), in units of the main cursor
  int ffe_pre = 0;
  double mean_square_error = 0.0;  ///< relative to the symbol amplitude 1
};

/// @param cursor p_k, periodic over the pattern, main cursor at index 0 (negative k from the end)
/// @param noise_covariance R_n at lags 0 ... at least pre + post
/// @param symbol_power σ_d², mean square of the symbol amplitudes
Equalizer solve_equalizer(std::span<const double> cursor, std::span<const double> noise_covariance,
                          double symbol_power, const EqualizerShape& shape);

/// Cursors q_m behind the FFE (DFE not subtracted), periodic, same length.
std::vector<double> equalized_cursors(std::span<const double> cursor, const Equalizer& equalizer);

}  // namespace photonlink
