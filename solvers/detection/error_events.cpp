#include "solvers/detection/error_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.hpp"
#include "core/random.hpp"
#include "core/special.hpp"
#include "signal/pattern.hpp"
#include "solvers/result.hpp"

namespace photonlink {
namespace {

constexpr std::size_t most_counted = 32;
constexpr long most_decisions = 100000;
constexpr double innovation_floor = 1e-9;  // of R_0: a spectrum with nulls stays solvable

// Endless random numbers of one kind, in pieces.
class Draws {
 public:
  Draws(std::uint64_t seed, const char* source) : stream_(seed, source_number(source)), piece_(4096) {}
  double normal() {
    if (at_ == piece_.size()) refill([&] { stream_.normal(next_, piece_); });
    return piece_[at_++];
  }
  double uniform() {
    if (at_ == piece_.size()) refill([&] { stream_.uniform(next_, piece_); });
    return piece_[at_++];
  }

 private:
  template <class Fill>
  void refill(Fill fill) {
    fill();
    next_ += piece_.size();
    at_ = 0;
  }
  RandomStream stream_;
  std::vector<double> piece_;
  std::size_t at_ = piece_.size();
  std::uint64_t next_ = 0;
};

// Autoregressive Gaussian of given covariances, by the Levinson recursion.
class ColouredNoise {
 public:
  ColouredNoise(std::span<const double> covariance, std::uint64_t seed)
      : correlation_(covariance.begin(), covariance.end()), draws_(seed, "error event noise") {
    const std::size_t order = covariance.size() - 1;
    double power = covariance[0] * (1.0 + innovation_floor);
    for (std::size_t m = 1; m <= order; ++m) {
      double reflection = covariance[m];
      for (std::size_t j = 1; j < m; ++j) reflection -= predictor_[j - 1] * covariance[m - j];
      reflection /= power;
      const auto before = predictor_;
      for (std::size_t j = 1; j < m; ++j) predictor_[j - 1] -= reflection * before[m - j - 1];
      predictor_.push_back(reflection);
      power *= 1.0 - reflection * reflection;
    }
    innovation_ = std::sqrt(std::max(power, 0.0));
    for (double& each : correlation_) each /= covariance[0];
    past_.assign(order, 0.0);
    for (std::size_t k = 0; k < 8 * order; ++k) next();
  }

  double next() {
    const double value =
        std::inner_product(predictor_.rbegin(), predictor_.rend(),
                           past_.end() - static_cast<long>(predictor_.size()), innovation_ * draws_.normal());
    if (past_.size() >= 4096) past_.erase(past_.begin(), past_.end() - static_cast<long>(predictor_.size()));
    past_.push_back(value);
    return value;
  }
  // R_k / R_0, zero behind the covariances known.
  double correlation(std::size_t k) const { return k < correlation_.size() ? correlation_[k] : 0.0; }

 private:
  std::vector<double> correlation_, predictor_, past_;
  double innovation_ = 0.0;
  Draws draws_;
};

struct Start {
  std::size_t symbol = 0;
  int decided = 0;
};

// What one event adds.
struct Event {
  double errors = 0.0, bits = 0.0, precoded_errors = 0.0, precoded_bits = 0.0, dirty = 0.0;
};

class EventDrawer {
 public:
  explicit EventDrawer(const ErrorEventInput& input)
      : in_(input),
        levels_(static_cast<int>(input.amplitude.size())),
        sigma_(std::sqrt(input.covariance[0])),
        noise_(input.covariance, input.seed),
        places_(input.seed, "error event places") {
    for (std::size_t i = 0; i < in_.sample.size(); ++i)
      for (int q = 0; q < levels_; ++q) {
        if (q == in_.index[i]) continue;
        const double probability = interval(i, q).probability;
        weight_ += probability;
        first_bits_ += probability * bit_errors(levels_, in_.index[i], q);
        starts_.push_back({i, q});
        cumulative_.push_back(weight_);
      }
    require(weight_ > 0.0, "error events: no decision is ever wrong; the noise is too small to have events");
  }

  double event_ratio() const { return weight_ / static_cast<double>(in_.sample.size()); }
  double mean_first_bits() const { return first_bits_ / weight_; }

  Event draw() {
    const auto at = std::lower_bound(cumulative_.begin(), cumulative_.end(), weight_ * places_.uniform());
    const Start start =
        starts_[std::min(static_cast<std::size_t>(at - cumulative_.begin()), starts_.size() - 1)];
    const double excess = truncated(start) - noise_.next();
    Event event;
    feedback_.assign(in_.tap.size(), 0.0);
    int error_before = 0;
    std::size_t clean = 0;
    for (std::size_t k = 0; clean < in_.tap.size(); ++k) {
      require(k < most_decisions,
              fmt::format("error events: an event of {} feedback taps goes on for {} decisions; the eye is "
                          "closed behind a wrong decision",
                          in_.tap.size(), most_decisions));
      const std::size_t i = (start.symbol + k) % in_.sample.size();
      const int sent = in_.index[i];
      const int decided =
          k == 0 ? start.decided : decide(in_.sample[i] + noise_.next() + noise_.correlation(k) * excess);
      clean = decided == sent ? clean + 1 : 0;
      if (k > 0 && clean < in_.tap.size()) event.dirty += 1.0;
      count(i, sent, decided, error_before, event);
      error_before = decided - sent;
      feedback_.insert(feedback_.begin(), in_.amplitude[static_cast<std::size_t>(decided)] -
                                              in_.amplitude[static_cast<std::size_t>(sent)]);
      feedback_.pop_back();
    }
    return event;
  }

