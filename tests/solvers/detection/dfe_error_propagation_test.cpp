#include "solvers/detection/dfe_error_propagation.hpp"

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/random.hpp"
#include "core/special.hpp"
#include "signal/pattern.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

int nearest(double y, int levels) {
  int level = 0;
  for (int k = 0; k + 1 < levels; ++k) level += y > -1.0 + (2.0 * k + 1.0) / (levels - 1);
  return level;
}

/// Ratio and its standard error from blocks of 1000 symbols, which end bursts.
struct Counted {
  double errors = 0.0, ratio = 0.0, sigma = 0.0;
};
Counted summarise(const std::vector<double>& block, double per_block) {
  Counted result;
  const double n = static_cast<double>(block.size());
  result.errors = std::accumulate(block.begin(), block.end(), 0.0);
  double square = 0.0;
  for (const double each : block) square += (each - result.errors / n) * (each - result.errors / n);
  result.ratio = result.errors / (n * per_block);
  result.sigma = std::sqrt(square * n / (n - 1.0)) / (n * per_block);
  return result;
}

struct Simulation {
  Counted symbols, bits, precoded_symbols, precoded_bits;
  std::vector<double> event_length, event_errors, precoded_event_errors, run_length;  // counts
  double events = 0.0, runs = 0.0;
};

/// Symbol by symbol: precoder, channel with postcursors, slicer, feedback of decisions, decoder.
Simulation simulate(int levels, const std::vector<double>& tap, double sigma, const std::vector<double>& step,
                    long blocks, std::uint64_t seed) {
  constexpr long per_block = 1000;
  const long symbols = blocks * per_block, memory = static_cast<long>(tap.size());
  std::vector<int> data(static_cast<std::size_t>(symbols)), which(data.size());
  std::vector<double> noise(data.size());
  RandomStream(seed, source_number("symbols")).integers(0, levels, data);
  RandomStream(seed, source_number("noise")).normal(0, noise);
  RandomStream(seed, source_number("bounded")).integers(0, static_cast<int>(step.size()), which);
  const auto a = level_amplitudes(levels);
  std::vector<std::vector<double>> counts(4, std::vector<double>(static_cast<std::size_t>(blocks), 0.0));
  Simulation result;
  for (auto* each :
       {&result.event_length, &result.event_errors, &result.precoded_event_errors, &result.run_length})
    each->assign(200, 0.0);
  std::vector<int> sent(data.size()), decided(data.size());
  long first = -1, last = -1, wrong = 0, decoded_wrong = 0, run = 0;
  for (long i = 0; i < symbols; ++i) {
    const auto at = static_cast<std::size_t>(i), b = static_cast<std::size_t>(i / per_block);
    sent[at] = (data[at] - (i > 0 ? sent[at - 1] : 0) + levels) % levels;
    double y =
        a[static_cast<std::size_t>(sent[at])] + sigma * noise[at] + step[static_cast<std::size_t>(which[at])];
    for (long m = 1; m <= std::min(memory, i); ++m) {
      const auto past = static_cast<std::size_t>(i - m);
      y += tap[static_cast<std::size_t>(m - 1)] *
           (a[static_cast<std::size_t>(sent[past])] - a[static_cast<std::size_t>(decided[past])]);
    }
    decided[at] = nearest(y, levels);
    const int decoded = (decided[at] + (i > 0 ? decided[at - 1] : 0)) % levels;
    const bool error = decided[at] != sent[at], decoded_error = decoded != data[at];
    counts[0][b] += error;
    counts[1][b] += bit_errors(sent[at], decided[at]);
    counts[2][b] += decoded_error;
    counts[3][b] += bit_errors(data[at], decoded);
    if (error) {
      if (first < 0) first = i;
      last = i;
      ++wrong;
      ++run;
    } else if (run > 0) {
      result.runs += 1.0;
      result.run_length[static_cast<std::size_t>(run - 1)] += 1.0;
      run = 0;
    }
    decoded_wrong += decoded_error;
    if (first >= 0 && i - last == memory) {
      result.events += 1.0;
      result.event_length[static_cast<std::size_t>(last - first)] += 1.0;
      result.event_errors[static_cast<std::size_t>(wrong - 1)] += 1.0;
      result.precoded_event_errors[static_cast<std::size_t>(decoded_wrong - 1)] += 1.0;
      first = -1;
      wrong = decoded_wrong = 0;
    }
  }
  const double bits = per_block * std::log2(levels);
  result.symbols = summarise(counts[0], per_block);
  result.bits = summarise(counts[1], bits);
  result.precoded_symbols = summarise(counts[2], per_block);
  result.precoded_bits = summarise(counts[3], bits);
  return result;
}

