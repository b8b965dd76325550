#include "solvers/equalizer.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "signal/grid.hpp"

namespace photonlink {
namespace {

double periodic(std::span<const double> values, long index) {
  const long size = static_cast<long>(values.size());
  return values[static_cast<std::size_t>(wrap(index, size))];
}

Eigen::VectorXd row(std::span<const double> cursor, long m, int pre, int taps) {
  Eigen::VectorXd h(taps);
  for (int j = 0; j < taps; ++j) h(j) = periodic(cursor, m + pre - j);
  return h;
}

}  // namespace

Equalizer solve_equalizer(std::span<const double> cursor, std::span<const double> noise_covariance,
                          double symbol_power, const EqualizerShape& shape) {
  const int taps = shape.ffe_pre + 1 + shape.ffe_post;
  std::vector<double> lag(static_cast<std::size_t>(taps), 0.0);
  for (int k = 0; k < taps; ++k)
    for (long n = 0; n < static_cast<long>(cursor.size()); ++n)
      lag[static_cast<std::size_t>(k)] += cursor[static_cast<std::size_t>(n)] * periodic(cursor, n + k);
  // Full interference matrix Σ_m h_m h_mᵀ is Toeplitz; rows the DFE removes and the main row are taken out.
  Eigen::MatrixXd a(taps, taps);
  for (int i = 0; i < taps; ++i)
    for (int j = 0; j < taps; ++j)
      a(i, j) = lag[static_cast<std::size_t>(std::abs(i - j))] +
                noise_covariance[static_cast<std::size_t>(std::abs(i - j))] / symbol_power;
  const Eigen::VectorXd main = row(cursor, 0, shape.ffe_pre, taps);
  std::vector<Eigen::VectorXd> feedback;
  for (int m = 1; m <= shape.dfe_taps; ++m) feedback.push_back(row(cursor, m, shape.ffe_pre, taps));

  const auto limit = [&](std::size_t m) { return shape.dfe_limit[std::min(m, shape.dfe_limit.size() - 1)]; };
  Eigen::VectorXd w;
  std::vector<double> b(feedback.size(), 0.0);
  std::vector<int> clipped(feedback.size(), 0);  // sign of the limit a tap stands at, 0: free
  for (int round = 0; round < 20; ++round) {
    Eigen::MatrixXd system = a;
    Eigen::VectorXd pull = Eigen::VectorXd::Zero(taps);
    for (std::size_t m = 0; m < feedback.size(); ++m) {
      if (clipped[m] == 0)
        system -= feedback[m] * feedback[m].transpose();
      else
        pull += feedback[m] * (clipped[m] * limit(m));
    }
    // Stationary point of w'Aw - 2 w'pull with main'w = 1.
    const Eigen::LDLT<Eigen::MatrixXd> solver(system);
    const Eigen::VectorXd u = solver.solve(main), v = solver.solve(pull);
    w = v + u * ((1.0 - main.dot(v)) / main.dot(u));
    auto next = clipped;
    for (std::size_t m = 0; m < feedback.size(); ++m) {
      const double q = feedback[m].dot(w);
      next[m] = std::abs(q) <= limit(m) ? 0 : (q > 0.0 ? 1 : -1);
      b[m] = std::clamp(q, -limit(m), limit(m));
    }
    if (next == clipped) break;
    clipped = next;
  }
  Equalizer result;
  result.ffe.assign(w.data(), w.data() + taps);
  result.ffe_pre = shape.ffe_pre;
  result.dfe = b;
  double error = w.dot(a * w) - 1.0;
  for (std::size_t m = 0; m < feedback.size(); ++m) {
    const double q = feedback[m].dot(w);
    error += (q - b[m]) * (q - b[m]) - q * q;
  }
  result.mean_square_error = symbol_power * error;
  return result;
}

std::vector<double> equalized_cursors(std::span<const double> cursor, const Equalizer& equalizer) {
  std::vector<double> q(cursor.size(), 0.0);
  for (long m = 0; m < static_cast<long>(cursor.size()); ++m)
    for (int j = 0; j < static_cast<int>(equalizer.ffe.size()); ++j)
      q[static_cast<std::size_t>(m)] +=
          equalizer.ffe[static_cast<std::size_t>(j)] * periodic(cursor, m + equalizer.ffe_pre - j);
  return q;
}

}  // namespace photonlink
