#include "solvers/eye.hpp"

#include <algorithm>
#include <cmath>

#include "solvers/bathtub.hpp"

namespace photonlink {
namespace {

constexpr double smallest_log10 = -40.0;  // what bathtubs show; the tail tables resolve far lower

double log10_of(double probability) {
  return std::max(smallest_log10, std::log10(probability + 1e-300));
}

double interpolate(std::span<const double> value, double position) {
  const double last = static_cast<double>(value.size() - 1);
  position = std::clamp(position, 0.0, last);
  const auto base = static_cast<std::size_t>(std::min(std::floor(position), last - 1.0));
  return value[base] + (position - static_cast<double>(base)) * (value[base + 1] - value[base]);
}

double mean_sigma(const LaneModel& lane, const LaneSamples& samples, int level) {
  double sum = 0.0, count = 0.0;
  for (std::size_t i = 0; i < samples.value.size(); ++i) {
    if (lane.inputs().index[i] != level) continue;
    const double sigma = samples.sigma(i, {});
    sum += sigma * sigma;
    count += 1.0;
  }
  return std::sqrt(sum / count);
}

// Probability mass of the noise kernel in each level bin, symmetric about the middle bin.
std::vector<double> kernel(TailTable& crosstalk, double sigma, double bin, int bins) {
  std::vector<double> half;
  for (int j = 0; j < bins; ++j) {
    const double mass = crosstalk.exceeds((j - 0.5) * bin, sigma) - crosstalk.exceeds((j + 0.5) * bin, sigma);
    half.push_back(std::max(mass, 0.0));
    if (half.back() < 1e-30) break;
  }
  return half;
}

class EyeBuilder {
 public:
  EyeBuilder(LaneModel& lane, double scale_V, const EyeOptions& options)
      : lane_(lane),
        scale_(scale_V),
        options_(options),
        columns_(options.time_bins_per_UI),
        crosstalk_(lane.crosstalk()) {
    double largest = 0.0;
    for (int t = 0; t < columns_; ++t)
      for (double y : lane.eye_samples(delta(t))) largest = std::max(largest, std::abs(y));
    reach_ = 1.15 * largest + 4.0 * mean_sigma(lane, lane.samples(0.0), 0);
    bin_ = 2.0 * reach_ / options.level_bins;
  }

  EyeDiagram build() {
    EyeDiagram eye;
    eye.time_bins = 2 * columns_;
    eye.level_bins = options_.level_bins;
    eye.time_begin_UI = -1.0;
    eye.time_end_UI = 1.0;
    eye.level_begin = -reach_ * scale_;
    eye.level_end = reach_ * scale_;
    eye.sampling_time_UI = 0.0;
    for (double threshold : lane_.thresholds()) eye.thresholds.push_back(threshold * scale_);
    std::vector<std::vector<double>> column(static_cast<std::size_t>(columns_));
    for (int t = 0; t < columns_; ++t) column[static_cast<std::size_t>(t)] = density(delta(t));
    for (int t = 0; t < eye.time_bins; ++t) {
      const auto& source = column[static_cast<std::size_t>(folded(t))];
      eye.density.insert(eye.density.end(), source.begin(), source.end());
    }
    add_contours(eye);
    return eye;
  }

 private:
  // Cells whose centres cover one unit interval about the sampling instant; the second is its continuation.
  double delta(int column) const { return (column + 0.5) / columns_ - 0.5; }
  int folded(int time_bin) const { return (time_bin + columns_ / 2) % columns_; }

