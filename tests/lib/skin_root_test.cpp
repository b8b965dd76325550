#include "network/skin_root.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <numbers>

#include "lib/line_networks.hpp"
#include "lib/network_files.hpp"

using namespace photonlink;
using test::abs_error;

namespace {

using Curve = std::function<Complex(double)>;

constexpr double step_Hz = 20e6;

SParameters sampled(const Curve& curve, const std::vector<double>& f) {
  SParameters n{1, 50.0, f, {}};
  for (const double each : f) n.s.push_back(curve(each));
  return n;
}

/// Largest error between the first 100 points of a file of 500.
double largest_error(const Curve& curve, int first_point) {
  auto f = test::grid_Hz(step_Hz, 500);
  f.erase(f.begin(), f.begin() + first_point);
  const auto wanted = test::grid_Hz(step_Hz / 16.0, 1600);
  const SParameters got = interpolate(sampled(curve, f), wanted);
  double largest = 0.0;
  for (std::size_t k = 0; k < wanted.size(); ++k)
    largest = std::max(largest, std::abs(got.s[k] - curve(wanted[k])));
  return largest;
}

/// A line of metal with resistance: exp(-κ √(f_c + jf)), κ √step Np.
Curve metal(double loss_Np, double corner_Hz) {
  return [=](double f) { return std::exp(-loss_Np * std::sqrt(Complex(corner_Hz, f) / step_Hz)); };
}

Curve echo(double size, double turn) {  // turn: phase per step
  return [=](double f) { return std::polar(size, -turn * f / step_Hz); };
}

}  // namespace

TEST_CASE("skin root: a line of metal is met between its points near DC, with and without a DC point") {
  // Pure roots and corners of the list: the next odd term of the exponential, (0.07 √2)³ / 6 = 1.6e-4 at the
  // first point, of which cubics miss a third between points; an extrapolation to 0 Hz misses up to all of
  // it.
  for (const double corner : {0.0, 0.125, 0.5, 1.0}) {
    CHECK(largest_error(metal(0.07, corner * step_Hz), 0) <= 0.35 * 1.6e-4);
    CHECK(largest_error(metal(0.07, corner * step_Hz), 1) <= 1.6e-4);
  }
  // Between the corners, a factor of two apart, some of the bend remains; cubics alone miss 0.03 at 0, 0.01
  // at half a step.
  for (const double corner : {0.01, 0.045, 0.18, 0.7}) {
    CHECK(largest_error(metal(0.07, corner * step_Hz), 0) <= 2e-3);
    CHECK(largest_error(metal(0.07, corner * step_Hz), 1) <= 7e-3);
  }
}

TEST_CASE("skin root: what is found is what was put in") {
  const auto f = test::grid_Hz(step_Hz, 40);
  const Curve curve = [](double g) { return 0.8 - 0.1 * std::sqrt(Complex(0.25, g / step_Hz)); };
  const SParameters n = sampled(curve, f);
  const SkinRoot root = find_skin_root(n.frequency_Hz, n.s, DcValue::measured);
  // Roundings of fourth differences.
  CHECK(abs_error(root.amplitude, -0.1) <= 1e-13);
  CHECK(root.corner == 0.25);
  CHECK(std::abs(root.at(3.7 * step_Hz) - (curve(3.7 * step_Hz) - curve(0.0))) <= 1e-13);
  std::vector<Complex> guessed = n.s;
  guessed[0] = 0.3;
  const SkinRoot whole = find_skin_root(f, guessed, DcValue::guessed);
  // 0.8 - 0.1 √0.25; the value at DC and the root nearly make up for each other: a hundred roundings.
  CHECK(std::abs(whole.value_at_dc - 0.75) <= 1e-11);
  CHECK(abs_error(whole.amplitude, -0.1) <= 1e-11);
}

TEST_CASE("skin root: echoes are not taken for one, nor made worse") {
  for (const double turn : {0.2, 0.5, -0.5, 1.0, -1.0}) {
    CAPTURE(turn);
    const double x = std::abs(turn);
    const auto f = test::grid_Hz(step_Hz, 500);
    for (const DcValue dc : {DcValue::measured, DcValue::guessed})
      CHECK(find_skin_root(f, sampled(echo(0.3, turn), f).s, dc).amplitude == 0.0);
    // A pair of echoes about no delay; the bound that interpolate() states for each.
    const Curve pair = [=](double g) { return echo(0.3, turn)(g) + echo(0.3, -turn)(g); };
    CHECK(largest_error(pair, 0) <= 0.6 * (0.016 * x * x * x + 0.023 * x * x * x * x));
  }
  // Beside an echo of 5 % the root is still found, to an error below that of half the echo.
  const Curve both = [](double g) { return metal(0.07, 0.0)(g) * (1.0 + echo(0.05, 1.0)(g)); };
  CHECK(largest_error(both, 0) <= 0.025);
}

TEST_CASE("skin root: uneven or few points have none") {
  auto f = test::grid_Hz(step_Hz, 40);
  const SParameters even = sampled(metal(0.07, 0.0), f);
  CHECK(find_skin_root(std::span(f).first(8), std::span(even.s).first(8), DcValue::measured).amplitude !=
        0.0);
  CHECK(find_skin_root(std::span(f).first(7), std::span(even.s).first(7), DcValue::measured).amplitude ==
        0.0);
  CHECK(find_skin_root(std::span(f).first(1), std::span(even.s).first(1), DcValue::guessed).value_at_dc ==
        1.0);
  f[5] += 0.01 * step_Hz;
  CHECK(find_skin_root(f, sampled(metal(0.07, 0.0), f).s, DcValue::measured).amplitude == 0.0);
  const std::vector<Complex> flat(40, 0.5);
  CHECK(find_skin_root(test::grid_Hz(step_Hz, 40), flat, DcValue::measured).at(1e9) == 0.0);
}
