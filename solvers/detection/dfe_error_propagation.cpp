#include "solvers/detection/dfe_error_propagation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <unordered_map>

#include "core/error.hpp"
#include "core/special.hpp"
#include "signal/pattern.hpp"

namespace photonlink {
namespace {

constexpr int most_levels = 4, most_taps = 20, most_counted = 32;
constexpr int most_errors = 2 * most_levels - 1;
constexpr double first_limit = 1e-3, next_limit = 1e-2;  // of a state's probability, see solve_dfe_errors

// Tails of X + sigma N on either side, masses ordered so that the arguments of Q ascend.
class NoiseTails {
 public:
  NoiseTails(double sigma, const Density* additive) : sigma_(sigma) {
    if (additive == nullptr) return;
    step_ = additive->step / sigma;
    lowest_ = additive->value(0);
    highest_ = additive->value(additive->mass.size() - 1);
    mass_ = additive->mass;
    reversed_.assign(mass_.rbegin(), mass_.rend());
  }
  double above(double x) const { return gaussian_tail_sum(reversed_, (x - highest_) / sigma_, step_); }
  double below(double x) const { return gaussian_tail_sum(mass_, (lowest_ - x) / sigma_, step_); }

 private:
  double sigma_, step_ = 1.0, lowest_ = 0.0, highest_ = 0.0;
  std::vector<double> mass_ = {1.0}, reversed_ = {1.0};
};

using Levels = std::array<double, most_levels>;
using Counts = std::array<double, most_counted>;

struct State {
  std::uint64_t key = 0;                    // errors e_{i-1} ... e_{i-N} as digits, the latest is the lowest
  double visits = 0.0;                      // per cycle
  std::array<Levels, most_errors> joint{};  // P(e, sent level), digit of e first
  std::array<double, most_errors> total{};  // P(e)
  double errors = 0.0, bits = 0.0, precoded_errors = 0.0;
  Levels precoded_bits{};  // by the sent level in front
};

// Probability in front of one decision of an event.
struct Mass {
  std::uint64_t key = 0;
  Levels level{};               // by the last sent level
  Counts errors{}, precoded{};  // by the number of wrong symbols so far, element k: k + 1
  double total() const { return level[0] + level[1] + level[2] + level[3]; }
};

void add_shifted(const Counts& from, double factor, int shift, Counts& to) {
  for (int k = 0; k < most_counted; ++k)
    to[static_cast<std::size_t>(std::min(k + shift, most_counted - 1))] +=
        factor * from[static_cast<std::size_t>(k)];
}

class Chain {
 public:
  explicit Chain(const DfeSlicer& slicer)
      : in_(slicer),
        levels_(slicer.levels),
        base_(2 * slicer.levels - 1),
        tails_(slicer.sigma, slicer.additive) {
    tap_.assign(slicer.tap.begin(), slicer.tap.end());
    if (tap_.empty()) tap_ = {0.0};  // the decoder of the precoding still looks one symbol back
    threshold_.assign(slicer.threshold.begin(), slicer.threshold.end());
    for (int k = 0; k + 1 < levels_ && slicer.threshold.empty(); ++k)
      threshold_.push_back(amplitude(k) + 0.5 * spacing());
    for (std::size_t m = 1; m < tap_.size(); ++m) front_ *= static_cast<std::uint64_t>(base_);
    intern(0);
  }

  DfeErrors solve() {
    if (states_.front().errors == 0.0) return {.states = 1};  // below what a number can hold
    const double longest = longest_return(), bits = std::log2(levels_);
    for (double limit = first_limit * in_.tolerance / longest;; limit *= next_limit) {
      DfeErrors result = run(limit);
      // Each decision left out could hold an error of all its bits, and lengthens the cycle.
      result.left_out = 2.0 * bits * left_ * longest;
      if (result.left_out <= in_.tolerance) return result;
    }
  }

 private:
  double spacing() const { return 2.0 / (levels_ - 1); }
  double amplitude(int level) const { return -1.0 + level * spacing(); }
  int error(int digit) const { return digit < levels_ ? digit : digit - base_; }
  std::uint64_t follow(std::uint64_t key, int digit) const {
    return (key % front_) * static_cast<std::uint64_t>(base_) + static_cast<std::uint64_t>(digit);
  }

