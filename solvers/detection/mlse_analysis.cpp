#include "solvers/detection/mlse_analysis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/special.hpp"
#include "signal/pattern.hpp"
#include "solvers/detection/mlse_overlap.hpp"

namespace photonlink {
namespace {

constexpr double same_difference = 1e-9;  // of amplitudes: equally spaced levels share their differences
constexpr int spectrum_points = 2048;
constexpr int most_rounds = 5000;            // of the fixed-point solution
constexpr double round_tolerance = 1e-9;     // relative, of the bound on what is left out
constexpr double too_large = 1e12;           // events open to one state: the sum does not exist
constexpr std::size_t thinned_events = 256;  // the likeliest; they are tried for the lower bound too
constexpr double not_thinned = 1e-3;         // share of the symbol errors that is taken as it is

// S(θ) = R(0) + 2 Σ R(k) cos kθ on (0, π), two-sided density per sample.
std::vector<double> noise_spectrum(std::span<const double> covariance) {
  std::vector<double> spectrum;
  spectrum.reserve(spectrum_points);
  for (int n = 0; n < spectrum_points; ++n) {
    const double angle = constants::pi * (n + 0.5) / spectrum_points;
    double value = covariance[0];
    for (std::size_t k = 1; k < covariance.size(); ++k)
      value += 2.0 * covariance[k] * std::cos(static_cast<double>(k) * angle);
    spectrum.push_back(value);
  }
  return spectrum;
}

// (1/π) ∫ cos kθ / S(θ) dθ for k = 0 ... lags - 1: the rows of R⁻¹ over the whole axis.
std::vector<double> inverse_covariance(const std::vector<double>& spectrum, double least, std::size_t lags) {
  std::vector<double> inverse(lags, 0.0);
  for (int n = 0; n < spectrum_points; ++n) {
    const double share = 1.0 / (std::max(spectrum[static_cast<std::size_t>(n)], least) * spectrum_points);
    const double cosine = std::cos(constants::pi * (n + 0.5) / spectrum_points);
    double before = cosine, now = 1.0;  // cos (k - 1)θ, cos kθ
    for (double& each : inverse) {
      each += share * now;
      before = std::exchange(now, 2.0 * cosine * now - before);
    }
  }
  return inverse;
}

// One step of a path of differences.
struct Node {
  int parent = -1, state = 0;
  double delta = 0.0;                // δ of this step
  double square = 0.0;               // δᵀδ so far
  double noise = 0.0;                // δᵀRδ so far
  double open = 0.0;                 // Π (L - |e|) / L
  double symbols = 0.0, bits = 0.0;  // wrong ones so far
};

class Enumeration {
 public:
  explicit Enumeration(const MlseChannel& channel)
      : in_(channel), levels_(static_cast<int>(channel.amplitude.size())) {
    describe_steps();
    for (std::size_t m = 0; m < channel.target.size(); ++m) states_ *= steps_;
    spectrum_ = noise_spectrum(channel.covariance);
    strongest_ = *std::max_element(spectrum_.begin(), spectrum_.end());
    // A covariance cut off at some lag dips a little below zero.
    require(*std::min_element(spectrum_.begin(), spectrum_.end()) > -0.05 * strongest_,
            "MLSE: the noise covariance has a negative spectrum; give more lags");
    describe_transitions();
  }

  MlseErrors solve() {
    MlseErrors result;
    const double guess = static_cast<double>(levels_ - 1) / levels_;
    result.converged = bound_continuations();
    visit(result);
    keep_likeliest();
    lower_bound(result);
    result.converged &= result.upper_symbol_error_ratio <= guess;
    if (result.converged) {
      thin(result);
    } else {
      result.upper_symbol_error_ratio = guess;
      result.upper_bit_error_ratio = 0.5;
    }
    return result;
  }

 private:
  // Digit 0 ... 2 L - 2 of a state stands for a step 0, 1 ... L - 1, -(L - 1) ... -1.
  int step(int digit) const { return step_[static_cast<std::size_t>(digit)]; }

