#include "devices/physics/thermal_crosstalk.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "core/error.hpp"

namespace photonlink {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

/// Least squares over the columns that are not held at zero.
Vector solve_free(const Matrix& m, const Vector& s, const std::vector<bool>& free) {
  const Eigen::Index n = m.cols();
  std::vector<Eigen::Index> columns;
  columns.reserve(static_cast<std::size_t>(n));
  for (Eigen::Index j = 0; j < n; ++j)
    if (free[static_cast<std::size_t>(j)]) columns.push_back(j);
  const Vector part = m(Eigen::all, columns).colPivHouseholderQr().solve(s);
  Vector full = Vector::Zero(n);
  for (std::size_t k = 0; k < columns.size(); ++k) full(columns[k]) = part(static_cast<Eigen::Index>(k));
  return full;
}

/// One way from a feasible h towards the solution z of the free columns: as far as no element turns negative.
void step_towards(const Vector& z, Vector& h, std::vector<bool>& free) {
  double way = 1.0;
  for (Eigen::Index j = 0; j < h.size(); ++j)
    if (free[static_cast<std::size_t>(j)] && z(j) <= 0.0) way = std::min(way, h(j) / (h(j) - z(j)));
  h += way * (z - h);
  for (Eigen::Index j = 0; j < h.size(); ++j) {
    if (!free[static_cast<std::size_t>(j)] || z(j) > 0.0 || h(j) > 1e-14 * h.lpNorm<Eigen::Infinity>())
      continue;
    h(j) = 0.0;
    free[static_cast<std::size_t>(j)] = false;
  }
}

Vector least_squares_of_heat(const Matrix& m, const Vector& s) {
  const Eigen::Index n = m.cols();
  Vector h = Vector::Zero(n);
  std::vector<bool> free(static_cast<std::size_t>(n), false);
  const double small = 1e-12 * s.lpNorm<Eigen::Infinity>() * static_cast<double>(n);
  const Eigen::Index most_steps = 10 * n;  // the method is finite; a step rarely repeats
  for (Eigen::Index step = 0; step < most_steps; ++step) {
    const Vector gradient = m.transpose() * (s - m * h);
    Eigen::Index best = -1;
    for (Eigen::Index j = 0; j < n; ++j)
      if (!free[static_cast<std::size_t>(j)] && gradient(j) > small &&
          (best < 0 || gradient(j) > gradient(best)))
        best = j;
    if (best < 0) return h;
    free[static_cast<std::size_t>(best)] = true;
    for (Vector z = solve_free(m, s, free);; z = solve_free(m, s, free)) {
      bool inside = true;
      for (Eigen::Index j = 0; j < n; ++j) inside &= !free[static_cast<std::size_t>(j)] || z(j) > 0.0;
      if (inside) {
        h = z;
        break;
      }
      step_towards(z, h, free);
    }
  }
  throw DomainError("thermal crosstalk: the heaters' least squares do not end; check the matrix");
}

}  // namespace

Matrix thermal_crosstalk(int rings, double share, double spacing_m, double decay_length_m) {
  Matrix m = Matrix::Identity(rings, rings);
  for (int i = 0; i < rings; ++i)
    for (int j = 0; j < rings; ++j)
      if (i != j) m(i, j) = share * std::exp(-(std::abs(i - j) - 1) * spacing_m / decay_length_m);
  return m;
}

Matrix thermal_crosstalk(int rings, std::span<const double> row_major) {
  const auto n = static_cast<std::size_t>(rings);
  if (row_major.size() != n * n)
    throw ConfigError(fmt::format("thermal_matrix has {} elements, {} rings need {}; write it row by row",
                                  row_major.size(), rings, n * n));
  Matrix m(rings, rings);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const double value = row_major[i * n + j];
      if (i == j ? value != 1.0 : !(value >= 0.0 && value <= 1.0))
        throw ConfigError(fmt::format("thermal_matrix: element ({}, {}) = {} is outside {}", i, j, value,
                                      i == j ? "1, the own heater at its own ring" : "[0, 1]"));
      m(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = value;
    }
  }
  if (!(m.partialPivLu().rcond() > 1e-9))
    throw ConfigError(
        "thermal_matrix: heaters that act on all rings alike cannot set them apart; the matrix "
        "has no inverse");
  return m;
}

HeaterSolver::HeaterSolver(Matrix crosstalk) : crosstalk_(std::move(crosstalk)), lu_(crosstalk_) {}

HeaterShifts HeaterSolver::solve(const Vector& wanted) const {
  HeaterShifts result{unlimited(wanted), 0.0, true};
  if ((result.own.array() >= 0.0).all()) return result;
  result.own = least_squares_of_heat(crosstalk_, wanted);
  result.residual = (crosstalk_ * result.own - wanted).lpNorm<Eigen::Infinity>();
  result.reached = false;
  return result;
}

}  // namespace photonlink
