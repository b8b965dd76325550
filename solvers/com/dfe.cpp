#include "solvers/com/dfe.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace photonlink::com {
namespace {

constexpr double out_of_play = -std::numeric_limits<double>::infinity();

}  // namespace

DfeSolver::DfeSolver(const Dfe& parameters) : p_(parameters) {
  length_ = p_.floating_groups > 0 ? p_.span : p_.taps;
  const auto size = static_cast<std::size_t>(length_);
  lower_.assign(size, 0.0);
  upper_.assign(size, 0.0);
  for (int n = 0; n < p_.taps; ++n) {
    const auto i = static_cast<std::size_t>(n);
    upper_[i] = limit_at(p_.maximum, i);
    lower_[i] = limit_at(p_.minimum, i);
  }
  solution_.tap.assign(size, 0.0);
  if (p_.floating_groups == 0) return;
  starts_ = length_ - p_.taps - p_.taps_per_group + 1;
  const auto padded = static_cast<std::size_t>(long{starts_} + p_.taps_per_group);
  score_.assign(padded, 0.0);
  order_.assign(padded, 0);
  taken_.reserve(static_cast<std::size_t>(p_.floating_groups));
  blocked_.reserve(static_cast<std::size_t>(p_.taps_per_group));
  solution_.floating.reserve(static_cast<std::size_t>(long{p_.floating_groups} * p_.taps_per_group));
}

void DfeSolver::score_starts(double cursor, std::span<const double> post) {
  const auto gain = [&](int tap) {
    const double h = std::abs(post[static_cast<std::size_t>(long{p_.taps} + tap)]);
    const double left = std::max(0.0, h - p_.floating_maximum * cursor);
    return h * h - left * left;
  };
  std::fill(score_.begin(), score_.end(), out_of_play);
  for (int start = 0; start < starts_; ++start) {
    double sum = 0.0;
    for (int i = 0; i < p_.taps_per_group; ++i) sum += gain(start + i);
    score_[static_cast<std::size_t>(start)] = sum;
  }
}

void DfeSolver::take(int start) {
  taken_.push_back(start);
  for (int i = 1 - p_.taps_per_group; i < p_.taps_per_group; ++i)
    if (start + i >= 0) score_[static_cast<std::size_t>(long{start} + i)] = out_of_play;
}

bool DfeSolver::leaves_room(int start, int groups) const {
  int room = 0, run = 0;
  for (int tap = 0; tap < starts_ + p_.taps_per_group; ++tap) {
    const bool free = tap < starts_ + p_.taps_per_group - 1 &&
                      !(tap >= start && tap < start + p_.taps_per_group) &&
                      std::none_of(taken_.begin(), taken_.end(),
                                   [&](int s) { return tap >= s && tap < s + p_.taps_per_group; });
    if (free) {
      ++run;
      continue;
    }
    room += run / p_.taps_per_group;
    run = 0;
  }
  return room >= groups;
}

// In a narrow span a group may leave gaps too small for those to come.
void DfeSolver::keep_room(int groups_to_come) {
  if (starts_ > (p_.floating_groups - 1) * (2 * p_.taps_per_group - 1)) return;  // there is always room
  for (int start = 0; start < starts_; ++start) {
    double& score = score_[static_cast<std::size_t>(start)];
    if (score != out_of_play && !leaves_room(start, groups_to_come)) score = out_of_play;
  }
}

