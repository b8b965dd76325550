#include "solvers/equalizer.hpp"

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "equalizer_bench.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr long symbols = 32;
const std::vector<double> no_limit = {10.0};

std::vector<double> pulse() {
  return test::cursors_at(
      symbols, {{-2, -0.02}, {-1, 0.11}, {0, 0.93}, {1, 0.41}, {2, 0.22}, {3, 0.09}, {4, -0.03}, {5, 0.015}});
}

std::vector<double> noise(int lags) {
  std::vector<double> r;
  for (int k = 0; k <= lags; ++k) r.push_back(4e-3 * std::pow(0.6, k));
  return r;
}

}  // namespace

TEST_CASE("equaliser: equals the constrained least squares of the convolution matrix") {
  // Oracle: min |[sqrt(P) (H w - e)]; L' w| with q_0 = 1 by the null space of the main row, Eigen QR; the
  // noise enters as its Cholesky factor.
  const int pre = 2, post = 3, taps = pre + 1 + post;
  const double power = 5.0 / 9.0;
  const auto p = pulse();
  const auto r = noise(taps);
  const test::EqualizerBench bench{p, r, power};
  Eigen::MatrixXd h(symbols, taps), covariance(taps, taps);
  for (long m = 0; m < symbols; ++m)
    for (int j = 0; j < taps; ++j) h(m, j) = bench.at(m + pre - j);
  for (int i = 0; i < taps; ++i)
    for (int j = 0; j < taps; ++j) covariance(i, j) = r[static_cast<std::size_t>(std::abs(i - j))];
  for (int dfe : {0, 2}) {
    const Eigen::VectorXd main = h.row(0).transpose();
    Eigen::MatrixXd rows(symbols - 1 - dfe + taps, taps);
    rows.topRows(symbols - 1 - dfe) = std::sqrt(power) * h.bottomRows(symbols - 1 - dfe);
    rows.bottomRows(taps) = Eigen::MatrixXd(covariance.llt().matrixU());
    const Eigen::VectorXd start = main / main.squaredNorm();
    const Eigen::MatrixXd null_space = Eigen::FullPivLU<Eigen::MatrixXd>(main.transpose()).kernel();
    const Eigen::VectorXd step =
        (rows * null_space).colPivHouseholderQr().solve(Eigen::VectorXd(-rows * start));
    const Eigen::VectorXd expected = start + null_space * step;

    const Equalizer found = solve_equalizer(p, r, power, {pre, post, dfe, no_limit});
    REQUIRE(static_cast<int>(found.ffe.size()) == taps);
    for (int j = 0; j < taps; ++j)
      // Condition of the normal equations (about 1e3) times rounding.
      CHECK(abs_error(found.ffe[static_cast<std::size_t>(j)], expected(j)) <= 1e-11);
    // Same.
    CHECK(abs_error(bench.main_cursor(found.ffe, pre), 1.0) <= 1e-12);
    CHECK(rel_error(found.mean_square_error, (rows * expected).squaredNorm()) <= 1e-10);
    CHECK(rel_error(found.mean_square_error, bench.error(found.ffe, found.dfe, pre)) <= 1e-10);
  }
}

TEST_CASE("equaliser: with limits on the feedback no feasible neighbour is better") {
  const int pre = 1, post = 1;
  const test::EqualizerBench bench{pulse(), noise(pre + post)};
  for (double limit : {0.05, 0.2, 0.3, 1.0}) {
    const std::vector<double> limits = {limit, 0.5 * limit};
    const Equalizer found = solve_equalizer(bench.pulse, bench.covariance, 1.0, {pre, post, 3, limits});
    const double best = bench.error(found.ffe, found.dfe, pre);
    CAPTURE(limit);
    // Rounding of sums of 40 terms.
    CHECK(rel_error(found.mean_square_error, best) <= 1e-11);
    CHECK(abs_error(bench.main_cursor(found.ffe, pre), 1.0) <= 1e-12);
    for (std::size_t m = 0; m < 3; ++m)
      CHECK(std::abs(found.dfe[m]) <= limits[std::min<std::size_t>(m, 1)] + 1e-15);
    // Rounding alone could put a neighbour below.
    CHECK(bench.least_nearby(found, {}, limits, 4000, 3) >= best * (1.0 - 1e-12));
    if (limit != 0.2) continue;
    // The search sees what is not a minimum.
    const std::vector<double> tighter = {0.5 * limit};
    const Equalizer other = solve_equalizer(bench.pulse, bench.covariance, 1.0, {pre, post, 3, tighter});
    CHECK(bench.least_nearby(other, {}, limits, 4000, 3) <
          bench.error(other.ffe, other.dfe, pre) * (1.0 - 1e-4));
  }
}

TEST_CASE("equaliser: a tight limit is met exactly, a loose one changes nothing") {
  const auto r = noise(2);
  const std::vector<double> tight = {0.02}, loose = {0.6};
  const Equalizer at_limit = solve_equalizer(pulse(), r, 1.0, {1, 1, 1, tight});
  const Equalizer free = solve_equalizer(pulse(), r, 1.0, {1, 1, 1, no_limit});
  const Equalizer same = solve_equalizer(pulse(), r, 1.0, {1, 1, 1, loose});
  CHECK(std::abs(at_limit.dfe[0]) == 0.02);
  CHECK(std::abs(free.dfe[0]) > 0.04);
  CHECK(same.ffe == free.ffe);
  CHECK(same.dfe == free.dfe);
  CHECK(at_limit.mean_square_error > free.mean_square_error);
}

TEST_CASE("equaliser: without noise it forces zeros as far as its taps reach") {
  // A pulse with one postcursor a has the inverse Σ (-a)^k: with n post taps one cursor (-a)^(n+1) remains in
  // the zero-forcing solution, and the least-squares one is at most as large.
  std::vector<double> p(symbols, 0.0);
  const double a = 0.4;
  p[0] = 1.0;
  p[1] = a;
  const std::vector<double> quiet(32, 0.0);
  for (int post : {2, 6, 12}) {
    const Equalizer found = solve_equalizer(p, quiet, 1.0, {0, post, 0, no_limit});
    const auto q = equalized_cursors(p, found);
    double residue = 0.0;
    for (std::size_t m = 1; m < q.size(); ++m) residue += q[m] * q[m];
    const double forced = std::pow(a, 2.0 * (post + 1));
    CAPTURE(post);
    CHECK(residue <= forced * (1.0 + 1e-9));
    // Least squares spreads it over the cursors: Σ q² = a^(2n+2) (1 - a²) / (1 - a^(2n+2)) with unit main
    // tap.
    CHECK(rel_error(residue, forced * (1.0 - a * a) / (1.0 - forced)) <= 1e-6);
    for (int k = 0; k <= std::min(post, 2); ++k)
      // Far from the last tap the inverse series itself; nearer by the same share as above.
      CHECK(abs_error(found.ffe[static_cast<std::size_t>(k)], std::pow(-a, k)) <=
            2.0 * std::pow(a, 2.0 * (post + 1) - k));
  }
}
