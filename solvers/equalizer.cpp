#include "solvers/equalizer.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "signal/grid.hpp"

namespace photonlink {
namespace {

constexpr int most_rounds = 40;  // of the search for the limited taps

double periodic(std::span<const double> values, long index) {
  const long size = static_cast<long>(values.size());
  return values[static_cast<std::size_t>(wrap(index, size))];
}

Eigen::VectorXd row(std::span<const double> cursor, long m, int pre, int taps) {
  Eigen::VectorXd h(taps);
  for (int j = 0; j < taps; ++j) h(j) = periodic(cursor, m + pre - j);
  return h;
}

double last_holds(std::span<const double> values, std::size_t index) {
  return values[std::min(index, values.size() - 1)];
}

int sign(double x) {
  return x > 0.0 ? 1 : -1;
}

// A feedback tap, or a tap of the FFE. `clipped`: sign of the limit it stands at, 0: free.
struct Tap {
  int place = 0;  // symbols behind the main cursor; index of the tap in the FFE
  double limit = 0.0;
  int clipped = 0;
};

class Problem {
 public:
  Problem(std::span<const double> cursor, std::span<const double> noise_covariance, double symbol_power,
          const EqualizerShape& shape)
      : cursor_(cursor), shape_(shape), taps_(shape.ffe_taps()), symbol_power_(symbol_power) {
    std::vector<double> lag(static_cast<std::size_t>(taps_), 0.0);
    for (int k = 0; k < taps_; ++k)
      for (long n = 0; n < static_cast<long>(cursor.size()); ++n)
        lag[static_cast<std::size_t>(k)] += cursor[static_cast<std::size_t>(n)] * periodic(cursor, n + k);
    // The full interference matrix Σ_m h_m h_mᵀ is Toeplitz; rows that the DFE removes are taken out of it
    // later.
    a_.resize(taps_, taps_);
    for (int i = 0; i < taps_; ++i)
      for (int j = 0; j < taps_; ++j)
        a_(i, j) = lag[static_cast<std::size_t>(std::abs(i - j))] +
                   noise_covariance[static_cast<std::size_t>(std::abs(i - j))] / symbol_power;
    main_ = row(cursor, 0, shape.ffe_pre, taps_);
    for (int j = 0; j < shape.ffe_pre + 1 + shape.ffe_post; ++j)
      if (j != shape.ffe_pre) forward_.push_back({j, forward_limit(j)});
    for (int m = 1; m <= shape.dfe_taps; ++m)
      feedback_.push_back({m, last_holds(shape.dfe_limit, static_cast<std::size_t>(m - 1))});
  }

  Equalizer solve() {
    settle();
    const FloatingTaps &forward = shape_.ffe_floating, &back = shape_.dfe_floating;
    for (int group = 0; group < forward.groups; ++group) {
      place_group(forward_, shape_.ffe_pre, shape_.ffe_post + 1, forward, forward_gains());
      settle();
    }
    for (int group = 0; group < back.groups; ++group) {
      place_group(feedback_, 0, shape_.dfe_taps + 1, back, feedback_gains());
      settle();
    }
    return result();
  }

 private:
  double forward_limit(int tap) const {
    if (shape_.ffe_limit.empty()) return std::numeric_limits<double>::infinity();
    return last_holds(shape_.ffe_limit, static_cast<std::size_t>(std::abs(tap - shape_.ffe_pre) - 1));
  }
  Eigen::VectorXd row_of(const Tap& tap) const { return row(cursor_, tap.place, shape_.ffe_pre, taps_); }

  // Solves for w, then moves taps to and from their limits, until nothing moves.
  void settle() {
    for (int round = 0; round < most_rounds; ++round) {
      Eigen::MatrixXd system = a_;
      Eigen::VectorXd pull = Eigen::VectorXd::Zero(taps_);
      for (const Tap& tap : feedback_) {
        const Eigen::VectorXd h = row_of(tap);
        if (tap.clipped == 0)
          system -= h * h.transpose();
        else
          pull += h * (tap.clipped * tap.limit);
      }
      solve_forward(system, pull);
      const bool forward_moved = move_forward(system, pull);
      if (!move_feedback() && !forward_moved) return;
    }
  }