int DfeSolver::chosen_start(bool last_group) {
  const auto sort_starts = [&] {
    std::iota(order_.begin(), order_.end(), 0);
    // std::stable_sort would take a buffer from the heap: equal scores are told apart by place instead.
    std::sort(order_.begin(), order_.end(), [&](int a, int b) {
      const double x = score_[static_cast<std::size_t>(a)], y = score_[static_cast<std::size_t>(b)];
      return x > y || (x == y && a < b);
    });
  };
  sort_starts();
  int start = order_[0];
  if (last_group) return start;
  const auto is_taken = [&](int tap) {
    return std::any_of(taken_.begin(), taken_.end(),
                       [&](int s) { return tap >= s && tap < s + p_.taps_per_group; });
  };
  for (std::size_t round = 0; round <= score_.size(); ++round) {
    blocked_.clear();  // starts that would overlap from below
    for (int s = std::max(0, start - p_.taps_per_group + 1); s < start; ++s)
      if (!is_taken(s)) blocked_.push_back(s);
    if (blocked_.empty()) break;
    const int neighbour = start - p_.taps_per_group;  // the start that fills the gap exactly
    // Walk down the ranking: is the neighbour met before anything outside, or a blocked start first?
    bool blocked_first = false;
    next_start_ = -1;
    for (const int s : order_) {
      if (s == neighbour) {
        next_start_ = neighbour;
        break;
      }
      const bool inside = s >= start && s < start + p_.taps_per_group;
      const bool blocked = std::find(blocked_.begin(), blocked_.end(), s) != blocked_.end();
      if (!inside && !blocked) break;
      blocked_first = blocked_first || blocked;
    }
    if (next_start_ >= 0 || !blocked_first) break;
    score_[static_cast<std::size_t>(start)] = out_of_play;
    start = order_[1];
    sort_starts();
  }
  return start;
}

void DfeSolver::place_groups(double cursor, std::span<const double> post) {
  score_starts(cursor, post);
  taken_.clear();
  next_start_ = -1;
  const int compact = (p_.floating_groups - 1) * p_.taps_per_group + 1;
  const auto front = score_.begin() + std::min(compact, starts_);
  if (compact <= starts_ &&  // the first starts are the strongest
      *std::min_element(score_.begin(), front) >= *std::max_element(front, score_.end())) {
    for (int g = 0; g < p_.floating_groups; ++g) taken_.push_back(g * p_.taps_per_group);
  } else {
    for (int g = 0; g < p_.floating_groups; ++g) {
      keep_room(p_.floating_groups - g - 1);
      if (next_start_ >= 0) {
        take(std::exchange(next_start_, -1));
      } else {
        take(chosen_start(g + 1 == p_.floating_groups));
      }
    }
  }
  solution_.floating.clear();
  for (const int start : taken_)
    for (int i = 0; i < p_.taps_per_group; ++i) solution_.floating.push_back(p_.taps + start + i + 1);
  std::sort(solution_.floating.begin(), solution_.floating.end());
}

void DfeSolver::limit_tail() {
  solution_.tail_rss = 0.0;
  if (p_.tail_start == 0 || p_.tail_start > length_) return;
  const auto begin = solution_.tap.begin() + (p_.tail_start - 1);
  const double energy = std::inner_product(begin, solution_.tap.end(), begin, 0.0);
  solution_.tail_rss = std::sqrt(energy);
  if (solution_.tail_rss < p_.tail_rss || energy == 0.0) return;
  for (auto tap = begin; tap != solution_.tap.end(); ++tap) *tap *= p_.tail_rss / solution_.tail_rss;
}

const DfeSolution& DfeSolver::solve(double cursor, std::span<const double> post) {
  const auto wanted = [&](int n) {
    const double ratio = post[static_cast<std::size_t>(n)] / cursor;
    return p_.step > 0.0 ? std::copysign(std::floor(std::abs(ratio) / p_.step) * p_.step, ratio) : ratio;
  };
  for (int n = 0; n < p_.taps; ++n) {
    const auto i = static_cast<std::size_t>(n);
    solution_.tap[i] = std::min(std::max(wanted(n), lower_[i]), upper_[i]);
  }
  std::fill(solution_.tap.begin() + p_.taps, solution_.tap.end(), 0.0);
  if (p_.floating_groups > 0) {
    place_groups(cursor, post);
    for (const int position : solution_.floating)
      solution_.tap[static_cast<std::size_t>(position - 1)] =
          std::clamp(wanted(position - 1), -p_.floating_maximum, p_.floating_maximum);
  }
  limit_tail();
  return solution_;
}

}  // namespace photonlink::com
