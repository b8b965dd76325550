#include "solvers/mlse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace photonlink {
namespace {

constexpr int most_states = 1024;
constexpr long block_steps = 8 * mlse_depth;  // between two tracebacks

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
  // New state n: level of symbol i is its lowest digit, then i - 1 and so on; the oldest level has left it.
  for (int oldest = 0; oldest < levels; ++oldest)
    for (int n = 0; n < states_; ++n) {
      double reference = target.back() * a[static_cast<std::size_t>(oldest)];
      int rest = n;
      for (std::size_t m = 0; m < target.size(); ++m, rest /= levels)
        reference += (m == 0 ? 1.0 : target[m - 1]) * a[static_cast<std::size_t>(rest % levels)];
      reference_.push_back(reference);
      half_square_.push_back(0.5 * reference * reference);
    }
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

template <int levels>
void ViterbiDetector::run(std::span<const double> sample) {
  const int rest = rest_;
  for (const double y : sample) {
    std::uint8_t* came_from = oldest_.data() + steps_++ * states_;
    const double* before = metric_.data();
    double* after = next_.data();
    for (int r = 0; r < rest; ++r) {
      const int n = levels * r;
      std::array<double, levels> best{};
      std::array<int, levels> choice{};
      for (int d = 0; d < levels; ++d) {
        const std::size_t at = static_cast<std::size_t>(n) + static_cast<std::size_t>(d);
        best[static_cast<std::size_t>(d)] = before[r] + half_square_[at] - y * reference_[at];
      }
      for (int o = 1; o < levels; ++o) {
        const std::size_t from =
            static_cast<std::size_t>(o) * static_cast<std::size_t>(states_) + static_cast<std::size_t>(n);
        const double* reference = reference_.data() + from;
        const double* half_square = half_square_.data() + from;
        const double metric = before[r + o * rest];
        for (std::size_t d = 0; d < levels; ++d) {
          const double candidate = metric + half_square[d] - y * reference[d];
          choice[d] = candidate < best[d] ? o : choice[d];
          best[d] = std::min(candidate, best[d]);
        }
      }
      for (std::size_t d = 0; d < levels; ++d) {
        after[static_cast<std::size_t>(n) + d] = best[d];
        came_from[static_cast<std::size_t>(n) + d] = static_cast<std::uint8_t>(choice[d]);
      }
    }
    std::swap(metric_, next_);
  }
}

void ViterbiDetector::push(std::span<const double> sample, std::vector<int>& decided) {
  while (!sample.empty()) {
    const long room = block_steps + mlse_depth - steps_;
    const auto taken = std::min<std::size_t>(sample.size(), static_cast<std::size_t>(room));
    if (levels_ == 2)
      run<2>(sample.first(taken));
    else
      run<4>(sample.first(taken));
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
    path_[static_cast<std::size_t>(step)] = state % levels_;
    state = state / levels_ + rest_ * oldest_[static_cast<std::size_t>(step * states_ + state)];
  }
  decided.insert(decided.end(), path_.begin(), path_.begin() + (steps_ - keep));
  std::copy(oldest_.begin() + (steps_ - keep) * states_, oldest_.begin() + steps_ * states_, oldest_.begin());
  steps_ = keep;
}

}  // namespace photonlink
