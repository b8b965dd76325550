#include "solvers/compressed_decision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "core/error.hpp"
#include "signal/grid.hpp"

namespace photonlink {
namespace {

constexpr int most_halvings = 20;
constexpr int node_steps = 4, turns = 2;

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

}  // namespace

class CompressedDecision::Builder {
 public:
  explicit Builder(const Inputs& in)
      : in_(in),
        taps_(in.taps.size()),
        white_(std::inner_product(in.taps.begin(), in.taps.end(), in.taps.begin(), 0.0)),
        sample_(taps_),
        output_(taps_),
        gradient_(taps_),
        spread_(taps_),
        noise_(taps_),
        direction_(taps_),
        turned_(taps_),
        covariance_(taps_ * taps_) {}

  Curve build(long symbol) {
    read(symbol);
    move(direction_, 0.0, 0.0);
    spread();
    base_ = output_;
    tangent_variance_ = variance();
    if (!(tangent_variance_ > 0.0)) {  // no noise: what little there may be is white
      for (std::size_t j = 0; j < taps_; ++j) covariance_[j * (taps_ + 1)] = 1.0;
      spread();
      tangent_variance_ = variance();
    }
    converter_share_ = in_.converter_variance / tangent_variance_;
    for (std::size_t j = 0; j < taps_; ++j) direction_[j] = spread_[j] / tangent_variance_;
    // Deep in saturation y may turn back before a whole step: then less of it is resolved.
    double reach = in_.step;
    for (int halving = 0; tangent_variance_ > 0.0 && halving < most_halvings; ++halving, reach *= 0.5) {
      Curve curve;
      for (std::size_t k = 0; k < nodes; ++k)
        add_node(curve, k, place(reach * (2.0 * static_cast<double>(k) / (nodes - 1.0) - 1.0)));
      if (std::adjacent_find(curve.deviation.begin(), curve.deviation.end(), std::greater_equal<>()) ==
          curve.deviation.end())
        return curve;
    }
    throw DomainError(
        fmt::format("symbol {}: the amplifier in front of the ADC is saturated, its slope is below what can "
                    "be resolved; raise vga_compression or lower vga_gain_minimum or adc_fill",
                    symbol));
  }

 private:
  // Samples and covariances of the taps of one symbol.
  void read(long symbol) {
    const long symbols = static_cast<long>(in_.sample.size());
    for (std::size_t late = 0; late < taps_; ++late) {
      const long at = symbol + in_.pre - static_cast<long>(late);
      sample_[late] = in_.sample[static_cast<std::size_t>(wrap(at, symbols))];
      for (std::size_t early = late; early < taps_; ++early) {
        const long row = wrap(symbol + in_.pre - static_cast<long>(early), symbols);
        covariance_[late * taps_ + early] = covariance_[early * taps_ + late] =
            in_.covariance[static_cast<std::size_t>(row) * taps_ + early - late];
      }
    }
  }

  // Noise λ · direction at the taps, λ · share in the converter: samples behind the curve, gradient of y.
  void move(const std::vector<double>& direction, double share, double lambda) {
    converter_ = lambda * share;
    for (std::size_t j = 0; j < taps_; ++j) {
      noise_[j] = lambda * direction[j];
      output_[j] = in_.curve(sample_[j] + noise_[j]);
      const double part = output_[j] / in_.curve.level;
      gradient_[j] = in_.taps[j] * (1.0 - part * part);
    }
  }
  void spread() {
    for (std::size_t j = 0; j < taps_; ++j)
      spread_[j] = std::inner_product(gradient_.begin(), gradient_.end(),
                                      covariance_.begin() + static_cast<long>(j * taps_), 0.0);
  }

  // Deviation of y.
  double change() const {
    return std::inner_product(in_.taps.begin(), in_.taps.end(), output_.begin(), 0.0) -
           std::inner_product(in_.taps.begin(), in_.taps.end(), base_.begin(), 0.0) + converter_;
  }
  double variance() const { return dot(gradient_, spread_) + in_.converter_variance; }

  // λ for a node near the deviation u: toward smaller samples the curve is steeper than its tangent, and
  // u itself would lie far beyond.
  double place(double u) {
    double lambda = u;
    for (int step = 0; u != 0.0 && step < node_steps; ++step) {
      move(direction_, converter_share_, lambda);
      const double y = change();
      if (std::abs(y) > std::abs(u)) lambda *= u / y;
    }
    return lambda;
  }

  void add_node(Curve& curve, std::size_t k, double lambda) {
    move(direction_, converter_share_, lambda);
    spread();
    for (int turn = 0; lambda != 0.0 && turn < turns; ++turn) {
      const double total = variance(), plane = dot(gradient_, noise_) + converter_;
      for (std::size_t j = 0; j < taps_; ++j) turned_[j] = spread_[j] / total;
      move(turned_, in_.converter_variance / total, plane);
      spread();
    }
    const double total = variance();
    curve.deviation[k] = change();
    curve.ratio[k] = lambda == 0.0 ? 1.0 : (dot(gradient_, noise_) + converter_) / curve.deviation[k];
    curve.stretch[k] = std::sqrt(total / tangent_variance_);
    double trace = 0.0;
    for (std::size_t j = 0; j < taps_; ++j) {
      // f'' = -2 f f' / y_s²
      const double level = in_.curve.level, second = -2.0 * output_[j] * gradient_[j] / (level * level);
      trace += second * (covariance_[j * (taps_ + 1)] - spread_[j] * spread_[j] / total);
    }
    curve.shift[k] = 0.5 * trace / tangent_variance_;
    curve.tail[k] = std::sqrt(dot(gradient_, gradient_) / white_) / in_.mean_slope;
  }

  const Inputs& in_;
  std::size_t taps_;
  double white_, tangent_variance_ = 0.0, converter_share_ = 0.0, converter_ = 0.0;
  std::vector<double> sample_, output_, base_, gradient_, spread_, noise_, direction_, turned_, covariance_;
};

CompressedDecision::CompressedDecision(const Inputs& inputs) {
  Builder builder(inputs);
  curve_.reserve(inputs.sample.size());
  for (long i = 0; i < static_cast<long>(inputs.sample.size()); ++i) curve_.push_back(builder.build(i));
}

ErrorPoint CompressedDecision::at(std::size_t symbol, double deviation) const {
  const Curve& curve = curve_[symbol];
  const auto& node = curve.deviation;
  const double u = std::clamp(deviation, node.front(), node.back());
  // Quadratic through the nearest node and its neighbours.
  std::size_t first = 0;
  while (first + 3 < nodes && u > 0.5 * (node[first + 1] + node[first + 2])) ++first;
  ErrorPoint point{.distance = 0.0, .stretch = 0.0, .shift = 0.0, .tail = 0.0};
  for (std::size_t k = first; k < first + 3; ++k) {
    double weight = 1.0;
    for (std::size_t other = first; other < first + 3; ++other)
      if (other != k) weight *= (u - node[other]) / (node[k] - node[other]);
    point.distance += weight * curve.ratio[k];
    point.stretch += weight * curve.stretch[k];
    point.shift += weight * curve.shift[k];
    point.tail += weight * curve.tail[k];
  }
  point.distance *= deviation;
  return point;
}

double CompressedDecision::curvature(std::span<const double> sigma) const {
  double largest = 0.0;
  for (std::size_t i = 0; i < curve_.size(); ++i)
    for (std::size_t k = nodes / 4; k < nodes - nodes / 4; ++k)  // to half a step, where decisions are taken
      largest = std::max(largest, std::abs(curve_[i].shift[k]) * sigma[i]);
  return largest;
}

}  // namespace photonlink
