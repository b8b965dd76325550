#include "signal/density.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "core/error.hpp"
#include "core/special.hpp"
#include "signal/pattern.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

const std::vector<double> taps = {0.113,  -0.0471, 0.0319,
                                  0.0087, -0.0153, 0.0029};  // off any lattice used below

// P(Σ tap · amplitude + sigma N > threshold), every sequence of symbols visited.
double enumerated_tail(const std::vector<double>& tap, int levels, double sigma, double threshold) {
  const auto amplitude = level_amplitudes(levels);
  const auto count = static_cast<long>(std::llround(std::pow(levels, static_cast<double>(tap.size()))));
  double sum = 0.0;
  for (long code = 0; code < count; ++code) {
    double value = 0.0;
    long rest = code;
    for (const double t : tap) {
      value += t * amplitude[static_cast<std::size_t>(rest % levels)];
      rest /= levels;
    }
    sum += gaussian_tail((threshold - value) / sigma);
  }
  return sum / static_cast<double>(count);
}

double power(int levels) {
  double sum = 0.0;
  for (const double a : level_amplitudes(levels)) sum += a * a / levels;
  return sum;
}

}  // namespace

TEST_CASE("density: point masses off the lattice keep mass and mean, variance grows by step² f (1 - f)") {
  const std::vector<double> value = {-0.37, 0.2, 0.91}, probability = {0.2, 0.5, 0.3};
  const Density d = point_masses(value, probability, 0.1);
  // Rounding of a few sums.
  CHECK(rel_error(total_mass(d), 1.0) <= 1e-15);
  CHECK(rel_error(mean(d), -0.074 + 0.1 + 0.273) <= 1e-14);
  double exact = 0.0;
  for (int i = 0; i < 3; ++i)
    exact +=
        probability[static_cast<std::size_t>(i)] * std::pow(value[static_cast<std::size_t>(i)] - 0.299, 2);
  // Fractions 0.3, 0, 0.1 of the way to the next lattice value.
  CHECK(rel_error(variance(d), exact + 0.01 * (0.2 * 0.21 + 0.3 * 0.09)) <= 1e-13);
}

TEST_CASE("density: a coarser lattice keeps mass, mean and all third moments, the variance grows by step²") {
  for (const long first : {-7L, -4L, 3L}) {
    const Density fine{0.1, first, {0.1, 0.0, 0.3, 0.05, 0.25, 0.2, 0.1}};
    const Density twice = coarser(fine);
    const double centre = mean(fine);
    const auto third = [&](const Density& d) {
      double sum = 0.0;
      for (std::size_t i = 0; i < d.mass.size(); ++i) sum += d.mass[i] * std::pow(d.value(i) - centre, 3);
      return sum;
    };
    CHECK(twice.step == 0.2);
    // Rounding of a few sums; every mass is split symmetrically about its place.
    CHECK(rel_error(total_mass(twice), 1.0) <= 1e-15);
    CHECK(rel_error(mean(twice), centre) <= 1e-13);
    CHECK(rel_error(variance(twice), variance(fine) + 0.01) <= 1e-13);
    CHECK(abs_error(third(twice), third(fine)) <= 1e-15);
  }
}

TEST_CASE("density: convolution adds means and variances and equals the binomial law down to 1e-60") {
  const std::vector<double> value = {0.0, 1.0}, probability = {0.999, 0.001};
  const Density one = point_masses(value, probability, 1.0);
  Density sum = one;
  for (int i = 1; i < 20; ++i) sum = convolve(sum, one);
  REQUIRE(sum.mass.size() == 21);
  double coefficient = 1.0;
  for (int k = 0; k <= 20; ++k) {
    // Closed form C(20, k) p^k q^(20 - k); 20 products and sums.
    CHECK(rel_error(sum.mass[static_cast<std::size_t>(k)],
                    coefficient * std::pow(0.001, k) * std::pow(0.999, 20 - k)) <= 1e-13);
    coefficient *= (20.0 - k) / (k + 1.0);
  }
  // Same rounding.
  CHECK(rel_error(mean(sum), 0.02) <= 1e-13);
  CHECK(rel_error(variance(sum), 20 * 0.001 * 0.999) <= 1e-13);
  // P(X >= 20) = p^20: summed from the outside.
  CHECK(rel_error(upper_tail(sum).back(), 1e-60) <= 1e-13);
  CHECK(rel_error(lower_tail(sum).front(), std::pow(0.999, 20)) <= 1e-13);
  CHECK(rel_error(upper_tail(sum).front(), 1.0) <= 1e-14);
}