void check_ratio(const Counted& counted, double expected) {
  CAPTURE(expected);
  CAPTURE(counted.ratio);
  CHECK(counted.errors >= 1e4);
  CHECK(counted.sigma < 0.03 * expected);
  CHECK(std::abs(counted.ratio - expected) <= 5.0 * counted.sigma);
}

void check_shares(const std::vector<double>& counts, double total, const std::vector<double>& expected) {
  REQUIRE(total > 1e3);
  int compared = 0;
  for (std::size_t k = 0; k < expected.size(); ++k) {
    if (expected[k] * total < 30.0) continue;
    ++compared;
    // Events are independent: a binomial count.
    CHECK(std::abs(counts[k] - total * expected[k]) <= 5.0 * std::sqrt(total * expected[k]));
  }
  CHECK(compared >= 2);
}

}  // namespace

TEST_CASE("DFE errors: one NRZ tap of 1 follows the two-state chain") {
  // With b = 1 a wrong symbol leaves ±2: the next is wrong with q = (Q(3/σ) + 1 - Q(1/σ)) / 2, else with p =
  // Q(1/σ).
  const std::vector<double> tap = {1.0};
  for (const double sigma : {0.6, 0.35, 0.2, 0.1}) {
    const double p = gaussian_tail(1.0 / sigma), q = 0.5 * (gaussian_tail(3.0 / sigma) + 1.0 - p);
    for (const double sign : {1.0, -1.0}) {
      const std::vector<double> signed_tap = {sign * tap[0]};
      const DfeErrors found =
          solve_dfe_errors({.levels = 2, .tap = signed_tap, .sigma = sigma, .tolerance = 1e-9});
      CAPTURE(sigma);
      // The stated tolerance.
      CHECK(found.left_out <= 1e-9);
      CHECK(rel_error(found.event_ratio, p) <= 1e-11);
      CHECK(rel_error(found.symbol_error_ratio, p / (1.0 - q + p)) <= 1e-9);
      CHECK(found.bit_error_ratio == found.symbol_error_ratio);
      // Modulo 2 each run leaves its first symbol and the one behind it.
      CHECK(rel_error(found.precoded_bit_error_ratio, 2.0 * p * (1.0 - q) / (1.0 - q + p)) <= 1e-9);
      for (std::size_t k = 0; k < 8; ++k) {
        CHECK(rel_error(found.run_length[k], (1.0 - q) * std::pow(q, static_cast<double>(k))) <= 1e-8);
        CHECK(rel_error(found.event_length[k], (1.0 - q) * std::pow(q, static_cast<double>(k))) <= 1e-8);
        CHECK(rel_error(found.event_errors[k], (1.0 - q) * std::pow(q, static_cast<double>(k))) <= 1e-8);
      }
      CHECK(rel_error(found.precoded_event_errors[1], 1.0) <= 1e-8);
    }
  }
}

TEST_CASE("DFE errors: without taps nothing propagates, and precoding doubles the errors") {
  const DfeErrors found = solve_dfe_errors({.levels = 4, .sigma = 0.05});
  // Tolerance of the solver.
  CHECK(rel_error(found.symbol_error_ratio, 1.5 * gaussian_tail(1.0 / 0.15)) <= 1e-6);
  CHECK(rel_error(found.bit_error_ratio, 0.5 * found.symbol_error_ratio) <= 1e-6);
  CHECK(rel_error(found.precoded_symbol_error_ratio, 2.0 * found.symbol_error_ratio) <= 1e-6);
  CHECK(rel_error(found.multiplication, 1.0) <= 1e-6);
}

TEST_CASE("DFE errors: given thresholds and a one-sided bounded part have the closed sum of their tails") {
  const std::vector<double> threshold = {-0.6, 0.05, 0.7};
  const Density shifted{0.1, 0, {0.5, 0.5}};  // 0 or 0.1, never below
  const double sigma = 0.09;
  double symbols = 0.0, bits = 0.0;
  for (int s = 0; s < 4; ++s)
    for (const double move : {0.0, 0.1})
      for (int q = 0; q < 4; ++q) {
        const double at = -1.0 + s * 2.0 / 3.0 + move;
        const auto above = [&](int k) {
          return k == 0   ? 1.0
                 : k == 4 ? 0.0
                          : gaussian_tail((threshold[static_cast<std::size_t>(k - 1)] - at) / sigma);
        };
        if (q == s) continue;
        symbols += (above(q) - above(q + 1)) / 8.0;
        bits += bit_errors(s, q) * (above(q) - above(q + 1)) / 16.0;
      }
  const DfeErrors found =
      solve_dfe_errors({.levels = 4, .threshold = threshold, .sigma = sigma, .additive = &shifted});
  // Tolerance of the solver.
  CHECK(rel_error(found.symbol_error_ratio, symbols) <= 1e-6);
  CHECK(rel_error(found.bit_error_ratio, bits) <= 1e-6);
  const std::vector<double> two = {-0.6, 0.05}, falling = {0.7, 0.05, -0.6};
  CHECK_THROWS_WITH_AS(solve_dfe_errors({.levels = 4, .threshold = two, .sigma = sigma}),
                       doctest::Contains("2 thresholds for 4 levels"), DomainError);
  CHECK_THROWS_WITH_AS(solve_dfe_errors({.levels = 4, .threshold = falling, .sigma = sigma}),
                       doctest::Contains("ascend"), DomainError);
}