  std::vector<double> density(double delta_UI) {
    const auto values = lane_.eye_samples(delta_UI);
    const LaneSamples& noise = lane_.samples(delta_UI);
    const int levels = lane_.inputs().levels, bins = options_.level_bins;
    std::vector<double> result(static_cast<std::size_t>(bins), 0.0);
    for (int level = 0; level < levels; ++level) {
      std::vector<double> histogram(static_cast<std::size_t>(bins), 0.0);
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (lane_.inputs().index[i] != level) continue;
        const double position = (values[i] + reach_) / bin_ - 0.5;
        const int base = std::clamp(static_cast<int>(std::floor(position)), 0, bins - 2);
        const double share = std::clamp(position - base, 0.0, 1.0);
        histogram[static_cast<std::size_t>(base)] += (1.0 - share) / static_cast<double>(values.size());
        histogram[static_cast<std::size_t>(base) + 1] += share / static_cast<double>(values.size());
      }
      const auto half = kernel(crosstalk_, mean_sigma(lane_, noise, level), bin_, bins);
      for (int b = 0; b < bins; ++b) {
        const double mass = histogram[static_cast<std::size_t>(b)];
        if (mass == 0.0) continue;
        for (int j = 1 - static_cast<int>(half.size()); j < static_cast<int>(half.size()); ++j)
          if (const int bin = b + j; bin >= 0 && bin < bins)
            result[static_cast<std::size_t>(bin)] += mass * half[static_cast<std::size_t>(std::abs(j))];
      }
    }
    return result;
  }

  // log10 P(level `level` is found beyond v) over a grid from its mean to the mean of the neighbour.
  std::vector<double> tail(double delta_UI, int level, double from, double to) {
    constexpr int points = 33;
    const LaneSamples& s = lane_.samples(delta_UI);
    const double sign = to > from ? 1.0 : -1.0;
    std::vector<double> curve(points, 0.0);
    for (std::size_t i = 0; i < s.value.size(); ++i) {
      if (lane_.inputs().index[i] != level) continue;
      const double sigma = s.sigma(i, {});
      for (const JitterNode& node : s.displacements(i))
        for (int k = 0; k < points; ++k) {
          const double v = from + (to - from) * k / (points - 1);
          curve[static_cast<std::size_t>(k)] +=
              node.weight * s.beyond(i, v - s.value[i] - node.at, sign, sigma, {});
        }
    }
    for (double& value : curve) value = log10_of(value / static_cast<double>(s.value.size()));
    return curve;
  }

  // Value at which the tail falls to `log10_ber`, as a share of the way to the neighbour; NaN: never.
  static double reach_of(const std::vector<double>& curve, double log10_ber) {
    for (std::size_t k = 0; k + 1 < curve.size(); ++k)
      if (curve[k] > log10_ber && curve[k + 1] <= log10_ber)
        return (static_cast<double>(k) + (curve[k] - log10_ber) / (curve[k] - curve[k + 1])) /
               static_cast<double>(curve.size() - 1);
    return curve.front() <= log10_ber ? 0.0 : not_computed;
  }

  void add_contours(EyeDiagram& eye) {
    const int levels = lane_.inputs().levels;
    const double half_jitter = 0.5 * lane_.inputs().deterministic_jitter_UI * columns_;
    for (int opening = 0; opening + 1 < levels; ++opening) {
      const double low = 2.0 * opening / (levels - 1) - 1.0, high = low + 2.0 / (levels - 1);
      std::vector<std::vector<double>> up, down;
      for (int t = 0; t < columns_; ++t) {
        up.push_back(tail(delta(t), opening, low, high));
        down.push_back(tail(delta(t), opening + 1, high, low));
      }
      for (double ber : options_.contour_ber) {
        EyeDiagram::Contour contour{ber, opening, {}, {}};
        for (int t = 0; t < eye.time_bins; ++t) {
          const double a = reach_of(jittered(up, folded(t), half_jitter), std::log10(ber));
          const double b = reach_of(jittered(down, folded(t), half_jitter), std::log10(ber));
          const double bottom = low + a * (high - low), top = high - b * (high - low);
          const bool open = bottom < top;  // false for NaN as well
          contour.lower.push_back(open ? bottom * scale_ : not_computed);
          contour.upper.push_back(open ? top * scale_ : not_computed);
        }
        eye.contours.push_back(std::move(contour));
      }
    }
  }

