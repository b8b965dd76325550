#include "solvers/least_squares.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <random>
#include <utility>

#include "core/error.hpp"
#include "support.hpp"

using namespace photonlink;
using namespace photonlink::test;

namespace {

using Values = std::span<const double>;

/// Residuals y(x; b) - y of rows (x, y).
template <class Model>
Residuals residuals_of(const std::vector<std::vector<double>>& rows, Model model) {
  return [rows, model](Values b) {
    std::vector<double> list;
    list.reserve(rows.size());
    for (const auto& row : rows) list.push_back(model(row[0], b) - row[1]);
    return list;
  };
}

double line(double x, Values b) {
  return b[0] + b[1] * x;
}

const std::vector<std::vector<double>> five_points{
    {1.0, 2.1}, {2.0, 3.9}, {4.0, 8.3}, {5.0, 9.6}, {8.0, 16.4}};

/// What textbooks print for a straight line.
struct Regression {
  double intercept, slope, intercept_error, slope_error, correlation, rms;
};
Regression regression(const std::vector<std::vector<double>>& rows) {
  const auto n = static_cast<double>(rows.size());
  double x = 0.0, y = 0.0, xx = 0.0, xy = 0.0, ssr = 0.0;
  for (const auto& row : rows) x += row[0] / n, y += row[1] / n;
  for (const auto& row : rows) xx += (row[0] - x) * (row[0] - x), xy += (row[0] - x) * (row[1] - y);
  const double slope = xy / xx, intercept = y - slope * x;
  for (const auto& row : rows) ssr += std::pow(intercept + slope * row[0] - row[1], 2.0);
  const double variance = ssr / (n - 2.0);
  return {intercept,
          slope,
          std::sqrt(variance * (1.0 / n + x * x / xx)),
          std::sqrt(variance / xx),
          -x / std::sqrt(x * x + xx / n),
          std::sqrt(ssr / n)};
}

// Differences of a linear function are exact but for rounding, 1e-16 over a step of 1e-4.
constexpr double linear_tolerance = 1e-9;
// Closed forms are met to that only when the fit does not stop at a thousandth of a standard error.
constexpr LeastSquaresOptions exactly{.relative_offset = 1e-10};

}  // namespace

TEST_CASE("least squares: a straight line has the textbook's estimates, standard errors and correlation") {
  const std::vector<BoundedParameter> parameters{{5.0, -10.0, 10.0}, {0.0, -5.0, 5.0}};
  const LeastSquaresFit fit = least_squares(parameters, residuals_of(five_points, line), exactly);
  const Regression expected = regression(five_points);
  CHECK(fit.converged);
  CHECK(fit.residuals == 5);
  CHECK(abs_error(fit.parameters[0].value, expected.intercept) <= linear_tolerance);
  CHECK(rel_error(fit.parameters[1].value, expected.slope) <= linear_tolerance);
  CHECK(rel_error(fit.parameters[0].standard_error, expected.intercept_error) <= linear_tolerance);
  CHECK(rel_error(fit.parameters[1].standard_error, expected.slope_error) <= linear_tolerance);
  CHECK(rel_error(fit.rms, expected.rms) <= linear_tolerance);
  CHECK(fit.correlation(0, 0) == 1.0);
  CHECK(rel_error(fit.correlation(0, 1), expected.correlation) <= linear_tolerance);
  CHECK(fit.correlation(1, 0) == fit.correlation(0, 1));
  // t(0.975; 3) = 3.1824 in any table, four digits printed.
  const double half = 0.5 * (fit.parameters[1].high_95 - fit.parameters[1].low_95);
  CHECK(rel_error(half / fit.parameters[1].standard_error, 3.1824) <= 2e-5);
  CHECK(abs_error(fit.parameters[1].high_95 + fit.parameters[1].low_95, 2.0 * expected.slope) <= 1e-8);
}