TEST_CASE("DFE errors: an error ratio that no number holds is 0, not undefined") {
  const std::vector<double> tap = {0.3, 0.1};
  const DfeErrors least = solve_dfe_errors({.levels = 2, .tap = tap, .sigma = 1.0 / 37.0});
  CHECK(least.bit_error_ratio > 0.0);
  CHECK(least.precoded_bit_error_ratio > least.bit_error_ratio);
  const DfeErrors none = solve_dfe_errors({.levels = 2, .tap = tap, .sigma = 1e-3});
  for (const double ratio : {none.event_ratio, none.symbol_error_ratio, none.bit_error_ratio,
                             none.precoded_symbol_error_ratio, none.precoded_bit_error_ratio})
    CHECK(ratio == 0.0);
  CHECK(none.multiplication == 1.0);
  CHECK(none.event_length.empty());
}

TEST_CASE("DFE errors: equal the stationary vector of the dense PAM4 chain") {
  // Oracle: all 49 states and 7 errors written out, Eigen's full-pivot solution of π P = π.
  const int levels = 4, errors = 7;
  const std::vector<double> tap = {0.8, -0.3};
  const double sigma = 0.12, step = 2.0 / 3.0;
  Eigen::MatrixXd p = Eigen::MatrixXd::Zero(49, 49);
  Eigen::VectorXd wrong = Eigen::VectorXd::Zero(49);
  for (int e1 = -3; e1 <= 3; ++e1)
    for (int e2 = -3; e2 <= 3; ++e2)
      for (int s = 0; s < levels; ++s)
        for (int q = 0; q < levels; ++q) {
          const double at = -1.0 + s * step - step * (tap[0] * e1 + tap[1] * e2);
          const auto above = [&](int k) {
            return k <= 0 ? 1.0 : (k >= levels ? 0.0 : gaussian_tail((-1.0 + (k - 0.5) * step - at) / sigma));
          };
          const double share = (above(q) - above(q + 1)) / levels;
          const int from = (e1 + 3) * errors + e2 + 3;
          p((q - s + 3) * errors + e1 + 3, from) += share;
          if (q != s) wrong(from) += share;
        }
  Eigen::MatrixXd system = p - Eigen::MatrixXd::Identity(49, 49);
  system.row(0).setOnes();
  const Eigen::VectorXd stationary = system.fullPivLu().solve(Eigen::VectorXd::Unit(49, 0));
  const DfeErrors found = solve_dfe_errors({.levels = 4, .tap = tap, .sigma = sigma, .tolerance = 1e-9});
  // The stated tolerance, and rounding of differences of tails in the oracle.
  CHECK(rel_error(found.symbol_error_ratio, wrong.dot(stationary)) <= 1e-9);
  // Behind the decoder a symbol is wrong where its error and the one in front do not cancel modulo 4.
  double decoded = 0.0;
  for (int e1 = -3; e1 <= 3; ++e1)
    for (int e2 = -3; e2 <= 3; ++e2)
      if ((e1 + e2) % levels != 0) decoded += stationary((e1 + 3) * errors + e2 + 3);
  CHECK(rel_error(found.precoded_symbol_error_ratio, decoded) <= 1e-9);
  CHECK(found.multiplication > 1.5);
  double total = 0.0, mean_errors = 0.0;
  for (std::size_t k = 0; k < found.event_errors.size(); ++k) {
    total += found.event_errors[k];
    mean_errors += found.event_errors[k] * static_cast<double>(k + 1);
  }
  CHECK(abs_error(total, 1.0) <= 1e-8);
  // Wald: errors per cycle over its length; the last bin holds longer events.
  CHECK(rel_error(found.symbol_error_ratio / found.event_ratio, found.multiplication) <= 1e-12);
  CHECK(mean_errors >= found.multiplication * (1.0 - 1e-6));
}

