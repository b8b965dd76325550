#include "solvers/resonance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <deque>
#include <map>
#include <vector>

#include "core/constants.hpp"
#include "core/error.hpp"

namespace photonlink {
namespace {

constexpr double c0 = constants::speed_of_light_m_per_s;
constexpr double neighbour_share = 0.5;  // depth of a neighbour relative to the resonance
constexpr double peak_share = 0.45;      // automatic: the mean of peaks lies below this share of the range

struct Extreme {
  bool found = false;
  double offset_Hz = 0.0, value = 0.0;
};

/// Samples of T around the given wavelength, by offset, and the extremes between them.
class Scan {
 public:
  Scan(const std::function<double(double)>& transmission, const ResonanceSearch& search)
      : transmission_(transmission),
        centre_Hz_(c0 / search.near_m),
        step_Hz_(search.step_Hz),
        // A frequency stays positive.
        most_(static_cast<long>(std::min(search.span_Hz, 0.9 * centre_Hz_) / step_Hz_)) {
    sample_.push_back(at(0.0));
  }

  double at(double offset_Hz) const { return transmission_(centre_Hz_ + offset_Hz); }
  double centre_Hz() const { return centre_Hz_; }
  double end_Hz() const { return static_cast<double>(reach_) * step_Hz_; }
  double largest() const { return *std::max_element(sample_.begin(), sample_.end()); }
  double smallest() const { return *std::min_element(sample_.begin(), sample_.end()); }

  /// More samples on both sides. False at the end of the span.
  bool grow() {
    constexpr long more = 64;
    const long target = std::min(most_, reach_ + more);
    if (target == reach_) return false;
    while (reach_ < target) {
      ++reach_;
      const double offset = static_cast<double>(reach_) * step_Hz_;
      sample_.push_front(at(-offset));
      sample_.push_back(at(offset));
    }
    return true;
  }

  /// Refined extremes, ascending in frequency. @param sign +1: minima, -1: maxima
  std::vector<Extreme> extremes(int sign) {
    std::vector<Extreme> found;
    for (long k = 1 - reach_; k < reach_; ++k) {
      // Two equal lowest samples, a line exactly between them, make one extreme.
      if (sign * value(k) > sign * value(k - 1) || sign * value(k) >= sign * value(k + 1)) continue;
      const auto known = refined_.find({sign, k});
      if (known == refined_.end()) refined_[{sign, k}] = refine(sign, k);
      found.push_back(refined_[{sign, k}]);
    }
    return found;
  }

  /// Mean of the samples between two offsets.
  double mean(double low_Hz, double high_Hz) const {
    double sum = 0.0;
    int count = 0;
    for (long k = -reach_; k <= reach_; ++k) {
      const double offset = static_cast<double>(k) * step_Hz_;
      if (offset < low_Hz || offset > high_Hz) continue;
      sum += value(k);
      ++count;
    }
    return sum / count;
  }

 private:
  double value(long k) const { return sample_[static_cast<std::size_t>(k + reach_)]; }

  Extreme refine(int sign, long k) const {
    const double middle_Hz = static_cast<double>(k) * step_Hz_;
    const auto curve = [&](double steps) { return sign * at(middle_Hz + steps * step_Hz_); };
    constexpr int bits = 26;  // half the digits of a double, all a minimum can give
    const auto [steps, extreme] = boost::math::tools::brent_find_minima(curve, -1.0, 1.0, bits);
    return {true, middle_Hz + steps * step_Hz_, sign * extreme};
  }

