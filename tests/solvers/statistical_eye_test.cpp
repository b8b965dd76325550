#include "solvers/statistical/statistical_eye.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "core/error.hpp"
#include "solvers/ber.hpp"
#include "statistical_links.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

const std::vector<double> nrz = {-1.0, 1.0}, pam4 = {-1.0, -1.0 / 3.0, 1.0 / 3.0, 1.0};

/// One cursor only: a ramp p(t) = 1 + slope t over the symbol around the sampling instant, 0 elsewhere. Wide
/// flat parts stand in for the neighbours of the jitter's reach.
StatisticalLink ramp_link(std::vector<double> amplitude, double slope, double sigma) {
  StatisticalLink link;
  link.amplitude = std::move(amplitude);
  link.samples_per_symbol = 64;
  link.pulse.assign(4 * 64, 0.0);
  for (int u = 0; u < 64; ++u) link.pulse[static_cast<std::size_t>(64 + u)] = 1.0 + slope * (u - 32) / 64.0;
  link.main_sample = 64 + 32;
  link.sigma = {sigma};
  return link;
}

}  // namespace

TEST_CASE("statistical eye: one cursor in Gaussian noise is the closed form of NRZ and PAM4") {
  for (const double ratio : {4.0, 6.0, 8.0}) {
    const StatisticalEye two(ramp_link(nrz, 0.0, 1.0 / ratio)),
        four(ramp_link(pam4, 0.0, 1.0 / (3.0 * ratio)));
    CAPTURE(ratio);
    // Tables of half a σ, cubic.
    CHECK(rel_error(two.bit_error_ratio(0.0, two.thresholds()), nrz_ber(ratio)) <= 2e-3);
    CHECK(rel_error(four.bit_error_ratio(0.0, four.thresholds()), pam4_ber(3.0 * ratio)) <= 2e-3);
  }
}

TEST_CASE("statistical eye: openings, VEO, VEC and linearity of one cursor in closed form") {
  const std::vector<double> unequal = {-1.0, -0.3, 0.3, 1.0};  // R_LM = 0.9
  const double sigma = 0.03;
  const StatisticalEye eye(ramp_link(unequal, 0.0, sigma));
  for (const double ber : {1e-6, 1e-12, 1e-15}) {
    const EyeMeasures m = eye.measures(ber);
    const double reach = sigma * inverse_gaussian_tail(ber);
    CAPTURE(ber);
    // Tables of half a σ, cubic: 1e-3 in the probability, 2e-5 in its argument.
    CHECK(rel_error(m.noise_amplitude, reach) <= 1e-4);
    CHECK(rel_error(m.opening[0].height, 0.7 - 2.0 * reach) <= 1e-4);
    CHECK(rel_error(m.opening[1].height, 0.6 - 2.0 * reach) <= 1e-4);
    CHECK(rel_error(m.linearity, 6.0 / 7.0) <= 1e-6);
    CHECK(rel_error(m.signal_amplitude, 0.3) <= 1e-6);
    CHECK(rel_error(m.vertical_opening, 2.0 * (0.3 - reach)) <= 1e-3);
    CHECK(rel_error(m.vertical_closure_dB, -20.0 * std::log10((0.3 - reach) / 0.3)) <= 1e-3);
  }
}

TEST_CASE("timing jitter: on a ramp Gaussian displacement is amplitude noise, to 1e-15") {
  StatisticalLink link = ramp_link(nrz, 1.2, 0.08);
  link.timing.random_UI = 0.03;
  const TailSurface surface(link);
  // Level -1 has the slope -1.2: variances add.
  const double sigma = std::hypot(0.08, 1.2 * 0.03);
  for (const double z : {2.0, 5.0, 7.94}) {
    CAPTURE(z);
    // Trapezoidal rule to 9.5 σ of the displacement, tables of half a σ.
    CHECK(rel_error(surface.tail(0, Beyond::above, -1.0 + z * sigma, 0.0), gaussian_tail(z)) <= 3e-3);
  }
}

TEST_CASE("timing jitter: on a ramp two Diracs move the sample to both sides") {
  StatisticalLink link = ramp_link(nrz, 1.2, 0.05);
  link.timing.dual_dirac_UI = 0.1;
  const TailSurface surface(link);
  for (const double v : {-0.8, -0.7, -0.55}) {
    const double exact =
        0.5 * (gaussian_tail((v + 1.0 - 0.06) / 0.05) + gaussian_tail((v + 1.0 + 0.06) / 0.05));
    CAPTURE(exact);
    // Tables of half a σ, cubic.
    CHECK(rel_error(surface.tail(0, Beyond::above, v, 0.0), exact) <= 2e-3);
  }
}

