#include "solvers/com/mmse.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "allocations.hpp"
#include "support.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double level_ratio = 0.95;
constexpr int levels = 4;
constexpr double power = 5.0 / 9.0;
constexpr long cursor = 20;

// Dispersive pulse with some roughness.
std::vector<double> pulse(unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> draw(0.0, 0.002);
  std::vector<double> h(80);
  for (std::size_t n = 0; n < h.size(); ++n) {
    const double t = static_cast<double>(n) - cursor;
    h[n] = draw(random) + 0.1 * (t < 0 ? std::exp(t / 0.5) : std::exp(-t / 1.5));
  }
  return h;
}
std::vector<double> noise(int lags, double variance) {
  std::vector<double> r;
  r.reserve(static_cast<std::size_t>(lags));
  for (int k = 0; k < lags; ++k) r.push_back(variance * std::pow(-0.4, k));
  return r;
}

Ffe ffe(int pre, int post, double limit) {
  return {.pre = pre, .post = post, .first_pre_limit = limit, .first_post_limit = limit, .limit = limit};
}
Dfe dfe(int taps, double low, double high) {
  Dfe d;
  d.taps = taps;
  d.minimum = {low};
  d.maximum = {high};
  return d;
}

struct Expected {
  Eigen::VectorXd w, b;
  double merit_dB;
};

// Annex 178A as printed: explicit convolution matrix, the bordered system by full pivoting, then the limits.
Expected annex(const Ffe& f, const Dfe& d, const std::vector<double>& h, const std::vector<double>& r_n) {
  const int taps = f.pre + 1 + f.post, feedback = d.taps, rows = static_cast<int>(h.size()) + taps - 1;
  Eigen::MatrixXd big = Eigen::MatrixXd::Zero(rows, taps);
  for (int j = 0; j < taps; ++j)
    for (std::size_t n = 0; n < h.size(); ++n) big(static_cast<int>(n) + j, j) = h[n];
  Eigen::MatrixXd r = big.transpose() * big;
  for (int i = 0; i < taps; ++i)
    for (int j = 0; j < taps; ++j) r(i, j) += r_n[static_cast<std::size_t>(std::abs(i - j))] / power;
  const int at = static_cast<int>(cursor) + f.pre;
  const Eigen::RowVectorXd h0 = big.row(at);
  const Eigen::MatrixXd hb = big.middleRows(at + 1, feedback);
  const int size = taps + feedback + 1;
  Eigen::MatrixXd m = Eigen::MatrixXd::Zero(size, size);
  m.topLeftCorner(taps, taps) = r;
  m.block(0, taps, taps, feedback) = -hb.transpose();
  m.topRightCorner(taps, 1) = -h0.transpose();
  m.block(taps, 0, feedback, taps) = -hb;
  m.block(taps, taps, feedback, feedback).setIdentity();
  m.bottomLeftCorner(1, taps) = h0;
  Eigen::VectorXd right = Eigen::VectorXd::Zero(size);
  right.head(taps) = h0.transpose();
  right(size - 1) = 1.0;
  const Eigen::VectorXd x = m.fullPivLu().solve(right);
  Eigen::VectorXd w = x.head(taps), b = x.segment(taps, feedback);
  const auto clipped = [&](const Eigen::VectorXd& v) -> Eigen::VectorXd {
    return v.cwiseMax(d.minimum[0]).cwiseMin(d.maximum[0]);
  };
  if (clipped(b) != b) {
    b = clipped(b);
    Eigen::MatrixXd small = Eigen::MatrixXd::Zero(taps + 1, taps + 1);
    small.topLeftCorner(taps, taps) = r;
    small.topRightCorner(taps, 1) = -h0.transpose();
    small.bottomLeftCorner(1, taps) = h0;
    Eigen::VectorXd side(taps + 1);
    side.head(taps) = h0.transpose() + hb.transpose() * b;
    side(taps) = 1.0;
    w = small.fullPivLu().solve(side).head(taps);
  }
  Eigen::VectorXd limited = w;
  for (int i = 0; i < taps; ++i) {
    double limit = f.limit;
    if (i == f.pre - 1) limit = f.first_pre_limit;
    if (i == f.pre + 1) limit = f.first_post_limit;
    if (i != f.pre) limited(i) = std::clamp(w(i), -limit * w(f.pre), limit * w(f.pre));
  }
  if (limited != w) {
    w = limited / h0.dot(limited);
    b = clipped(hb * w);
  }
  // The error's parts one by one: what is left of the pulse, and noise.
  Eigen::VectorXd left = big * w;
  left(at) -= 1.0;
  left.segment(at + 1, feedback) -= b;
  double error = power * left.squaredNorm();
  for (int i = 0; i < taps; ++i)
    for (int j = 0; j < taps; ++j) error += w(i) * w(j) * r_n[static_cast<std::size_t>(std::abs(i - j))];
  return {w / w(f.pre), b, 20.0 * std::log10(level_ratio / (levels - 1) / std::sqrt(error))};
}

}  // namespace

