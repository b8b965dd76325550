#include "devices/physics/avalanche.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "core/error.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

// McIntyre 1972: probability that one primary carrier becomes g = 1 + r, written with binomials.
std::vector<double> distribution(const GainLaw& law, std::size_t size) {
  const double k = law.ionization_ratio, gain = law.gain;
  const double a = (1.0 + k * (gain - 1.0)) / gain, b = (1.0 - k) * (gain - 1.0) / gain;
  std::vector<double> probability(size, 0.0);
  for (std::size_t g = 1; g < size; ++g) {
    const double m = static_cast<double>(g), r = m - 1.0, top = m / (1.0 - k);
    probability[g] = std::exp(std::lgamma(top + 1.0) - std::lgamma(r + 1.0) - std::lgamma(top - r + 1.0) +
                              (top - r) * std::log(a) + r * std::log(b)) /
                     m;
  }
  return probability;
}

// Poisson number of primaries, each multiplied: Panjer's recursion.
std::vector<double> compound(const std::vector<double>& gain, double primaries) {
  std::vector<double> sum(gain.size());
  sum[0] = std::exp(-primaries);
  for (std::size_t j = 1; j < sum.size(); ++j) {
    double total = 0.0;
    for (std::size_t i = 1; i <= j; ++i) total += static_cast<double>(i) * gain[i] * sum[j - i];
    sum[j] = primaries / static_cast<double>(j) * total;
  }
  return sum;
}

// With Gaussian noise, beyond the threshold on the side away from the mean.
double exact_tail(const std::vector<double>& sum, double sigma, double threshold, bool upper) {
  double tail = 0.0;
  for (std::size_t j = 0; j < sum.size(); ++j) {
    const double away = (threshold - static_cast<double>(j)) / sigma / std::sqrt(2.0);
    tail += sum[j] * 0.5 * std::erfc(upper ? away : -away);
  }
  return tail;
}

}  // namespace

TEST_CASE("avalanche: the generating function is that of McIntyre's distribution, with its mean and F") {
  for (const GainLaw law : {GainLaw{8.0, 0.1}, GainLaw{4.0, 0.4}, GainLaw{6.0, 0.0}}) {
    const auto p = distribution(law, 6000);
    double sum = 0.0, mean = 0.0, square = 0.0;
    for (std::size_t g = 1; g < p.size(); ++g) {
      const double x = static_cast<double>(g);
      sum += p[g];
      mean += p[g] * x;
      square += p[g] * x * x;
    }
    CAPTURE(law.ionization_ratio);
    // Rounding of log-gamma near 1e4.
    CHECK(rel_error(sum, 1.0) <= 1e-9);
    CHECK(rel_error(mean, law.gain) <= 1e-9);
    CHECK(rel_error(square / (mean * mean), excess_noise_factor(law.gain, law.ionization_ratio)) <= 1e-8);
    for (const double m : {0.2, 0.9, 1.005}) {
      const GeneratingPoint at = generating_point(law, m);
      double value = 0.0, slope = 0.0, curvature = 0.0;
      for (std::size_t g = 1; g < p.size(); ++g) {
        const double x = static_cast<double>(g), term = p[g] * std::exp(at.s * x);
        value += term;
        slope += x * term;
        curvature += x * x * term;
      }
      CHECK(rel_error(value, m) <= 1e-8);
      CHECK(rel_error(slope, at.slope) <= 1e-8);
      CHECK(rel_error(curvature, at.curvature) <= 1e-7);
    }
  }
  // Without multiplication a carrier stays one carrier.
  CHECK(rel_error(generating_point({1.0, 0.3}, 0.7).slope, 0.7) <= 1e-15);
}

TEST_CASE("avalanche: distribution, moments and inverse of the generating function agree with each other") {
  for (const GainLaw law : {GainLaw{8.0, 0.1}, GainLaw{4.0, 0.4}, GainLaw{6.0, 0.0}, GainLaw{12.0, 0.9}}) {
    CAPTURE(law.ionization_ratio);
    const auto known = distribution(law, 3000), p = gain_probabilities(law);
    for (std::size_t g = 1; g < std::min(p.size(), known.size()); g += 7)
      CHECK(test::abs_error(p[g], known[g]) <= 1e-14);
    double sum = 0.0, second = 0.0, third = 0.0;
    for (std::size_t g = 1; g < p.size(); ++g) {
      const double x = static_cast<double>(g);
      sum += p[g];
      second += p[g] * x * x;
      third += p[g] * x * x * x;
    }
    // Rounding of log-gamma at up to 1e5.
    CHECK(rel_error(sum, 1.0) <= 1e-8);
    CHECK(rel_error(gain_moments(law).second, second) <= 1e-8);
    CHECK(rel_error(gain_moments(law).third, third) <= 1e-7);
    const double end = largest_argument(law);
    for (const double s : {-3.0, -0.1, 0.3 * end, 0.5 * end}) {
      double value = 0.0;
      for (std::size_t g = 1; g < p.size(); ++g) value += p[g] * std::exp(s * static_cast<double>(g));
      CHECK(rel_error(generating_point_at(law, s).m, value) <= 1e-7);
    }
    // Near the end a list of 1e-18 does not hold the sum, but s and m are still each other's inverse.
    CHECK(rel_error(generating_point(law, generating_point_at(law, 0.99 * end).m).s, 0.99 * end) <= 1e-10);
    CHECK_THROWS_AS(generating_point_at(law, 1.01 * end), DomainError);
  }
}

