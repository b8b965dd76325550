#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "solvers/statistical/phase_tails.hpp"
#include "statistical_links.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

const std::vector<double> nrz = {-1.0, 1.0}, pam4 = {-1.0, -0.31, 0.29, 1.0};  // unequal, mean not 0

// Ages whose cursors of the smooth step are above 1e-9 at all phases: rising part within -1, tail within 5.
constexpr long first_age = -3, last_age = 6;

// P(y > v | level) over every sequence, from the step response alone.
double enumerated(const StatisticalLink& link, const test::SmoothStep& step, double time_UI, int level,
                  double v, long first = first_age, long last = last_age) {
  double sum = 0.0;
  std::vector<double> cursor;
  for (long k = first; k <= last; ++k) {
    const double t = 3.0 + time_UI + static_cast<double>(k);
    cursor.push_back(step.at(t) - step.at(t - 1.0));
  }
  test::for_each_sequence(link.amplitude, first, last, level,
                          [&](const std::vector<double>& x, double weight) {
                            double y = 0.0;
                            for (std::size_t k = 0; k < x.size(); ++k) y += x[k] * cursor[k];
                            sum += weight * gaussian_tail((v - y) / link.sigma.front());
                          });
  return sum;
}

}  // namespace

TEST_CASE("statistical tails: equal the enumeration of all sequences, 1 % at 1e-15") {
  const test::SmoothStep step = test::echoing_step();
  for (const auto& [amplitude, sigma, last] : {std::tuple{nrz, 0.05, 6L}, std::tuple{pam4, 0.02, 4L}}) {
    // PAM4 over eight symbols: the last echo is left out.
    test::SmoothStep used = step;
    if (amplitude.size() == 4) used.part.resize(2);
    const StatisticalLink link = test::smooth_link(used, amplitude, sigma);
    const EdgePulses pulses(link);
    const InterferenceGrid grid = interference_grid(link);
    const long first = amplitude.size() == 4 ? -1 : first_age;
    for (const long phase : {-9L, 0L, 7L}) {
      const PhaseTails tails(link, pulses, grid, phase);
      for (const int level : {0, static_cast<int>(amplitude.size()) - 2})
        for (const double p : {1e-3, 1e-9, 1e-15, 1e-18}) {
          const auto exact = [&](double v) {
            return enumerated(link, used, phase / 32.0, level, v, first, last);
          };
          const double mean = tails.mean(level);
          double v = mean + 0.01;
          while (exact(v) > p) v += 0.02;
          CAPTURE(amplitude.size());
          CAPTURE(phase);
          CAPTURE(level);
          CAPTURE(exact(v));
          CAPTURE(tails.tail(level, Beyond::above, v) / exact(v));
          // Third order in twelve bins per σ, merged cursors of a fiftieth of σ.
          CHECK(rel_error(tails.tail(level, Beyond::above, v), exact(v)) <= 1e-2);
        }
    }
  }
}

TEST_CASE("statistical tails: converge with third order in the bin width") {
  const test::SmoothStep step = test::echoing_step();
  const StatisticalLink link = test::smooth_link(step, pam4, 0.03);
  const EdgePulses pulses(link);
  const double v = pam4[1] * pulses.at(0, 1).main() + 0.26, exact = enumerated(link, step, 0.0, 1, v, -1, 5);
  REQUIRE(exact < 1e-7);
  // Where masses fall between bins changes with the width: root mean square over widths near each.
  const auto error = [&](double bins) {
    double sum = 0.0;
    for (int k = 0; k < 24; ++k) {
      const PhaseTails tails(link, pulses, interference_grid(link, bins * (1.0 + 0.013 * k)), 0);
      sum += std::pow(tails.tail(1, Beyond::above, v) / exact - 1.0, 2);
    }
    return std::sqrt(sum / 24.0);
  };
  const double order = std::log2(error(1.5) / error(6.0)) / 2.0;
  CAPTURE(error(1.5));
  CAPTURE(error(6.0));
  // Measured over a factor of four; the house tolerance of convergence orders.
  CHECK(abs_error(order, 3.0) <= 0.4);
}