TEST_CASE("com mmse: equals the bordered system of Annex 178A, limits active or not") {
  int dfe_limited = 0, ffe_limited = 0;
  for (const unsigned seed : {1u, 2u, 3u})
    for (const double largest : {0.85, 0.2})
      for (const double limit : {5.0, 0.12})
        for (const int taps : {0, 1, 3})
          for (const int pre : {0, 4}) {
            const Ffe f = ffe(pre, 7, limit);
            const Dfe d = dfe(taps, 0.0, largest);
            const auto h = pulse(seed), r_n = noise(pre + 8, 1e-5);
            MmseSolver solver(f, d, level_ratio, levels);
            REQUIRE(solver.lags() == pre + 8);
            const MmseSolution& actual = solver.solve(h, cursor, r_n);
            const Expected expected = annex(f, d, h, r_n);
            for (int i = 0; i < pre + 8; ++i) {
              // Condition numbers below 1e4.
              CHECK(abs_error(actual.ffe[static_cast<std::size_t>(i)], expected.w(i)) <= 1e-9);
              ffe_limited += i != pre && std::abs(std::abs(expected.w(i)) - limit) < 1e-12;
            }
            for (int n = 0; n < taps; ++n) {
              CHECK(abs_error(actual.dfe[static_cast<std::size_t>(n)], expected.b(n)) <= 1e-9);
              dfe_limited += expected.b(n) == largest || expected.b(n) == 0.0;
            }
            CHECK(abs_error(actual.merit_dB, expected.merit_dB) <= 1e-8);
          }
  CHECK(dfe_limited > 5);
  CHECK(ffe_limited > 5);
}

TEST_CASE("com mmse: the taps next to the main one have limits of their own") {
  Ffe f = ffe(2, 3, 0.05);
  f.first_pre_limit = 0.01;
  f.first_post_limit = 0.02;
  MmseSolver solver(f, dfe(0, 0.0, 0.0), level_ratio, levels);
  const auto& w = solver.solve(pulse(4), cursor, noise(6, 1e-6)).ffe;
  // Rounding of a ratio.
  CHECK(abs_error(std::abs(w[1]), 0.01) <= 1e-15);
  CHECK(abs_error(std::abs(w[3]), 0.02) <= 1e-15);
  CHECK(std::abs(w[0]) <= 0.05 + 1e-15);
  CHECK(w[2] == 1.0);
}

