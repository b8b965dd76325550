#include "solvers/statistical/statistical_eye.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/error.hpp"
#include "signal/pattern.hpp"

namespace photonlink {
namespace {

void require_ber(double ber) {
  require(ber >= resolved_tail && ber <= 0.1,
          fmt::format("statistical eye: error ratio {} is outside [{:g}, 0.1]; smaller ones are not resolved",
                      ber, resolved_tail));
}

// Where a falling function of v crosses zero between low and high.
template <class F>
double bisect(F falls, double low, double high) {
  for (int k = 0; k < 50; ++k) {
    const double middle = 0.5 * (low + high);
    (falls(middle) > 0.0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

StatisticalEye::StatisticalEye(StatisticalLink link) : link_(std::move(link)), surface_(link_) {
  for (int k = 0; k + 1 < link_.levels(); ++k) {
    const auto falls = [&](double v) {
      return surface_.log_tail(k, Beyond::above, v, 0.0) - surface_.log_tail(k + 1, Beyond::below, v, 0.0);
    };
    thresholds_.push_back(bisect(falls, surface_.mean(k, 0.0), surface_.mean(k + 1, 0.0)));
  }
}

void StatisticalEye::set_thresholds(std::vector<double> thresholds) {
  require(
      thresholds.size() + 1 == link_.amplitude.size() && std::is_sorted(thresholds.begin(), thresholds.end()),
      fmt::format("statistical eye: {} thresholds for {} levels; give one less than levels, ascending",
                  thresholds.size(), link_.levels()));
  thresholds_ = std::move(thresholds);
}

double StatisticalEye::quantile(int level, Beyond beyond, double ber, double time_UI) const {
  require_ber(ber);
  return surface_.quantile(level, beyond, std::log(ber), time_UI);
}

EyeDiagram::Contour StatisticalEye::contour(int opening, double ber, std::span<const double> time_UI) const {
  return contours(opening, {&ber, 1}, time_UI).front();
}

std::vector<EyeDiagram::Contour> StatisticalEye::contours(int opening, std::span<const double> ber,
                                                          std::span<const double> time_UI) const {
  std::vector<EyeDiagram::Contour> result;
  std::vector<double> log_p;
  result.reserve(ber.size());
  log_p.reserve(ber.size());
  for (const double each : ber) {
    require_ber(each);
    result.push_back({each, opening, {}, {}});
    log_p.push_back(std::log(each));
  }
  for (const double t : time_UI) {
    const std::vector<double> lower = surface_.quantiles(opening, Beyond::above, log_p, t),
                              upper = surface_.quantiles(opening + 1, Beyond::below, log_p, t);
    for (std::size_t k = 0; k < ber.size(); ++k) {
      result[k].lower.push_back(lower[k] < upper[k] ? lower[k] : not_computed);
      result[k].upper.push_back(lower[k] < upper[k] ? upper[k] : not_computed);
    }
  }
  return result;
}

// First time from the sampling instant at which a level beside the threshold passes it with the given
// probability.
double StatisticalEye::edge_of(int k, double ber, double direction) const {
  const double threshold = thresholds_[static_cast<std::size_t>(k)];
  const auto room = [&](double t) {
    return std::log(ber) - std::max(surface_.log_tail(k, Beyond::above, threshold, t),
                                    surface_.log_tail(k + 1, Beyond::below, threshold, t));
  };
  const int half = surface_.samples_per_symbol() / 2;
  for (int j = 0; j < half; ++j) {
    const double inner = direction * j / (2.0 * half), outer = direction * (j + 1) / (2.0 * half);
    if (room(outer) > 0.0) continue;
    return bisect([&](double u) { return room(inner + u * (outer - inner)); }, 0.0, 1.0) * (outer - inner) +
           inner;
  }
  return not_computed;
}

EyeOpening StatisticalEye::opening(int k, double ber) const {
  EyeOpening result;
  const double lower = quantile(k, Beyond::above, ber, 0.0), upper = quantile(k + 1, Beyond::below, ber, 0.0);
  const double threshold = thresholds_[static_cast<std::size_t>(k)];
  if (!(lower < upper)) return result;
  result.lower = lower;
  result.upper = upper;
  result.height = upper - lower;
  if (threshold < lower || threshold > upper) return result;
  result.left_UI = edge_of(k, ber, -1.0);
  result.right_UI = edge_of(k, ber, 1.0);
  result.width_UI = result.right_UI - result.left_UI;
  return result;
}

EyeMeasures StatisticalEye::measures(double ber) const {
  require_ber(ber);
  EyeMeasures result;
  result.ber = ber;
  double smallest = INFINITY, largest = 0.0, reach = 0.0;
  for (int k = 0; k + 1 < link_.levels(); ++k) {
    const double step = surface_.mean(k + 1, 0.0) - surface_.mean(k, 0.0);
    smallest = std::min(smallest, step);
    largest = std::max(largest, step);
    reach = std::max({reach, quantile(k, Beyond::above, ber, 0.0) - surface_.mean(k, 0.0),
                      surface_.mean(k + 1, 0.0) - quantile(k + 1, Beyond::below, ber, 0.0)});
    result.opening.push_back(opening(k, ber));
  }
  result.linearity = smallest / largest;
  result.signal_amplitude = 0.5 * smallest;
  result.noise_amplitude = reach;
  result.vertical_opening = 2.0 * (result.signal_amplitude - reach);
  if (reach < result.signal_amplitude)
    result.vertical_closure_dB = -20.0 * std::log10(1.0 - reach / result.signal_amplitude);
  return result;
}

// Walks away from each sent level: every threshold passed changes the number of wrong bits.
double StatisticalEye::wrong_bits(double time_UI, std::span<const double> thresholds) const {
  const int levels = link_.levels();
  double sum = 0.0;
  for (int sent = 0; sent < levels; ++sent) {
    const double likely = link_.probability_of(static_cast<std::size_t>(sent));
    for (int up = sent; up < levels - 1; ++up)
      sum += likely * (bit_errors(levels, sent, up + 1) - bit_errors(levels, sent, up)) *
             surface_.tail(sent, Beyond::above, thresholds[static_cast<std::size_t>(up)], time_UI);
    for (int down = sent; down > 0; --down)
      sum += likely * (bit_errors(levels, sent, down - 1) - bit_errors(levels, sent, down)) *
             surface_.tail(sent, Beyond::below, thresholds[static_cast<std::size_t>(down) - 1], time_UI);
  }
  return sum / bits_per_symbol(levels);
}

double StatisticalEye::bit_error_ratio(double time_UI, std::span<const double> thresholds) const {
  require(std::abs(time_UI) <= 0.5,
          fmt::format("statistical eye: time = {} UI is outside [-0.5, 0.5]", time_UI));
  require(thresholds.size() + 1 == link_.amplitude.size(),
          "statistical eye: give one threshold less than levels");
  require(
      std::has_single_bit(link_.amplitude.size()) || link_.levels() == 6,
      fmt::format(
          "statistical eye: {} levels carry no known number of bits; a bit error ratio needs 2, 4, 6 or 8",
          link_.levels()));
  const double ratio = wrong_bits(time_UI, thresholds);
  return ratio >= resolved_tail ? ratio : not_computed;
}

}  // namespace photonlink
