#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "solvers/statistical/jitter.hpp"
#include "solvers/statistical/phase_tails.hpp"
#include "statistical_links.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

const std::vector<double> nrz = {-1.0, 1.0};
constexpr long first_age = -4, last_age = 4;

// Short: edges older or younger than these ages contribute below 1e-7.
const test::SmoothStep short_step{{{1.0, 2.51, 0.29}, {-0.0713, 3.37, 0.27}}};

double moment(const std::vector<JitterNode>& nodes, int order) {
  double sum = 0.0;
  for (const JitterNode& node : nodes) sum += node.weight * std::pow(node.at, order);
  return sum;
}

/// Heights of the edges of a sequence x of ages first_age ... last_age; symbols outside repeat the outermost.
double height(const std::vector<double>& x, long age) {
  const auto symbol = [&](long k) {
    return x[static_cast<std::size_t>(std::clamp(k, first_age, last_age) - first_age)];
  };
  return symbol(age) - symbol(age + 1);
}

/// Sample of a sequence: Σ_a ΔV_a s(t_a) with each edge moved by move(a, ΔV_a), plus what lies in front of
/// all edges.
template <class Move>
double sample(const std::vector<double>& x, double time_UI, Move move) {
  double y = x.back() * short_step.at(100.0);
  for (long a = first_age; a < last_age; ++a) {
    const double dv = height(x, a), t = 3.0 + time_UI + static_cast<double>(a);
    y += dv * (short_step.at(t - move(a, dv)));
  }
  return y;
}

}  // namespace

TEST_CASE("jitter nodes: moments of the arcsine, the two Diracs and the Gaussian") {
  const double a = 0.07;  // half of peak to peak
  const auto sine = timing_nodes({.sinusoidal_UI = 2.0 * a});
  // Closed moments of the arcsine density a²/2, 3a⁴/8, 5a⁶/16: the quadrature is exact, rounding.
  CHECK(rel_error(moment(sine, 2), a * a / 2.0) <= 1e-13);
  CHECK(rel_error(moment(sine, 4), 3.0 * std::pow(a, 4) / 8.0) <= 1e-13);
  CHECK(rel_error(moment(sine, 6), 5.0 * std::pow(a, 6) / 16.0) <= 1e-13);
  const auto all = timing_nodes({.random_UI = 0.01, .dual_dirac_UI = 0.06, .sinusoidal_UI = 2.0 * a});
  // Variances add; trapezoidal rule in steps of σ: 2 e^{-2π²} (1 + 4π²) = 2e-7.
  CHECK(rel_error(moment(all, 2), 1e-4 + 0.03 * 0.03 + a * a / 2.0) <= 1e-6);
  CHECK(rel_error(moment(all, 0), 1.0) <= 1e-13);
  // E e^{sτ} at a slope of 8 / σ, where tails of 1e-15 are made: e^{32} of the Gaussian.
  // Two narrow Gaussians far apart: nothing stands between them, and weight and variance are whole.
  const auto narrow = timing_nodes({.random_UI = 1e-5, .dual_dirac_UI = 0.06});
  double weight = 0.0, square = 0.0;
  for (const JitterNode& node : narrow) {
    weight += node.weight;
    square += node.weight * node.at * node.at;
  }
  CHECK(narrow.size() < 100);
  CHECK(rel_error(weight, 1.0) <= 1e-12);
  CHECK(rel_error(square, 0.03 * 0.03 + 1e-10) <= 1e-9);
  const auto gaussian = timing_nodes({.random_UI = 0.01});
  double tilted = 0.0;
  for (const JitterNode& node : gaussian) tilted += node.weight * std::exp(600.0 * node.at);
  // What lies beyond 9.5 σ, 3.5 σ from the tilted centre: 2e-4.
  CHECK(rel_error(tilted, std::exp(18.0)) <= 5e-4);
}

TEST_CASE("jitter nodes: Gauss rule of a sum of bounded displacements") {
  // One uniform: Gauss-Legendre with five nodes, tabulated to 16 digits.
  const auto one = symmetric_nodes(bounded_cumulants(BoundedShape::uniform, 2.0));
  REQUIRE(one.size() == 5);
  // Rounding amplified by differences of moments.
  CHECK(abs_error(one[4].at, 0.9061798459386640) <= 1e-10);
  CHECK(abs_error(one[3].at, 0.5384693101056831) <= 1e-10);
  CHECK(abs_error(2.0 * one[4].weight, 0.2369268850561891) <= 1e-10);
  CHECK(abs_error(2.0 * one[2].weight, 0.5688888888888889) <= 1e-10);
  // Three uniforms of different width: E e^{sx} = Π sinh(s b) / (s b).
  EvenCumulants sum;
  double exact = 1.0;
  for (const double half : {0.3, 0.5, 0.1}) {
    sum.add(bounded_cumulants(BoundedShape::uniform, 2.0), half);
    exact *= std::sinh(3.0 * half) / (3.0 * half);
  }
  double rule = 0.0;
  for (const JitterNode& node : symmetric_nodes(sum)) rule += node.weight * std::exp(3.0 * node.at);
  // Exact to degree 9; the next term is 3¹⁰ of order 1 / 10!.
  CHECK(rel_error(rule, exact) <= 1e-4);
  // Truncated Gaussian: variance by quadrature of its density.
  double power = 0.0, norm = 0.0;
  for (int k = 0; k < 20000; ++k) {
    const double x = -3.0 + 6.0 * (k + 0.5) / 20000;
    power += x * x * std::exp(-0.5 * x * x);
    norm += std::exp(-0.5 * x * x);
  }
  // Midpoint rule.
  CHECK(rel_error(bounded_cumulants(BoundedShape::truncated_gaussian, 6.0).value[0], power / norm) <= 1e-7);
}