  int intern(std::uint64_t key) {
    const auto [entry, fresh] = index_.try_emplace(key, static_cast<int>(states_.size()));
    if (!fresh) return entry->second;
    require(static_cast<long>(states_.size()) < in_.most_states,
            fmt::format(
                "DFE errors: more than {} states for {} taps to a tolerance of {:g}; take fewer taps or a "
                "larger tolerance",
                in_.most_states, tap_.size(), in_.tolerance));
    states_.push_back(describe(key));
    return entry->second;
  }

  State describe(std::uint64_t key) const {
    State state{.key = key};
    double shift = 0.0;
    std::uint64_t rest = key;
    for (const double tap : tap_) {
      shift -= tap * spacing() * error(static_cast<int>(rest % static_cast<std::uint64_t>(base_)));
      rest /= static_cast<std::uint64_t>(base_);
    }
    for (int sent = 0; sent < levels_; ++sent) decide(sent, shift, state);
    for (int digit = 0; digit < base_; ++digit) weigh(digit, state);
    return state;
  }

  // Difference of the decoded symbol from the sent one, modulo L.
  int decoded_error(int digit, std::uint64_t key) const {
    return (error(digit) + error(static_cast<int>(key % static_cast<std::uint64_t>(base_))) + 2 * levels_) %
           levels_;
  }

  // P(error, sent) of one sent level.
  void decide(int sent, double shift, State& state) const {
    const double v = amplitude(sent) + shift;
    const auto at = [&](int e) -> double& {
      return state.joint[static_cast<std::size_t>(e < 0 ? e + base_ : e)][static_cast<std::size_t>(sent)];
    };
    double wrong = 0.0, further = 0.0;
    for (int q = levels_ - 1; q > sent; --q) {  // from the outside in
      const double reached = tails_.above(threshold_[static_cast<std::size_t>(q) - 1] - v);
      at(q - sent) = std::max(reached - further, 0.0) / levels_;
      further = reached;
    }
    wrong += further;
    further = 0.0;
    for (int q = 0; q < sent; ++q) {
      const double reached = tails_.below(threshold_[static_cast<std::size_t>(q)] - v);
      at(q - sent) = std::max(reached - further, 0.0) / levels_;
      further = reached;
    }
    wrong += further;
    at(0) = std::max(1.0 - wrong, 0.0) / levels_;
  }

  // Adds the share of one error to the expected counts of the decision.
  void weigh(int digit, State& state) const {
    const int e = error(digit), decoded = decoded_error(digit, state.key);
    const Levels& joint = state.joint[static_cast<std::size_t>(digit)];
    double& total = state.total[static_cast<std::size_t>(digit)];
    for (int sent = 0; sent < levels_; ++sent) {
      const double p = joint[static_cast<std::size_t>(sent)];
      if (p == 0.0) continue;
      total += p;
      state.bits += p * bit_errors(sent, sent + e);
      for (int front = 0; front < levels_; ++front) {
        const int symbol = (sent + front) % levels_;
        state.precoded_bits[static_cast<std::size_t>(front)] +=
            p * bit_errors(symbol, (symbol + decoded) % levels_);
      }
    }
    if (e != 0) state.errors += total;
    if (decoded != 0) state.precoded_errors += total;
  }

  // Least probability of a right decision when the feedback moves the sample by at most `reach`.
  double least_right(double reach) const {
    double up = 0.0, down = 0.0;
    for (int sent = 0; sent < levels_; ++sent) {
      const auto top = [&](double move) {
        return sent + 1 < levels_
                   ? tails_.above(threshold_[static_cast<std::size_t>(sent)] - amplitude(sent) - move)
                   : 0.0;
      };
      const auto bottom = [&](double move) {
        return sent > 0
                   ? tails_.below(threshold_[static_cast<std::size_t>(sent) - 1] - amplitude(sent) + move)
                   : 0.0;
      };
      up += std::max(1.0 - top(reach) - bottom(0.0), 0.0) / levels_;
      down += std::max(1.0 - top(0.0) - bottom(reach), 0.0) / levels_;
    }
    return std::min(up, down);
  }

  double longest_return() const {
    double reach = 0.0, all_right = 1.0;
    for (auto tap = tap_.rbegin(); tap != tap_.rend(); ++tap) {
      reach += std::abs(*tap) * 2.0;  // the largest error spans all levels
      all_right *= least_right(reach);
    }
    require(all_right > 0.0,
            fmt::format("DFE errors: the eye is closed with sigma = {:g} even without feedback; the "
                        "equaliser does not work here",
                        in_.sigma));
    return static_cast<double>(tap_.size()) / all_right;
  }

