#include "solvers/least_squares.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlopt.h>

#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <exception>
#include <memory>
#include <optional>

#include "core/error.hpp"

namespace photonlink {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Index = Eigen::Index;

constexpr double bound_tolerance = 1e-6;  // of a range
constexpr double step_tolerance = 1e-9;   // of a range
constexpr int most_trials = 2;            // of one step: as proposed, and shortened once
constexpr int most_failures = 6;          // steps in a row that did not lower the cost
constexpr double smallest_damping = 1e-10;

/// Singular values below this part of the largest are no information: a central difference of step h is wrong
/// by about h² of a column, and rounding leaves more than 1e-8.
double rank_tolerance(double difference_step) {
  return std::max(1e-7, 10.0 * difference_step * difference_step);
}

/// Parameters in units of their ranges, 0 at the lower bound, and the residuals there.
struct Point {
  VectorXd scaled, residuals;
  double cost() const { return 0.5 * residuals.squaredNorm(); }
};

/// Counts and checks the evaluations.
class Problem {
 public:
  Problem(std::span<const BoundedParameter> parameters, const Residuals& residuals, double difference_step)
      : parameters_(parameters), residuals_(residuals), difference_step_(difference_step) {}

  Index size() const { return static_cast<Index>(parameters_.size()); }
  int evaluations() const { return evaluations_; }

  VectorXd start() const {
    VectorXd scaled(size());
    for (Index i = 0; i < size(); ++i) scaled[i] = (at(i).start - at(i).lower) / range(i);
    return scaled;
  }
  double range(Index i) const { return at(i).upper - at(i).lower; }
  double value(const VectorXd& scaled, Index i) const {
    return std::clamp(at(i).lower + scaled[i] * range(i), at(i).lower, at(i).upper);
  }

  VectorXd raw_residuals(const VectorXd& scaled) {
    std::vector<double> values;
    for (Index i = 0; i < size(); ++i) values.push_back(value(scaled, i));
    const std::vector<double> list = residuals_(values);
    ++evaluations_;
    if (count_ < 0) count_ = static_cast<Index>(list.size());
    require(count_ == static_cast<Index>(list.size()),
            fmt::format("least squares: {} residuals at ({}), {} at the start; give as many at every point",
                        list.size(), fmt::join(values, ", "), count_));
    return Eigen::Map<const VectorXd>(list.data(), count_);
  }
  std::optional<VectorXd> finite_residuals(const VectorXd& scaled) {
    VectorXd list = raw_residuals(scaled);
    if (!list.allFinite()) return std::nullopt;
    return list;
  }

  enum class Differences { one_sided, central };
  MatrixXd jacobian(const Point& point, Differences kind) {
    MatrixXd result(point.residuals.size(), size());
    for (Index i = 0; i < size(); ++i) result.col(i) = derivative(point, i, kind);
    return result;
  }

 private:
  const BoundedParameter& at(Index i) const { return parameters_[static_cast<std::size_t>(i)]; }

  // Of the residuals for a scaled parameter; zero when nothing can be computed on either side.
  VectorXd derivative(const Point& point, Index i, Differences kind) {
    struct Side {
      double at;
      VectorXd residuals;
    };
    std::vector<Side> sides;
    const double here = point.scaled[i], inward = here < 0.5 ? 1.0 : -1.0;
    for (const double direction : {inward, -inward}) {
      VectorXd moved = point.scaled;
      moved[i] = std::clamp(here + direction * difference_step_, 0.0, 1.0);
      if (moved[i] == here) continue;
      if (auto found = finite_residuals(moved)) sides.push_back({moved[i], std::move(*found)});
      if (kind == Differences::one_sided && !sides.empty()) break;
    }
    if (sides.empty()) return VectorXd::Zero(point.residuals.size());
    if (sides.size() == 1) sides.push_back({here, point.residuals});
    return (sides[0].residuals - sides[1].residuals) / (sides[0].at - sides[1].at);
  }