  const std::function<double(double)>& transmission_;
  double centre_Hz_, step_Hz_;
  long most_, reach_ = 0;
  std::deque<double> sample_;  // (2 reach + 1)
  std::map<std::pair<int, long>, Extreme> refined_;
};

/// The extreme nearest to the given wavelength and its neighbours.
struct Triple {
  int sign = 1;
  Extreme own = {}, below = {}, above = {};
  bool complete() const { return own.found && below.found && above.found; }
};

Triple pick(Scan& scan, int sign, double least_share) {
  Triple triple{.sign = sign};
  const double opposite = sign > 0 ? scan.largest() : scan.smallest();
  const auto depth = [&](const Extreme& e) { return sign * (opposite - e.value); };
  const auto all = scan.extremes(sign);
  for (const Extreme& e : all) {
    if (depth(e) < least_share * scan.largest()) continue;
    if (!triple.own.found || std::abs(e.offset_Hz) < std::abs(triple.own.offset_Hz)) triple.own = e;
  }
  if (!triple.own.found) return triple;
  for (const Extreme& e : all) {
    if (depth(e) < neighbour_share * depth(triple.own)) continue;
    if (e.offset_Hz < triple.own.offset_Hz) triple.below = e;
    if (e.offset_Hz > triple.own.offset_Hz && !triple.above.found) triple.above = e;
  }
  return triple;
}

Triple explore(Scan& scan, int sign, double least_share) {
  Triple triple = pick(scan, sign, least_share);
  while (!triple.complete() && scan.grow()) triple = pick(scan, sign, least_share);
  return triple;
}

/// Peaks when the curve is low most of the time. @param dips triple of the minima
bool looks_like_peaks(Scan& scan, const Triple& dips) {
  if (!dips.own.found) return !scan.extremes(-1).empty();
  const double low_Hz = dips.below.found ? dips.below.offset_Hz : -scan.end_Hz();
  const double high_Hz = dips.above.found ? dips.above.offset_Hz : scan.end_Hz();
  double top = scan.largest();
  for (const Extreme& e : scan.extremes(-1)) top = std::max(top, e.value);
  return scan.mean(low_Hz, high_Hz) - dips.own.value < peak_share * (top - dips.own.value);
}

/// Distance from the extreme to the nearest point at `level` towards `side` (±1), NaN within `most_Hz` none.
double half_width_Hz(const Scan& scan, const Triple& t, double level, double side, double most_Hz) {
  const auto above = [&](double distance_Hz) {
    return t.sign * (scan.at(t.own.offset_Hz + side * distance_Hz) - level);
  };
  if (!(above(0.0) < 0.0)) return Resonance::none;
  double outer = 1e-8 * most_Hz, inner = 0.0;
  while (!(above(outer) >= 0.0)) {
    if (outer >= most_Hz) return Resonance::none;
    inner = outer;
    outer = std::min(2.0 * outer, most_Hz);
  }
  std::uintmax_t iterations = 100;
  const boost::math::tools::eps_tolerance<double> tolerance(40);
  const auto [a, b] = boost::math::tools::toms748_solve(above, inner, outer, tolerance, iterations);
  return 0.5 * (a + b);
}

void measure_width(const Scan& scan, const Triple& t, Resonance& r) {
  if (!t.own.found) return;
  const auto midway = [&](const Extreme& next, double end_Hz) {
    return next.found ? 0.5 * (t.own.offset_Hz + next.offset_Hz) : end_Hz;
  };
  const double left_Hz = midway(t.below, -scan.end_Hz()), right_Hz = midway(t.above, scan.end_Hz());
  r.reference = 0.5 * (scan.at(left_Hz) + scan.at(right_Hz));
  r.depth_dB = 10.0 * t.sign * std::log10(r.reference / r.transmission);
  const double level = 0.5 * (r.reference + r.transmission);
  const double below_Hz = half_width_Hz(scan, t, level, -1.0, t.own.offset_Hz - left_Hz);
  const double above_Hz = half_width_Hz(scan, t, level, 1.0, right_Hz - t.own.offset_Hz);
  r.width_Hz = below_Hz + above_Hz;
  r.width_m = c0 / (r.frequency_Hz - below_Hz) - c0 / (r.frequency_Hz + above_Hz);
  r.quality_factor = r.frequency_Hz / r.width_Hz;
}

}  // namespace

Resonance find_resonance(const std::function<double(double)>& transmission, const ResonanceSearch& search) {
  require(search.near_m > 0.0 && search.step_Hz > 0.0 && search.span_Hz >= 4.0 * search.step_Hz,
          fmt::format("resonance search near {} m in steps of {} Hz over {} Hz: all must be positive and the "
                      "span at least four steps",
                      search.near_m, search.step_Hz, search.span_Hz));
  Scan scan(transmission, search);
  const bool automatic = search.kind == ResonanceKind::automatic;
  Triple t = explore(scan, search.kind == ResonanceKind::peak ? -1 : 1, search.least_share);
  if (automatic && looks_like_peaks(scan, t)) t = explore(scan, -1, search.least_share);
  Resonance r;
  r.peak = t.sign < 0;
  if (!t.own.found) return r;
  r.frequency_Hz = scan.centre_Hz() + t.own.offset_Hz;
  r.wavelength_m = c0 / r.frequency_Hz;
  r.transmission = t.own.value;
  measure_width(scan, t, r);
  if (const Extreme& next = t.below.found ? t.below : t.above; next.found) {
    r.fsr_Hz = std::abs(next.offset_Hz - t.own.offset_Hz);
    r.fsr_m = std::abs(c0 / (scan.centre_Hz() + next.offset_Hz) - r.wavelength_m);
  }
  return r;
}

}  // namespace photonlink