  // Dual-Dirac jitter: mean of the curves half a jitter earlier and later (periodic in the unit interval).
  std::vector<double> jittered(const std::vector<std::vector<double>>& curves, int column,
                               double half_columns) const {
    if (half_columns == 0.0) return curves[static_cast<std::size_t>(column)];
    std::vector<double> mean(curves.front().size(), 0.0);
    for (double side : {-half_columns, half_columns}) {
      const double position = column + side;
      const int base = static_cast<int>(std::floor(position));
      const double share = position - base;
      const auto& a = curves[static_cast<std::size_t>((base + columns_) % columns_)];
      const auto& b = curves[static_cast<std::size_t>((base + 1 + columns_) % columns_)];
      for (std::size_t k = 0; k < mean.size(); ++k)
        mean[k] += 0.5 * std::pow(10.0, a[k] + share * (b[k] - a[k]));
    }
    for (double& value : mean) value = log10_of(value);
    return mean;
  }

  LaneModel& lane_;
  double scale_;
  EyeOptions options_;
  int columns_;
  TailTable crosstalk_;
  double reach_ = 0.0, bin_ = 0.0;
};

}  // namespace

EyeDiagram eye_diagram(LaneModel& lane, double scale_V, const EyeOptions& options) {
  return EyeBuilder(lane, scale_V, options).build();
}

Bathtub bathtub(LaneModel& lane, double scale_V, double target_ber) {
  Bathtub tub;
  tub.target_ber = target_ber;
  constexpr int points = 49;
  std::vector<double> jitter_free;
  jitter_free.reserve(points);
  const auto time_of = [](double k) { return -0.5 + k / (points - 1); };
  // Without the jitter's two Diracs first, on one grid; they are then read between its points.
  for (int k = 0; k < points; ++k)
    jitter_free.push_back(log10_of(lane.jitter_free_ber(time_of(k), lane.thresholds())));
  const double half = 0.5 * lane.inputs().deterministic_jitter_UI * (points - 1);
  for (int k = 0; k < points; ++k) {
    tub.time_UI.push_back(time_of(k));
    const double early = std::pow(10.0, interpolate(jitter_free, k - half)),
                 late = std::pow(10.0, interpolate(jitter_free, k + half));
    tub.log10_ber_time.push_back(log10_of(0.5 * (early + late)));
  }
  const double reach = 1.0 / (lane.inputs().levels - 1);
  for (int k = 0; k < 61; ++k) {
    const double shift = reach * (k / 30.0 - 1.0);
    auto thresholds = lane.thresholds();
    for (double& threshold : thresholds) threshold += shift;
    tub.threshold_offset.push_back(shift * scale_V);
    tub.log10_ber_level.push_back(log10_of(lane.bit_error_ratio(0.0, thresholds)));
  }
  add_openings(tub, std::pow(10.0, smallest_log10));
  return tub;
}

PulseResponse pulse_response(const LaneModel& lane, double scale_V) {
  PulseResponse pulse;
  const auto& in = lane.inputs();
  const long samples = in.grid.samples_per_symbol, size = static_cast<long>(in.pulse.value.size());
  const long pre = 6, post = std::min<long>(24, in.grid.symbols - 7);
  const auto q = lane.residual_cursors();
  const long fine = static_cast<long>(lane.equalized_pulse().size()) / size;
  for (long u = -pre * samples; u <= post * samples; ++u) {
    const long at = ((in.offset + u) % size + size) % size;
    pulse.time_UI.push_back(static_cast<double>(u) / static_cast<double>(samples));
    pulse.unequalized.push_back(in.pulse.value[static_cast<std::size_t>(at)]);
    pulse.equalized.push_back(lane.equalized_pulse()[static_cast<std::size_t>(at * fine)] * scale_V);
  }
  for (long k = -pre; k <= post; ++k) {
    pulse.cursor_UI.push_back(static_cast<double>(k));
    pulse.cursor.push_back(q[static_cast<std::size_t>(wrap(k, static_cast<long>(q.size())))] * scale_V);
  }
  return pulse;
}

}  // namespace photonlink