TEST_CASE("com mmse: without noise a pulse of one pole is forced to zero by one tap behind the main one") {
  std::vector<double> h(60, 0.0);
  for (std::size_t n = cursor; n < h.size(); ++n) h[n] = 0.2 * std::pow(0.6, static_cast<double>(n - cursor));
  MmseSolver solver(ffe(0, 1, 1.0), dfe(0, 0.0, 0.0), level_ratio, levels);
  const auto& found = solver.solve(h, cursor, std::vector<double>{0.0, 0.0});
  // 1 / (1 / (1 - 0.6 z)): what the cut-off end of 0.6^40 = 1e-9 leaves.
  CHECK(abs_error(found.ffe[1], -0.6) <= 1e-8);
  // σ_e² is a difference of numbers near 1 that is right to 1e-15: 150 dB, less the ratio of levels.
  CHECK(found.merit_dB > 135.0);
}

TEST_CASE("com mmse: without noise a DFE alone removes all postcursors that it reaches") {
  std::vector<double> h(30, 0.0);
  h[cursor] = 0.5;
  h[cursor + 1] = 0.2;
  h[cursor + 2] = -0.1;
  MmseSolver solver(ffe(0, 0, 1.0), dfe(2, -1.0, 1.0), level_ratio, levels);
  const auto& found = solver.solve(h, cursor, std::vector<double>{1e-6});
  // Rounding.
  CHECK(rel_error(found.dfe[0], 0.4) <= 1e-14);
  CHECK(rel_error(found.dfe[1], -0.2) <= 1e-14);
  // Noise over the cursor is left: σ_e² = 1e-6 / 0.5²; differences of order 1 keep ten digits of 7e-6.
  CHECK(abs_error(found.merit_dB, 20.0 * std::log10(level_ratio / 3.0 * 0.5 / 1e-3)) <= 1e-8);
}

TEST_CASE("com mmse: without limits more taps are never worse") {
  const auto h = pulse(9);
  double last = -100.0;
  for (int post = 0; post <= 12; post += 2)
    for (const int taps : {0, 1}) {
      MmseSolver solver(ffe(3, post, 1e6), dfe(taps, -1e6, 1e6), level_ratio, levels);
      const double merit = solver.solve(h, cursor, noise(4 + post, 1e-5)).merit_dB;
      if (taps == 1) CHECK(merit >= last);
      if (taps == 0) last = merit;
    }
  double fewer = -100.0;
  for (int pre = 0; pre <= 6; ++pre) {
    MmseSolver solver(ffe(pre, 6, 1e6), dfe(1, -1e6, 1e6), level_ratio, levels);
    const double merit = solver.solve(h, cursor, noise(7 + pre, 1e-5)).merit_dB;
    CHECK(merit >= fewer);
    fewer = merit;
  }
}

TEST_CASE("com mmse: scaling pulse and noise together changes nothing") {
  auto h = pulse(6), r_n = noise(8, 1e-5);
  MmseSolver solver(ffe(2, 5, 0.3), dfe(1, 0.0, 0.5), level_ratio, levels);
  const double merit = solver.solve(h, cursor, r_n).merit_dB;
  for (double& each : h) each *= 3.0;
  for (double& each : r_n) each *= 9.0;
  // Rounding.
  CHECK(abs_error(solver.solve(h, cursor, r_n).merit_dB, merit) <= 1e-9);
}

TEST_CASE("com mmse: a pulse shorter than the filter is padded with zeros") {
  const std::vector<double> two = {0.3, 0.1};
  std::vector<double> padded = two;
  padded.resize(20, 0.0);
  MmseSolver solver(ffe(3, 8, 0.7), dfe(1, 0.0, 0.8), level_ratio, levels);
  const auto r_n = noise(12, 1e-5);
  const double merit = solver.solve(padded, 0, r_n).merit_dB;
  CHECK(solver.solve(two, 0, r_n).merit_dB == merit);
}

TEST_CASE("com mmse: solving takes nothing from the heap") {
  MmseSolver solver(ffe(5, 10, 0.7), dfe(1, 0.0, 0.3), level_ratio, levels);
  const auto h = pulse(5), r_n = noise(16, 1e-5);
  solver.solve(h, cursor, r_n);
  const long before = test::allocations();
  solver.solve(h, cursor, r_n);
  CHECK(test::allocations() == before);
}