// Oracle: the mean and its standard error s / sqrt(n); t(0.975; 4) = 2.7764 in any table.
TEST_CASE("least squares: one parameter is the mean of the data") {
  const std::vector<double> data{4.0, 5.5, 6.0, 4.5, 7.0};
  const std::vector<BoundedParameter> parameters{{0.0, 0.0, 20.0}};
  const LeastSquaresFit fit = least_squares(
      parameters,
      [&](Values b) {
        std::vector<double> list;
        for (const double each : data) list.push_back(b[0] - each);
        return list;
      },
      exactly);
  CHECK(fit.converged);
  CHECK(rel_error(fit.parameters[0].value, 5.4) <= linear_tolerance);
  const double error = std::sqrt((1.96 + 0.01 + 0.36 + 0.81 + 2.56) / 4.0 / 5.0);
  CHECK(rel_error(fit.parameters[0].standard_error, error) <= linear_tolerance);
  CHECK(rel_error(fit.parameters[0].high_95, 5.4 + 2.7764 * error) <= 2e-5);
}

// Oracle: with its slope held at the bound, a straight line leaves the mean of y - slope x.
TEST_CASE("least squares: at an active bound the others fit as if it were fixed there") {
  const std::vector<BoundedParameter> parameters{{5.0, -10.0, 10.0}, {0.0, -5.0, 1.5}};
  const LeastSquaresFit fit = least_squares(parameters, residuals_of(five_points, line), exactly);
  double mean = 0.0, squares = 0.0;
  for (const auto& row : five_points) mean += (row[1] - 1.5 * row[0]) / 5.0;
  for (const auto& row : five_points) squares += std::pow(row[1] - 1.5 * row[0] - mean, 2.0);
  CHECK(fit.converged);
  CHECK(fit.parameters[1].at_bound);
  CHECK(fit.parameters[1].value == 1.5);
  CHECK(std::isnan(fit.parameters[1].low_95));
  CHECK(std::isnan(fit.correlation(0, 1)));
  CHECK(!fit.parameters[0].at_bound);
  CHECK(abs_error(fit.parameters[0].value, mean) <= linear_tolerance);
  CHECK(rel_error(fit.parameters[0].standard_error, std::sqrt(squares / 4.0 / 5.0)) <= linear_tolerance);
}

TEST_CASE("least squares: a start at a bound is no reason to stay there") {
  const std::vector<BoundedParameter> parameters{{-10.0, -10.0, 10.0}, {5.0, -5.0, 5.0}};
  const LeastSquaresFit fit = least_squares(parameters, residuals_of(five_points, line), exactly);
  CHECK(fit.converged);
  CHECK(!fit.parameters[0].at_bound);
  CHECK(rel_error(fit.parameters[1].value, regression(five_points).slope) <= linear_tolerance);
}

// Oracle: the conditions of Karush, Kuhn and Tucker, which only the minimum of a convex problem meets.
TEST_CASE("least squares: random linear problems with many active bounds end at their minimum") {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  int active = 0, inside = 0;
  for (int trial = 0; trial < 300; ++trial) {
    CAPTURE(trial);
    const int p = 1 + trial % 6, n = p + 4;
    Eigen::MatrixXd matrix(n, p);
    Eigen::VectorXd data(n);
    for (int k = 0; k < n; ++k) {
      for (int i = 0; i < p; ++i) matrix(k, i) = normal(random);
      data[k] = 3.0 * normal(random);
    }
    std::vector<BoundedParameter> parameters;
    for (int i = 0; i < p; ++i) {
      const double lower = -2.0 * uniform(random), upper = 2.0 * uniform(random);
      parameters.push_back({lower + uniform(random) * (upper - lower), lower, upper});
    }
    const auto residuals = [&](Values b) -> Eigen::VectorXd {
      return matrix * Eigen::Map<const Eigen::VectorXd>(b.data(), p) - data;
    };
    const LeastSquaresFit fit = least_squares(parameters, [&](Values b) {
      const Eigen::VectorXd list = residuals(b);
      return std::vector<double>(list.begin(), list.end());
    });
    CHECK(fit.converged);
    std::vector<double> solution;
    for (const FittedValue& each : fit.parameters) solution.push_back(each.value);
    const Eigen::VectorXd rest = residuals(solution);
    for (int i = 0; i < p; ++i) {
      // Cosine between residuals and column: an offset of 0.1 %, times sqrt(p / (n - p)) < 1.3.
      const double slope = matrix.col(i).dot(rest) / (matrix.col(i).norm() * rest.norm());
      const auto& [start, lower, upper] = parameters[static_cast<std::size_t>(i)];
      const FittedValue& each = fit.parameters[static_cast<std::size_t>(i)];
      CHECK(lower <= each.value);
      CHECK(each.value <= upper);
      ++(each.at_bound ? active : inside);
      if (!each.at_bound) CHECK(std::abs(slope) <= 1.3e-3);
      if (each.at_bound) CHECK((each.value - lower < upper - each.value ? -slope : slope) <= 1.3e-3);
    }
  }
  CHECK(active > 100);
  CHECK(inside > 100);
}