  // Distinct differences of two levels: 0, the positive ones, the negative ones in the same order.
  void describe_steps() {
    const auto& a = in_.amplitude;
    step_ = {0};
    difference_ = {0.0};
    open_ = {1.0};
    bits_ = {0.0};
    for (int up = 1; up < levels_; ++up)
      for (int s = 0; s + up < levels_; ++s) {
        const double d =
            a[static_cast<std::size_t>(s) + static_cast<std::size_t>(up)] - a[static_cast<std::size_t>(s)];
        std::size_t digit = 1;
        while (digit < step_.size() && std::abs(difference_[digit] - d) > same_difference) ++digit;
        if (digit == step_.size()) {
          step_.push_back(up);
          difference_.push_back(d);
          open_.push_back(0.0);
          bits_.push_back(0.0);
        }
        open_[digit] += 1.0 / levels_;
        bits_[digit] += bit_errors(s, s + up);
      }
    const std::size_t positive = step_.size() - 1;
    for (std::size_t digit = 1; digit <= positive; ++digit) {
      bits_[digit] /= open_[digit] * levels_;
      step_.push_back(-step_[digit]);
      difference_.push_back(-difference_[digit]);
      open_.push_back(open_[digit]);
      bits_.push_back(bits_[digit]);
    }
    steps_ = static_cast<int>(step_.size());
  }

  void describe_transitions() {
    for (int state = 0; state < states_; ++state) {
      double past = 0.0;
      int rest = state;
      for (const double g : in_.target) {
        past += g * difference_[static_cast<std::size_t>(rest % steps_)];
        rest /= steps_;
      }
      for (int digit = 0; digit < steps_; ++digit)
        delta_.push_back(past + difference_[static_cast<std::size_t>(digit)]);
    }
  }
  double delta(int state, int digit) const {
    return delta_[static_cast<std::size_t>(state) * static_cast<std::size_t>(steps_) +
                  static_cast<std::size_t>(digit)];
  }
  int follow(int state, int digit) const { return state % (states_ / steps_) * steps_ + digit; }
  double chernoff(double square) const { return std::exp(-square / (8.0 * strongest_)); }

  // count_[s] = Σ over all ways from s to the end of Π open · exp(-δᵀδ / 8λ), weight_[s] the same times the
  // wrong symbols on the way.
  bool bound_continuations() {
    count_.assign(static_cast<std::size_t>(states_), 0.0);
    weight_ = count_;
    std::vector<double> share;
    for (int state = 0; state < states_; ++state)
      for (int digit = 0; digit < steps_; ++digit)
        share.push_back(open_[static_cast<std::size_t>(digit)] * chernoff(square(delta(state, digit))));
    for (int round = 0; round < most_rounds; ++round) {
      double change = 0.0, largest = 0.0;
      for (int state = 1; state < states_; ++state) {
        double count = 0.0, weight = 0.0;
        for (int digit = 0; digit < steps_; ++digit) {
          const auto next = static_cast<std::size_t>(follow(state, digit));
          const double p = share[static_cast<std::size_t>(state) * static_cast<std::size_t>(steps_) +
                                 static_cast<std::size_t>(digit)];
          const double onward = next == 0 ? 1.0 : count_[next];
          count += p * onward;
          weight += p * ((next == 0 ? 0.0 : weight_[next]) + (digit != 0 ? onward : 0.0));
        }
        const auto s = static_cast<std::size_t>(state);
        change = std::max({change, std::abs(count - count_[s]), std::abs(weight - weight_[s])});
        count_[s] = count;
        weight_[s] = weight;
        largest = std::max({largest, count, weight});
      }
      if (!(largest < too_large)) return false;
      if (change <= round_tolerance * largest) return true;
    }
    return false;
  }
  static double square(double x) { return x * x; }

  // Both signs of the first step; symbols still to come included.
  double still_open(const Node& node) const {
    const auto s = static_cast<std::size_t>(node.state);
    return node.open * chernoff(node.square) * (node.symbols * count_[s] + weight_[s]);
  }

