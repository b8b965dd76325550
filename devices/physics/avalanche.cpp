#include "devices/physics/avalanche.hpp"

#include <fmt/format.h>

#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <limits>

#include "core/constants.hpp"
#include "core/error.hpp"

namespace photonlink {
namespace {

struct Coefficients {
  double a, b, power;  // m = e^s (a + b m)^power
};

Coefficients coefficients(const GainLaw& law) {
  const double k = law.ionization_ratio, m = law.gain;
  return {(1.0 + k * (m - 1.0)) / m, (1.0 - k) * (m - 1.0) / m, 1.0 / (1.0 - k)};
}

double mean(const AvalancheCount& count) {
  return count.primaries * count.law.gain;
}

double variance(const AvalancheCount& count) {
  return count.primaries * gain_moments(count.law).second + count.sigma * count.sigma;
}

// ψ and its derivatives at one point of the generating function.
struct Phase {
  double value, slope, curvature;
};

Phase phase(const AvalancheCount& count, double threshold, const GeneratingPoint& at) {
  const double n = count.primaries, power = count.sigma * count.sigma, s = at.s;
  return {n * (at.m - 1.0) + 0.5 * power * s * s - s * threshold - std::log(std::abs(s)),
          n * at.slope + power * s - threshold - 1.0 / s, n * at.curvature + power + 1.0 / (s * s)};
}

// ψ' rises with s on either side of 0, and s with m: bisection in ln m.
GeneratingPoint saddle(const AvalancheCount& count, double threshold, bool upper) {
  const auto slope = [&](double log_m) {
    return phase(count, threshold, generating_point(count.law, std::exp(log_m))).slope;
  };
  constexpr double nearest = 1e-12;  // |ln m| at which 1/s already decides
  double low = nearest, high = std::log(largest_generating_value(count.law)) * (1.0 - 1e-12);
  if (upper) {
    if (!std::isfinite(high))
      for (high = 1e-6; slope(high) < 0.0; high *= 2.0) {
      }
  } else {
    high = -nearest;
    for (low = -1e-6; slope(low) > 0.0; low *= 2.0) {
    }
  }
  std::uintmax_t iterations = 200;
  const auto [left, right] = boost::math::tools::toms748_solve(
      slope, low, high, boost::math::tools::eps_tolerance<double>(48), iterations);
  return generating_point(count.law, std::exp(0.5 * (left + right)));
}

}  // namespace

double miller_gain(double voltage_V, double breakdown_V, double exponent) {
  require(voltage_V < breakdown_V,
          fmt::format("bias of {} V reaches the breakdown at {} V; lower it", voltage_V, breakdown_V));
  return 1.0 / (1.0 - std::pow(voltage_V / breakdown_V, exponent));
}

double excess_noise_factor(double gain, double ionization_ratio) {
  return ionization_ratio * gain + (1.0 - ionization_ratio) * (2.0 - 1.0 / gain);
}

double optimum_gain(double shot_over_fixed, double ionization_ratio) {
  const double k = ionization_ratio, goal = 2.0 / shot_over_fixed;
  double gain = 0.0;
  if (k == 0.0) {
    gain = goal;
  } else {
    // M³ + 3pM - 2q = 0 with p > 0 has one real root: 2 sqrt(p) sinh(asinh(q / p^{3/2}) / 3).
    const double p = (1.0 - k) / (3.0 * k), q = goal / (2.0 * k);
    gain = 2.0 * std::sqrt(p) * std::sinh(std::asinh(q / std::pow(p, 1.5)) / 3.0);
  }
  return std::max(gain, 1.0);  // less than the primary current cannot leave the diode
}

GeneratingPoint generating_point(const GainLaw& law, double m) {
  const Coefficients c = coefficients(law);
  const double inside = c.a + c.b * m, share = c.b / inside;
  const double s1 = 1.0 / m - c.power * share, s2 = -1.0 / (m * m) + c.power * share * share;
  // a + b = 1: about m = 1 only the distance from it keeps its digits, and s is a thousandth of either
  // logarithm.
  return {std::log1p(m - 1.0) - c.power * std::log1p(c.b * (m - 1.0)), m, 1.0 / s1, -s2 / (s1 * s1 * s1)};
}

GeneratingPoint generating_point_at(const GainLaw& law, double s) {
  const auto excess = [&](double log_m) { return generating_point(law, std::exp(log_m)).s - s; };
  double low = 0.0, high = 0.0;
  if (s == 0.0) return generating_point(law, 1.0);
  if (s > 0.0) {
    require(s < largest_argument(law),
            fmt::format("avalanche: the generating function of a gain of {} ends at s = {}, asked for {}",
                        law.gain, largest_argument(law), s));
    high = std::log(largest_generating_value(law));
    if (!std::isfinite(high))
      for (high = s; excess(high) < 0.0; high *= 2.0) {
      }
  } else {
    for (low = s; excess(low) > 0.0; low *= 2.0) {
    }
  }
  std::uintmax_t iterations = 200;
  const auto [left, right] = boost::math::tools::toms748_solve(
      excess, low, high, boost::math::tools::eps_tolerance<double>(52), iterations);
  return generating_point(law, std::exp(0.5 * (left + right)));
}

// E[g³] from the generating function's third derivative at s = 0.
GainMoments gain_moments(const GainLaw& law) {
  const Coefficients c = coefficients(law);
  // s(m) = ln m - power ln(a + b m) about m = 1, where a + b = 1.
  const double s1 = 1.0 - c.power * c.b, s2 = -1.0 + c.power * c.b * c.b,
               s3 = 2.0 - 2.0 * c.power * c.b * c.b * c.b;
  return {-s2 / (s1 * s1 * s1), (3.0 * s2 * s2 - s1 * s3) / std::pow(s1, 5)};
}

std::vector<double> gain_probabilities(const GainLaw& law) {
  constexpr double negligible = 1e-18;
  const Coefficients c = coefficients(law);
  std::vector<double> probability = {0.0};
  if (c.b == 0.0) return {0.0, 1.0};
  // Beyond its bulk P falls at least as e^{-s g} with s of the branch point, so what is left follows from the
  // last value.
  const double fall = -std::expm1(-largest_argument(law));
  for (double g = 1.0;; g += 1.0) {
    const double r = g - 1.0, top = c.power * g;
    const double p = std::exp(std::lgamma(top + 1.0) - std::lgamma(r + 1.0) - std::lgamma(top - r + 1.0) +
                              (top - r) * std::log(c.a) + r * std::log(c.b)) /
                     g;
    probability.push_back(p);
    if (g > law.gain && p < negligible * fall) return probability;
  }
}

double largest_argument(const GainLaw& law) {
  const Coefficients c = coefficients(law);
  if (c.b == 0.0) return std::numeric_limits<double>::infinity();
  const double most = largest_generating_value(law);
  return std::isfinite(most) ? generating_point(law, most).s : -std::log(c.b);
}

double largest_generating_value(const GainLaw& law) {
  // 1/m = power b / (a + b m)
  const Coefficients c = coefficients(law);
  if (c.b * (c.power - 1.0) <= 0.0) return std::numeric_limits<double>::infinity();
  return c.a / (c.b * (c.power - 1.0));
}

double tail_probability(const AvalancheCount& count, double threshold) {
  const GeneratingPoint at = saddle(count, threshold, threshold > mean(count));
  const Phase p = phase(count, threshold, at);
  return std::exp(p.value) / std::sqrt(2.0 * constants::pi * p.curvature);
}

double gaussian_tail_probability(const AvalancheCount& count, double threshold) {
  return 0.5 * std::erfc(std::abs(threshold - mean(count)) / std::sqrt(2.0 * variance(count)));
}

double skewness(const AvalancheCount& count) {
  return count.primaries * gain_moments(count.law).third / std::pow(variance(count), 1.5);
}

}  // namespace photonlink
