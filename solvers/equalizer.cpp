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

constexpr int rounds_per_tap = 20;  // of the search for the limited taps; about one per limited tap is needed
constexpr double rounding = 1e-11;  // of a limit or a multiplier, relative to what it is compared with

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
  double value = 0.0;  // of a feedback tap
};

void check(std::span<const double> cursor, std::span<const double> noise_covariance,
           const EqualizerShape& shape) {
  const long symbols = static_cast<long>(cursor.size()), taps = shape.ffe_taps();
  require(shape.ffe_pre >= 0 && shape.ffe_post >= 0 && shape.dfe_taps >= 0,
          fmt::format("equaliser: {} and {} forward and {} feedback taps, must be 0 or more", shape.ffe_pre,
                      shape.ffe_post, shape.dfe_taps));
  const int back =
      shape.dfe_floating.groups > 0 ? std::max(shape.dfe_taps, shape.dfe_floating.reach) : shape.dfe_taps;
  require(taps <= symbols && back < symbols,
          fmt::format("equaliser: {} forward taps and feedback over {} symbols on a pattern of {} symbols; "
                      "take a longer pattern or fewer taps",
                      taps, back, symbols));
  require(static_cast<long>(noise_covariance.size()) >= taps,
          fmt::format("equaliser: the noise covariance has {} lags for {} forward taps",
                      noise_covariance.size(), taps));
  require(shape.dfe_taps == 0 || !shape.dfe_limit.empty(), "equaliser: feedback taps without dfe_limit");
}

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
    if (!reaches_main()) return nothing();
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

  // Least error when every tap stays free or at the limit where it stands.
  struct Target {
    Eigen::VectorXd w, gradient;   // half of that of the Lagrangian, 0 along all that is free
    std::vector<double> feedback;  // by feedback tap
  };
  // How far the way to a target is open, and the tap whose limit ends it.
  struct Way {
    double share = 1.0;
    Tap* tap = nullptr;
    int side = 0;
  };

  // Active-set method: w and b keep their limits, the error falls from round to round. A tap that meets its
  // limit stays there; at the least error of the taps that are left one that is pulled inward is let go.
  void settle() {
    if (w_.size() == 0 && start()) return;
    const std::size_t most = rounds_per_tap * (1 + forward_.size() + feedback_.size());
    for (std::size_t round = 0; round < most; ++round) {
      const Target target = least_error();
      const Way way = open_way(target);
      advance(target, way.share);
      if (way.tap != nullptr) {
        way.tap->clipped = way.side;
        continue;
      }
      Tap* inward = pulled_inward(target);
      if (inward == nullptr) return;
      inward->clipped = 0;
    }
    throw DomainError(fmt::format(
        "equaliser: the taps at their limits are not found in {} rounds; loosen the limits", most));
  }

  // Free of limits, which is the end if all are kept; else clipped and scaled back to a unit main cursor.
  bool start() {
    const Target free = least_error();
    w_ = free.w;
    const double main_tap = w_(shape_.ffe_pre);
    bool kept = true;
    for (Tap& tap : forward_) {
      double& w = w_(tap.place);
      if (std::abs(w) <= tap.limit * std::abs(main_tap)) continue;
      tap.clipped = sign(w) * sign(main_tap);
      w = tap.clipped * tap.limit * main_tap;
      kept = false;
    }
    if (!kept && main_.dot(w_) == 0.0) push_to_main();
    w_ /= kept ? 1.0 : main_.dot(w_);
    for (Tap& tap : feedback_) {
      const double q = row_of(tap).dot(w_);
      tap.clipped = std::abs(q) <= tap.limit ? 0 : sign(q);
      tap.value = std::clamp(q, -tap.limit, tap.limit);
      kept &= tap.clipped == 0;
    }
    return kept;
  }

  bool reaches_main() const {
    return main_(shape_.ffe_pre) != 0.0 || std::any_of(forward_.begin(), forward_.end(), [&](const Tap& t) {
             return t.limit > 0.0 && main_(t.place) != 0.0;
           });
  }

  // All taps within their limits that add most to the main cursor.
  void push_to_main() {
    w_.setZero();
    const int side = sign(main_(shape_.ffe_pre));
    w_(shape_.ffe_pre) = side;
    for (Tap& tap : forward_) {
      tap.clipped = 0;
      w_(tap.place) = sign(main_(tap.place)) * std::min(tap.limit, 1.0);
      if (tap.limit <= 1.0) tap.clipped = sign(w_(tap.place)) * side;
    }
  }

  // Stationary point of w'Sw - 2 w'pull with main'w = 1 over the taps that are not held: w = basis · v, where
  // a tap at its limit follows the main tap.
  Target least_error() const {
    Eigen::MatrixXd system = a_;
    Eigen::VectorXd pull = Eigen::VectorXd::Zero(taps_);
    for (const Tap& tap : feedback_) {
      const Eigen::VectorXd h = row_of(tap);
      if (tap.clipped == 0)
        system -= h * h.transpose();
      else
        pull += h * (tap.clipped * tap.limit);
    }
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
    const double multiplier = (1.0 - main.dot(v)) / main.dot(u);
    Target target;
    target.w = basis * (v + u * multiplier);
    target.gradient = system * target.w - pull - multiplier * main_;
    for (const Tap& tap : feedback_)
      target.feedback.push_back(tap.clipped == 0 ? row_of(tap).dot(target.w) : tap.clipped * tap.limit);
    return target;
  }

  // Each limit is a linear function of w and b that must not rise above 0.
  Way open_way(const Target& target) {
    Way way;
    const auto meet = [&](Tap& tap, int side, double now, double then, double size) {
      if (then <= rounding * size) return;
      const double share = now >= 0.0 ? 0.0 : now / (now - then);
      if (share < way.share) way = {share, &tap, side};
    };
    const double main_now = w_(shape_.ffe_pre), main_then = target.w(shape_.ffe_pre);
    for (Tap& tap : forward_) {
      if (tap.clipped != 0 || std::isinf(tap.limit)) continue;
      for (const int side : {1, -1}) {
        const int toward = side * sign(main_now);
        meet(tap, side, toward * w_(tap.place) - tap.limit * std::abs(main_now),
             toward * target.w(tap.place) - tap.limit * sign(main_now) * main_then, std::abs(main_then));
      }
    }
    for (std::size_t m = 0; m < feedback_.size(); ++m) {
      Tap& tap = feedback_[m];
      if (tap.clipped != 0) continue;
      for (const int side : {1, -1})
        meet(tap, side, side * tap.value - tap.limit, side * target.feedback[m] - tap.limit, 1.0);
    }
    return way;
  }

  void advance(const Target& target, double share) {
    if (share == 1.0)
      w_ = target.w;
    else
      w_ += share * (target.w - w_);
    for (std::size_t m = 0; m < feedback_.size(); ++m)
      feedback_[m].value += share * (target.feedback[m] - feedback_[m].value);
  }

  // Of the taps at their limits the one that the error pulls inward most; null: none.
  Tap* pulled_inward(const Target& target) {
    Tap* found = nullptr;
    double most = rounding * (a_ * w_).cwiseAbs().maxCoeff();
    const int side = sign(w_(shape_.ffe_pre));
    for (Tap& tap : forward_) {
      const double inward = target.gradient(tap.place) * tap.clipped * side;
      if (tap.clipped == 0 || inward <= most) continue;
      most = inward;
      found = &tap;
    }
    for (Tap& tap : feedback_) {
      const double inward = tap.limit - tap.clipped * row_of(tap).dot(w_);
      if (tap.clipped == 0 || inward <= most) continue;
      most = inward;
      found = &tap;
    }
    return found;
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

  // No taps make a main cursor of nothing.
  Equalizer nothing() const {
    return {.ffe = std::vector<double>(static_cast<std::size_t>(taps_), 0.0),
            .dfe = std::vector<double>(static_cast<std::size_t>(shape_.dfe_taps), 0.0),
            .ffe_pre = shape_.ffe_pre,
            .mean_square_error = std::numeric_limits<double>::infinity()};
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
  check(cursor, noise_covariance, shape);
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