TEST_CASE("edge jitter: random displacements depend on the transitions, as enumerated") {
  StatisticalLink link = test::smooth_link(short_step, nrz, 0.03);
  link.edges.random_UI = 0.02;
  link.window_symbols = 9;
  const EdgePulses pulses(link);
  const InterferenceGrid grid = interference_grid(link);
  StatisticalLink usual = link;
  usual.window_symbols = 0;
  for (const long phase : {-8L, 0L, 6L}) {
    const double time = phase / 32.0;
    const auto exact = [&](double v) {
      double sum = 0.0;
      test::for_each_sequence(nrz, first_age, last_age, 0, [&](const std::vector<double>& x, double weight) {
        const double y = sample(x, time, [](long, double) { return 0.0; });
        double variance = 0.03 * 0.03;
        for (long a = first_age; a < last_age; ++a)
          variance +=
              std::pow(0.02 * height(x, a) * short_step.slope(3.0 + time + static_cast<double>(a)), 2);
        sum += weight * gaussian_tail((v - y) / std::sqrt(variance));
      });
      return sum;
    };
    const PhaseTails full(link, pulses, grid, phase), windowed(usual, pulses, grid, phase);
    for (const double p : {1e-6, 1e-15}) {
      const double v = test::where_it_falls_to(exact, p, -1.0, 2.0);
      CAPTURE(phase);
      CAPTURE(p);
      CAPTURE(full.tail(0, Beyond::above, v) / p);
      CAPTURE(windowed.tail(0, Beyond::above, v) / p);
      // All edges but those of the outermost symbols in the window.
      CHECK(rel_error(full.tail(0, Beyond::above, v), p) <= 1e-2);
      // Six symbols hold all edges that matter.
      CHECK(rel_error(windowed.tail(0, Beyond::above, v), p) <= 2e-2);
    }
  }
}

TEST_CASE("edge jitter: Gaussians far wider than the noise, on coarser lattices, as enumerated") {
  StatisticalLink link = test::smooth_link(short_step, nrz, 0.008);
  link.edges.random_UI = 0.03;
  link.window_symbols = 9;
  const EdgePulses pulses(link);
  const InterferenceGrid grid = interference_grid(link);
  for (const long phase : {-9L, -4L, 3L}) {
    const double time = phase / 32.0;
    const auto exact = [&](double v) {
      double sum = 0.0;
      test::for_each_sequence(nrz, first_age, last_age, 0, [&](const std::vector<double>& x, double weight) {
        const double y = sample(x, time, [](long, double) { return 0.0; });
        double variance = 0.008 * 0.008;
        for (long a = first_age; a < last_age; ++a)
          variance +=
              std::pow(0.03 * height(x, a) * short_step.slope(3.0 + time + static_cast<double>(a)), 2);
        sum += weight * gaussian_tail((v - y) / std::sqrt(variance));
      });
      return sum;
    };
    const PhaseTails tails(link, pulses, grid, phase);
    const TailCurve curve = tails.curve(0, Beyond::above);
    for (const double p : {1e-6, 1e-15}) {
      const double v = test::where_it_falls_to(exact, p, -1.0, 2.0);
      CAPTURE(phase);
      CAPTURE(p);
      CAPTURE(tails.tail(0, Beyond::above, v) / p);
      // Third order in twelve bins per σ.
      CHECK(rel_error(tails.tail(0, Beyond::above, v), p) <= 3e-3);
      CHECK(rel_error(std::exp(curve.at(v / tails.spacing())), p) <= 3e-3);
    }
  }
}

