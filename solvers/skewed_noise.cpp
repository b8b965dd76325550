#include "solvers/skewed_noise.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/special.hpp"

namespace photonlink {
namespace {

constexpr double bin_width = 1.25;        // factor between responses that share a bin
constexpr double smallest_bin = 0.01;     // of the largest response: what lies below joins the last bin
constexpr std::size_t points = 96;        // of a side
constexpr std::size_t most_bins = 128;    // 22 of either sign of a source
constexpr double last_t = 0.999;          // the curvature diverges where t = 1 is the end of convergence
constexpr double farthest_sigmas = 60.0;  // of a table that need not end: behind it the slope stays
constexpr double small_w = 0.02;          // below it the correction is at its limit
constexpr double largest_deviate = 37.0;

double t_of(std::size_t point) {
  return last_t * static_cast<double>(point) / static_cast<double>(points - 1);
}
double s_of(double reach, double t) {
  return reach * (2.0 * t - t * t);
}

double normal_density(double x) {
  return std::exp(-0.5 * x * x) / std::sqrt(2.0 * constants::pi);
}

// Quintic with the given value, slope and curvature at 0 and at 1, and its first two derivatives.
struct Quintic {
  double c0, c1, c2, c3, c4, c5;
  double value(double x) const { return c0 + x * (c1 + x * (c2 + x * (c3 + x * (c4 + x * c5)))); }
  double slope(double x) const {
    return c1 + x * (2.0 * c2 + x * (3.0 * c3 + x * (4.0 * c4 + x * 5.0 * c5)));
  }
  double curvature(double x) const { return 2.0 * c2 + x * (6.0 * c3 + x * (12.0 * c4 + x * 20.0 * c5)); }
};

Quintic quintic(double f0, double d0, double e0, double f1, double d1, double e1) {
  const double a = f1 - f0 - d0 - 0.5 * e0, b = d1 - d0 - e0, c = e1 - e0;
  return {
      f0, d0, 0.5 * e0, 10.0 * a - 4.0 * b + 0.5 * c, -15.0 * a + 7.0 * b - c, 6.0 * a - 3.0 * b + 0.5 * c};
}

// φ and its derivatives at x.
struct Centred {
  double value, slope, curvature;
};
Centred centred(const GainLaw& law, double x) {
  const GainMoments moment = gain_moments(law);
  // Where the series leaves less than the rounding of m(x) - 1 does.
  if (std::abs(x) * law.gain * moment.third / (moment.second * moment.second) < 1e-5)
    return {x * x * (0.5 * moment.second + x * moment.third / 6.0),
            x * (moment.second + 0.5 * x * moment.third), moment.second + x * moment.third};
  const GeneratingPoint at = generating_point_at(law, x);
  return {at.m - 1.0 - law.gain * x, at.slope - law.gain, at.curvature};
}

}  // namespace

SkewedNoise::SkewedNoise(const std::vector<AvalancheSource>& sources, const TimeGrid& grid, long offset,
                         const Fft& fft) {
  for (std::size_t q = 0; q < sources.size(); ++q) {
    law_.push_back(sources[q].law);
    moment_.push_back(gain_moments(sources[q].law));
    scaling_.push_back(sources[q].scaling);
    add_bins(sources[q], q, grid, offset, fft);
  }
  require(bin_.size() <= most_bins, "skewed noise: more than two sources on one lane");
  positive_ = make_side(1.0);
  negative_ = make_side(-1.0);
}

void SkewedNoise::add_bins(const AvalancheSource& source, std::size_t index, const TimeGrid& grid,
                           long offset, const Fft& fft) {
  double largest = 0.0;
  for (const double c : source.response) largest = std::max(largest, std::abs(c));
  if (largest == 0.0) return;
  const double last = std::floor(std::log(1.0 / smallest_bin) / std::log(bin_width));
  struct Sums {
    std::vector<std::size_t> member;
    double square = 0.0, cube = 0.0;
  };
  std::map<std::pair<bool, int>, Sums> sorted;
  for (std::size_t u = 0; u < source.response.size(); ++u) {
    const double c = source.response[u];
    if (c == 0.0) continue;
    const double step = std::floor(std::log(largest / std::abs(c)) / std::log(bin_width));
    Sums& sums = sorted[{c > 0.0, static_cast<int>(std::min(step, last))}];
    sums.member.push_back(u);
    sums.square += c * c;
    sums.cube += c * c * c;
  }
  std::vector<Complex> spectrum(source.response.size() / 2 + 1), arrivals(spectrum.size());
  if (source.primaries.size() > 1) fft.forward(source.primaries, arrivals);
  for (const auto& [key, sums] : sorted) {
    Bin bin{.source = index, .electron = sums.cube / sums.square, .weight = {}};
    const double unit = bin.electron * bin.electron;
    if (source.primaries.size() == 1) {
      bin.weight.push_back(source.primaries.front() * sums.square / unit);
    } else {
      RealWave share(source.response.size(), 0.0);
      for (const std::size_t u : sums.member) share[u] = source.response[u] * source.response[u] / unit;
      fft.forward(share, spectrum);
      for (std::size_t k = 0; k < spectrum.size(); ++k) spectrum[k] *= arrivals[k];
      fft.inverse(spectrum, share);
      for (long i = 0; i < grid.symbols; ++i)
        bin.weight.push_back(std::max(
            0.0, share[static_cast<std::size_t>(wrap(offset + i * grid.samples_per_symbol, grid.size()))]));
    }
    bin_.push_back(std::move(bin));
  }
}

// Where the cumulant function ends, or where no tail that is reported needs more.
double SkewedNoise::farthest(double sign) const {
  std::size_t symbols = 1;
  for (const Bin& bin : bin_) symbols = std::max(symbols, bin.weight.size());
  double largest = 0.0;
  for (std::size_t i = 0; i < symbols; ++i) largest = std::max(largest, variance(i));
  double reach = largest > 0.0 ? farthest_sigmas / std::sqrt(largest) : 1.0;
  for (const Bin& bin : bin_) {
    if (bin.electron * sign <= 0.0) continue;
    reach = std::min(reach, largest_argument(law_[bin.source]) / std::abs(bin.electron));
  }
  return reach;
}

SkewedNoise::Side SkewedNoise::make_side(double sign) const {
  Side side{.reach = sign * farthest(sign), .value = {}, .slope = {}, .curvature = {}};
  for (std::size_t k = 0; k < points; ++k) {
    const double t = t_of(k), s = s_of(side.reach, t), speed = 2.0 * side.reach * (1.0 - t);
    for (const Bin& bin : bin_) {
      const Centred phi = centred(law_[bin.source], s * bin.electron);
      side.value.push_back(phi.value);
      side.slope.push_back(bin.electron * phi.slope * speed);
      side.curvature.push_back(bin.electron * bin.electron * phi.curvature * speed * speed -
                               2.0 * side.reach * bin.electron * phi.slope);
    }
  }
  return side;
}

double SkewedNoise::rate(std::size_t bin, double signal) const {
  return scaling_[bin_[bin].source] == LossScaling::with_sqrt_signal ? signal : 1.0;
}

double SkewedNoise::variance(std::size_t symbol, double signal, double noise) const {
  double sum = 0.0;
  for (std::size_t b = 0; b < bin_.size(); ++b)
    sum += rate(b, signal) * bin_[b].weight_of(symbol) * bin_[b].electron * bin_[b].electron *
           moment_[bin_[b].source].second;
  return sum * std::pow(noise / signal, 2);
}

double SkewedNoise::third_cumulant(std::size_t symbol, double signal, double noise) const {
  double sum = 0.0;
  for (std::size_t b = 0; b < bin_.size(); ++b)
    sum += rate(b, signal) * bin_[b].weight_of(symbol) * bin_[b].electron * bin_[b].electron *
           bin_[b].electron * moment_[bin_[b].source].third;
  return sum * std::pow(noise / signal, 3);
}

SkewedNoise::Point SkewedNoise::at(const Side& side, std::size_t point, std::span<const double> rates) const {
  Point sum;
  const std::size_t first = point * bin_.size();
  for (std::size_t b = 0; b < rates.size(); ++b) {
    sum.value += rates[b] * side.value[first + b];
    sum.slope += rates[b] * side.slope[first + b];
    sum.curvature += rates[b] * side.curvature[first + b];
  }
  return sum;
}

// Where K(s) - s x is least, K the table's and the Gaussian rest.
SkewedNoise::Saddle SkewedNoise::saddle(const Side& side, std::span<const double> rates, double x,
                                        double rest) const {
  // By t: its slope rises through zero between two points.
  const auto total = [&](std::size_t k) {
    Point p = at(side, k, rates);
    const double t = t_of(k), s = s_of(side.reach, t), speed = 2.0 * side.reach * (1.0 - t);
    p.value += 0.5 * rest * s * s - s * x;
    p.slope += (rest * s - x) * speed;
    p.curvature += rest * speed * speed - 2.0 * side.reach * (rest * s - x);
    return p;
  };
  std::size_t low = 0, high = points - 1;
  Point left = total(low), right = total(high);
  if (right.slope <= 0.0) {
    const double s = s_of(side.reach, last_t), slope = right.slope / (2.0 * side.reach * (1.0 - last_t));
    const double further = rest > 0.0 ? -slope / rest : 0.0;
    return {s + further, right.value + further * (slope + 0.5 * rest * further), rest};
  }
  while (high - low > 1) {
    const std::size_t middle = (low + high) / 2;
    const Point p = total(middle);
    (p.slope > 0.0 ? high : low) = middle;
    (p.slope > 0.0 ? right : left) = p;
  }
  const double cell = t_of(high) - t_of(low);
  const Quintic q = quintic(left.value, left.slope * cell, left.curvature * cell * cell, right.value,
                            right.slope * cell, right.curvature * cell * cell);
  double a = 0.0, b = 1.0, at = 0.5;
  for (int round = 0; round < 60; ++round) {
    const double slope = q.slope(at);
    (slope > 0.0 ? b : a) = at;
    const double newton = at - slope / q.curvature(at);
    const double next = newton > a && newton < b ? newton : 0.5 * (a + b);
    if (std::abs(next - at) < 1e-13) break;
    at = next;
  }
  // There d²/dt² of K - s x is K''(s) (ds/dt)².
  const double t = t_of(low) + at * cell, speed = 2.0 * side.reach * (1.0 - t) * cell;
  return {s_of(side.reach, t), q.value(at), q.curvature(at) / (speed * speed)};
}

// P(noise beyond `deviation` >= 0 from its mean, above it (sign 1) or below (-1)). In units in which the
// amplitude factor noise / signal is 1, which w and u do not feel.
double SkewedNoise::outside(std::size_t symbol, double deviation, double sign, double sigma, double signal,
                            double noise) const {
  const double unit = noise / signal, x = sign * deviation / unit;
  double rates[most_bins];
  for (std::size_t b = 0; b < bin_.size(); ++b) rates[b] = rate(b, signal) * bin_[b].weight_of(symbol);
  const double own = variance(symbol, signal, signal), all = std::max(sigma * sigma / (unit * unit), own);
  const Saddle at = saddle(sign > 0.0 ? positive_ : negative_, {rates, bin_.size()}, x, all - own);
  const double w = sign * std::sqrt(std::max(-2.0 * at.value, 0.0)),
               u = at.s * std::sqrt(std::max(at.curvature, 0.0));
  const double correction = std::abs(w) < small_w || u == 0.0
                                ? -third_cumulant(symbol, signal, signal) / (6.0 * std::pow(all, 1.5))
                                : 1.0 / u - 1.0 / w;
  return gaussian_tail(sign * w) + sign * normal_density(w) * correction;
}

double SkewedNoise::ratio(std::size_t symbol, double distance, double side, double sigma, double signal,
                          double noise) const {
  const double deviate = distance / sigma;
  if (deviate > largest_deviate || deviate < -largest_deviate || bin_.empty()) return 1.0;
  const double sign = distance >= 0.0 ? side : -side;
  const double tail = outside(symbol, std::abs(distance), sign, sigma, signal, noise);
  return (distance >= 0.0 ? tail : 1.0 - tail) / gaussian_tail(deviate);
}

}  // namespace photonlink
