#include "solvers/ber.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/error.hpp"
#include "core/special.hpp"
#include "signal/pam6.hpp"
#include "signal/pattern.hpp"

namespace photonlink {
namespace {

constexpr double left_out = 1e-4;  // stated bound, relative to max(floor, result)

enum class Weight { bits, symbols };

struct Count {
  Weight weight = Weight::bits;
  int levels = 2;

  double distance(int sent, int decided) const {
    return weight == Weight::bits ? bit_errors(levels, sent, decided) : sent != decided;
  }
};

// The additive density seen from one side: bins ordered from the most harmful inward.
struct Side {
  double worst = 0.0, step = 0.0;
  std::vector<double> mass = {1.0};
  std::vector<double> outside = {0.0};  // mass beyond each bin, further out

  // P(harm + sigma N > distance) to within 2 · tolerance, from below; harm_j = worst - j step.
  double tail(double distance, double sigma, double tolerance, double reach) const {
    std::size_t begin = 0, end = mass.size();
    if (tolerance > 0.0) {
      // Bins with harm < distance - reach sigma add less than Q(reach) = tolerance times their mass.
      const double last = (worst - distance + reach * sigma) / (step > 0.0 ? step : 1.0);
      if (worst - distance + reach * sigma < 0.0) return 0.0;
      if (step > 0.0 && last + 1.0 < static_cast<double>(end)) end = static_cast<std::size_t>(last) + 1;
      // Outermost bins that together hold less than the tolerance.
      begin = static_cast<std::size_t>(std::upper_bound(outside.begin(), outside.end(), tolerance) -
                                       outside.begin()) -
              1;
      if (begin >= end) return 0.0;
    }
    const double first = (distance - worst + static_cast<double>(begin) * step) / sigma;
    return gaussian_tail_sum(std::span(mass).subspan(begin, end - begin), first, step / sigma);
  }