TEST_CASE("avalanche: saddle-point tails are those of the compounded distribution, Gaussian ones are not") {
  const GainLaw law{8.0, 0.2};
  const double primaries = 60.0, sigma = 25.0;
  const AvalancheCount count{law, primaries, sigma};
  const auto sum = compound(distribution(law, 3500), primaries);
  double worst_gaussian = 0.0;
  for (const double threshold : {60.0, 150.0, 250.0, 900.0, 1200.0, 1600.0}) {
    const bool upper = threshold > primaries * law.gain;
    const double exact = exact_tail(sum, sigma, threshold, upper);
    CAPTURE(threshold);
    CAPTURE(exact);
    // Second order of the saddle point: some percent at probabilities below 1e-2.
    CHECK(rel_error(tail_probability(count, threshold), exact) <= 0.05);
    worst_gaussian =
        std::max(worst_gaussian, std::abs(std::log10(gaussian_tail_probability(count, threshold) / exact)));
  }
  CHECK(worst_gaussian > 1.0);
  // Third cumulant of the compounded distribution.
  double mean = 0.0, second = 0.0, third = 0.0;
  for (std::size_t j = 0; j < sum.size(); ++j) mean += sum[j] * static_cast<double>(j);
  for (std::size_t j = 0; j < sum.size(); ++j) {
    const double d = static_cast<double>(j) - mean;
    second += sum[j] * d * d;
    third += sum[j] * d * d * d;
  }
  // Sums end at 3500 counts.
  CHECK(rel_error(skewness(count), third / std::pow(second + sigma * sigma, 1.5)) <= 1e-6);
}

TEST_CASE("avalanche: drawn counts cross a threshold as often as the saddle point says") {
  const GainLaw law{6.0, 0.3};
  const double primaries = 40.0, sigma = 15.0;
  const auto p = distribution(law, 4000);
  std::mt19937_64 random(3);
  std::discrete_distribution<int> gain(p.begin(), p.end());
  std::poisson_distribution<int> arrivals(primaries);
  std::normal_distribution<double> noise(0.0, sigma);
  const double threshold = 440.0, trials = 30000.0;
  double above = 0.0;
  for (int t = 0; t < static_cast<int>(trials); ++t) {
    double count = noise(random);
    for (int i = arrivals(random); i > 0; --i) count += gain(random);
    above += count > threshold ? 1.0 : 0.0;
  }
  const double expected = tail_probability({law, primaries, sigma}, threshold);
  CAPTURE(expected);
  CAPTURE(above);
  REQUIRE(above > 100.0);
  // Five sigma of a count, and the saddle point's 5 %.
  CHECK(std::abs(above - expected * trials) <= 5.0 * std::sqrt(above) + 0.05 * above);
  CHECK(std::abs(above - gaussian_tail_probability({law, primaries, sigma}, threshold) * trials) >
        5.0 * std::sqrt(above));
}

TEST_CASE("avalanche: the generating function keeps its digits next to m = 1, at any gain and ratio") {
  for (const double gain : {2.0, 30.0, 1000.0})
    for (const double k : {0.0, 0.5, 0.97})
      for (const double x : {-1e-6, -1e-10, 1e-12}) {
        // s = x/M to first order in m - 1, x exactly what 1 + x rounds to; the next order is below M² x.
        const double m = 1.0 + x, exact = (m - 1.0) / gain;
        CHECK(rel_error(generating_point({gain, k}, m).s, exact) <= 1e-12 * gain + std::abs(x) * gain * gain);
      }
}

TEST_CASE("avalanche: the optimum gain has the least noise over gain") {
  for (const double k : {0.0, 0.05, 0.5})
    for (const double a : {1e-3, 0.03}) {
      const auto noise = [&](double gain) { return 1.0 / (gain * gain) + a * excess_noise_factor(gain, k); };
      const double found = boost::math::tools::brent_find_minima(noise, 1.0, 3e3, 52).first;
      CAPTURE(k);
      // A minimum is found to the root of the machine precision times its flatness.
      CHECK(rel_error(optimum_gain(a, k), found) <= 1e-5);
    }
  // k M³ = 2/a at large gain.
  CHECK(rel_error(optimum_gain(1e-9, 0.1), std::cbrt(2.0 / (1e-9 * 0.1))) <= 1e-4);
  CHECK(optimum_gain(1e3, 0.5) == 1.0);
}

TEST_CASE("avalanche: Miller's gain is 2 at half the way and grows without bound towards breakdown") {
  CHECK(rel_error(miller_gain(10.0, 20.0, 1.0), 2.0) <= 1e-15);
  CHECK(rel_error(miller_gain(10.0, 20.0, 3.0), 8.0 / 7.0) <= 1e-15);
  CHECK(miller_gain(0.0, 20.0, 3.0) == 1.0);
  CHECK_THROWS_WITH_AS(miller_gain(20.0, 20.0, 3.0), doctest::Contains("breakdown at 20 V"), DomainError);
}
