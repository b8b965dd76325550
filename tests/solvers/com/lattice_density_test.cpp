#include "solvers/com/lattice_density.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/special.hpp"
#include "support.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double step = 0.01;
const std::vector<double> cursors = {0.217, -0.131, 0.094, 0.058, -0.033, 0.0149};

// Mass per bin from every sequence of symbols, each product rounded to its bin.
std::map<long, double> enumerated(const std::vector<double>& h, int levels) {
  std::map<long, double> mass;
  const auto count = std::lround(std::pow(levels, static_cast<double>(h.size())));
  for (long code = 0; code < count; ++code) {
    long bin = 0, rest = code;
    for (const double each : h) {
      bin += std::lround(each * (2.0 * static_cast<double>(rest % levels) / (levels - 1) - 1.0) / step);
      rest /= levels;
    }
    mass[bin] += 1.0 / static_cast<double>(count);
  }
  return mass;
}

LatticeDensity density_of(const std::vector<double>& h, int levels) {
  LatticeDensity density(step, levels);
  density.add_all(h);
  return density;
}

}  // namespace

TEST_CASE("com lattice density: holds the mass of every sequence of symbols, for 2, 3, 4 and 8 levels") {
  for (const int levels : {2, 3, 4, 8}) {
    const std::vector<double> h(cursors.begin(), cursors.begin() + (levels == 8 ? 4 : 6));
    const auto density = density_of(h, levels);
    const auto expected = enumerated(h, levels);
    for (long bin = -density.half(); bin <= density.half(); ++bin) {
      const auto found = expected.find(bin);
      const double mass = found == expected.end() ? 0.0 : found->second;
      // Rounding of 4096 sums.
      CHECK(abs_error(density.mass()[static_cast<std::size_t>(bin + density.half())], mass) <= 1e-14);
    }
    CHECK(density.half() >= expected.rbegin()->first);
  }
}

TEST_CASE("com lattice density: is symmetric, sums to 1, and ignores sign and order of its cursors") {
  const auto density = density_of(cursors, 4);
  const auto& mass = density.mass();
  // Rounding.
  CHECK(abs_error(std::accumulate(mass.begin(), mass.end(), 0.0), 1.0) <= 1e-14);
  for (std::size_t i = 0; i < mass.size(); ++i) CHECK(mass[i] == mass[mass.size() - 1 - i]);
  auto turned = cursors;
  std::reverse(turned.begin(), turned.end());
  for (double& h : turned) h = -h;
  CHECK(density_of(turned, 4).mass() == mass);
}

TEST_CASE("com lattice density: variances of the rounded cursors add up") {
  for (const int levels : {2, 4}) {
    double variance = 0.0, exact = 0.0;
    for (const double h : cursors) {
      variance += rounded_variance(h, levels, step);
      exact += h * h * (levels + 1.0) / (3.0 * (levels - 1.0));
    }
    // Rounding.
    CHECK(rel_error(density_of(cursors, levels).rms(), std::sqrt(variance)) <= 1e-13);
    // Half a bin of 0.005 against an rms of 0.2 to 0.3, with either sign.
    CHECK(rel_error(variance, exact) <= 0.05);
  }
  CHECK(rounded_variance(step, 4, step) == 0.0);
}

TEST_CASE("com lattice density: cursors up to a bin are left out") {
  CHECK(density_of({0.01, -0.008, 0.0}, 2).mass() == std::vector<double>{1.0});
  CHECK(density_of({0.0101}, 2).half() == 1);
}

TEST_CASE("com lattice density: the peak is the amplitude whose tail reaches the probability") {
  const auto density = density_of(cursors, 2);
  const auto expected = enumerated(cursors, 2);
  // The outermost of 64 sequences has 1/64; two of them stand beyond the next.
  // Rounding.
  CHECK(abs_error(density.peak_at(1e-4), static_cast<double>(expected.rbegin()->first) * step) <= 1e-15);
  CHECK(abs_error(density.peak_at(1.5 / 64.0),
                  static_cast<double>(std::next(expected.rbegin())->first) * step) <= 1e-15);
}

TEST_CASE("com lattice density: Gaussian masses have their variance, end at the span and sum to 1") {
  const auto mass = gaussian_masses(0.05, 6.0, 0.001);
  CHECK(mass.size() == 601);
  double sum = 0.0, variance = 0.0, tail = 0.0;
  for (long i = -300; i <= 300; ++i) {
    const double m = mass[static_cast<std::size_t>(i + 300)];
    sum += m;
    variance += m * static_cast<double>(i * i) * 1e-6;
    if (i <= -150) tail += m;
  }
  // Sampling a Gaussian 50 times per sigma is exact; the cut at 6 sigma takes 2 Q(6) = 2e-9, and 36 times
  // that of the variance.
  CHECK(abs_error(sum, 1.0) <= 1e-14);
  CHECK(rel_error(variance, 0.0025) <= 1e-6);
  // Bins reach half a step beyond 3 sigma.
  CHECK(rel_error(tail, gaussian_tail(2.99)) <= 1e-3);
  CHECK(gaussian_masses(0.0, 6.0, 0.001) == std::vector<double>{1.0});
}
