#include "solvers/detection/mlse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/error.hpp"
#include "core/simd.hpp"

namespace photonlink {
namespace {

constexpr int most_states = 1024;
constexpr long block_steps = 8 * mlse_depth;  // between two tracebacks

// One symbol: every new state, rest r and newest level d, takes the best of its branches from r + oldest ·
// rest.
struct Step {
  double *before, *after;  // after: state levels · r + d
  const double *recent, *oldest_part;
  std::uint8_t* came_from;  // d · rest + r
  int rest = 0;
  double y = 0.0;
};

template <int levels>
PHOTONLINK_INLINE void advance(const Step& s) {
  for (int r = 0; r < s.rest; ++r) {
    std::array<double, levels> reached{}, best{};
    std::array<int, levels> choice{};
    for (int o = 0; o < levels; ++o) {
      const double b = s.oldest_part[o];
      reached[static_cast<std::size_t>(o)] = s.before[r + o * s.rest] + b * (0.5 * b - s.y);
    }
    for (std::size_t d = 0; d < levels; ++d) {
      const double u = s.recent[static_cast<int>(d) * s.rest + r];
      best[d] = reached[0] + u * s.oldest_part[0];
      for (int o = 1; o < levels; ++o) {
        const double candidate = reached[static_cast<std::size_t>(o)] + u * s.oldest_part[o];
        choice[d] = candidate < best[d] ? o : choice[d];
        best[d] = std::min(candidate, best[d]);
      }
      s.after[levels * r + static_cast<int>(d)] = best[d] + u * (0.5 * u - s.y);
      s.came_from[static_cast<int>(d) * s.rest + r] = static_cast<std::uint8_t>(choice[d]);
    }
  }
}

constexpr int lanes = 8;
using L = simd::Lanes<lanes>;
using Bytes = std::uint8_t __attribute__((vector_size(lanes)));

// a0 b0 a1 b1 ...
PHOTONLINK_INLINE std::array<L::Real, 2> alternated(L::Real a, L::Real b) {
  return {__builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11),
          __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)};
}

// The same for eight states at a time.
template <int levels>
PHOTONLINK_INLINE void advance_lanes(const Step& s) {
  for (int r = 0; r < s.rest; r += lanes) {
    std::array<L::Real, levels> reached{}, best{};
    for (int o = 0; o < levels; ++o) {
      const double b = s.oldest_part[o];
      reached[static_cast<std::size_t>(o)] = L::load(s.before + r + o * s.rest) + b * (0.5 * b - s.y);
    }
    for (int d = 0; d < levels; ++d) {
      const L::Real u = L::load(s.recent + d * s.rest + r);
      L::Real least = reached[0] + u * s.oldest_part[0];
      L::Int choice = {};
      for (int o = 1; o < levels; ++o) {
        const L::Real candidate = reached[static_cast<std::size_t>(o)] + u * s.oldest_part[o];
        const auto better = candidate < least;
        choice = better ? L::Int{} + o : choice;
        least = better ? candidate : least;
      }
      best[static_cast<std::size_t>(d)] = least + u * (0.5 * u - s.y);
      const Bytes bytes = __builtin_convertvector(choice, Bytes);
      std::memcpy(s.came_from + d * s.rest + r, &bytes, sizeof bytes);
    }
    double* const after = s.after + levels * r;
    if constexpr (levels == 2) {
      const auto [low, high] = alternated(best[0], best[1]);
      L::store(after, low);
      L::store(after + lanes, high);
    } else {
      const auto even = alternated(best[0], best[2]), odd = alternated(best[1], best[3]);
      for (std::size_t half = 0; half < 2; ++half) {
        const auto [low, high] = alternated(even[half], odd[half]);
        L::store(after + 2 * half * lanes, low);
        L::store(after + (2 * half + 1) * lanes, high);
      }
    }
  }
}

// Through all samples; `before` and `after` change places after each.
template <int levels>
PHOTONLINK_INLINE void advance_all(Step s, std::span<const double> sample) {
  for (const double y : sample) {
    s.y = y;
    s.rest % lanes == 0 ? advance_lanes<levels>(s) : advance<levels>(s);
    std::swap(s.before, s.after);
    s.came_from += levels * s.rest;
  }
}
PHOTONLINK_CLONES void advance_nrz(const Step& s, std::span<const double> sample) {
  advance_all<2>(s, sample);
}
PHOTONLINK_CLONES void advance_pam4(const Step& s, std::span<const double> sample) {
  advance_all<4>(s, sample);
}

}  // namespace