TEST_CASE("least squares: what the data do not see has no interval, the others keep theirs") {
  const Regression expected = regression(five_points);
  std::vector<BoundedParameter> parameters{{5.0, -10.0, 10.0}, {0.5, -5.0, 5.0}, {0.5, 0.0, 1.0}};
  const LeastSquaresFit unseen = least_squares(parameters, residuals_of(five_points, line), exactly);
  CHECK(unseen.converged);
  CHECK(unseen.parameters[2].undetermined);
  CHECK(std::isnan(unseen.parameters[2].standard_error));
  CHECK(!unseen.parameters[1].undetermined);
  CHECK(rel_error(unseen.parameters[1].standard_error, expected.slope_error) <= linear_tolerance);
  // Only the product of two parameters is seen.
  parameters[2] = {1.5, 1.0, 3.0};
  const LeastSquaresFit product = least_squares(
      parameters, residuals_of(five_points, [](double x, Values b) { return b[0] + b[1] * b[2] * x; }));
  CHECK(product.converged);
  CHECK(product.parameters[1].undetermined);
  CHECK(product.parameters[2].undetermined);
  // A product bends: the fit stops at 0.1 % of a standard error.
  CHECK(abs_error(product.parameters[0].value, expected.intercept) <= 1e-3 * expected.intercept_error);
  CHECK(rel_error(product.parameters[0].standard_error, expected.intercept_error) <= 1e-6);
  CHECK(rel_error(product.parameters[1].value * product.parameters[2].value, expected.slope) <= 1e-3);
}

// Only b1 + 2 b2 is seen; differences of unlike steps tell the two apart by their own error, which is no
// information.
TEST_CASE("least squares: the error of differences does not determine a parameter") {
  const std::vector<BoundedParameter> parameters{{0.3, 0.0, 1.0}, {0.3, 0.0, 1.0}};
  const std::vector<std::vector<double>> rows{{0.5, 0.61}, {1.0, 0.36}, {2.0, 0.14}, {3.0, 0.05}};
  const LeastSquaresFit fit = least_squares(
      parameters, residuals_of(rows, [](double x, Values b) { return std::exp(-(b[0] + 2.0 * b[1]) * x); }));
  CHECK(fit.converged);
  CHECK(fit.parameters[0].undetermined);
  CHECK(fit.parameters[1].undetermined);
}

TEST_CASE("least squares: as many residuals as parameters are solved, without intervals") {
  const std::vector<BoundedParameter> parameters{{5.0, -10.0, 10.0}, {0.0, -5.0, 5.0}};
  const std::vector<std::vector<double>> two{{1.0, 2.0}, {3.0, 5.0}};
  const LeastSquaresFit fit = least_squares(parameters, residuals_of(two, line));
  CHECK(fit.converged);
  // Converged at a step of 1e-9 of the range.
  CHECK(abs_error(fit.parameters[0].value, 0.5) <= 1e-7);
  CHECK(abs_error(fit.parameters[1].value, 1.5) <= 1e-7);
  CHECK(!fit.parameters[0].undetermined);
  CHECK(std::isnan(fit.parameters[0].low_95));
}

TEST_CASE("least squares: data without error leave intervals of no width") {
  const std::vector<BoundedParameter> parameters{{1.0, 0.0, 10.0}, {1.0, 0.0, 5.0}};
  const auto model = [](double x, Values b) { return b[0] * std::exp(-b[1] * x); };
  std::vector<std::vector<double>> rows;
  for (int k = 0; k < 6; ++k) rows.push_back({0.2 * k, 3.0 * std::exp(-0.4 * k)});
  const LeastSquaresFit fit = least_squares(parameters, residuals_of(rows, model));
  CHECK(fit.converged);
  // Converged at a step of 1e-9 of the range.
  CHECK(rel_error(fit.parameters[0].value, 3.0) <= 1e-8);
  CHECK(rel_error(fit.parameters[1].value, 2.0) <= 1e-8);
  CHECK(fit.parameters[1].high_95 - fit.parameters[1].low_95 <= 1e-7);
}