TEST_CASE("density: interference agrees with the enumeration of all sequences below 1e-17") {
  const double sigma = 0.02;
  for (const int levels : {2, 4}) {
    const auto isi = interference_density(taps, levels, 1e-4);
    double low = 1.0;
    for (const double threshold : {0.05, 0.15, 0.25, 0.3, 0.37}) {
      const double exact = enumerated_tail(taps, levels, sigma, threshold);
      const double corrected = std::sqrt(sigma * sigma - isi.excess_variance);
      // Excess variance V acts as V z² / (2 σ²) on the tail, below 6 · 1e-8 / 4 · 100 / 8e-4 = 0.2 %. Taking
      // V off the noise leaves the skew of the splits, (z step / σ)³ = 5e-5 each at z = 7.5, and on four
      // levels the difference between the splits of outer and of all points.
      CHECK(rel_error(upper_tail_with_noise(isi.density, sigma, threshold), exact) <= 2e-3);
      CHECK(rel_error(upper_tail_with_noise(isi.density, corrected, threshold), exact) <= 3e-4);
      low = std::min(low, exact);
    }
    CHECK(low < 1e-13);
    CHECK(rel_error(total_mass(isi.density), 1.0) <= 1e-14);
    double exact_variance = 0.0;
    for (const double t : taps) exact_variance += t * t * power(levels);
    // Variance identity; rounding of sums over 4400 bins.
    CHECK(rel_error(variance(isi.density), exact_variance + isi.excess_variance) <= 1e-12);
    CHECK(test::abs_error(mean(isi.density), 0.0) <= 1e-14);
  }
  CHECK(enumerated_tail(taps, 4, sigma, 0.4) < 1e-14);
  const auto isi = interference_density(taps, 4, 2.5e-5);
  const double exact = enumerated_tail(taps, 4, 0.02, 0.41);
  REQUIRE(exact < 1e-17);
  // Fourfold finer step: 16 times less than 0.2 %.
  CHECK(rel_error(upper_tail_with_noise(isi.density, 0.02, 0.41), exact) <= 2e-4);
}

TEST_CASE("density: the tail converges with second order in the step") {
  const double sigma = 0.02, threshold = 0.25, exact = enumerated_tail(taps, 2, sigma, threshold);
  // The fraction of each split differs from step to step; the mean over several steps near h shows the order.
  const auto mean_error = [&](double h) {
    double sum = 0.0;
    for (int k = 0; k < 40; ++k) {
      const auto isi = interference_density(taps, 2, h * (1.0 + 0.01 * k));
      sum += upper_tail_with_noise(isi.density, sigma, threshold) / exact - 1.0;
    }
    return sum / 40;
  };
  const double order = std::log2(mean_error(4e-3) / mean_error(5e-4)) / 3.0;
  // Measured over a factor of 8; the house tolerance of convergence orders.
  CHECK(std::abs(order - 2.0) <= 0.4);
}

TEST_CASE("density: merged cursors give their variance, and a tail that is not below the true one far out") {
  const std::vector<double> cursor = {0.1, -0.004, 0.003, 0.0, 0.0042};
  const auto isi = interference_density(cursor, 2, 1e-4, 0.005);
  // Closed form, three squares.
  CHECK(rel_error(isi.merged_variance, 1.6e-5 + 0.9e-5 + 1.764e-5) <= 1e-14);
  const double sigma = 0.01;
  const double merged =
      upper_tail_with_noise(isi.density, std::sqrt(sigma * sigma + isi.merged_variance), 0.17);
  CHECK(merged >= enumerated_tail(cursor, 2, sigma, 0.17));
}

TEST_CASE("density: a mixture is the weighted mean of its members") {
  const std::vector<double> one = {1.0}, left = {-1.0}, right = {3.0}, weight = {0.25, 0.75};
  const std::vector<Density> both = {point_masses(left, one, 0.5), point_masses(right, one, 0.5)};
  const Density sum = mixture(both, weight);
  // Exact in binary.
  CHECK(test::abs_error(mean(sum), 2.0) <= 1e-15);
  CHECK(test::abs_error(variance(sum), 3.0) <= 1e-15);
  CHECK(test::abs_error(total_mass(sum), 1.0) <= 1e-15);
}

TEST_CASE("density: no noise leaves the step function, half at the threshold") {
  const std::vector<double> value = {0.0, 1.0, 2.0}, probability = {0.25, 0.5, 0.25};
  const Density d = point_masses(value, probability, 1.0);
  CHECK(upper_tail_with_noise(d, 0.0, 1.0) == 0.5);
  CHECK(upper_tail_with_noise(d, 0.0, 1.5) == 0.25);
  CHECK(upper_tail_with_noise(d, 0.0, 2.5) == 0.0);
}

TEST_CASE("density: bad steps, sizes and probabilities are refused") {
  const std::vector<double> value = {0.0, 1.0}, probability = {0.5, 0.5}, negative = {1.5, -0.5}, one = {1.0};
  CHECK_THROWS_AS(point_masses(value, probability, 0.0), DomainError);
  CHECK_THROWS_AS(point_masses(value, one, 0.1), DomainError);
  CHECK_THROWS_AS(point_masses(value, negative, 0.1), DomainError);
  CHECK_THROWS_WITH(point_masses(value, probability, 1e-9), doctest::Contains("larger step"));
  CHECK_THROWS_AS(convolve(point_masses(value, probability, 0.1), point_masses(value, probability, 0.2)),
                  DomainError);
  CHECK_THROWS_AS(interference_density(value, 2, -1.0), DomainError);
}