ViterbiDetector::ViterbiDetector(std::span<const double> a, std::span<const double> target)
    : levels_(static_cast<int>(a.size())) {
  const int levels = levels_;
  require(levels == 2 || levels == 4, fmt::format("MLSE: {} levels, allowed 2 or 4", levels));
  require(!target.empty(), "MLSE: the target has no postcursor; use the slicer, which then decides the same");
  for (const double tap : target) {
    require(std::isfinite(tap), fmt::format("MLSE: target tap = {} is not finite", tap));
    rest_ = states_;
    states_ *= levels;
    require(states_ <= most_states,
            fmt::format("MLSE: {} taps on {} levels need more than {} states; leave the last "
                        "taps to the FFE",
                        target.size(), levels, most_states));
  }
  // State n: level of symbol i is its lowest digit, then i - 1 and so on; the oldest level is the highest.
  for (int newest = 0; newest < levels; ++newest)
    for (int r = 0; r < rest_; ++r) {
      double u = a[static_cast<std::size_t>(newest)];
      int rest = r;
      for (std::size_t m = 0; m + 1 < target.size(); ++m, rest /= levels)
        u += target[m] * a[static_cast<std::size_t>(rest % levels)];
      recent_.push_back(u);
    }
  for (std::size_t oldest = 0; oldest < a.size(); ++oldest) oldest_part_[oldest] = target.back() * a[oldest];
  metric_.resize(static_cast<std::size_t>(states_));
  next_.resize(metric_.size());
  oldest_.resize(static_cast<std::size_t>(block_steps + mlse_depth) * metric_.size());
  path_.resize(static_cast<std::size_t>(block_steps + mlse_depth));
  restart();
}

void ViterbiDetector::restart() {
  std::fill(metric_.begin(), metric_.end(), 0.0);
  steps_ = 0;
}

void ViterbiDetector::run(std::span<const double> sample) {
  const Step step{.before = metric_.data(),
                  .after = next_.data(),
                  .recent = recent_.data(),
                  .oldest_part = oldest_part_.data(),
                  .came_from = oldest_.data() + steps_ * states_,
                  .rest = rest_};
  levels_ == 2 ? advance_nrz(step, sample) : advance_pam4(step, sample);
  if (sample.size() % 2 == 1) std::swap(metric_, next_);
  steps_ += static_cast<long>(sample.size());
}

void ViterbiDetector::push(std::span<const double> sample, std::vector<int>& decided) {
  while (!sample.empty()) {
    const long room = block_steps + mlse_depth - steps_;
    const auto taken = std::min<std::size_t>(sample.size(), static_cast<std::size_t>(room));
    run(sample.first(taken));
    sample = sample.subspan(taken);
    if (steps_ == block_steps + mlse_depth) trace_back(mlse_depth, decided);
  }
}

void ViterbiDetector::finish(std::vector<int>& decided) {
  trace_back(0, decided);
  restart();
}

// Appends all decisions but the newest `keep`, and drops their steps.
void ViterbiDetector::trace_back(long keep, std::vector<int>& decided) {
  int state = static_cast<int>(std::min_element(metric_.begin(), metric_.end()) - metric_.begin());
  const double least = metric_[static_cast<std::size_t>(state)];
  for (double& each : metric_) each -= least;  // the common part grows without end
  for (long step = steps_ - 1; step >= 0; --step) {
    const int newest = state % levels_, r = state / levels_;
    path_[static_cast<std::size_t>(step)] = newest;
    state = r + rest_ * oldest_[static_cast<std::size_t>(step * states_ + newest * rest_ + r)];
  }
  decided.insert(decided.end(), path_.begin(), path_.begin() + (steps_ - keep));
  std::copy(oldest_.begin() + (steps_ - keep) * states_, oldest_.begin() + steps_ * states_, oldest_.begin());
  steps_ = keep;
}

}  // namespace photonlink