TEST_CASE("timing jitter: on a ramp a sinusoid adds the variance of the arcsine") {
  StatisticalLink link = ramp_link(nrz, 1.2, 0.05);
  link.timing.sinusoidal_UI = 0.15;
  const TailSurface surface(link);
  const double reach = 1.2 * 0.075;
  for (const double v : {-0.9, -0.75, -0.55}) {
    double exact = 0.0;  // midpoint rule over the phase, spectrally exact
    constexpr int phases = 400;
    for (int k = 0; k < phases; ++k)
      exact +=
          gaussian_tail((v + 1.0 - reach * std::sin(2.0 * std::numbers::pi * (k + 0.5) / phases)) / 0.05) /
          phases;
    CAPTURE(exact);
    // Sixteen nodes, tables of half a σ.
    CHECK(rel_error(surface.tail(0, Beyond::above, v, 0.0), exact) <= 2e-3);
  }
  // Variance of the level from its tails, ∫ 2 (v - m) P(above) dv on both sides of the mean, by symmetry 2 of
  // one side.
  double variance = 0.0;
  constexpr double dv = 5e-4;
  for (double x = 0.5 * dv; x < 0.5; x += dv)
    variance += 4.0 * x * dv * surface.tail(0, Beyond::above, -1.0 + x, 0.0);
  // Midpoint rule; noise and reach² / 2.
  CHECK(rel_error(variance, 0.05 * 0.05 + 0.5 * reach * reach) <= 2e-3);
}

TEST_CASE("timing jitter: tables of the mixture equal the mixture of tables, wherever its parts cross") {
  StatisticalLink link = test::smooth_link(test::echoing_step(), pam4, 0.01);
  for (const TimingJitter& jitter :
       {TimingJitter{.dual_dirac_UI = 0.2}, TimingJitter{.random_UI = 0.01, .sinusoidal_UI = 0.1}}) {
    link.timing = jitter;
    const TailSurface surface(link);
    int checked = 0;
    for (const double time : {-0.25, 0.0, 0.125})
      for (double v = -0.5; v < 0.6; v += 0.0071) {
        // Beside a phase the nodes are read one by one.
        const double at = surface.log_tail(1, Beyond::above, v, time),
                     beside = surface.log_tail(1, Beyond::above, v, time + 1e-7);
        if (beside < std::log(resolved_tail)) break;
        CAPTURE(time);
        CAPTURE(v);
        // Cubic, three points in σ; in front of the first the tail is flat to 1e-3.
        CHECK(abs_error(at, beside) <= 1e-3);
        ++checked;
      }
    CHECK(checked > 150);
  }
}

TEST_CASE("statistical eye: on its contours the enumerated probability is the contour's, 1 % at 1e-15") {
  const test::SmoothStep step{{{1.0, 2.51, 0.29}, {-0.0713, 3.37, 0.27}}};
  StatisticalLink link = test::smooth_link(step, nrz, 0.04);
  link.timing.dual_dirac_UI = 0.06;
  const StatisticalEye eye(link);
  const std::vector<double> time = {-0.15, -0.03, 0.0, 0.11};
  int open = 0;
  for (const double ber : {1e-3, 1e-9, 1e-15}) {
    const auto contour = eye.contour(0, ber, time);
    for (std::size_t t = 0; t < time.size(); ++t) {
      if (std::isnan(contour.lower[t])) continue;
      double p = 0.0;
      for (const double side : {-0.03, 0.03})
        test::for_each_sequence(nrz, -4, 4, 0, [&](const std::vector<double>& x, double weight) {
          double y = 0.0;
          for (std::size_t k = 0; k < x.size(); ++k) {
            const double at = 3.0 + time[t] + side + static_cast<double>(k) - 4.0;
            y += x[k] * (step.at(at) - step.at(at - 1.0));
          }
          p += 0.5 * weight * gaussian_tail((contour.lower[t] - y) / 0.04);
        });
      CAPTURE(ber);
      CAPTURE(time[t]);
      // Tails to 1 %, cubic in time over 1/32 UI.
      CHECK(rel_error(p, ber) <= 1.5e-2);
      ++open;
    }
  }
  CHECK(open > 6);
}

