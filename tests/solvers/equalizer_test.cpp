#include "solvers/equalizer.hpp"

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>
#include <random>

#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr long symbols = 32;
const std::vector<double> no_limit = {10.0};

long wrap(long k) {
  return ((k % symbols) + symbols) % symbols;
}

std::vector<double> pulse() {
  std::vector<double> p(symbols, 0.0);
  const double around[] = {-0.02, 0.11, 0.93, 0.41, 0.22, 0.09, -0.03, 0.015};
  for (long k = -2; k < 6; ++k) p[static_cast<std::size_t>(wrap(k))] = around[k + 2];
  return p;
}

std::vector<double> noise(int lags) {
  std::vector<double> r;
  for (int k = 0; k <= lags; ++k) r.push_back(4e-3 * std::pow(0.6, k));
  return r;
}

// Mean square error of taps and feedback, written out cursor by cursor.
double error_of(const std::vector<double>& w, const std::vector<double>& b, int pre, double symbol_power,
                const std::vector<double>& r) {
  const auto p = pulse();
  double sum = 0.0;
  for (long m = 0; m < symbols; ++m) {
    double q = 0.0;
    for (std::size_t j = 0; j < w.size(); ++j)
      q += w[j] * p[static_cast<std::size_t>(wrap(m + pre - static_cast<long>(j)))];
    if (m == 0) q -= 1.0;
    if (m >= 1 && m <= static_cast<long>(b.size())) q -= b[static_cast<std::size_t>(m - 1)];
    sum += symbol_power * q * q;
  }
  for (std::size_t i = 0; i < w.size(); ++i)
    for (std::size_t j = 0; j < w.size(); ++j) sum += w[i] * w[j] * r[i > j ? i - j : j - i];
  return sum;
}

double main_cursor(const std::vector<double>& w, int pre) {
  const auto p = pulse();
  double q = 0.0;
  for (std::size_t j = 0; j < w.size(); ++j)
    q += w[j] * p[static_cast<std::size_t>(wrap(pre - static_cast<long>(j)))];
  return q;
}

}  // namespace

TEST_CASE("equaliser: equals the constrained least squares of the convolution matrix") {
  // Oracle: min |[sqrt(P) (H w - e)]; L' w| with q_0 = 1 by the null space of the main row, Eigen QR; the
  // noise enters as its Cholesky factor.
  const int pre = 2, post = 3, taps = pre + 1 + post;
  const double power = 5.0 / 9.0;
  const auto p = pulse();
  const auto r = noise(taps);
  Eigen::MatrixXd h(symbols, taps), covariance(taps, taps);
  for (long m = 0; m < symbols; ++m)
    for (int j = 0; j < taps; ++j) h(m, j) = p[static_cast<std::size_t>(wrap(m + pre - j))];
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
    CHECK(abs_error(main_cursor(found.ffe, pre), 1.0) <= 1e-12);
    CHECK(rel_error(found.mean_square_error, (rows * expected).squaredNorm()) <= 1e-10);
    CHECK(rel_error(found.mean_square_error, error_of(found.ffe, found.dfe, pre, power, r)) <= 1e-10);
  }
}

TEST_CASE("equaliser: with limits on the feedback no feasible neighbour is better") {
  // Oracle: the problem is convex, so a minimum over random feasible directions is the minimum.
  const int pre = 1, post = 1;
  const auto r = noise(pre + post);
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  for (double limit : {0.05, 0.2, 0.3, 1.0}) {
    const std::vector<double> limits = {limit, 0.5 * limit};
    const Equalizer found = solve_equalizer(pulse(), r, 1.0, {pre, post, 3, limits});
    const double best = error_of(found.ffe, found.dfe, pre, 1.0, r);
    CAPTURE(limit);
    // Rounding of sums of 40 terms.
    CHECK(rel_error(found.mean_square_error, best) <= 1e-11);
    CHECK(abs_error(main_cursor(found.ffe, pre), 1.0) <= 1e-12);
    for (std::size_t m = 0; m < 3; ++m)
      CHECK(std::abs(found.dfe[m]) <= limits[std::min<std::size_t>(m, 1)] + 1e-15);
    double least = 1e9;
    for (int trial = 0; trial < 4000; ++trial) {
      auto w = found.ffe;
      auto b = found.dfe;
      const double size = std::pow(10.0, -1.0 - trial % 4);
      for (double& each : w) each += size * normal(random);
      for (double& each : b) each += size * normal(random);
      const double scale = main_cursor(w, pre);
      for (double& each : w) each /= scale;
      for (std::size_t m = 0; m < 3; ++m)
        b[m] = std::clamp(b[m], -limits[std::min<std::size_t>(m, 1)], limits[std::min<std::size_t>(m, 1)]);
      least = std::min(least, error_of(w, b, pre, 1.0, r));
    }
    // Rounding alone could put a neighbour below.
    CHECK(least >= best * (1.0 - 1e-12));
    CHECK(least <= best * 1.01);  // the search did come close
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