TEST_CASE("statistical tails: feedback, transmit taps and an asynchronous aggressor as enumerated") {
  const test::SmoothStep step{{{1.0, 2.51, 0.31}, {-0.0713, 3.67, 0.27}}};
  StatisticalLink link = test::smooth_link(step, nrz, 0.04);
  link.transmit_taps = {-0.087, 0.781, -0.132};
  link.transmit_main = 1;
  link.dfe = {0.0413};
  link.samples_per_symbol = 32;
  const std::vector<double> part = {0.0211, 0.0307};  // aggressor: a triangle, two cursors at each phase
  std::vector<double> aggressor;
  for (int u = 0; u < 64; ++u)
    aggressor.push_back(u < 32 ? part[0] * u / 32.0 : part[0] + part[1] - part[1] * u / 32.0);
  link.aggressors = {aggressor};
  const PhaseTails tails(link, EdgePulses(link), interference_grid(link), 5);
  const double time = 3.0 + 5.0 / 32.0;
  const auto response = [&](double t) { return step.at(t) - step.at(t - 1.0); };
  std::vector<double> cursor;
  for (long k = -4; k <= 5; ++k) {
    double q = k == 1 ? -link.dfe[0] : 0.0;
    for (int j = 0; j < 3; ++j)
      q +=
          link.transmit_taps[static_cast<std::size_t>(j)] * response(time + static_cast<double>(k - (j - 1)));
    cursor.push_back(q);
  }
  for (const double v : {-0.5, -0.3, -0.22}) {
    double exact = 0.0;
    test::for_each_sequence(nrz, -4, 5, 0, [&](const std::vector<double>& x, double weight) {
      double y = 0.0;
      for (std::size_t k = 0; k < x.size(); ++k) y += x[k] * cursor[k];
      for (std::size_t phase = 0; phase < 32; ++phase)
        for (const double a : nrz)
          for (const double b : nrz)
            exact += weight / 128.0 *
                     gaussian_tail((v - y - a * aggressor[phase] - b * aggressor[phase + 32]) / 0.04);
    });
    CAPTURE(exact);
    // As without them.
    CHECK(rel_error(tails.tail(0, Beyond::above, v), exact) <= 1e-2);
    CHECK(rel_error(tails.tail(1, Beyond::below, -v), exact) <= 1e-2);
  }
}

TEST_CASE("statistical tails: rows of thresholds equal the sum at each, with every kind of jitter") {
  // No neighbours in the echoes: gaps of many σ between the masses, where the tail has steps.
  for (const double echo : {0.02, 0.21})
    for (const bool bounded : {false, true}) {
      StatisticalLink link = test::smooth_link({{{1.0, 2.51, 0.31}, {-echo, 4.07, 0.2}}}, pam4, 0.015);
      link.edges = {.random_UI = 0.02, .duty_cycle_UI = 0.02, .even_odd_UI = 0.03};
      if (bounded) link.edges.bounded_UI = 0.03;
      const EdgePulses pulses(link);
      const InterferenceGrid grid = interference_grid(link);
      int checked = 0;
      for (const long phase : {-11L, 0L, 6L}) {
        const PhaseTails tails(link, pulses, grid, phase);
        for (const Beyond beyond : {Beyond::above, Beyond::below})
          for (const int level : {1, 2}) {
            const TailCurve curve = tails.curve(level, beyond);
            // From about 1 to the floor, at places off the row.
            for (double k = 0.37; k < static_cast<double>(curve.log_tail.size()) - 1.0; k += 2.9) {
              const double point = static_cast<double>(curve.first) + k;
              const double v = (beyond == Beyond::above ? point : -point) * tails.spacing();
              const double exact = tails.tail(level, beyond, v);
              if (exact < resolved_tail) break;
              CAPTURE(echo);
              CAPTURE(phase);
              CAPTURE(exact);
              // As stated in the header.
              CHECK(rel_error(std::exp(curve.at(point)), exact) <= (bounded ? 2e-3 : 3e-4));
              ++checked;
            }
            CHECK(std::exp(curve.log_tail.front()) >= 0.99);
            CHECK(std::exp(curve.log_tail.back()) < resolved_tail);
          }
      }
      CHECK(checked > 300);
    }
}