  // Stationary point of w'Sw - 2 w'pull with main'w = 1 over the taps that are not held: w = basis · v, where
  // a tap at its limit follows the main tap.
  void solve_forward(const Eigen::MatrixXd& system, const Eigen::VectorXd& pull) {
    std::vector<int> free = {shape_.ffe_pre};
    for (const Tap& tap : forward_)
      if (tap.clipped == 0) free.push_back(tap.place);
    Eigen::MatrixXd basis = Eigen::MatrixXd::Zero(taps_, static_cast<long>(free.size()));
    for (std::size_t n = 0; n < free.size(); ++n) basis(free[n], static_cast<long>(n)) = 1.0;
    for (const Tap& tap : forward_)
      if (tap.clipped != 0) basis(tap.place, 0) = tap.clipped * tap.limit;
    const Eigen::LDLT<Eigen::MatrixXd> solver(basis.transpose() * system * basis);
    const Eigen::VectorXd main = basis.transpose() * main_;
    const Eigen::VectorXd u = solver.solve(main), v = solver.solve(Eigen::VectorXd(basis.transpose() * pull));
    w_ = basis * (v + u * ((1.0 - main.dot(v)) / main.dot(u)));
  }

  // A free tap beyond its limit goes to it; a tap at its limit that the error pulls inward is let go.
  bool move_forward(const Eigen::MatrixXd& system, const Eigen::VectorXd& pull) {
    const double main_tap = w_(shape_.ffe_pre);
    bool moved = false;
    for (Tap& tap : forward_) {
      if (tap.clipped != 0 || std::abs(w_(tap.place)) <= tap.limit * std::abs(main_tap)) continue;
      tap.clipped = sign(w_(tap.place)) * sign(main_tap);
      moved = true;
    }
    if (moved) return true;
    // Half the gradient of the error with the multiplier of the unit cursor: that of the free directions is
    // 0.
    Eigen::VectorXd gradient = system * w_ - pull;
    double multiplier = 0.0, weight = 0.0;
    for (const Tap& tap : forward_) {
      if (tap.clipped != 0) continue;
      multiplier += gradient(tap.place) * main_(tap.place);
      weight += main_(tap.place) * main_(tap.place);
    }
    // Along the main tap and those that follow it the sum vanishes too.
    double follow = gradient(shape_.ffe_pre), follow_main = main_(shape_.ffe_pre);
    for (const Tap& tap : forward_)
      if (tap.clipped != 0) {
        follow += tap.clipped * tap.limit * gradient(tap.place);
        follow_main += tap.clipped * tap.limit * main_(tap.place);
      }
    gradient -= main_ * ((multiplier + follow * follow_main) / (weight + follow_main * follow_main));
    for (Tap& tap : forward_) {
      if (tap.clipped == 0 || gradient(tap.place) * tap.clipped * sign(main_tap) <= 0.0) continue;
      tap.clipped = 0;
      return true;  // one at a time: letting several go can cycle
    }
    return false;
  }

  bool move_feedback() {
    bool moved = false;
    for (Tap& tap : feedback_) {
      const double q = row_of(tap).dot(w_);
      const int clipped = std::abs(q) <= tap.limit ? 0 : sign(q);
      moved |= clipped != tap.clipped;
      tap.clipped = clipped;
    }
    return moved;
  }

  // By place behind the main cursor: what taps there would take out of the error.
  std::vector<double> feedback_gains() const {
    std::vector<double> gain(static_cast<std::size_t>(shape_.dfe_floating.reach) + 1, 0.0);
    for (int m = 1; m <= shape_.dfe_floating.reach; ++m) {
      const double q = std::abs(row(cursor_, m, shape_.ffe_pre, taps_).dot(w_));
      const double left = std::max(0.0, q - shape_.dfe_floating.limit);
      gain[static_cast<std::size_t>(m)] = q * q - left * left;
    }
    return gain;
  }