  Node extend(int parent, int digit) const {
    const Node& from = nodes_[static_cast<std::size_t>(parent)];
    Node node = from;
    node.parent = parent;
    node.state = follow(from.state, digit);
    node.delta = delta(from.state, digit);
    node.square += square(node.delta);
    double along = 0.5 * in_.covariance[0] * node.delta;
    int back = parent;
    for (std::size_t lag = 1; lag < in_.covariance.size() && back > 0; ++lag) {
      const Node& earlier = nodes_[static_cast<std::size_t>(back)];
      along += in_.covariance[lag] * earlier.delta;
      back = earlier.parent;
    }
    node.noise += 2.0 * node.delta * along;
    node.open *= open_[static_cast<std::size_t>(digit)];
    if (digit != 0) {
      node.symbols += 1.0;
      node.bits += bits_[static_cast<std::size_t>(digit)];
    }
    return node;
  }

  void visit(MlseErrors& result) {
    using Entry = std::pair<double, int>;
    std::vector<Entry> front;  // heap, the likeliest first
    Node root;
    root.open = 1.0;
    nodes_.push_back(root);
    double left = 0.0;
    const auto add = [&](int parent, int digit) {
      const Node node = extend(parent, digit);
      if (node.state == 0) return finish(node, result);
      nodes_.push_back(node);
      const double share = still_open(node);
      front.emplace_back(share, static_cast<int>(nodes_.size()) - 1);
      std::push_heap(front.begin(), front.end());
      left += share;
    };
    for (int digit = 1; digit <= steps_ / 2; ++digit) add(0, digit);
    while (!front.empty() && result.events < in_.most_events &&
           static_cast<long>(nodes_.size()) < 8 * in_.most_events) {
      if (result.converged && left <= in_.tolerance * result.upper_symbol_error_ratio) break;
      if (!result.converged && result.upper_symbol_error_ratio > 1.0) break;
      std::pop_heap(front.begin(), front.end());
      const auto [share, node] = front.back();
      front.pop_back();
      left -= share;
      for (int digit = 0; digit < steps_; ++digit) add(node, digit);
    }
    // Summed anew: the running sum loses digits.
    result.left_out = 0.0;
    for (const auto& [share, node] : front) result.left_out += share;
  }

  // Probability of either sign of an event.
  static double probability(const Node& node) {
    return 2.0 * node.open * gaussian_tail(node.square / (2.0 * std::sqrt(node.noise)));
  }

  void finish(const Node& node, MlseErrors& result) {
    const double distance = node.square / (2.0 * std::sqrt(node.noise)), p = probability(node);
    ++result.events;
    result.upper_symbol_error_ratio += node.symbols * p;
    result.upper_bit_error_ratio += node.bits * p / bits_per_symbol(levels_);
    if (result.events == 1 || distance < result.least_distance) result.least_distance = distance;
    likely_.emplace_back(node.symbols * p, node);
  }

  void keep_likeliest() {
    const auto end = likely_.begin() + static_cast<long>(std::min(thinned_events, likely_.size()));
    std::partial_sort(likely_.begin(), end, likely_.end(),
                      [](const auto& a, const auto& b) { return a.first > b.first; });
    likely_.erase(end, likely_.end());
  }

  void thin(MlseErrors& result) const {
    result.symbol_error_ratio = result.upper_symbol_error_ratio;
    result.bit_error_ratio = result.upper_bit_error_ratio;
    double rest = result.upper_symbol_error_ratio;
    for (const auto& [symbols, event] : likely_) {
      if (rest <= not_thinned * result.upper_symbol_error_ratio) break;
      rest -= symbols;
      const double lost = 1.0 - surviving_share(levels_, in_.target, in_.covariance, steps_of(event));
      result.symbol_error_ratio -= lost * symbols;
      result.bit_error_ratio -= lost * event.bits * probability(event) / bits_per_symbol(levels_);
    }
  }

  std::vector<int> steps_of(const Node& event) const {
    std::vector<int> steps{step(event.state % steps_)};
    for (int back = event.parent; back > 0; back = nodes_[static_cast<std::size_t>(back)].parent)
      steps.push_back(step(nodes_[static_cast<std::size_t>(back)].state % steps_));
    std::reverse(steps.begin(), steps.end());
    steps.resize(steps.size() - in_.target.size());  // it ends in that many zeros
    return steps;
  }