  // Groups of bins at their least harmful member: its tails are lower bounds of those of this side.
  Side coarse(std::size_t groups) const {
    const std::size_t size = (mass.size() + groups - 1) / groups;
    Side result{worst - static_cast<double>(size - 1) * step, step * static_cast<double>(size), {}, {}};
    for (std::size_t i = 0; i < mass.size(); i += size) {
      double sum = 0.0;
      for (std::size_t j = i; j < std::min(i + size, mass.size()); ++j) sum += mass[j];
      result.mass.push_back(sum);
    }
    return result;
  }
};

struct Sides {
  Side up, down;
};

Side make_side(const Density& density, bool up) {
  Side side;
  side.step = density.step;
  side.worst = up ? density.value(density.mass.size() - 1) : -density.value(0);
  side.mass = density.mass;
  if (up) std::reverse(side.mass.begin(), side.mass.end());
  side.outside.clear();
  double sum = 0.0;
  for (const double mass : side.mass) {
    side.outside.push_back(sum);
    sum += mass;
  }
  return side;
}

Sides make_sides(const Density* density) {
  if (density == nullptr) return {};
  require(!density->mass.empty(), "BER: the additive density has no bins");
  return {make_side(*density, true), make_side(*density, false)};
}

void require_input(const SlicerInput& input, int levels) {
  require(levels == 2 || levels == 4 || levels == 6,
          fmt::format("BER: {} thresholds, allowed 1, 3 or 5", levels - 1));
  require(!input.sample.empty() && input.sample.size() == input.sigma.size() &&
              input.sample.size() == input.level.size(),
          fmt::format("BER: {} samples, {} sigmas and {} levels, must be equal and not zero",
                      input.sample.size(), input.sigma.size(), input.level.size()));
  require(input.floor >= 0.0, fmt::format("BER: floor = {} is below 0", input.floor));
  for (std::size_t i = 0; i < input.sample.size(); ++i) {
    const double sigma = input.sigma[i];
    const int level = input.level[i];
    const bool good =
        std::isfinite(input.sample[i]) && std::isfinite(sigma) && sigma > 0.0 && level >= 0 && level < levels;
    if (good) continue;  // the text is only made for a failure: this loop runs at every threshold
    throw DomainError(
        fmt::format("BER: symbol {} has sample = {}, sigma = {}, level = {}, allowed are finite samples, "
                    "sigma > 0, levels 0 ... {}; add the thermal noise of the receiver",
                    i, input.sample[i], sigma, level, levels - 1));
  }
}

void require_thresholds(std::span<const double> threshold) {
  for (std::size_t k = 0; k < threshold.size(); ++k) {
    require(std::isfinite(threshold[k]) && (k == 0 || threshold[k] >= threshold[k - 1]),
            fmt::format("BER: threshold {} = {} is not finite or below its predecessor", k, threshold[k]));
  }
}

// Σ_i weight · tail over all symbols for threshold k; `nearest`: only the crossing next to the sent level.
double errors_at(const SlicerInput& input, const Sides& sides, Count count, int k, double threshold,
                 double tolerance, bool nearest) {
  const double reach = tolerance > 0.0 ? inverse_gaussian_tail(std::min(tolerance, 0.25)) : 0.0;
  double sum = 0.0;
  for (std::size_t i = 0; i < input.sample.size(); ++i) {
    const int sent = input.level[i];
    const bool up = k >= sent;
    if (nearest && !(k == sent || k == sent - 1)) continue;
    const double step = count.distance(sent, k + 1) - count.distance(sent, k);
    if (step == 0.0) continue;
    const double away = up ? threshold - input.sample[i] : input.sample[i] - threshold;
    sum += (up ? step : -step) * (up ? sides.up : sides.down).tail(away, input.sigma[i], tolerance, reach);
  }
  return sum;
}

// Largest tolerance per tail that keeps the bound, from a lower bound of the errors. A symbol has up to L - 1
// tails, each short by less than 2 tolerances.
double tail_tolerance(const SlicerInput& input, const Sides& sides, Count count,
                      std::span<const double> threshold, int first_k, double bits) {
  const Sides coarse = {sides.up.coarse(16), sides.down.coarse(16)};
  double least = 0.0;
  for (std::size_t k = 0; k < threshold.size(); ++k) {
    least += errors_at(input, coarse, count, first_k + static_cast<int>(k), threshold[k], 0.0, true);
  }
  const double per_symbol = std::max(least / static_cast<double>(input.sample.size()), input.floor * bits);
  return left_out * per_symbol / (2.0 * static_cast<double>(threshold.size()));
}

double error_ratio(const SlicerInput& input, const Sides& sides, Count count,
                   std::span<const double> threshold, int first_k, double bits) {
  const double tolerance = tail_tolerance(input, sides, count, threshold, first_k, bits);
  double sum = 0.0;
  for (std::size_t k = 0; k < threshold.size(); ++k) {
    sum += errors_at(input, sides, count, first_k + static_cast<int>(k), threshold[k], tolerance, false);
  }
  return sum / (static_cast<double>(input.sample.size()) * bits);
}

double ber(const SlicerInput& input, const Sides& sides, std::span<const double> threshold) {
  const int levels = static_cast<int>(threshold.size()) + 1;
  return error_ratio(input, sides, {Weight::bits, levels}, threshold, 0, bits_per_symbol(levels));
}

// Square of the least distance to threshold k in units of sigma, over the symbols of its two levels; 0 when
// closed.
double squared_reach(const SlicerInput& input, const Sides& sides, int k, double threshold) {
  double least = std::numeric_limits<double>::max();
  for (std::size_t i = 0; i < input.sample.size(); ++i) {
    if (input.level[i] != k && input.level[i] != k + 1) continue;
    const bool up = input.level[i] == k;
    const double away =
        up ? threshold - input.sample[i] - sides.up.worst : input.sample[i] - threshold - sides.down.worst;
    least = std::min(least, std::max(away, 0.0) / input.sigma[i]);
  }
  return least * least;
}

std::vector<double> level_means(const SlicerInput& input, int levels) {
  std::vector<double> sum(static_cast<std::size_t>(levels)), count(sum.size());
  for (std::size_t i = 0; i < input.sample.size(); ++i) {
    sum[static_cast<std::size_t>(input.level[i])] += input.sample[i];
    ++count[static_cast<std::size_t>(input.level[i])];
  }
  for (std::size_t s = 0; s < sum.size(); ++s) {
    require(count[s] > 0.0,
            fmt::format("optimum thresholds: level {} is never sent; take a longer pattern", s));
    sum[s] /= count[s];
    if (s == 0 || sum[s] > sum[s - 1]) continue;
    throw DomainError(fmt::format(
        "optimum thresholds: the mean sample of level {} is {}, that of level {} is {}, must ascend; "
        "check the sampling time and the polarity",
        s - 1, sum[s - 1], s, sum[s]));
  }
  return sum;
}

}  // namespace

double bit_error_ratio(const SlicerInput& input, std::span<const double> threshold) {
  require_input(input, static_cast<int>(threshold.size()) + 1);
  require_thresholds(threshold);
  return ber(input, make_sides(input.additive), threshold);
}

double bit_error_ratio(std::span<const double> sample, std::span<const double> sigma,
                       std::span<const int> level, std::span<const double> threshold,
                       const Density* additive) {
  return bit_error_ratio({.sample = sample, .sigma = sigma, .level = level, .additive = additive}, threshold);
}

double symbol_error_ratio(const SlicerInput& input, std::span<const double> threshold) {
  const int levels = static_cast<int>(threshold.size()) + 1;
  require_input(input, levels);
  require_thresholds(threshold);
  return error_ratio(input, make_sides(input.additive), {Weight::symbols, levels}, threshold, 0, 1.0);
}

double threshold_error_ratio(const SlicerInput& input, int levels, int k, double threshold) {
  require_input(input, levels);
  require(k >= 0 && k < levels - 1,
          fmt::format("BER: threshold index = {} is outside 0 ... {}", k, levels - 2));
  return error_ratio(input, make_sides(input.additive), {Weight::bits, levels}, std::span(&threshold, 1), k,
                     bits_per_symbol(levels));
}

std::vector<double> log10_ber_against_shift(const SlicerInput& input, std::span<const double> threshold,
                                            std::span<const double> shift) {
  require_input(input, static_cast<int>(threshold.size()) + 1);
  require_thresholds(threshold);
  const Sides sides = make_sides(input.additive);
  std::vector<double> result, moved(threshold.size());
  for (const double by : shift) {
    std::transform(threshold.begin(), threshold.end(), moved.begin(), [by](double t) { return t + by; });
    const double value = ber(input, sides, moved);
    result.push_back(value >= input.floor ? std::log10(value) : std::numeric_limits<double>::quiet_NaN());
  }
  return result;
}

std::vector<double> optimum_thresholds(const SlicerInput& input, int levels) {
  require_input(input, levels);
  const std::vector<double> means = level_means(input, levels);
  const Sides sides = make_sides(input.additive);
  SlicerInput exact = input;
  exact.floor = 0.0;  // the search must not end on a plateau below the floor
  std::vector<double> threshold;
  for (int k = 0; k + 1 < levels; ++k) {
    const auto log_errors = [&](double t) {
      const double errors =
          error_ratio(exact, sides, {Weight::bits, levels}, std::span(&t, 1), k, bits_per_symbol(levels));
      // Where Q leaves the range of numbers its exponent still ranks the thresholds.
      return errors > 1e-300 ? std::log(errors) : -0.5 * squared_reach(exact, sides, k, t);
    };
    const double low = means[static_cast<std::size_t>(k)], high = means[static_cast<std::size_t>(k) + 1];
    std::uintmax_t iterations = 40;
    // 13 bits: 1.2e-4 of the interval and of the threshold's own size in it.
    const auto normalised = [&](double u) { return log_errors(low + u * (high - low)); };
    const double u = boost::math::tools::brent_find_minima(normalised, 0.0, 1.0, 13, iterations).first;
    threshold.push_back(low + u * (high - low));
  }
  return threshold;
}

double nrz_ber(double amplitude_over_sigma) {
  return gaussian_tail(amplitude_over_sigma);
}

double pam4_ber(double amplitude_over_sigma) {
  const double third = amplitude_over_sigma / 3.0;
  return 0.25 * (3.0 * gaussian_tail(third) + 2.0 * gaussian_tail(3.0 * third) - gaussian_tail(5.0 * third));
}

double pam6_ber(double amplitude_over_sigma) {
  // P(decided | sent) of one symbol, from the near edge outward so that small ones keep their digits.
  std::array<std::array<double, 6>, 6> probability{};
  const double step = amplitude_over_sigma / 5.0;  // half the distance of two levels
  for (int s = 0; s < 6; ++s) {
    double wrong = 0.0;
    for (int d = 0; d < 6; ++d) {
      if (d == s) continue;
      const int away = std::abs(d - s);
      const bool last = d == 0 || d == 5;
      const double p =
          gaussian_tail((2 * away - 1) * step) - (last ? 0.0 : gaussian_tail((2 * away + 1) * step));
      probability[static_cast<std::size_t>(s)][static_cast<std::size_t>(d)] = p;
      wrong += p;
    }
    probability[static_cast<std::size_t>(s)][static_cast<std::size_t>(s)] = 1.0 - wrong;
  }
  double bits = 0.0;
  for (int word = 0; word < pam6_words; ++word) {
    const auto sent = pam6_pair(word);
    const auto &first = probability[static_cast<std::size_t>(sent[0])],
               &second = probability[static_cast<std::size_t>(sent[1])];
    for (int a = 0; a < 6; ++a)
      for (int b = 0; b < 6; ++b)
        bits += pam6_pair_errors(sent, {a, b}) * first[static_cast<std::size_t>(a)] *
                second[static_cast<std::size_t>(b)];
  }
  return bits / (5.0 * pam6_words);
}

}  // namespace photonlink