  DfeErrors run(double limit) {
    left_ = 0.0;
    sums_ = {};
    for (State& state : states_) state.visits = 0.0;
    DfeErrors result;
    next_.clear();
    const State clean = states_.front();  // a copy: the table grows
    Mass start{};
    start.errors[0] = start.precoded[0] = 1.0;
    for (int digit = 1; digit < base_; ++digit) {
      const auto d = static_cast<std::size_t>(digit);
      if (clean.total[d] == 0.0) continue;
      start.key = follow(0, digit);
      for (std::size_t level = 0; level < most_levels; ++level)
        start.level[level] = clean.joint[d][level] / clean.errors;
      scale_counts(clean.total[d] / clean.errors, start);
      next_.push_back(start);
      start.errors[0] = start.precoded[0] = 1.0;
    }
    std::vector<Mass> now;
    for (long decision = 1; !next_.empty(); ++decision) {
      std::swap(now, next_);
      next_.clear();
      slot_.clear();
      for (const Mass& mass : now) {
        if (mass.total() < limit)
          left_ += mass.total();
        else
          advance(mass, decision, result);
      }
    }
    summarise(clean, result);
    result.event_errors.assign(sums_.event_errors.begin(), sums_.event_errors.end());
    result.precoded_event_errors.assign(sums_.precoded_event_errors.begin(),
                                        sums_.precoded_event_errors.end());
    result.run_length = runs();
    result.states = static_cast<long>(states_.size());
    return result;
  }

  static void scale_counts(double factor, Mass& mass) {
    for (double& each : mass.errors) each *= factor;
    for (double& each : mass.precoded) each *= factor;
  }

  // One decision; decision 0 was the first wrong one of the event.
  void advance(const Mass& mass, long decision, DfeErrors& result) {
    State& state = states_[static_cast<std::size_t>(intern(mass.key))];
    const double total = mass.total();
    state.visits += total;
    sums_.decisions += total;
    sums_.errors += total * state.errors;
    sums_.bits += total * state.bits;
    sums_.precoded_errors += total * state.precoded_errors;
    for (std::size_t level = 0; level < most_levels; ++level)
      sums_.precoded_bits += mass.level[level] * state.precoded_bits[level];
    for (int digit = 0; digit < base_; ++digit) {
      const auto d = static_cast<std::size_t>(digit);
      if (state.total[d] == 0.0) continue;
      const std::uint64_t key = follow(mass.key, digit);
      const int wrong = digit != 0, decoded = decoded_error(digit, mass.key) != 0;
      if (key != 0) {
        Mass& to = target(key);
        for (std::size_t level = 0; level < most_levels; ++level)
          to.level[level] += total * state.joint[d][level];
        add_shifted(mass.errors, state.total[d], wrong, to.errors);
        add_shifted(mass.precoded, state.total[d], decoded, to.precoded);
        continue;
      }
      const auto length = static_cast<std::size_t>(decision + 1) - tap_.size();
      if (result.event_length.size() < length) result.event_length.resize(length, 0.0);
      result.event_length[length - 1] += total * state.total[d];
      for (std::size_t level = 0; level < most_levels; ++level)
        sums_.back[level] += total * state.joint[d][level];
      add_shifted(mass.errors, state.total[d], wrong, sums_.event_errors);
      add_shifted(mass.precoded, state.total[d], decoded, sums_.precoded_event_errors);
    }
  }

  Mass& target(std::uint64_t key) {
    const auto [entry, fresh] = slot_.try_emplace(key, next_.size());
    if (fresh) next_.push_back({.key = key});
    return next_[entry->second];
  }