TEST_CASE("least squares: a trial that is not finite is infinitely bad, at the start it is an error") {
  // The first Gauss-Newton step from 9 for ln(b) = 0 leads to 9 - 9 ln 9 < 0, where ln is NaN.
  const Residuals logarithm = [](Values b) {
    return std::vector<double>{std::log(b[0]) + 0.01, std::log(b[0]) - 0.01};
  };
  const std::vector<BoundedParameter> parameters{{9.0, -10.0, 10.0}};
  const LeastSquaresFit fit = least_squares(parameters, logarithm);
  CHECK(fit.converged);
  // 0.1 % of the standard error of 0.01.
  CHECK(abs_error(fit.parameters[0].value, 1.0) <= 1e-5);
  const std::vector<BoundedParameter> bad{{-1.0, -10.0, 10.0}};
  CHECK_THROWS_WITH_AS(least_squares(bad, logarithm),
                       doctest::Contains("residual 1 of 2 is no finite number at the start"), ConfigError);
}

// Oracle: the textbook's standard error, though within a difference step of 1e-3 of the range (10) there is a
// bound or no value on one side.
TEST_CASE("least squares: differences stay inside the bounds and beside what cannot be computed") {
  const Regression expected = regression(five_points);
  const double edge = expected.slope + 0.004;
  const auto cut = [&](double x, Values b) { return b[1] > edge ? std::nan("") : line(x, b); };
  const LeastSquaresFit bounded =
      least_squares(std::vector<BoundedParameter>{{5.0, -10.0, 10.0}, {0.0, edge - 10.0, edge}},
                    residuals_of(five_points, cut), exactly);
  const LeastSquaresFit beside =
      least_squares(std::vector<BoundedParameter>{{5.0, -10.0, 10.0}, {0.0, -5.0, 5.0}},
                    residuals_of(five_points, cut), exactly);
  for (const LeastSquaresFit& fit : {bounded, beside}) {
    CHECK(fit.converged);
    CHECK(!fit.parameters[1].at_bound);
    CHECK(rel_error(fit.parameters[1].standard_error, expected.slope_error) <= linear_tolerance);
    CHECK(rel_error(fit.parameters[1].value, expected.slope) <= linear_tolerance);
  }
}

TEST_CASE("least squares: repeats bit for bit, and says when it ran out of evaluations") {
  const auto rows = read_csv("tests/data/nist_misra1a.csv");
  const auto model = [](double x, Values b) { return b[0] * (1.0 - std::exp(-b[1] * x)); };
  const std::vector<BoundedParameter> parameters{{250.0, 1.0, 1000.0}, {5e-4, 1e-5, 1e-2}};
  const LeastSquaresFit a = least_squares(parameters, residuals_of(rows, model));
  const LeastSquaresFit b = least_squares(parameters, residuals_of(rows, model));
  CHECK(a.parameters[1].value == b.parameters[1].value);
  CHECK(a.parameters[1].high_95 == b.parameters[1].high_95);
  CHECK(a.evaluations == b.evaluations);
  // An evaluation may take a third of a second.
  CHECK(a.evaluations <= 20);
  const LeastSquaresFit few = least_squares(parameters, residuals_of(rows, model), {.most_evaluations = 4});
  CHECK(!few.converged);
  // One step from there and the last Jacobian.
  CHECK(few.evaluations <= 4 + (3 * 2 + 2) + 2 * 2);
}