TEST_CASE("statistical eye: contours of smaller ratios lie inside and jitter only closes") {
  StatisticalLink link = test::smooth_link(test::echoing_step(), pam4, 0.015);
  link.edges.random_UI = 0.005;
  const StatisticalEye clean(link);
  link.timing = {.random_UI = 0.005, .sinusoidal_UI = 0.05};
  link.edges.even_odd_UI = 0.02;
  const StatisticalEye jittered(link);
  for (int k = 0; k < 3; ++k) {
    double before = INFINITY;
    for (const double ber : {1e-3, 1e-6, 1e-9, 1e-12}) {
      const auto wide = clean.measures(ber).opening[static_cast<std::size_t>(k)],
                 narrow = jittered.measures(ber).opening[static_cast<std::size_t>(k)];
      CAPTURE(k);
      CAPTURE(ber);
      REQUIRE(wide.height > 0.0);
      CHECK(wide.height < before);
      CHECK(narrow.height < wide.height);
      CHECK(narrow.width_UI < wide.width_UI);
      before = wide.height;
    }
  }
}

TEST_CASE(
    "statistical eye: the picture's columns are probabilities about the mean, its bathtubs end at the "
    "floor") {
  StatisticalLink link = test::smooth_link(test::echoing_step(), pam4, 0.01);
  link.timing.dual_dirac_UI = 0.1;
  const StatisticalEye eye(link);
  const std::vector<double> ratio = {1e-3, 1e-12};
  const EyeDiagram picture = eye.diagram(48, 200, ratio);
  CHECK(picture.contours.size() == 6);
  for (int t = 0; t < picture.time_bins; ++t) {
    double sum = 0.0;
    for (int b = 0; b < picture.level_bins; ++b)
      sum += picture.density[static_cast<std::size_t>(t * picture.level_bins + b)];
    // Ends 4.5 times the spread of the outer levels beyond their means.
    CHECK(abs_error(sum, 1.0) <= 1e-4);
  }
  const Bathtub tub = eye.bathtub(1e-9);
  CHECK(tub.width_UI > 0.1);
  CHECK(tub.height > 0.05);
  int below = 0;
  for (const double value : tub.log10_ber_level) below += std::isnan(value);
  CHECK(below > 0);
  for (const double value : tub.log10_ber_level) CHECK((std::isnan(value) || value >= -20.0));
}

TEST_CASE("statistical eye: what cannot be meant is refused with its place and range") {
  const StatisticalLink good = test::smooth_link(test::echoing_step(), nrz, 0.05);
  const std::vector<std::pair<std::function<void(StatisticalLink&)>, const char*>> bad = {
      {[](StatisticalLink& l) { l.sigma = {0.0}; }, "thermal noise"},
      {[](StatisticalLink& l) {
         l.sigma = {0.1, 0.1};
       },
       "one per phase"},
      {[](StatisticalLink& l) {
         l.amplitude = {1.0, -1.0};
       },
       "ascending"},
      {[](StatisticalLink& l) { l.pulse.resize(10); }, "shorter"},
      {[](StatisticalLink& l) { l.main_sample = -1; }, "main sample"},
      {[](StatisticalLink& l) { l.transmit_main = 1; }, "count from 0"},
      {[](StatisticalLink& l) { l.edges.random_UI = 0.2; }, "random jitter of the edges"},
      {[](StatisticalLink& l) { l.timing.sinusoidal_UI = -0.1; }, "sinusoidal"},
      {[](StatisticalLink& l) { l.timing = {.random_UI = 0.05, .dual_dirac_UI = 0.6}; }, "dual-Dirac"},
      {[](StatisticalLink& l) { l.timing = {.random_UI = 0.05, .dual_dirac_UI = 0.5, .sinusoidal_UI = 0.5}; },
       "leave its symbol"},
      {[](StatisticalLink& l) {
         for (double& p : l.pulse) p = -p;
       },
       "polarity"},
      {[](StatisticalLink& l) { l.samples_per_symbol = 4; }, "samples per symbol"},
      {[](StatisticalLink& l) { l.window_symbols = 11; }, "window"},
  };
  for (const auto& [change, text] : bad) {
    StatisticalLink link = good;
    change(link);
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(StatisticalEye{link}, doctest::Contains(text), DomainError);
  }
  const StatisticalEye eye(good);
  CHECK_THROWS_WITH_AS(eye.measures(1e-30), doctest::Contains("not resolved"), DomainError);
}
