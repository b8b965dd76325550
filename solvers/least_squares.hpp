/// Bounded non-linear least squares with confidence intervals.
///
/// Minimises SSR(b) = Σ r_k(b)² over lower <= b <= upper. Parameters are scaled to their ranges; the Jacobian
/// J comes from differences inside the bounds. Every step is a damped Gauss-Newton step: NLopt's SLSQP \cite
/// Kraft1994 runs in coordinates in which (JᵀJ + damping) is the unit matrix, so that its first quadratic
/// program is that step with the bounds kept, and its line search shortens a step that does not lower the
/// SSR. At the solution, over the parameters that are free and determined,
///   covariance = s² (JᵀJ)⁻¹,   s² = SSR / (n - m),   interval = value ± t(0.975; n - m) sqrt(covariance),
/// with n residuals, m such parameters and Student's t (\cite BatesWatts1988, section 2.3).
/// It is the interval of the linearised model and of equal, independent errors of the residuals.
///
/// Converged means: the remaining Gauss-Newton step is below `relative_offset` of the radius of the
/// confidence region (\cite BatesWatts1988, section 2.2.3), or below 1e-9 of every range.
///
/// Verified in tests/solvers/least_squares_test.cpp: linear regression in closed form, certified values and
/// standard deviations of NIST, an active bound, and the coverage of the intervals by simulation.
#pragma once

#include <Eigen/Core>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace photonlink {

struct BoundedParameter {
  double start, lower, upper;
};

/// Residuals in any common unit, size (n), the same n at every call. A residual that is not finite makes that
/// trial infinitely bad; what it throws ends the fit and is passed on.
using Residuals = std::function<std::vector<double>(std::span<const double> parameters)>;

struct LeastSquaresOptions {
  int most_evaluations = 500;     ///< looked at before each step, which takes up to 3p + 2 evaluations
  double relative_offset = 1e-3;  ///< (0, 1)
  double difference_step = 1e-3;  ///< of a parameter's range, (0, 0.1]; larger for noisy residuals
};

struct FittedValue {
  double value = std::numeric_limits<double>::quiet_NaN();
  /// NaN when at_bound or undetermined, or with as many residuals as parameters; the interval is not cut off
  /// at the bounds.
  double standard_error = std::numeric_limits<double>::quiet_NaN();
  double low_95 = std::numeric_limits<double>::quiet_NaN(),
         high_95 = std::numeric_limits<double>::quiet_NaN();
  bool at_bound = false;      ///< within 1e-6 of the range; the intervals of the others hold it there
  bool undetermined = false;  ///< the residuals do not see it, or only together with others
};

struct LeastSquaresFit {
  std::vector<FittedValue> parameters;
  Eigen::MatrixXd correlation;  ///< (n_parameter, n_parameter); NaN where there is no standard error
  double rms = std::numeric_limits<double>::quiet_NaN();  ///< sqrt(SSR / n), in the unit of the residuals
  int residuals = 0, evaluations = 0;
  bool converged = false;
};

/// Deterministic; `residuals` is called from this thread, one call at a time.
/// @throws DomainError when lower < upper or lower <= start <= upper does not hold, an option is outside its
/// range, or there are fewer residuals than parameters. @throws ConfigError when a residual is not finite
/// at the start.
LeastSquaresFit least_squares(std::span<const BoundedParameter> parameters, const Residuals& residuals,
                              const LeastSquaresOptions& options = {});

}  // namespace photonlink