  // Ratios from the sums over one cycle: 1/p decisions with clean feedback, the last of them wrong.
  void summarise(const State& clean, DfeErrors& result) const {
    const double p = clean.errors, decisions = 1.0 / p + sums_.decisions, bits = bits_per_symbol(levels_);
    result.event_ratio = p;
    result.event_bit_ratio = clean.bits / bits;
    const double errors = 1.0 + sums_.errors;
    result.multiplication = errors / (1.0 + p * sums_.decisions);
    result.symbol_error_ratio = errors / decisions;
    result.bit_error_ratio = (clean.bits / p + sums_.bits) / (decisions * bits);
    // The level in front of the first clean decision follows an event, the others a right decision.
    double back = 0.0, after_event = 0.0, after_right = 0.0;
    for (const double each : sums_.back) back += each;
    for (std::size_t level = 0; level < most_levels; ++level) {
      after_event += sums_.back[level] / back * clean.precoded_bits[level];
      after_right += clean.joint[0][level] / clean.total[0] * clean.precoded_bits[level];
    }
    const double clean_bits = after_event + (1.0 / p - 1.0) * after_right;
    result.precoded_symbol_error_ratio = (1.0 + sums_.precoded_errors) / decisions;
    result.precoded_bit_error_ratio = (clean_bits + sums_.precoded_bits) / (decisions * bits);
  }

  // Lengths of runs of consecutive errors. A run starts behind a right decision.
  std::vector<double> runs() const {
    std::unordered_map<std::uint64_t, double> now, next;
    const auto extend = [&](const State& state, double weight) {
      for (int digit = 1; digit < base_; ++digit)
        next[follow(state.key, digit)] += weight * state.total[static_cast<std::size_t>(digit)];
    };
    extend(states_.front(), 1.0 / states_.front().errors);
    for (const State& state : states_)
      if (state.key != 0 && state.key % static_cast<std::uint64_t>(base_) == 0) extend(state, state.visits);
    std::vector<double> length;
    double first = 0.0, alive = 0.0;
    for (const auto& [key, mass] : next) alive += mass;
    first = alive;
    while (alive > in_.tolerance * first) {
      std::swap(now, next);
      next.clear();
      for (const auto& [key, mass] : now) {
        const auto found = index_.find(key);
        if (found != index_.end()) extend(states_[static_cast<std::size_t>(found->second)], mass);
      }
      double longer = 0.0;
      for (const auto& [key, mass] : next) longer += mass;
      length.push_back((alive - longer) / first);
      alive = longer;
    }
    return length;
  }

  struct Sums {
    double decisions = 0.0, errors = 0.0, bits = 0.0, precoded_errors = 0.0, precoded_bits = 0.0;
    Levels back{};  // last sent level of an event
    Counts event_errors{}, precoded_event_errors{};
  };
  const DfeSlicer& in_;
  int levels_, base_;
  std::uint64_t front_ = 1;  // base^(N - 1)
  NoiseTails tails_;
  std::vector<double> tap_, threshold_;
  std::vector<State> states_;
  std::unordered_map<std::uint64_t, int> index_;
  std::vector<Mass> next_;
  std::unordered_map<std::uint64_t, std::size_t> slot_;
  Sums sums_;
  double left_ = 0.0;
};

void check(const DfeSlicer& slicer) {
  require(slicer.levels >= 2 && slicer.levels <= most_levels,
          fmt::format("DFE errors: {} levels, allowed 2 ... {}", slicer.levels, most_levels));
  require(slicer.tap.size() <= most_taps,
          fmt::format("DFE errors: {} taps, allowed 0 ... {}; leave out the smallest at the end",
                      slicer.tap.size(), most_taps));
  require(slicer.sigma > 0.0 && std::isfinite(slicer.sigma),
          fmt::format("DFE errors: sigma = {} must be above 0; add the thermal noise of the receiver",
                      slicer.sigma));
  require(slicer.tolerance >= 1e-12 && slicer.tolerance < 1.0,
          fmt::format("DFE errors: tolerance = {} is outside [1e-12, 1)", slicer.tolerance));
  require(slicer.threshold.empty() || static_cast<int>(slicer.threshold.size()) == slicer.levels - 1,
          fmt::format("DFE errors: {} thresholds for {} levels, must be {} or none", slicer.threshold.size(),
                      slicer.levels, slicer.levels - 1));
  require(std::is_sorted(slicer.threshold.begin(), slicer.threshold.end()),
          "DFE errors: thresholds must ascend");
  for (const double tap : slicer.tap)
    require(std::isfinite(tap), fmt::format("DFE errors: tap = {} is not finite", tap));
}

}  // namespace

DfeErrors solve_dfe_errors(const DfeSlicer& slicer) {
  check(slicer);
  return Chain(slicer).solve();
}

}  // namespace photonlink