  std::vector<double> forward_gains() const {
    Eigen::VectorXd gradient = a_ * w_;
    for (const Tap& tap : feedback_) {
      const Eigen::VectorXd h = row_of(tap);
      gradient -= h * std::clamp(h.dot(w_), -tap.limit, tap.limit);
    }
    gradient -= main_ * (gradient(shape_.ffe_pre) / main_(shape_.ffe_pre));
    std::vector<double> gain(static_cast<std::size_t>(shape_.ffe_floating.reach) + 1, 0.0);
    for (int m = 1; m <= shape_.ffe_floating.reach; ++m) {
      const int j = shape_.ffe_pre + m;
      gain[static_cast<std::size_t>(m)] = gradient(j) * gradient(j) / a_(j, j);
    }
    return gain;
  }

  // Adds the group of most gain among the places that are not taken; `origin` is the index of the main
  // cursor.
  static void place_group(std::vector<Tap>& taps, int origin, int first, const FloatingTaps& floating,
                          const std::vector<double>& gain) {
    int best = -1;
    double most = -1.0;
    for (int start = first; start + floating.group_taps - 1 <= floating.reach; ++start) {
      const int end = start + floating.group_taps;
      if (std::any_of(taps.begin(), taps.end(),
                      [&](const Tap& t) { return t.place - origin >= start && t.place - origin < end; }))
        continue;
      double sum = 0.0;
      for (int m = start; m < end; ++m) sum += gain[static_cast<std::size_t>(m)];
      if (sum <= most) continue;
      most = sum;
      best = start;
    }
    require(best >= 0,
            fmt::format("equaliser: no place for {} groups of {} floating taps between {} and {} symbols "
                        "behind the main cursor; extend the reach",
                        floating.groups, floating.group_taps, first, floating.reach));
    for (int m = best; m < best + floating.group_taps; ++m) taps.push_back({origin + m, floating.limit});
  }

  Equalizer result() const {
    Equalizer result;
    result.ffe.assign(w_.data(), w_.data() + taps_);
    result.ffe_pre = shape_.ffe_pre;
    double error = w_.dot(a_ * w_) - 1.0;
    for (const Tap& tap : feedback_) {
      const double q = row_of(tap).dot(w_), b = std::clamp(q, -tap.limit, tap.limit);
      error += (q - b) * (q - b) - q * q;
      if (static_cast<int>(result.dfe.size()) < tap.place)
        result.dfe.resize(static_cast<std::size_t>(tap.place), 0.0);
      result.dfe[static_cast<std::size_t>(tap.place) - 1] = b;
    }
    result.mean_square_error = symbol_power_ * error;
    return result;
  }

  std::span<const double> cursor_;
  const EqualizerShape& shape_;
  int taps_;
  double symbol_power_;
  Eigen::MatrixXd a_;
  Eigen::VectorXd main_, w_;
  std::vector<Tap> forward_, feedback_;
};

}  // namespace

Equalizer solve_equalizer(std::span<const double> cursor, std::span<const double> noise_covariance,
                          double symbol_power, const EqualizerShape& shape) {
  return Problem(cursor, noise_covariance, symbol_power, shape).solve();
}

std::vector<double> equalized_cursors(std::span<const double> cursor, const Equalizer& equalizer) {
  std::vector<double> q(cursor.size(), 0.0);
  for (long m = 0; m < static_cast<long>(cursor.size()); ++m)
    for (int j = 0; j < static_cast<int>(equalizer.ffe.size()); ++j)
      q[static_cast<std::size_t>(m)] +=
          equalizer.ffe[static_cast<std::size_t>(j)] * periodic(cursor, m + equalizer.ffe_pre - j);
  return q;
}

}  // namespace photonlink
