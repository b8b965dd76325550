/// Decision-feedback equaliser of channel operating margin: limits, steps, floating taps, tail limit.
///
/// Tap n removes b(n) = clip(p(t_s + n T_b) / p(t_s), b_min(n), b_max(n)) (93A-26). Beyond the fixed taps,
/// groups of neighbouring floating taps sit where they remove the most: a start scores
///   Σ h² - Σ max(0, |h| - b_max,g h_0)²
/// over its taps, the best is taken, groups never overlap, and a start is passed over when it would strand a
/// better one in the gap before it. From tap N_tail_start on, the root sum of squares is limited by scaling.
/// The placing rule is the one of the IEEE script; verified against the places that the script reports.
#pragma once

#include <span>
#include <vector>

#include "solvers/com/parameters.hpp"

namespace photonlink::com {

struct DfeSolution {
  std::vector<double> tap;    ///< (taps or span) relative to the cursor, 0 where there is no tap
  std::vector<int> floating;  ///< positions of floating taps, from 1, rising
  double tail_rss = 0.0;      ///< before the limit
};

/// Workspace for many solutions with one set of parameters; allocates on construction only.
class DfeSolver {
 public:
  explicit DfeSolver(const Dfe& parameters);
  /// Taps needed behind the cursor.
  int length() const { return length_; }
  /// @param cursor p(t_s) > 0; @param post (length()) samples p(t_s + n T_b), n from 1.
  /// The result stays valid until the next call.
  const DfeSolution& solve(double cursor, std::span<const double> post);

 private:
  void place_groups(double cursor, std::span<const double> post);
  void score_starts(double cursor, std::span<const double> post);
  void take(int start);
  bool leaves_room(int start, int groups) const;
  void keep_room(int groups_to_come);
  int chosen_start(bool last_group);
  void limit_tail();

  Dfe p_;
  int length_ = 0, starts_ = 0;
  std::vector<double> lower_, upper_, score_;
  std::vector<int> order_, taken_, blocked_;
  int next_start_ = -1;
  DfeSolution solution_;
};

}  // namespace photonlink::com
