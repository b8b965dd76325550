#include "solvers/com/eye_window.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "core/special.hpp"
#include "support.hpp"
#include "synthetic.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;
using test::rel_error;

namespace {

constexpr int samples = 8;

// Straight between its samples; `values` are one sample apart from symbol 10 on.
EqualizedCase example(const std::vector<double>& values, int peak, double noise_V, int levels) {
  EqualizedCase e;
  e.through.assign(40 * samples, 0.0);
  for (std::size_t i = 0; i < values.size(); ++i) e.through[10 * samples + i] = values[i];
  e.cursor = 10 * samples + peak;
  e.available_V = 0.95 * e.through[static_cast<std::size_t>(e.cursor)] / (levels - 1);
  e.terms.noise_V = noise_V;
  return e;
}

std::vector<double> roof() {  // 24 samples up, 24 down, rounded off by squares
  std::vector<double> values;
  for (int n = 0; n < 40; ++n) {
    const double x = (n - 16.0) / (n < 16 ? 16.0 : 24.0);
    values.push_back(0.05 * (1.0 - x * x));
  }
  return values;
}

Parameters parameters(int levels, double half_width_UI) {
  Parameters p = test::small_configuration(levels);
  p.transmitter.level_mismatch_ratio = 0.95;
  p.transmitter.dual_dirac_jitter_UI = p.transmitter.random_jitter_UI = 0.0;
  p.eye_window.half_width_UI = half_width_UI;
  return p;
}

}  // namespace

TEST_CASE("com eye window: weights sum to 1, are symmetric, and have the shape they are named after") {
  for (const char* kind : {"gaussian", "rectangle", "triangle", "dual_rayleigh"})
    for (const int half : {0, 1, 5}) {
      const auto w = window_weights(kind, half, 2.0);
      REQUIRE(w.size() == static_cast<std::size_t>(2 * half + 1));
      // Rounding.
      CHECK(abs_error(std::accumulate(w.begin(), w.end(), 0.0), 1.0) <= 1e-15);
      for (std::size_t i = 0; i < w.size(); ++i) CHECK(abs_error(w[i], w[w.size() - 1 - i]) <= 1e-15);
    }
  const auto gaussian = window_weights("gaussian", 5, 2.0);
  // exp(-x²/2σ²), rounding.
  CHECK(rel_error(gaussian[7] / gaussian[5], std::exp(-0.5)) <= 1e-14);
  const auto triangle = window_weights("triangle", 5, 2.0);
  CHECK(triangle[0] == 0.0);
  CHECK(rel_error(triangle[4] / triangle[5], 0.8) <= 1e-14);
  const auto rayleigh = window_weights("dual_rayleigh", 5, 2.0);  // densities from both edges inwards
  const auto density = [](double x) { return x / 4.0 * std::exp(-x * x / 8.0); };
  CHECK(rel_error(rayleigh[2] / rayleigh[5], (density(2) + density(8)) / (2 * density(5))) <= 1e-14);
}

TEST_CASE("com eye window: with Gaussian noise alone EH = 2 (A_s - sigma Q^-1(DER_0)), VEC follows") {
  const std::vector<double> flat(samples, 0.06);
  for (const int levels : {2, 4}) {
    const double noise_V = 2e-3 / (levels - 1);
    const auto e = example(flat, 4, noise_V, levels);
    const auto eye = eye_opening(e, parameters(levels, 0.05), mode("standard"));
    const double height = 2.0 * (e.available_V - noise_V * inverse_gaussian_tail(1e-4));
    // 24 bits of the contours' range.
    CHECK(rel_error(eye.height_V, height) <= 1e-5);
    CHECK(abs_error(eye.closure_dB, 20.0 * std::log10(2.0 * e.available_V / height)) <= 1e-4);
    REQUIRE(eye.upper_V.size() == static_cast<std::size_t>(levels - 1));
    for (std::size_t i = 0; i < eye.upper_V.size(); ++i) {
      // Eyes lie symmetric about 2 A_s (i - (L - 2)/2).
      const double middle = 2.0 * e.available_V * (static_cast<double>(i) - 0.5 * (levels - 2));
      CHECK(abs_error(0.5 * (eye.upper_V[i] + eye.lower_V[i]), middle) <= 1e-6);
    }
  }
}