TEST_CASE("DFE errors: the states left out stay within the stated bound") {
  const std::vector<double> tap = {0.5, 0.3, -0.2, 0.1, 0.1};
  const DfeErrors fine = solve_dfe_errors({.levels = 4, .tap = tap, .sigma = 0.1, .tolerance = 1e-8});
  const DfeErrors coarse = solve_dfe_errors({.levels = 4, .tap = tap, .sigma = 0.1, .tolerance = 1e-2});
  MESSAGE("states ", fine.states, " and ", coarse.states);
  CHECK(coarse.states < fine.states);
  CHECK(fine.states < 7 * 7 * 7 * 7 * 7);
  CHECK(coarse.left_out <= 1e-2);
  CHECK(rel_error(coarse.symbol_error_ratio, fine.symbol_error_ratio) <= coarse.left_out);
  CHECK(rel_error(coarse.precoded_bit_error_ratio, fine.precoded_bit_error_ratio) <= coarse.left_out);
}

TEST_CASE("DFE errors: what cannot be meant is refused") {
  const std::vector<double> many(21, 0.1);
  CHECK_THROWS_WITH_AS(solve_dfe_errors({.levels = 5, .sigma = 0.1}), doctest::Contains("levels"),
                       DomainError);
  CHECK_THROWS_WITH_AS(solve_dfe_errors({.tap = many, .sigma = 0.1}), doctest::Contains("21 taps"),
                       DomainError);
  CHECK_THROWS_WITH_AS(solve_dfe_errors({.sigma = 0.0}), doctest::Contains("sigma"), DomainError);
  const std::vector<double> tap(8, 0.4);
  CHECK_THROWS_WITH_AS(solve_dfe_errors({.levels = 4, .tap = tap, .sigma = 0.2, .most_states = 1000}),
                       doctest::Contains("1000 states"), DomainError);
}

TEST_SUITE("slow") {
  TEST_CASE("DFE errors: the chain equals counted decisions with Gaussian and bounded noise") {
    const std::vector<double> tap = {0.6, 0.25, -0.15};
    const std::vector<double> step = {-0.05, 0.0, 0.0, 0.05};
    const double sigma = 0.11;
    const Density bounded{0.05, -1, {0.25, 0.5, 0.25}};
    const DfeErrors expected =
        solve_dfe_errors({.levels = 4, .tap = tap, .sigma = sigma, .additive = &bounded});
    const Simulation same = simulate(4, tap, sigma, step, 20000, 11);
    check_ratio(same.symbols, expected.symbol_error_ratio);
    check_ratio(same.bits, expected.bit_error_ratio);
    check_ratio(same.precoded_symbols, expected.precoded_symbol_error_ratio);
    check_ratio(same.precoded_bits, expected.precoded_bit_error_ratio);
    check_shares(same.event_length, same.events, expected.event_length);
    check_shares(same.event_errors, same.events, expected.event_errors);
    check_shares(same.precoded_event_errors, same.events, expected.precoded_event_errors);
    check_shares(same.run_length, same.runs, expected.run_length);
    MESSAGE("PAM4: SER ", expected.symbol_error_ratio, " counted ", same.symbols.ratio, " +- ",
            same.symbols.sigma, ", multiplication ", expected.multiplication, ", precoded SER ",
            expected.precoded_symbol_error_ratio);
    // The comparison notices 0.1 dB of noise.
    const Simulation more = simulate(4, tap, sigma * std::pow(10.0, 0.1 / 20.0), step, 20000, 12);
    CHECK(std::abs(more.symbols.ratio - expected.symbol_error_ratio) > 5.0 * more.symbols.sigma);
    CHECK(std::abs(more.precoded_bits.ratio - expected.precoded_bit_error_ratio) >
          5.0 * more.precoded_bits.sigma);
  }

  TEST_CASE("DFE errors: the chain equals counted decisions for five NRZ taps") {
    const std::vector<double> tap = {0.7, 0.3, -0.2, 0.15, 0.1};
    const double sigma = 0.5;
    const DfeErrors expected = solve_dfe_errors({.levels = 2, .tap = tap, .sigma = sigma});
    const Simulation same = simulate(2, tap, sigma, {0.0}, 10000, 13);
    check_ratio(same.bits, expected.bit_error_ratio);
    check_ratio(same.precoded_bits, expected.precoded_bit_error_ratio);
    check_shares(same.event_length, same.events, expected.event_length);
    const Simulation more = simulate(2, tap, sigma * std::pow(10.0, 0.1 / 20.0), {0.0}, 10000, 14);
    CHECK(std::abs(more.bits.ratio - expected.bit_error_ratio) > 5.0 * more.bits.sigma);
  }
}