  std::span<const BoundedParameter> parameters_;
  const Residuals& residuals_;
  double difference_step_;
  Index count_ = -1;
  int evaluations_ = 0;
};

bool near_bound(double scaled) {
  return scaled <= bound_tolerance || scaled >= 1.0 - bound_tolerance;
}

MatrixXd columns(const MatrixXd& matrix, const std::vector<Index>& chosen) {
  MatrixXd result(matrix.rows(), static_cast<Index>(chosen.size()));
  for (std::size_t k = 0; k < chosen.size(); ++k) result.col(static_cast<Index>(k)) = matrix.col(chosen[k]);
  return result;
}

/// \cite BatesWatts1988, section 2.2.3: the residuals' part in the tangent plane against the part across it.
bool has_converged(const Point& point, const MatrixXd& jacobian, double relative_offset,
                   double difference_step) {
  const VectorXd gradient = jacobian.transpose() * point.residuals;
  std::vector<Index> free;
  for (Index i = 0; i < gradient.size(); ++i) {
    const bool pushed_out =
        near_bound(point.scaled[i]) && (point.scaled[i] < 0.5 ? gradient[i] > 0.0 : gradient[i] < 0.0);
    if (!pushed_out && jacobian.col(i).squaredNorm() > 0.0) free.push_back(i);
  }
  if (free.empty()) return true;
  const MatrixXd tangents = columns(jacobian, free);
  const VectorXd lengths = tangents.colwise().norm();
  Eigen::ColPivHouseholderQR<MatrixXd> qr;
  qr.setThreshold(rank_tolerance(difference_step));
  qr.compute(tangents * lengths.cwiseInverse().asDiagonal());
  const VectorXd step = qr.solve(point.residuals).cwiseQuotient(lengths);
  if (step.cwiseAbs().maxCoeff() < step_tolerance) return true;
  const VectorXd rotated = qr.householderQ().adjoint() * point.residuals;
  const Index rank = qr.rank(), rest = rotated.size() - rank;
  return rotated.head(rank).norm() / std::sqrt(static_cast<double>(rank)) <
         relative_offset * rotated.tail(rest).norm() / std::sqrt(static_cast<double>(rest));
}

/// Columns W of the step's coordinates y, scaled = origin + W y, in which the damped JᵀJ is `cost` times the
/// unit matrix. The damping is relative to columns of equal length.
MatrixXd whitening(const MatrixXd& jacobian, double cost, double damping) {
  VectorXd lengths = jacobian.colwise().norm();
  lengths = lengths.cwiseMax(1e-9 * lengths.maxCoeff());
  const Eigen::JacobiSVD<MatrixXd> svd(jacobian * lengths.cwiseInverse().asDiagonal(), Eigen::ComputeThinV);
  const VectorXd& singular = svd.singularValues();
  const double floor = std::max(damping, smallest_damping) * singular[0];
  const VectorXd shrink = (singular.array().square() + floor * floor).rsqrt() * std::sqrt(cost);
  return lengths.cwiseInverse().asDiagonal() * (svd.matrixV() * shrink.asDiagonal());
}

/// One call of SLSQP: the step from `origin`, and its shortened form. Costs are in units of the origin's.
struct Step {
  Problem& problem;
  const Point& origin;
  MatrixXd coordinates;
  VectorXd gradient;
  Point best;
  int trials = 0;
  nlopt_opt optimizer = nullptr;
  std::exception_ptr error = nullptr;