TEST_CASE("com eye window: a window narrower than a sample is the eye at one instant") {
  for (const char* name : {"standard", "script-4.50"})
    for (const int levels : {2, 4}) {
      auto p = parameters(levels, 0.004);
      p.transmitter.dual_dirac_jitter_UI = 0.03;
      auto e = example(roof(), 14, 1e-3 / (levels - 1), levels);
      e.dfe.tap = {0.5, 0.2};
      const auto found = combine(e, p, mode(name));
      const auto eye = eye_opening(e, p, mode(name));
      // 24 bits of the contours; the script's steps of one bin, and the end symbols it leaves out of one of
      // both.
      CHECK(abs_error(eye.height_V, 2.0 * (e.available_V - found.amplitude_V)) <=
            (mode(name).script ? 4.0 * found.bin_V : 1e-6));
    }
}

TEST_CASE("com eye window: contours are those of all sequences at all instants, mixed with the weights") {
  for (const int levels : {2, 4}) {
    auto p = parameters(levels, 0.2);
    p.eye_window.samples_per_symbol = 40;
    p.eye_window.sigma_UI = 0.1;
    p.signal.detector_error_ratio = 1e-3;
    const double noise_V = 1.2e-3 / (levels - 1);
    auto e = example(roof(), 14, noise_V, levels);
    e.dfe.tap = {0.3};
    const auto pulse = [&](double symbols) {
      const double place = static_cast<double>(e.cursor) + symbols * samples, below = std::floor(place);
      const auto i = static_cast<std::size_t>(below);
      return e.through[i] + (place - below) * (e.through[i + 1] - e.through[i]);
    };
    const double cursor = pulse(0.0);
    // P(y | outermost level at +1) over the window: symbols -3 ... 4 hold the whole roof.
    const auto below = [&](double y, double level) {
      double mixed = 0.0, weights = 0.0;
      for (int i = -8; i <= 8; ++i) {
        const double t = i / 40.0, weight = std::exp(-0.5 * t * t / 0.01);
        std::vector<double> h;
        for (int n = -3; n <= 4; ++n) {
          const double left = pulse(n + t) - (n == 1 ? 0.3 * cursor : 0.0);
          if (n != 0 && left != 0.0) h.push_back(left);
        }
        const auto count = std::lround(std::pow(levels, static_cast<double>(h.size())));
        double sum = 0.0;
        for (long code = 0; code < count; ++code) {
          double value = 0.95 * pulse(t) * level;
          long rest = code;
          for (const double each : h) {
            value += each * (2.0 * static_cast<double>(rest % levels) / (levels - 1) - 1.0);
            rest /= levels;
          }
          sum += gaussian_tail((value - y) / noise_V);
        }
        mixed += weight * sum / static_cast<double>(count);
        weights += weight;
      }
      return mixed / weights;
    };
    const auto eye = eye_opening(e, p, mode("standard"));
    // The contour of the highest level, put into the enumeration, gives DER_0 back: bins of 10 µV against a
    // noise of 0.4 mV or more, second order.
    CHECK(rel_error(below(eye.upper_V.back(), 1.0), 1e-3) <= 3e-3);
    if (levels == 4) CHECK(rel_error(below(eye.upper_V[1], 1.0 / 3.0), 1e-3) <= 3e-3);
    CHECK(eye.lower_V[0] == -eye.upper_V.back());
  }
}

TEST_CASE("com eye window: a wider window never opens the eye, a closed one has no VEC") {
  const auto e = example(roof(), 16, 1e-3, 2);
  double last = HUGE_VAL;
  for (const double half : {0.004, 0.05, 0.12}) {
    auto p = parameters(2, half);
    p.eye_window.weight = "rectangle";
    const double height = eye_opening(e, p, mode("standard")).height_V;
    CHECK(height < last);
    last = height;
  }
  const auto closed = eye_opening(example(roof(), 16, 0.05, 2), parameters(2, 0.05), mode("standard"));
  CHECK(closed.height_V < 0.0);
  CHECK(std::isnan(closed.closure_dB));
}