  // δ of an event, last first.
  std::vector<double> deltas_of(const Node& event) const {
    std::vector<double> delta{event.delta};
    for (int back = event.parent; back > 0; back = nodes_[static_cast<std::size_t>(back)].parent)
      delta.push_back(nodes_[static_cast<std::size_t>(back)].delta);
    return delta;
  }

  // By ½ sqrt(δᵀ R⁻¹ δ) of each event.
  void lower_bound(MlseErrors& result) const {
    std::vector<std::vector<double>> deltas;
    deltas.reserve(likely_.size());
    std::size_t longest = 0;
    for (const auto& [symbols, event] : likely_)
      longest = std::max(longest, deltas.emplace_back(deltas_of(event)).size());
    // A spectrum that vanishes would let the genie see without error.
    const std::vector<double> inverse = inverse_covariance(spectrum_, 1e-9 * strongest_, longest);
    for (std::size_t n = 0; n < deltas.size(); ++n) {
      const std::vector<double>& delta = deltas[n];
      double sum = 0.0;
      for (std::size_t lag = 0; lag < delta.size(); ++lag) {
        double product = 0.0;
        for (std::size_t k = lag; k < delta.size(); ++k) product += delta[k] * delta[k - lag];
        sum += (lag == 0 ? 1.0 : 2.0) * product * inverse[lag];
      }
      const double errors = 2.0 * likely_[n].second.open * gaussian_tail(0.5 * std::sqrt(std::max(sum, 0.0)));
      result.lower_symbol_error_ratio = std::max(result.lower_symbol_error_ratio, errors);
    }
  }

  const MlseChannel& in_;
  int levels_, steps_ = 1, states_ = 1;
  std::vector<int> step_;           // by digit, in levels
  std::vector<double> difference_;  // by digit
  std::vector<double> spectrum_;
  double strongest_ = 0.0;
  std::vector<double> open_, bits_;     // by digit
  std::vector<double> delta_;           // (n_state, n_digit)
  std::vector<double> count_, weight_;  // (n_state)
  std::vector<Node> nodes_;
  std::vector<std::pair<double, Node>> likely_;  // symbol errors of each event
};

void check(const MlseChannel& channel) {
  const std::size_t levels = channel.amplitude.size(), most = levels == 2 ? 7 : 4;
  require(levels == 2 || levels == 4, fmt::format("MLSE: {} levels, allowed 2 or 4", levels));
  for (std::size_t s = 1; s < levels; ++s)
    require(channel.amplitude[s] > channel.amplitude[s - 1],
            "MLSE: the amplitudes of the levels must ascend");
  require(!channel.target.empty() && channel.target.size() <= most,
          fmt::format("MLSE: {} target taps on {} levels, allowed 1 ... {}", channel.target.size(), levels,
                      most));
  for (const double tap : channel.target)
    require(std::isfinite(tap), fmt::format("MLSE: target tap = {} is not finite", tap));
  require(!channel.covariance.empty() && channel.covariance[0] > 0.0 && std::isfinite(channel.covariance[0]),
          "MLSE: the noise variance must be above 0; add the thermal noise of the receiver");
  require(channel.tolerance > 0.0 && channel.tolerance < 1.0,
          fmt::format("MLSE: tolerance = {} is outside (0, 1)", channel.tolerance));
}

}  // namespace

MlseErrors analyse_mlse(const MlseChannel& channel) {
  check(channel);
  return Enumeration(channel).solve();
}

double alternating_mlse_ser(int levels, double alpha, double sigma) {
  const double stay = static_cast<double>(levels - 1) / levels;
  double sum = 0.0, open = 1.0;
  // Behind 400 terms ((L - 1)/L)^j is below 1e-47 on four levels.
  for (int j = 1; j <= 400; ++j) {
    open *= stay;
    const double square = 1.0 + (j - 1) * (1.0 - alpha) * (1.0 - alpha) + alpha * alpha;
    sum += 2.0 * j * open * gaussian_tail(std::sqrt(square) / ((levels - 1) * sigma));
  }
  return sum;
}

}  // namespace photonlink