  bool improved() const { return best.cost() < origin.cost(); }
  VectorXd scaled(const double* y) const {
    return origin.scaled + coordinates * Eigen::Map<const VectorXd>(y, problem.size());
  }
  double cost(const VectorXd& at) {
    auto residuals = problem.finite_residuals(at);
    ++trials;
    if (!residuals) return HUGE_VAL;
    const Point point{at, std::move(*residuals)};
    if (point.cost() < best.cost()) best = point;
    return point.cost() / origin.cost();
  }
};

double step_cost(unsigned size, const double* y, double* gradient, void* data) {
  Step& step = *static_cast<Step*>(data);
  const bool at_origin = std::all_of(y, y + size, [](double each) { return each == 0.0; });
  // SLSQP asks for the gradient of its first trial too, but returns before it uses that one.
  if (gradient != nullptr)
    for (unsigned i = 0; i < size; ++i) gradient[i] = at_origin ? step.gradient[i] : 0.0;
  if (at_origin) return 1.0;
  try {
    return step.cost(step.scaled(y).cwiseMax(0.0).cwiseMin(1.0));
  } catch (...) {  // must not pass through C
    step.error = std::current_exception();
    nlopt_force_stop(step.optimizer);
    return HUGE_VAL;
  }
}

/// 0 <= origin + W y <= 1 as (2 n_parameter) values that must not be positive.
void step_bounds(unsigned count, double* result, unsigned size, const double* y, double* gradient,
                 void* data) {
  const Step& step = *static_cast<const Step*>(data);
  const Index rows = static_cast<Index>(count) / 2;
  const VectorXd scaled = step.scaled(y);
  Eigen::Map<VectorXd> values(result, 2 * rows);
  values << -scaled, scaled - VectorXd::Ones(rows);
  if (gradient == nullptr) return;
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Eigen::Map<RowMajor> slopes(gradient, 2 * rows, size);
  slopes << -step.coordinates, step.coordinates;
}

void run(Step& step) {
  const auto size = static_cast<unsigned>(step.problem.size());
  const std::unique_ptr<nlopt_opt_s, void (*)(nlopt_opt)> optimizer(nlopt_create(NLOPT_LD_SLSQP, size),
                                                                    nlopt_destroy);
  step.optimizer = optimizer.get();
  const std::vector<double> tolerances(2 * size, step_tolerance);
  std::vector<double> y(size, 0.0);
  double cost = 1.0;
  nlopt_set_min_objective(optimizer.get(), step_cost, &step);
  nlopt_add_inequality_mconstraint(optimizer.get(), 2 * size, step_bounds, &step, tolerances.data());
  nlopt_set_stopval(optimizer.get(), 1.0 - 1e-12);  // the first trial below the origin's cost is taken
  nlopt_set_maxeval(optimizer.get(), 1 + most_trials);
  nlopt_optimize(optimizer.get(), y.data(), &cost);  // its status adds nothing to `improved`
  if (step.error) std::rethrow_exception(step.error);
}

struct Solution {
  Point point;
  MatrixXd jacobian;
  bool converged = false;
};

Solution minimise(Problem& problem, Point start, const LeastSquaresOptions& options) {
  Solution solution{std::move(start), {}, false};
  Point& point = solution.point;
  auto kind = Problem::Differences::one_sided;  // half the evaluations, good enough far from the solution
  double damping = 1e-3;
  int failures = 0;
  while (failures < most_failures && problem.evaluations() < options.most_evaluations) {
    if (failures == 0) solution.jacobian = problem.jacobian(point, kind);
    const bool near =
        has_converged(point, solution.jacobian, 100.0 * options.relative_offset, options.difference_step);
    if (kind == Problem::Differences::one_sided && (near || failures > 0)) {
      kind = Problem::Differences::central;
      solution.jacobian = problem.jacobian(point, kind);
    }
    solution.converged =
        kind == Problem::Differences::central &&
        has_converged(point, solution.jacobian, options.relative_offset, options.difference_step);
    if (solution.converged) return solution;
    const MatrixXd coordinates = whitening(solution.jacobian, point.cost(), damping);
    const VectorXd gradient =
        coordinates.transpose() * (solution.jacobian.transpose() * point.residuals) / point.cost();
    Step step{problem, point, coordinates, gradient, point};
    run(step);
    if (step.improved()) {
      point = Point(step.best);
      damping = step.trials == 1 ? 0.2 * damping : 2.0 * std::max(damping, 1e-8);
      failures = 0;
    } else {
      damping = 10.0 * std::max(damping, 1e-3);
      ++failures;
    }
  }
  solution.jacobian = problem.jacobian(point, Problem::Differences::central);
  return solution;
}

/// What the Jacobian says about the parameters that are not at a bound.
struct Information {
  MatrixXd unit_covariance;  // s² = 1, scaled parameters; of undetermined ones: meaningless
  std::vector<bool> undetermined;
  Index rank = 0;
};

Information information(const MatrixXd& jacobian, double least_singular) {
  const VectorXd lengths = jacobian.colwise().norm();
  const double shortest = 1e-3 * least_singular * lengths.maxCoeff();
  VectorXd inverse(lengths.size());
  for (Index i = 0; i < lengths.size(); ++i) inverse[i] = lengths[i] > shortest ? 1.0 / lengths[i] : 0.0;
  const Eigen::JacobiSVD<MatrixXd> svd(jacobian * inverse.asDiagonal(), Eigen::ComputeThinV);
  Information result{MatrixXd::Zero(lengths.size(), lengths.size()), {}, 0};
  VectorXd unseen = VectorXd::Zero(lengths.size());
  for (Index k = 0; k < lengths.size(); ++k) {
    const double singular = svd.singularValues()[k];
    const VectorXd direction = svd.matrixV().col(k);
    if (singular > least_singular * svd.singularValues()[0] && singular > 0.0) {
      const VectorXd scaled = inverse.asDiagonal() * direction / singular;
      result.unit_covariance += scaled * scaled.transpose();
      ++result.rank;
    } else {
      unseen += direction.cwiseAbs();
    }
  }
  // Rounding leaks about least_singular into parameters that take no part.
  for (Index i = 0; i < unseen.size(); ++i) result.undetermined.push_back(unseen[i] > 1e-3);
  return result;
}

void add_intervals(LeastSquaresFit& fit, const Problem& problem, const Solution& solution,
                   double least_singular) {
  std::vector<Index> free;
  for (Index i = 0; i < problem.size(); ++i) {
    fit.parameters[static_cast<std::size_t>(i)].at_bound = near_bound(solution.point.scaled[i]);
    if (!near_bound(solution.point.scaled[i])) free.push_back(i);
  }
  if (free.empty()) return;
  const Information info = information(columns(solution.jacobian, free), least_singular);
  const double freedom = static_cast<double>(solution.point.residuals.size() - info.rank);
  for (std::size_t k = 0; k < free.size(); ++k)
    fit.parameters[static_cast<std::size_t>(free[k])].undetermined = info.undetermined[k];
  if (freedom == 0.0) return;  // as many residuals as parameters say nothing of their scatter
  const double variance = solution.point.residuals.squaredNorm() / freedom;
  const double t = boost::math::quantile(boost::math::students_t(freedom), 0.975);
  for (std::size_t k = 0; k < free.size(); ++k) {
    FittedValue& each = fit.parameters[static_cast<std::size_t>(free[k])];
    if (each.undetermined) continue;
    const auto row = static_cast<Index>(k);
    each.standard_error = std::sqrt(variance * info.unit_covariance(row, row)) * problem.range(free[k]);
    each.low_95 = each.value - t * each.standard_error;
    each.high_95 = each.value + t * each.standard_error;
    for (std::size_t l = 0; l < free.size(); ++l) {
      if (info.undetermined[l]) continue;
      const auto column = static_cast<Index>(l);
      fit.correlation(free[k], free[l]) =
          info.unit_covariance(row, column) /
          std::sqrt(info.unit_covariance(row, row) * info.unit_covariance(column, column));
    }
  }
}

void check(std::span<const BoundedParameter> parameters, const LeastSquaresOptions& options) {
  require(!parameters.empty(), "least squares: there is no parameter; give at least one");
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const BoundedParameter& each = parameters[i];
    require(std::isfinite(each.lower) && std::isfinite(each.upper) && each.lower < each.upper,
            fmt::format("least squares: parameter {} of {}: bounds [{}, {}] are no range; lower must be less "
                        "than upper",
                        i + 1, parameters.size(), each.lower, each.upper));
    require(each.lower <= each.start && each.start <= each.upper,
            fmt::format("least squares: parameter {} of {}: start = {} is outside its bounds [{}, {}]", i + 1,
                        parameters.size(), each.start, each.lower, each.upper));
  }
  require(options.relative_offset > 0.0 && options.relative_offset < 1.0,
          fmt::format("least squares: relative_offset = {} is outside (0, 1)", options.relative_offset));
  require(options.difference_step > 0.0 && options.difference_step <= 0.1,
          fmt::format("least squares: difference_step = {} is outside (0, 0.1]", options.difference_step));
  require(options.most_evaluations > 0,
          fmt::format("least squares: most_evaluations = {} must be positive", options.most_evaluations));
}