TEST_CASE("least squares: what cannot be fitted is an error that says so, and a residual's own passes") {
  const Residuals three = [](Values) { return std::vector<double>(3, 1.0); };
  const auto fit = [&](std::vector<BoundedParameter> list, LeastSquaresOptions options = {}) {
    return least_squares(list, three, options);
  };
  CHECK_THROWS_WITH_AS(fit({{1, 0, 2}, {1, 0, 2}, {1, 0, 2}, {1, 0, 2}}),
                       doctest::Contains("3 residuals for 4 parameters; a fit needs at least as many"),
                       DomainError);
  CHECK_THROWS_WITH_AS(fit({}), doctest::Contains("there is no parameter"), DomainError);
  CHECK_THROWS_WITH_AS(fit({{1, 0, 2}, {1, 1, 1}}), doctest::Contains("parameter 2 of 2: bounds [1, 1]"),
                       DomainError);
  CHECK_THROWS_WITH_AS(fit({{3, 0, 2}}), doctest::Contains("start = 3 is outside its bounds [0, 2]"),
                       DomainError);
  CHECK_THROWS_WITH_AS(fit({{1, 0, 2}}, {.relative_offset = 1.0}), doctest::Contains("relative_offset = 1"),
                       DomainError);
  CHECK_THROWS_WITH_AS(fit({{1, 0, 2}}, {.difference_step = 0.2}), doctest::Contains("difference_step = 0.2"),
                       DomainError);
  CHECK_THROWS_WITH_AS(fit({{1, 0, 2}}, {.most_evaluations = 0}), doctest::Contains("most_evaluations = 0"),
                       DomainError);
  // A count that changes is caught; so is an error in the middle of a step, through NLopt's C functions.
  const std::vector<BoundedParameter> one{{9.0, 0.0, 10.0}};
  CHECK_THROWS_WITH_AS(
      least_squares(one, [](Values b) { return std::vector<double>(b[0] == 9.0 ? 4 : 5, b[0]); }),
      doctest::Contains("5 residuals at ("), DomainError);
  bool thrown = false;
  const auto once = [&](Values b) {
    if (b[0] < 8.0 && !std::exchange(thrown, true)) throw DomainError("too small");
    return std::vector<double>(4, b[0]);
  };
  CHECK_THROWS_WITH_AS(least_squares(one, once), "too small", DomainError);
}

namespace {

struct Certified {
  std::string file;
  std::vector<BoundedParameter> parameters;
  double (*model)(double x, Values b);
  std::vector<double> values, standard_deviations;
  double residual_sum_of_squares;
};

double misra1a(double x, Values b) {
  return b[0] * (1.0 - std::exp(-b[1] * x));
}
double mgh09(double x, Values b) {
  return b[0] * (x * x + b[1] * x) / (x * x + b[2] * x + b[3]);
}
double lanczos3(double x, Values b) {
  return b[0] * std::exp(-b[1] * x) + b[2] * std::exp(-b[3] * x) + b[4] * std::exp(-b[5] * x);
}
double rat43(double x, Values b) {
  return b[0] / std::pow(1.0 + std::exp(b[1] - b[2] * x), 1.0 / b[3]);
}

std::vector<BoundedParameter> between(const std::vector<double>& lower, const std::vector<double>& upper,
                                      const std::vector<double>& start) {
  std::vector<BoundedParameter> list;
  for (std::size_t i = 0; i < start.size(); ++i) list.push_back({start[i], lower[i], upper[i]});
  return list;
}

}  // namespace

