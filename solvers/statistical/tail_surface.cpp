#include "solvers/statistical/tail_surface.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace photonlink {
namespace {

constexpr double points_per_sigma = 2.0;
constexpr double start_sigmas = 1.5;  // of the level's own spread, in front of its mean
constexpr long most_points = 4000;

// Through values at -1, 0, 1, 2.
std::array<double, 4> cubic_weights(double t) {
  return {-t * (t - 1.0) * (t - 2.0) / 6.0, (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0,
          -(t + 1.0) * t * (t - 2.0) / 2.0, (t + 1.0) * t * (t - 1.0) / 6.0};
}

bool symmetric(const StatisticalLink& link) {
  const auto& a = link.amplitude;
  for (std::size_t l = 0; l < a.size(); ++l)
    if (std::abs(a[l] + a[a.size() - 1 - l]) > 1e-12 * std::abs(a.back())) return false;
  return link.edges.duty_cycle_UI == 0.0;  // late rising edges are late falling ones when turned over
}

}  // namespace

double TailSurface::Curve::at(double v) const {
  const long last = static_cast<long>(log_tail.size()) - 1;
  const double position = (v - start) / step;
  if (position <= 0.0) return log_tail.front();
  const auto y = [&](long k) { return log_tail[static_cast<std::size_t>(k)]; };
  if (position >= static_cast<double>(last)) {  // continued as the parabola of the last three points
    const double t = position - static_cast<double>(last),
                 slope = 0.5 * (3.0 * y(last) - 4.0 * y(last - 1) + y(last - 2));
    return y(last) + t * slope + 0.5 * t * t * std::min(y(last) - 2.0 * y(last - 1) + y(last - 2), 0.0);
  }
  const long base = std::clamp(static_cast<long>(position), 1L, last - 2);
  const auto w = cubic_weights(position - static_cast<double>(base));
  return w[0] * y(base - 1) + w[1] * y(base) + w[2] * y(base + 1) + w[3] * y(base + 2);
}

// Inverse of at() by Newton's method within the interval that holds the value; the curve falls.
double TailSurface::Curve::where(double log_p) const {
  const long last = static_cast<long>(log_tail.size()) - 1;
  const auto below =
      std::partition_point(log_tail.begin(), log_tail.end(), [&](double y) { return y > log_p; });
  const long upper = std::clamp(static_cast<long>(below - log_tail.begin()), 1L, last);
  const double y0 = log_tail[static_cast<std::size_t>(upper - 1)],
               y1 = log_tail[static_cast<std::size_t>(upper)];
  if (y0 == y1) return start + static_cast<double>(upper) * step;
  double position = static_cast<double>(upper - 1) + (y0 - log_p) / (y0 - y1), slope = y1 - y0;
  for (int k = 0; k < 4; ++k) {
    const double error = at(start + position * step) - log_p, move = -error / slope;
    if (std::abs(error) < 1e-9) break;
    const double next = position + move, after = at(start + next * step) - log_p;
    if (after != error) slope = (after - error) / move;
    position = next;
  }
  return start + position * step;
}

TailSurface::Curve TailSurface::make_curve(const PhaseTails& tails, int level, Beyond beyond, double centre) {
  const double outward = beyond == Beyond::above ? 1.0 : -1.0;
  Curve curve;
  curve.step = outward * tails.largest_sigma() / points_per_sigma;
  const double first = tails.mean(level) - outward * start_sigmas * tails.rms(level);
  curve.start = first - centre;
  for (long k = 0; k < most_points; ++k) {
    const double p = tails.tail(level, beyond, first + static_cast<double>(k) * curve.step);
    curve.log_tail.push_back(std::log(std::max(p, std::numeric_limits<double>::min())));
    if (p < resolved_tail && k >= 3) return curve;
  }
  throw DomainError(
      fmt::format("statistical eye: interference reaches {} times the noise; sigma is too small to be "
                  "meant",
                  most_points / points_per_sigma));
}

TailSurface::TailSurface(const StatisticalLink& link)
    : samples_(link.samples_per_symbol), levels_(link.levels()), mirrored_(symmetric(link)) {
  check(link);
  nodes_ = timing_nodes(link.timing);
  double reach = 0.0;
  for (const JitterNode& node : nodes_) reach = std::max(reach, std::abs(node.at));
  require(reach <= 0.75,
          fmt::format("statistical eye: timing jitter reaches ±{:.3g} UI, at most 0.75; the sampling "
                      "instant would leave its symbol",
                      reach));
  extent_ = samples_ / 2 + 2 + static_cast<long>(std::ceil(reach * samples_));
  const EdgePulses pulses(link);
  const InterferenceGrid grid = interference_grid(link);
  tails_.reserve(static_cast<std::size_t>(2 * extent_ + 1));
  phases_.reserve(tails_.capacity());
  for (long phase = -extent_; phase <= extent_; ++phase) {
    const PhaseTails& tails = tails_.emplace_back(link, pulses, grid, phase);
    Phase& curves = phases_.emplace_back();
    // The highest level has no opening above it, the lowest none below.
    const int own = tails.alike() ? 1 : levels_ - 1;
    for (int level = 0; level < own; ++level) {
      const int lower = level, upper = tails.alike() ? level : level + 1;
      curves.above.push_back(
          make_curve(tails, lower, Beyond::above, tails.alike() ? tails.centre(lower) : 0.0));
      if (!mirrored_)
        curves.below.push_back(
            make_curve(tails, upper, Beyond::below, tails.alike() ? tails.centre(upper) : 0.0));
    }
  }
}

const PhaseTails& TailSurface::at(long phase) const {
  require(std::abs(phase) <= samples_ / 2, "statistical eye: phase outside the unit interval");
  return tails_[static_cast<std::size_t>(phase + extent_)];
}

double TailSurface::log_tail_at(long index, int level, Beyond beyond, double v) const {
  if (mirrored_ && beyond == Beyond::below) return log_tail_at(index, levels_ - 1 - level, Beyond::above, -v);
  const PhaseTails& tails = tails_[static_cast<std::size_t>(index)];
  const Phase& phase = phases_[static_cast<std::size_t>(index)];
  const auto& curves = beyond == Beyond::above ? phase.above : phase.below;
  if (tails.alike()) return curves.front().at(v - tails.centre(level));
  return curves[static_cast<std::size_t>(beyond == Beyond::above ? level : level - 1)].at(v);
}

double TailSurface::quantile_at(long index, int level, Beyond beyond, double log_p) const {
  if (mirrored_ && beyond == Beyond::below)
    return -quantile_at(index, levels_ - 1 - level, Beyond::above, log_p);
  const PhaseTails& tails = tails_[static_cast<std::size_t>(index)];
  const Phase& phase = phases_[static_cast<std::size_t>(index)];
  const auto& curves = beyond == Beyond::above ? phase.above : phase.below;
  if (tails.alike()) return curves.front().where(log_p) + tails.centre(level);
  return curves[static_cast<std::size_t>(beyond == Beyond::above ? level : level - 1)].where(log_p);
}

double TailSurface::log_tail(int level, Beyond beyond, double v, double time_UI) const {
  double sum = 0.0;
  for (const JitterNode& node : nodes_) {
    const double position = (time_UI + node.at) * samples_ + static_cast<double>(extent_);
    const long base = std::clamp(static_cast<long>(std::floor(position)), 1L, 2 * extent_ - 2);
    const double t = position - static_cast<double>(base);
    double log_p = 0.0;
    if (t == 0.0) {
      log_p = log_tail_at(base, level, beyond, v);
    } else {
      const auto w = cubic_weights(t);
      for (long k = 0; k < 4; ++k)
        log_p += w[static_cast<std::size_t>(k)] * log_tail_at(base - 1 + k, level, beyond, v);
    }
    if (nodes_.size() == 1) return std::min(log_p, 0.0);
    sum += node.weight * std::exp(std::min(log_p, 0.0));
  }
  return std::log(std::max(sum, std::numeric_limits<double>::min()));
}

double TailSurface::tail(int level, Beyond beyond, double v, double time_UI) const {
  const double p = std::exp(log_tail(level, beyond, v, time_UI));
  return p < resolved_tail ? 0.0 : p;
}

double TailSurface::quantile(int level, Beyond beyond, double log_p, double time_UI) const {
  const long nearest = std::lround(time_UI * samples_) + extent_;
  double a = quantile_at(nearest, level, beyond, log_p);
  const bool on_grid = std::abs(time_UI * samples_ + static_cast<double>(extent_ - nearest)) < 1e-9;
  if (nodes_.size() == 1 && nodes_.front().at == 0.0 && on_grid) return a;
  // From there outward or inward to a bracket, then the Illinois variant of regula falsi.
  const auto error = [&](double v) { return log_tail(level, beyond, v, time_UI) - log_p; };
  double fa = error(a);
  const double outward = beyond == Beyond::above ? 1.0 : -1.0;
  double step =
      (fa > 0.0 ? outward : -outward) * 0.25 * tails_[static_cast<std::size_t>(nearest)].largest_sigma();
  double b = a + step, fb = error(b);
  for (int k = 0; k < 60 && fa * fb > 0.0; ++k) {
    a = b;
    fa = fb;
    b = a + (step *= 2.0);
    fb = error(b);
  }
  if (fa * fb > 0.0) return std::numeric_limits<double>::quiet_NaN();
  constexpr double close = 1e-6;  // of the probability
  int kept = 0;
  for (int k = 0; k < 100; ++k) {
    const double v = (a * fb - b * fa) / (fb - fa), f = error(v);
    if (std::abs(f) <= close) return v;
    if ((f > 0.0) == (fb > 0.0)) {
      b = v;
      fb = f;
      if (kept == -1) fa *= 0.5;
      kept = -1;
    } else {
      a = v;
      fa = f;
      if (kept == 1) fb *= 0.5;
      kept = 1;
    }
  }
  return 0.5 * (a + b);
}

double TailSurface::mean(int level, double time_UI) const {
  const double position = time_UI * samples_ + static_cast<double>(extent_);
  const long base = static_cast<long>(std::floor(position));
  const auto w = cubic_weights(position - static_cast<double>(base));
  double sum = 0.0;
  for (long k = 0; k < 4; ++k)
    sum += w[static_cast<std::size_t>(k)] * tails_[static_cast<std::size_t>(base - 1 + k)].mean(level);
  return sum;
}

}  // namespace photonlink