Point checked_start(Problem& problem) {
  Point start{problem.start(), {}};
  start.residuals = problem.raw_residuals(start.scaled);
  const Index count = start.residuals.size();
  require(count >= problem.size(),
          fmt::format("least squares: {} residuals for {} parameters; a fit needs at least as many residuals "
                      "as parameters",
                      count, problem.size()));
  for (Index k = 0; k < count; ++k)
    if (!std::isfinite(start.residuals[k]))
      throw ConfigError(fmt::format(
          "least squares: residual {} of {} is no finite number at the start; start where every residual can "
          "be computed",
          k + 1, count));
  return start;
}

}  // namespace

LeastSquaresFit least_squares(std::span<const BoundedParameter> parameters, const Residuals& residuals,
                              const LeastSquaresOptions& options) {
  check(parameters, options);
  Problem problem(parameters, residuals, options.difference_step);
  const Solution solution = minimise(problem, checked_start(problem), options);
  LeastSquaresFit fit;
  fit.correlation =
      MatrixXd::Constant(problem.size(), problem.size(), std::numeric_limits<double>::quiet_NaN());
  for (Index i = 0; i < problem.size(); ++i)
    fit.parameters.emplace_back().value = problem.value(solution.point.scaled, i);
  add_intervals(fit, problem, solution, rank_tolerance(options.difference_step));
  fit.residuals = static_cast<int>(solution.point.residuals.size());
  fit.rms = std::sqrt(solution.point.residuals.squaredNorm() / fit.residuals);
  fit.evaluations = problem.evaluations();
  fit.converged = solution.converged;
  return fit;
}

}  // namespace photonlink
