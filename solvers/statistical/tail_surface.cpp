#include "solvers/statistical/tail_surface.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace photonlink {
namespace {

const double log_floor = std::log(resolved_tail);

// Of phases -M/2 ... M/2; none between them.
const TailCurve* tabulated(const std::vector<TailCurve>& of_phase, double phase) {
  const double nearest = std::round(phase);
  const long index = static_cast<long>(nearest) + static_cast<long>(of_phase.size() / 2);
  if (std::abs(phase - nearest) > 1e-9 || index < 0 || index >= static_cast<long>(of_phase.size()))
    return nullptr;
  return &of_phase[static_cast<std::size_t>(index)];
}

bool symmetric(const StatisticalLink& link) {
  const auto& a = link.amplitude;
  for (std::size_t l = 0; l < a.size(); ++l)
    if (std::abs(a[l] + a[a.size() - 1 - l]) > 1e-12 * std::abs(a.back())) return false;
  return link.edges.duty_cycle_UI == 0.0;  // late rising edges are late falling ones when turned over
}

}  // namespace

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
  displaced_ = nodes_;
  for (JitterNode& node : displaced_) node.at *= samples_;
  const EdgePulses pulses(link);
  const InterferenceGrid grid = interference_grid(link);
  tails_.reserve(static_cast<std::size_t>(2 * extent_ + 1));
  for (long phase = -extent_; phase <= extent_; ++phase) tails_.emplace_back(link, pulses, grid, phase);
  spacing_ = tails_.front().spacing();
  // The highest level has no opening above it, the lowest none below.
  for (int level = 0; level + 1 < levels_; ++level) {
    above_.push_back(make_row(level, Beyond::above));
    if (!mirrored_) below_.push_back(make_row(level + 1, Beyond::below));
  }
}

TailSurface::Row TailSurface::make_row(int level, Beyond beyond) const {
  Row row;
  row.still.reserve(tails_.size());
  for (const PhaseTails& tails : tails_) row.still.push_back(tails.curve(level, beyond));
  row.mixed.reserve(static_cast<std::size_t>(samples_) + 1);
  for (long phase = -samples_ / 2; phase <= samples_ / 2; ++phase)
    row.mixed.push_back(
        mixed_in_time(row.still, static_cast<double>(phase + extent_), displaced_, log_floor));
  return row;
}

const PhaseTails& TailSurface::at(long phase) const {
  require(std::abs(phase) <= samples_ / 2, "statistical eye: phase outside the unit interval");
  return tails_[static_cast<std::size_t>(phase + extent_)];
}

TailCurve TailSurface::still(int level, Beyond beyond, long phase) const {
  const bool tabled = beyond == Beyond::above ? level + 1 < levels_ : level > 0;
  return tabled ? row(level, beyond).still[static_cast<std::size_t>(phase + extent_)]
                : at(phase).curve(level, beyond);
}

const TailSurface::Row& TailSurface::row(int level, Beyond beyond) const {
  if (beyond == Beyond::above) return above_[static_cast<std::size_t>(level)];
  return mirrored_ ? above_[static_cast<std::size_t>(levels_ - 1 - level)]
                   : below_[static_cast<std::size_t>(level - 1)];
}

double TailSurface::log_tail(int level, Beyond beyond, double v, double time_UI) const {
  const double point = (beyond == Beyond::above ? v : -v) / spacing_;
  const Row& of = row(level, beyond);
  if (const TailCurve* curve = tabulated(of.mixed, time_UI * samples_))
    return std::min(curve->at(point), 0.0);
  double sum = 0.0;
  for (const JitterNode& node : displaced_) {
    const double position = place(time_UI) + node.at;
    const long base = std::clamp(static_cast<long>(std::floor(position)), 1L, 2 * extent_ - 2);
    const auto w = cubic_weights(position - static_cast<double>(base));
    double log_p = 0.0;
    for (long k = 0; k < 4; ++k)
      log_p += w[static_cast<std::size_t>(k)] * of.still[static_cast<std::size_t>(base - 1 + k)].at(point);
    if (displaced_.size() == 1) return std::min(log_p, 0.0);
    sum += node.weight * std::exp(std::min(log_p, 0.0));
  }
  return std::log(std::max(sum, std::numeric_limits<double>::min()));
}

double TailSurface::tail(int level, Beyond beyond, double v, double time_UI) const {
  const double p = std::exp(log_tail(level, beyond, v, time_UI));
  return p < resolved_tail ? 0.0 : p;
}

double TailSurface::quantile(int level, Beyond beyond, double log_p, double time_UI) const {
  return quantiles(level, beyond, {&log_p, 1}, time_UI).front();
}

std::vector<double> TailSurface::quantiles(int level, Beyond beyond, std::span<const double> log_p,
                                           double time_UI) const {
  const double outward = beyond == Beyond::above ? spacing_ : -spacing_;
  const auto read = [&](const TailCurve& curve) {
    std::vector<double> result;
    result.reserve(log_p.size());
    for (const double each : log_p) result.push_back(outward * curve.where(each));
    return result;
  };
  const Row& of = row(level, beyond);
  if (const TailCurve* curve = tabulated(of.mixed, time_UI * samples_)) return read(*curve);
  return read(mixed_in_time(of.still, place(time_UI), displaced_, log_floor));
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
