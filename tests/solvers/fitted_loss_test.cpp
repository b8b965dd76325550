#include "solvers/channel/fitted_loss.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "lib/network_files.hpp"
#include "network/touchstone.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

/// A 2-port whose insertion loss is `loss_dB(f)`, 10 MHz to 30 GHz.
template <class Loss>
SParameters network_of(Loss loss_dB) {
  SParameters n{2, 100.0, {}, {}};
  for (int k = 1; k <= 3000; ++k) {
    const double f = 10e6 * k, through = std::pow(10.0, -loss_dB(f) / 20.0);
    n.frequency_Hz.push_back(f);
    n.s.insert(n.s.end(), {0.0, through, through, 0.0});
  }
  return n;
}

double smooth_dB(double f) {
  return 0.3 + 2e-5 * std::sqrt(f) + 4e-10 * f + 3e-21 * f * f;
}

}  // namespace

TEST_CASE("fitted loss: a loss that is such a sum is met, and has no deviation") {
  const SParameters n = network_of(smooth_dB);
  const FittedLoss fit = fit_insertion_loss(n, 50e6, 30e9);
  const double expected[] = {0.3, 2e-5, 4e-10, 3e-21};
  // The columns are alike over the band: a condition number of 1e3.
  for (std::size_t i = 0; i < 4; ++i) CHECK(rel_error(fit.coefficient[i], expected[i]) <= 1e-9);
  const auto deviation = insertion_loss_deviation_dB(n, fit);
  CHECK(std::isnan(deviation[3]));  // 40 MHz
  for (std::size_t k = 4; k < deviation.size(); ++k) CHECK(std::abs(deviation[k]) <= 1e-11);
}

TEST_CASE(
    "fitted loss: fast ripple on it is the deviation, and its rms without filters is the figure of merit") {
  const SParameters n =
      network_of([](double f) { return smooth_dB(f) + 0.5 * std::sin(2.0 * M_PI * f * 10e-9); });
  const FittedLoss fit = fit_insertion_loss(n, 50e6, 30e9);
  const auto deviation = insertion_loss_deviation_dB(n, fit);
  const double fom = ild_figure_of_merit_dB(n.frequency_Hz, deviation, {.symbol_rate_Bd = 1e15});
  // 300 periods: the fit takes off about 1/300 of them; sinc² is 1 to 1e-9.
  CHECK(rel_error(fom, 0.5 / std::sqrt(2.0)) <= 0.01);
  // At 26.5625 GBd the weight is sinc² alone, whose mean to 30 GHz is Si-like: 0.4563 / 1.1294.
  double weight = 0.0;
  for (std::size_t k = 4; k < 3000; ++k) {
    const double x = M_PI * n.frequency_Hz[k] / 26.5625e9;
    weight += std::sin(x) * std::sin(x) / (x * x) / 2996.0;
  }
  CHECK(rel_error(ild_figure_of_merit_dB(n.frequency_Hz, deviation, {.symbol_rate_Bd = 26.5625e9}),
                  0.5 * std::sqrt(0.5 * weight)) <= 0.01);
}

// Oracle: NumPy, tests/oracles/fitted_loss.py.
TEST_CASE(
    "fitted loss: coefficients, deviation and figure of merit of the example channel are those of NumPy") {
  const std::vector<int> order = {1, 3, 2, 4};
  const SParameters dd =
      mixed_mode(select_ports(read_touchstone(test::channel_path("example2_THRU")), order)).dd;
  int checked = 0;
  for (const auto& row : test::read_csv("tests/data/fitted_loss.csv")) {
    const FittedLoss fit = fit_insertion_loss(dd, row[3], row[4]);
    const double unit[] = {1.0, std::sqrt(1e9), 1e9, 1e18};
    // The oracle squares the condition number of 1e3.
    for (std::size_t i = 0; i < 4; ++i)
      CHECK(abs_error(fit.coefficient[i] * unit[i], row[5 + i]) <=
            1e-8 * std::max(1.0, std::abs(row[5 + i])));
    const auto deviation = insertion_loss_deviation_dB(dd, fit);
    double largest = 0.0;
    for (const double value : deviation)
      if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
    CHECK(rel_error(largest, row[10]) <= 1e-8);
    CHECK(rel_error(ild_figure_of_merit_dB(dd.frequency_Hz, deviation, {row[0], row[1], row[2]}), row[9]) <=
          1e-8);
    ++checked;
  }
  CHECK(checked == 3);
}

TEST_CASE("fitted loss: bands with too few points and settings that cannot be meant are refused") {
  const SParameters n = network_of(smooth_dB);
  CHECK_THROWS_WITH_AS(fit_insertion_loss(n, 1e9, 1.05e9), doctest::Contains("at least 8"), DomainError);
  CHECK_THROWS_AS(fit_insertion_loss({4, 50.0, {1e9}, std::vector<Complex>(16)}, 0.0, 2e9), DomainError);
  const std::vector<double> none(3000, NAN);
  CHECK_THROWS_AS(ild_figure_of_merit_dB(n.frequency_Hz, none, {.symbol_rate_Bd = 1e10}), DomainError);
  CHECK_THROWS_AS(ild_figure_of_merit_dB(n.frequency_Hz, none, {}), DomainError);
}
