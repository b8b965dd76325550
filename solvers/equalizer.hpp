/// Feed-forward and decision-feedback equaliser in closed form: least mean square error with a unit main
/// cursor.
///
/// With cursors p_k of the pulse at the sampling instant and taps w_j (earliest first), y_i = Σ_j w_j x_{i +
/// pre - j} has cursors q_m = Σ_j w_j p_{m + pre - j}. Minimised subject to q_0 = 1, as in IEEE Std 802.3dj
/// Annex 178A:
///   mse = σ_d² [ Σ_{m ≠ 0, m ∉ DFE} q_m² + Σ_{m ∈ DFE} (q_m - b_m)² ] + wᵀ R_n w,   |b_m| <= limit_m,
///   |w_j| <= limit_j |w_main|.
/// A DFE tap inside its limit removes its cursor whatever w is; the set of taps at their limits is found by
/// an active-set method, until every multiplier has its sign. With w_main on the side of its sign without
/// limits the problem is convex, the result its minimum.
///
/// Floating taps come in groups of neighbours behind the fixed ones. Groups are placed one after the other,
/// each with w solved anew: a DFE group where it takes out most Σ q_m² - max(0, |q_m| - limit)², an FFE group
/// where the gradient promises most Σ g_j² / A_jj. Such a greedy choice need not be the best set of places.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

namespace photonlink {

/// Groups of taps at places of their own.
struct FloatingTaps {
  int groups = 0, group_taps = 0;
  int reach = 0;       ///< last place, symbols behind the main cursor
  double limit = 1.0;  ///< largest |tap|, as for the fixed ones
};

struct EqualizerShape {
  int ffe_pre = 0, ffe_post = 0, dfe_taps = 0;
  std::span<const double> dfe_limit;  ///< last value holds for all further taps
  std::span<const double> ffe_limit =
      {};  ///< by distance from the main tap, relative to it, last value holds
  FloatingTaps ffe_floating = {}, dfe_floating = {};

  int ffe_taps() const {
    return ffe_pre + 1 + (ffe_floating.groups > 0 ? std::max(ffe_post, ffe_floating.reach) : ffe_post);
  }
};

struct Equalizer {
  std::vector<double> ffe;  ///< (ffe_taps), earliest first, scaled to a unit main cursor; 0 where no tap is
  std::vector<double> dfe;  ///< up to the last tap, in units of the main cursor; 0 where no tap is
  int ffe_pre = 0;
  double mean_square_error = 0.0;  ///< relative to the symbol amplitude 1; infinite without a main cursor
};

/// @param cursor p_k, periodic over the pattern, main cursor at index 0 (negative k from the end)
/// @param noise_covariance R_n at lags 0 ... at least ffe_taps - 1
/// @param symbol_power σ_d², mean square of the symbol amplitudes
/// @throws DomainError when floating groups do not fit, or the taps reach around the pattern.
Equalizer solve_equalizer(std::span<const double> cursor, std::span<const double> noise_covariance,
                          double symbol_power, const EqualizerShape& shape);

/// Cursors q_m behind the FFE (DFE not subtracted), periodic, same length.
std::vector<double> equalized_cursors(std::span<const double> cursor, const Equalizer& equalizer);

}  // namespace photonlink