TEST_CASE("edge jitter: bounded displacements widen by their own density, as enumerated") {
  StatisticalLink link = test::smooth_link(short_step, nrz, 0.04);
  link.edges.bounded_UI = 0.05;
  link.window_symbols = 8;
  const long phase = -7;
  const double time = phase / 32.0;
  const PhaseTails tails(link, EdgePulses(link), interference_grid(link), phase);
  // Oracle: the two largest edges integrated in steps of 1/60 of their range, all others as variance.
  const auto exact = [&](double v) {
    double sum = 0.0;
    constexpr int steps = 60;
    test::for_each_sequence(nrz, -2, 3, 0, [&](const std::vector<double>& inner, double weight) {
      std::vector<double> x(static_cast<std::size_t>(last_age - first_age + 1), inner.back());
      for (std::size_t k = 0; k < inner.size(); ++k) x[k + 2] = inner[k];
      x[0] = x[1] = inner.front();
      const double y = sample(x, time, [](long, double) { return 0.0; });
      std::vector<double> reach;
      for (long a = first_age; a < last_age; ++a)
        reach.push_back(0.025 * std::abs(height(x, a)) *
                        short_step.slope(3.0 + time + static_cast<double>(a)));
      std::sort(reach.rbegin(), reach.rend());
      double variance = 0.04 * 0.04;
      for (std::size_t k = 2; k < reach.size(); ++k) variance += reach[k] * reach[k] / 3.0;
      for (int i = 0; i < steps; ++i)
        for (int j = 0; j < steps; ++j)
          sum += weight / (steps * steps) *
                 gaussian_tail((v - y - reach[0] * ((2.0 * i + 1.0) / steps - 1.0) -
                                reach[1] * ((2.0 * j + 1.0) / steps - 1.0)) /
                               std::sqrt(variance));
    });
    return sum;
  };
  for (const double p : {1e-6, 1e-15}) {
    const double v = test::where_it_falls_to(exact, p, -1.0, 2.0);
    CAPTURE(p);
    CAPTURE(tails.tail(0, Beyond::above, v) / p);
    // Symbols outside the enumerated ones repeat their neighbours here; five nodes.
    CHECK(rel_error(tails.tail(0, Beyond::above, v), p) <= 3e-2);
  }
}

TEST_CASE("edge jitter: duty-cycle distortion moves rising and falling edges apart, as enumerated") {
  StatisticalLink link = test::smooth_link(short_step, nrz, 0.03);
  link.edges.duty_cycle_UI = 0.06;
  link.window_symbols = 9;
  // Half of all edges exist, of height 2; each takes 0.03 UI of its height off the mean, which AC coupling
  // restores.
  const double mean_loss = 0.03 * (1.0 - 0.0713);
  for (const long phase : {-8L, 6L}) {
    const PhaseTails tails(link, EdgePulses(link), interference_grid(link), phase);
    for (const Beyond beyond : {Beyond::above, Beyond::below}) {
      const int level = beyond == Beyond::above ? 0 : 1;
      const auto exact = [&](double v) {
        double sum = 0.0;
        test::for_each_sequence(
            nrz, first_age, last_age, level, [&](const std::vector<double>& x, double weight) {
              const double y =
                  sample(x, phase / 32.0, [](long, double dv) { return dv > 0.0 ? 0.03 : -0.03; }) +
                  mean_loss;
              sum += weight * gaussian_tail((beyond == Beyond::above ? v - y : y - v) / 0.03);
            });
        return sum;
      };
      for (const double v : {-0.35, -0.1, 0.15, 0.4}) {
        const double p = exact(v);
        if (p < 1e-18 || p > 0.3) continue;
        CAPTURE(phase);
        CAPTURE(v);
        CAPTURE(p);
        CAPTURE(tails.tail(level, beyond, v) / p);
        // As the tails without jitter, and four-point interpolation of the step.
        CHECK(rel_error(tails.tail(level, beyond, v), p) <= 1e-2);
      }
    }
  }
}

TEST_CASE("edge jitter: even-odd displacement is the mean of both parities, as enumerated") {
  StatisticalLink link = test::smooth_link(short_step, nrz, 0.03);
  link.edges.even_odd_UI = 0.08;
  for (const long phase : {-8L, 6L}) {
    const PhaseTails tails(link, EdgePulses(link), interference_grid(link), phase);
    const auto exact = [&](double v) {
      double sum = 0.0;
      for (const double parity : {0.04, -0.04})
        test::for_each_sequence(
            nrz, first_age, last_age, 0, [&](const std::vector<double>& x, double weight) {
              const double y =
                  sample(x, phase / 32.0, [&](long a, double) { return a % 2 == 0 ? parity : -parity; });
              sum += 0.5 * weight * gaussian_tail((v - y) / 0.03);
            });
      return sum;
    };
    for (const double p : {1e-4, 1e-9, 1e-15}) {
      const double v = test::where_it_falls_to(exact, p, -1.0, 2.0);
      CAPTURE(phase);
      CAPTURE(tails.tail(0, Beyond::above, v) / p);
      // As the tails without jitter, and four-point interpolation of the step.
      CHECK(rel_error(tails.tail(0, Beyond::above, v), p) <= 1e-2);
    }
  }
}