 private:
  struct Interval {
    double probability = 0.0;
    double near = 0.0, far = 0.0;  // tails at its ends, of the side it lies on
    double sign = 1.0;
  };
  // Of the noise that turns symbol i into level q, seen from the side where its tails are small.
  Interval interval(std::size_t i, int q) const {
    const double sign = q > in_.index[i] ? 1.0 : -1.0;
    const auto tail = [&](int edge) {
      if (edge < 0 || edge >= levels_ - 1) return 0.0;  // beyond the outer level
      return gaussian_tail(sign * (in_.threshold[static_cast<std::size_t>(edge)] - in_.sample[i]) / sigma_);
    };
    const double near = tail(sign > 0.0 ? q - 1 : q), far = tail(sign > 0.0 ? q : q - 1);
    return {std::max(near - far, 0.0), near, far, sign};
  }

  double truncated(Start start) {
    const Interval at = interval(start.symbol, start.decided);
    const double tail = at.far + places_.uniform() * (at.near - at.far);
    return at.sign * sigma_ *
           inverse_gaussian_tail(std::clamp(tail, std::numeric_limits<double>::min(), 1.0 - 1e-16));
  }

  int decide(double value) const {
    value -= std::inner_product(in_.tap.begin(), in_.tap.end(), feedback_.begin(), 0.0);
    int level = 0;
    for (const double threshold : in_.threshold) level += value > threshold;
    return level;
  }

  void count(std::size_t i, int sent, int decided, int error_before, Event& event) const {
    const int error = decided - sent;
    event.errors += error != 0;
    event.bits += bit_errors(levels_, sent, decided);
    const int front = in_.index[(i + in_.index.size() - 1) % in_.index.size()];
    const int data = (sent + front) % levels_,
              decoded = (data + error + error_before + 2 * levels_) % levels_;
    event.precoded_errors += decoded != data;
    event.precoded_bits += bit_errors(levels_, data, decoded);
  }

  const ErrorEventInput& in_;
  int levels_;
  double sigma_, weight_ = 0.0, first_bits_ = 0.0;
  ColouredNoise noise_;
  Draws places_;
  std::vector<Start> starts_;
  std::vector<double> cumulative_, feedback_;
};

void check(const ErrorEventInput& in) {
  require(!in.sample.empty() && in.sample.size() == in.index.size(),
          fmt::format("error events: {} samples and {} symbols", in.sample.size(), in.index.size()));
  require(in.amplitude.size() >= 2 && in.threshold.size() + 1 == in.amplitude.size(),
          fmt::format("error events: {} levels and {} thresholds", in.amplitude.size(), in.threshold.size()));
  require(!in.tap.empty(), "error events: no feedback tap");
  require(!in.covariance.empty() && in.covariance[0] > 0.0, "error events: the noise has no variance");
  require(in.events >= 2, fmt::format("error events: {} events, need 2 or more", in.events));
}

void add(std::vector<double>& counts, double wrong, double share) {
  if (wrong >= 1.0) counts[std::min(static_cast<std::size_t>(wrong), counts.size()) - 1] += share;
}

}  // namespace

ErrorEvents draw_error_events(const ErrorEventInput& input) {
  check(input);
  EventDrawer drawer(input);
  ErrorEvents result;
  result.event_errors.assign(most_counted, 0.0);
  result.precoded_event_errors.assign(most_counted, 0.0);
  const double n = static_cast<double>(input.events);
  Event mean;
  double square = 0.0;
  for (long e = 0; e < input.events; ++e) {
    const Event event = drawer.draw();
    mean.errors += event.errors / n;
    mean.bits += event.bits / n;
    mean.precoded_bits += event.precoded_bits / n;
    mean.dirty += event.dirty / n;
    square += event.bits * event.bits / n;
    add(result.event_errors, event.errors, 1.0 / n);
    add(result.precoded_event_errors, event.precoded_errors, 1.0 / n);
  }
  if (input.amplitude.size() == 6) {
    // Precoded pairs would be corners: PAM6 has no such precoding.
    mean.precoded_bits = not_computed;
    result.precoded_event_errors.clear();
  }
  result.event_ratio = drawer.event_ratio();
  const double longer = 1.0 + result.event_ratio * mean.dirty, first_bits = drawer.mean_first_bits();
  result.symbol_multiplication = mean.errors / longer;
  result.bit_multiplication = mean.bits / (first_bits * longer);
  result.precoded_bit_multiplication = mean.precoded_bits / (first_bits * longer);
  result.sigma = std::sqrt(std::max(square - mean.bits * mean.bits, 0.0) / (n - 1.0)) / (first_bits * longer);
  return result;
}

}  // namespace photonlink
