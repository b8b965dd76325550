#include "solvers/com/noise_distribution.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/special.hpp"
#include "support.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;
using test::rel_error;

namespace {

const std::vector<double> cursors = {7.1e-3, -4.3e-3, 2.9e-3, 1.7e-3, -0.9e-3, 0.41e-3};

// P(interference + σ N <= y) over every sequence of symbols.
double enumerated(const std::vector<double>& h, int levels, double sigma, double y) {
  const auto count = std::lround(std::pow(levels, static_cast<double>(h.size())));
  double sum = 0.0;
  for (long code = 0; code < count; ++code) {
    double value = 0.0;
    long rest = code;
    for (const double each : h) {
      value += each * (2.0 * static_cast<double>(rest % levels) / (levels - 1) - 1.0);
      rest /= levels;
    }
    sum += gaussian_tail((value - y) / sigma);
  }
  return sum / static_cast<double>(count);
}

std::unique_ptr<NoiseDistribution> distribution(int levels, double bin, double sigma, const char* name,
                                                const std::vector<double>& h = cursors) {
  return noise_distribution(h, levels, bin, sigma, 1e-4, mode(name));
}

}  // namespace

TEST_CASE("com noise distribution: Gaussian noise alone reaches sigma Q^-1(DER)") {
  const double sigma = 1e-3, bin = 1e-6;
  for (const double probability : {1e-3, 1e-4, 1e-6, 1e-9}) {
    const double exact = sigma * inverse_gaussian_tail(probability);
    // 30 bits of the root.
    CHECK(rel_error(distribution(2, bin, sigma, "standard", {})->amplitude_at(probability), exact) <= 1e-8);
  }
  // The script cuts at 2 Q^-1(1e-4) sigma: nothing is lost at 1e-4 but a bin of a thousandth.
  CHECK(rel_error(distribution(2, bin, sigma, "script-4.50", {})->amplitude_at(1e-4),
                  sigma * inverse_gaussian_tail(1e-4)) <= 2e-3);
}

TEST_CASE("com noise distribution: version 3.70 ends the Gaussian at Q^-1(DER) standard deviations") {
  const double sigma = 1e-3, edge = sigma * inverse_gaussian_tail(1e-4);
  const auto older = distribution(2, 1e-6, sigma, "script-3.70", {}),
             newer = distribution(2, 1e-6, sigma, "script-4.50", {});
  CHECK(older->below(-edge - 2e-6) == 0.0);
  CHECK(newer->below(-edge - 2e-6) > 9e-5);
  CHECK(older->amplitude_at(1e-4) < newer->amplitude_at(1e-4));
}

TEST_CASE("com noise distribution: equals the enumeration of all symbol sequences") {
  for (const int levels : {2, 4})
    for (const double sigma : {0.4e-3, 1.5e-3}) {
      const auto exact = distribution(levels, 1e-5, sigma, "standard");
      const auto script = distribution(levels, 1e-5, sigma, "script-4.50");
      for (const double y : {0.0, -3e-3, -8e-3, -14e-3, -17e-3}) {
        const double expected = enumerated(cursors, levels, sigma, y);
        // Bins of sigma / 40 or finer, second order, variance corrected: (1/40)² and smaller.
        CHECK(rel_error(exact->below(y), expected) <= 1e-3);
        // One bin of the script's rounding moves a tail that falls by x/sigma per sigma.
        if (expected > 1e-6) CHECK(rel_error(script->below(y), expected) <= 0.3);
      }
      for (const double probability : {1e-2, 1e-4}) {
        // The found amplitude, put into the enumeration, gives the probability back.
        CHECK(rel_error(enumerated(cursors, levels, sigma, -exact->amplitude_at(probability)), probability) <=
              1e-3);
      }
    }
}

TEST_CASE("com noise distribution: script and exact form meet in proportion to the bin") {
  const double sigma = 0.8e-3;
  const double reference = distribution(4, 1e-6, sigma, "standard")->amplitude_at(1e-4);
  for (const double bin : {4e-5, 1e-5, 2.5e-6}) {
    // Each of six cursors is rounded by half a bin, the answer by one: worst case of four bins.
    CHECK(abs_error(distribution(4, bin, sigma, "script-4.50")->amplitude_at(1e-4), reference) <= 4.0 * bin);
    // Second order: a bin's square over sigma.
    CHECK(abs_error(distribution(4, bin, sigma, "standard")->amplitude_at(1e-4), reference) <=
          bin * bin / sigma + 1e-9);
  }
}

TEST_CASE("com noise distribution: is symmetric and nothing lies beyond its reach") {
  for (const char* name : {"standard", "script-4.50"}) {
    const auto d = distribution(4, 1e-5, 1e-3, name);
    // The script's function steps: both sides of a bin count together.
    const double step = std::string(name) == "standard" ? 0.0 : 1e-5;
    CHECK(abs_error(d->below(3e-3) + d->below(-3e-3 - step), 1.0) <= 0.01);
    CHECK(d->below(-d->reach_V()) <= 1e-9);
    // Rounding of ten thousand sums.
    CHECK(abs_error(d->below(d->reach_V()), 1.0) <= 1e-9);
  }
}

TEST_CASE(
    "com noise distribution: cursors below a bin keep their variance in the exact form, not in the "
    "script's") {
  // 400 cursors of 0.8 bins: together 16 bins rms.
  const std::vector<double> small(400, 0.8e-5);
  const double sigma = 1e-4, together = std::hypot(sigma, 0.8e-5 * 20.0);
  CHECK(rel_error(distribution(2, 1e-5, sigma, "standard", small)->amplitude_at(1e-4),
                  together * inverse_gaussian_tail(1e-4)) <= 1e-8);
  // Dropped; a bin of 1e-5 against 3.7e-4.
  CHECK(rel_error(distribution(2, 1e-5, sigma, "script-4.50", small)->amplitude_at(1e-4),
                  sigma * inverse_gaussian_tail(1e-4)) <= 0.03);
}