// Oracle: NIST Statistical Reference Datasets, nonlinear regression, 11 digits certified; NIST's starting
// values, bounds are ours. Both starts of each, but MGH09's first: from there algorithms of this class take
// hundreds of steps (NIST calls it difficult for some very good algorithms).
TEST_CASE("least squares: values and standard deviations that NIST certified") {
  const std::vector<double> misra_low{1.0, 1e-5}, misra_high{1000.0, 1e-2}, zeros(6, 0.0), tens(6, 10.0),
      rat_low{1.0, 0.0, 0.0, 0.1}, rat_high{2000.0, 20.0, 5.0, 10.0};
  const Certified misra{"misra1a",
                        {},
                        misra1a,
                        {2.3894212918e+02, 5.5015643181e-04},
                        {2.7070075241e+00, 7.2668688436e-06},
                        1.2455138894e-01};
  const Certified kowalik{"mgh09",
                          {},
                          mgh09,
                          {1.9280693458e-01, 1.9128232873e-01, 1.2305650693e-01, 1.3606233068e-01},
                          {1.1435312227e-02, 1.9633220911e-01, 8.0842031232e-02, 9.0025542308e-02},
                          3.0750560385e-04};
  const Certified lanczos{"lanczos3",
                          {},
                          lanczos3,
                          {8.6816414977e-02, 9.5498101505e-01, 8.4400777463e-01, 2.9515951832e+00,
                           1.5825685901e+00, 4.9863565084e+00},
                          {1.7197908859e-02, 9.7041624475e-02, 4.1488663282e-02, 1.0766312506e-01,
                           5.8371576281e-02, 3.4436403035e-02},
                          1.6117193594e-08};
  const Certified ratkowsky{"rat43",
                            {},
                            rat43,
                            {6.9964151270e+02, 5.2771253025e+00, 7.5962938329e-01, 1.2792483859e+00},
                            {1.6302297817e+01, 2.0828735829e+00, 1.9566123451e-01, 6.8761936385e-01},
                            8.7864049080e+03};
  const auto from = [](Certified problem, std::vector<BoundedParameter> parameters) {
    problem.parameters = std::move(parameters);
    return problem;
  };
  const std::vector<Certified> problems{from(misra, between(misra_low, misra_high, {500.0, 1e-4})),
                                        from(misra, between(misra_low, misra_high, {250.0, 5e-4})),
                                        from(kowalik, between(zeros, tens, {0.25, 0.39, 0.415, 0.39})),
                                        from(lanczos, between(zeros, tens, {1.2, 0.3, 5.6, 5.5, 6.5, 7.6})),
                                        from(lanczos, between(zeros, tens, {0.5, 0.7, 3.6, 4.2, 4.0, 6.3})),
                                        from(ratkowsky, between(rat_low, rat_high, {100.0, 10.0, 1.0, 1.0})),
                                        from(ratkowsky, between(rat_low, rat_high, {700.0, 5.0, 0.75, 1.3}))};
  for (const Certified& problem : problems) {
    CAPTURE(problem.file);
    CAPTURE(problem.parameters[0].start);
    const auto rows = read_csv("tests/data/nist_" + problem.file + ".csv");
    const LeastSquaresFit fit = least_squares(problem.parameters, residuals_of(rows, problem.model),
                                              {.relative_offset = 1e-4, .difference_step = 1e-5});
    CHECK(fit.converged);
    CHECK(fit.evaluations <= 250);
    // At the minimum the sum of squares rises by the square of the offset.
    const auto n = static_cast<double>(rows.size());
    CHECK(rel_error(n * fit.rms * fit.rms, problem.residual_sum_of_squares) <= 1e-7);
    for (std::size_t i = 0; i < problem.values.size(); ++i) {
      CAPTURE(i);
      const FittedValue& each = fit.parameters[i];
      // The relative offset asked for, times sqrt(p) <= 2.5.
      CHECK(abs_error(each.value, problem.values[i]) <= 2.5e-4 * problem.standard_deviations[i]);
      // How much a standard deviation changes over such an offset; and differences of 1e-5 of a range.
      CHECK(rel_error(each.standard_error, problem.standard_deviations[i]) <= 2e-4);
    }
  }
}

TEST_SUITE("slow") {
  // Oracle: the meaning of 95 %. Six points and two parameters leave four degrees of freedom, where Student's
  // t is 2.78 and not the normal's 1.96, which would cover 88 %.
  TEST_CASE("least squares: 95 % of the intervals of simulated data hold the truth") {
    constexpr int trials = 40000;
    const std::vector<double> truth{2.0, 0.7};
    const auto model = [](double x, Values b) { return b[0] * std::exp(-b[1] * x); };
    const std::vector<BoundedParameter> parameters{{1.5, 0.0, 5.0}, {0.5, 0.0, 3.0}};
    std::mt19937_64 random(20240607);
    // Small against the curvature, so that the linearised interval is exact to a fraction of a percent.
    std::normal_distribution<double> noise(0.0, 0.02);
    std::array<int, 2> covered{};
    for (int trial = 0; trial < trials; ++trial) {
      std::vector<std::vector<double>> rows;
      for (int k = 0; k < 6; ++k) rows.push_back({0.4 * k, model(0.4 * k, truth) + noise(random)});
      const LeastSquaresFit fit = least_squares(parameters, residuals_of(rows, model));
      REQUIRE(fit.converged);
      for (std::size_t i = 0; i < 2; ++i)
        if (fit.parameters[i].low_95 <= truth[i] && truth[i] <= fit.parameters[i].high_95) ++covered[i];
    }
    // Five standard deviations of the binomial.
    const double tolerance = 5.0 * std::sqrt(0.95 * 0.05 / trials);
    for (const int count : covered) CHECK(abs_error(count / double{trials}, 0.95) <= tolerance);
  }
}
