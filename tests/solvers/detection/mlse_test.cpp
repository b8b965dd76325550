#include "solvers/detection/mlse.hpp"

#include <doctest/doctest.h>

#include <boost/math/special_functions/owens_t.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "core/error.hpp"
#include "core/random.hpp"
#include "core/special.hpp"
#include "signal/pattern.hpp"
#include "solvers/detection/mlse_analysis.hpp"
#include "solvers/detection/mlse_overlap.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

using Taps = std::vector<double>;
const std::map<int, Taps> amplitudes_of = {{2, level_amplitudes(2)}, {4, level_amplitudes(4)}};

/// Σ_m g_m a(s_{i-m}); symbols in front of the first are `front`.
double target_value(const Taps& target, const std::vector<int>& level, long i, int levels) {
  const auto a = level_amplitudes(levels);
  double value = a[static_cast<std::size_t>(level[static_cast<std::size_t>(i)])];
  for (long m = 1; m <= static_cast<long>(target.size()); ++m)
    value += target[static_cast<std::size_t>(m - 1)] *
             a[static_cast<std::size_t>(level[static_cast<std::size_t>(i - m)])];
  return value;
}

/// Least Σ (y - target)² over every sequence, those in front of the first sample included.
std::vector<int> search_all(const Taps& target, const Taps& y, int levels) {
  const long front = static_cast<long>(target.size()), total = front + static_cast<long>(y.size());
  std::vector<int> level(static_cast<std::size_t>(total), 0), best;
  double least = std::numeric_limits<double>::infinity();
  const long sequences = std::lround(std::pow(levels, total));
  for (long n = 0; n < sequences; ++n) {
    long rest = n;
    for (int& each : level) {
      each = static_cast<int>(rest % levels);
      rest /= levels;
    }
    double metric = 0.0;
    for (long i = front; i < total && metric < least; ++i) {
      const double away = y[static_cast<std::size_t>(i - front)] - target_value(target, level, i, levels);
      metric += away * away;
    }
    if (metric >= least) continue;
    least = metric;
    best.assign(level.begin() + front, level.end());
  }
  return best;
}

/// The textbook form: every state keeps its whole path, branches cost (y - target)².
std::vector<int> plain_viterbi(const Taps& target, const Taps& y, int levels) {
  const long memory = static_cast<long>(target.size()), states = std::lround(std::pow(levels, memory));
  std::vector<double> metric(static_cast<std::size_t>(states), 0.0);
  std::vector<std::vector<int>> path(static_cast<std::size_t>(states));
  for (long n = 0; n < states; ++n)  // oldest level first
    for (long k = 0, rest = n; k < memory; ++k, rest /= levels)
      path[static_cast<std::size_t>(n)].insert(path[static_cast<std::size_t>(n)].begin(),
                                               static_cast<int>(rest % levels));
  for (const double each : y) {
    std::vector<double> next(metric.size(), std::numeric_limits<double>::infinity());
    std::vector<std::vector<int>> next_path(path.size());
    for (long n = 0; n < states; ++n)
      for (int newest = 0; newest < levels; ++newest) {
        std::vector<int> longer = path[static_cast<std::size_t>(n)];
        longer.push_back(newest);
        const double away = each - target_value(target, longer, static_cast<long>(longer.size()) - 1, levels);
        const double candidate = metric[static_cast<std::size_t>(n)] + away * away;
        const auto to = static_cast<std::size_t>((n * levels + newest) % states);
        if (candidate >= next[to]) continue;
        next[to] = candidate;
        next_path[to] = std::move(longer);
      }
    metric.swap(next);
    path.swap(next_path);
  }
  const auto& best =
      path[static_cast<std::size_t>(std::min_element(metric.begin(), metric.end()) - metric.begin())];
  return {best.begin() + memory, best.end()};
}

struct Counted {
  double errors = 0.0, symbol_ratio = 0.0, symbol_sigma = 0.0, bit_ratio = 0.0, bit_sigma = 0.0;
};

/// Viterbi on random symbols with noise n_i = Σ shape_j w_{i-j}; blocks of 4096 symbols.
Counted count(const Taps& a, const Taps& target, double sigma, const Taps& shape, long blocks,
              std::uint64_t seed) {
  constexpr std::size_t size = 4096, overlap = 16;
  ViterbiDetector detector(a, target);
  const int levels = static_cast<int>(a.size());
  Taps symbol_errors, bit_errors_of, white(size + overlap), y(size);
  std::vector<int> sent(size + overlap), decided;
  decided.reserve(size);
  for (long b = 0; b < blocks; ++b) {
    RandomStream(seed, source_number("symbols"), static_cast<std::uint64_t>(b)).integers(0, levels, sent);
    RandomStream(seed, source_number("noise"), static_cast<std::uint64_t>(b)).normal(0, white);
    for (std::size_t i = 0; i < size; ++i) {
      double value = a[static_cast<std::size_t>(sent[i + overlap])];
      for (std::size_t m = 0; m < target.size(); ++m)
        value += target[m] * a[static_cast<std::size_t>(sent[i + overlap - 1 - m])];
      for (std::size_t j = 0; j < shape.size(); ++j) value += sigma * shape[j] * white[i + overlap - j];
      y[i] = value;
    }
    decided.clear();
    detector.push(y, decided);
    detector.finish(decided);
    double symbols = 0.0, bits = 0.0;
    for (std::size_t i = overlap; i < size - overlap; ++i) {  // the ends know less
      symbols += decided[i] != sent[i + overlap];
      bits += bit_errors(sent[i + overlap], decided[i]);
    }
    symbol_errors.push_back(symbols);
    bit_errors_of.push_back(bits);
  }
  Counted result;
  const auto ratio = [&](const Taps& each, double per_block, double& mean, double& error) {
    const double n = static_cast<double>(blocks), sum = std::accumulate(each.begin(), each.end(), 0.0);
    double square = 0.0;
    for (const double e : each) square += (e - sum / n) * (e - sum / n);
    mean = sum / (n * per_block);
    error = std::sqrt(square * n / (n - 1.0)) / (n * per_block);
    return sum;
  };
  const double counted = static_cast<double>(size - 2 * overlap);
  result.errors = ratio(symbol_errors, counted, result.symbol_ratio, result.symbol_sigma);
  ratio(bit_errors_of, counted * bits_per_symbol(levels), result.bit_ratio, result.bit_sigma);
  return result;
}

/// R(k) of σ Σ shape_j w_{i-j}.
Taps covariance_of(const Taps& shape, double sigma) {
  Taps r;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    double sum = 0.0;
    for (std::size_t j = 0; j + k < shape.size(); ++j) sum += shape[j] * shape[j + k];
    r.push_back(sigma * sigma * sum);
  }
  return r;
}

/// rms noise at which the union bound is `ratio`.
double sigma_for(const Taps& a, const Taps& target, const Taps& shape, double ratio) {
  double low = 0.01, high = 2.0;
  while (high / low > 1.0 + 1e-3) {
    const double middle = std::sqrt(low * high);
    const Taps r = covariance_of(shape, middle);
    (analyse_mlse({.amplitude = a, .target = target, .covariance = r, .tolerance = 0.1})
                 .upper_symbol_error_ratio < ratio
         ? low
         : high) = middle;
  }
  return low;
}

/// Analysis against counted errors and against counted errors with 0.1 dB more noise.
void compare(const Taps& a, const Taps& target, const Taps& shape, double ratio, long blocks) {
  const double sigma = sigma_for(a, target, shape, ratio);
  const Taps r = covariance_of(shape, sigma);
  const MlseErrors expected = analyse_mlse({.amplitude = a, .target = target, .covariance = r});
  const Counted same = count(a, target, sigma, shape, blocks, 31);
  const Counted more = count(a, target, sigma * std::pow(10.0, 0.1 / 20.0), shape, blocks, 32);
  MESSAGE(a.size(), " levels, ", target.size(), " taps: SER ", expected.symbol_error_ratio, " counted ",
          same.symbol_ratio, " +- ", same.symbol_sigma, ", union bound ", expected.upper_symbol_error_ratio,
          ", BER ", expected.bit_error_ratio, " counted ", same.bit_ratio, " +- ", same.bit_sigma,
          ", with 0.1 dB more noise ", more.symbol_ratio, ", lower bound ", expected.lower_symbol_error_ratio,
          ", events ", expected.events);
  CHECK(expected.converged);
  CHECK(same.errors >= 1e4);
  CHECK(same.symbol_sigma < 0.02 * same.symbol_ratio);
  CHECK(std::abs(same.symbol_ratio - expected.symbol_error_ratio) <= 5.0 * same.symbol_sigma);
  CHECK(std::abs(same.bit_ratio - expected.bit_error_ratio) <= 5.0 * same.bit_sigma);
  CHECK(std::abs(more.symbol_ratio - expected.symbol_error_ratio) > 5.0 * more.symbol_sigma);
  CHECK(same.symbol_ratio >= expected.lower_symbol_error_ratio - 5.0 * same.symbol_sigma);
}

}  // namespace

TEST_CASE("MLSE: the Viterbi detector finds the sequence that a search of all finds") {
  for (const int levels : {2, 4})
    for (const Taps& target : {Taps{0.8}, Taps{1.0, -0.4}, Taps{-0.7, 0.5, 0.3}}) {
      if (levels == 4 && target.size() == 3) continue;
      const std::size_t size = levels == 2 ? 9 : 5;
      ViterbiDetector detector(level_amplitudes(levels), target);
      for (std::uint64_t trial = 0; trial < 20; ++trial) {
        Taps y(size);
        RandomStream(trial, 7).normal(0, y);  // no signal at all: every path is in play
        std::vector<int> decided;
        // In two pieces: nothing may depend on the cut.
        detector.push(std::span(y).first(2), decided);
        detector.push(std::span(y).subspan(2), decided);
        detector.finish(decided);
        CHECK(decided == search_all(target, y, levels));
      }
    }
}

TEST_CASE("MLSE: one state or eight at a time, decisions are those of the textbook form") {
  for (const int levels : {2, 4})
    for (std::size_t taps = 1; taps <= (levels == 2 ? 6 : 3); ++taps) {
      const Taps all = {-0.7, 0.5, 0.3, -0.25, 0.2, 0.15},
                 target(all.begin(), all.begin() + static_cast<long>(taps));
      Taps y(150);
      RandomStream(taps, 8).normal(0, y);  // no signal: every path is in play
      ViterbiDetector detector(level_amplitudes(levels), target);
      std::vector<int> decided;
      detector.push(y, decided);
      detector.finish(decided);
      CAPTURE(levels);
      CAPTURE(taps);
      CHECK(decided == plain_viterbi(target, y, levels));
    }
}

TEST_CASE("MLSE: long streams are decided in order and without noise exactly") {
  const Taps target = {0.9, 0.3};
  std::vector<int> sent(20000);
  RandomStream(5, 6).integers(0, 4, sent);
  Taps y;
  for (long i = 2; i < static_cast<long>(sent.size()); ++i) y.push_back(target_value(target, sent, i, 4));
  ViterbiDetector detector(level_amplitudes(4), target);
  std::vector<int> decided;
  for (std::size_t at = 0; at < y.size(); at += 777)
    detector.push(std::span(y).subspan(at, std::min<std::size_t>(777, y.size() - at)), decided);
  detector.finish(decided);
  REQUIRE(decided.size() == y.size());
  CHECK(std::equal(decided.begin(), decided.end(), sent.begin() + 2));
}

TEST_CASE("MLSE: the sum over events is the closed sum for one tap in white noise") {
  // Steps of two and repeated signs lie so much further away that they do not count at 1e-9.
  for (const int levels : {2, 4})
    for (const double alpha : {0.3, 0.5, 0.8, 1.0, -0.6}) {
      const double sigma = 0.16 / (levels - 1);
      const Taps target = {alpha}, r = {sigma * sigma};
      const MlseErrors found = analyse_mlse(
          {.amplitude = amplitudes_of.at(levels), .target = target, .covariance = r, .tolerance = 1e-7});
      CAPTURE(alpha);
      CAPTURE(levels);
      REQUIRE(found.converged);
      // A negative α turns alternating steps into equal ones.
      const double expected = alternating_mlse_ser(levels, std::abs(alpha), sigma);
      // The tolerance asked for, and the further events.
      CHECK(rel_error(found.upper_symbol_error_ratio, expected) <= 2e-7);
      CHECK(rel_error(found.least_distance, std::sqrt(1.0 + alpha * alpha) / ((levels - 1) * sigma)) <=
            1e-12);
      CHECK(found.lower_symbol_error_ratio <= found.upper_symbol_error_ratio);
      CHECK(found.left_out <= 1e-7 * found.upper_symbol_error_ratio);
    }
}

TEST_CASE("MLSE: events in coloured noise equal those of the covariance matrix written out") {
  // Oracle: every NRZ event of up to eight steps, δᵀ R δ as a double sum.
  const Taps target = {0.7, 0.4}, shape = {1.0, -0.5, 0.2};
  const Taps r = covariance_of(shape, 0.22);
  double symbols = 0.0;
  for (int n = 0; n < 3 * 3 * 3 * 3 * 3 * 3 * 3 * 3; ++n) {
    std::vector<int> e;
    for (int rest = n, k = 0; k < 8; ++k, rest /= 3) e.push_back(rest % 3 - 1);
    while (!e.empty() && e.back() == 0) e.pop_back();
    if (e.empty() || e.front() == 0) continue;
    bool two_events = false;
    for (std::size_t k = 1; k + 1 < e.size(); ++k) two_events |= e[k] == 0 && e[k + 1] == 0;
    if (two_events) continue;
    Taps delta(e.size() + 2, 0.0);
    double open = 1.0, wrong = 0.0;
    for (std::size_t k = 0; k < e.size(); ++k) {
      open *= e[k] == 0 ? 1.0 : 0.5;
      wrong += e[k] != 0;
      delta[k] += 2.0 * e[k];
      for (std::size_t m = 0; m < 2; ++m) delta[k + m + 1] += 2.0 * target[m] * e[k];
    }
    double length = 0.0, noise = 0.0;
    for (std::size_t i = 0; i < delta.size(); ++i) {
      length += delta[i] * delta[i];
      for (std::size_t j = 0; j < delta.size(); ++j) {
        const std::size_t lag = i > j ? i - j : j - i;
        if (lag < r.size()) noise += delta[i] * delta[j] * r[lag];
      }
    }
    symbols += wrong * open * gaussian_tail(length / (2.0 * std::sqrt(noise)));
  }
  const MlseErrors found =
      analyse_mlse({.amplitude = amplitudes_of.at(2), .target = target, .covariance = r, .tolerance = 1e-4});
  REQUIRE(found.converged);
  MESSAGE("SER ", found.upper_symbol_error_ratio, ", ", found.events, " events");
  // Events of more than eight steps.
  CHECK(rel_error(found.upper_symbol_error_ratio, symbols) <= 1e-3);
  CHECK(found.upper_symbol_error_ratio >= symbols * (1.0 - 1e-4));
}

TEST_CASE("MLSE: the genie bound in autoregressive noise is that of its whitened differences") {
  // Oracle: n_k = ρ n_{k-1} + w_k, so that δᵀ R⁻¹ δ = Σ (δ_k - ρ δ_{k-1})² / σ_w²; every NRZ event of one
  // tap, a run of up to eight signs.
  const double alpha = 0.6, sigma = 0.4;
  for (const double rho : {-0.5, 0.4, 0.7}) {
    Taps r;
    for (int k = 0; k < 64; ++k) r.push_back(sigma * sigma / (1.0 - rho * rho) * std::pow(rho, k));
    double expected = 0.0;
    for (int length = 1; length <= 8; ++length)
      for (int signs = 0; signs < 1 << (length - 1); ++signs) {
        double before_e = 0.0, before_delta = 0.0, square = 0.0;
        for (int k = 0; k < length + 2; ++k) {
          const double e = k >= length ? 0.0 : (signs >> k & 1) != 0 ? -2.0 : 2.0;
          const double delta = e + alpha * before_e;
          square += std::pow((delta - rho * before_delta) / sigma, 2);
          before_e = e;
          before_delta = delta;
        }
        expected = std::max(expected, 2.0 * std::pow(0.5, length) * gaussian_tail(0.5 * std::sqrt(square)));
      }
    const Taps target = {alpha};
    const MlseErrors found =
        analyse_mlse({.amplitude = amplitudes_of.at(2), .target = target, .covariance = r});
    CAPTURE(rho);
    REQUIRE(found.converged);
    // 0.7^64 = 1e-10 of the covariance is cut off.
    CHECK(rel_error(found.lower_symbol_error_ratio, expected) <= 1e-6);
  }
}

TEST_CASE("MLSE: the bivariate tail equals Owen's T function") {
  // Oracle: \cite Owen1956, P(X > h, Y > k) from T, for h, k of one sign:
  // (Q(h) + Q(k)) / 2 - T(h, (k/h - ρ)/s) - T(k, (h/k - ρ)/s), s = sqrt(1 - ρ²).
  for (const double h : {0.5, 1.5, 3.0})
    for (const double k : {0.3, 1.0, 2.5})
      for (const double rho : {-0.7, 0.0, 0.4, 0.9, 0.99}) {
        const double s = std::sqrt(1.0 - rho * rho);
        const double expected = 0.5 * (gaussian_tail(h) + gaussian_tail(k)) -
                                boost::math::owens_t(h, (k / h - rho) / s) -
                                boost::math::owens_t(k, (h / k - rho) / s);
        CAPTURE(h);
        CAPTURE(k);
        CAPTURE(rho);
        // As stated, relative to Q(h).
        CHECK(test::abs_error(bivariate_gaussian_tail(h, k, rho), expected) <= 1e-6 * gaussian_tail(h));
      }
}

TEST_CASE("MLSE: where the sum over events diverges bounds are returned") {
  const Taps target = {1.0}, r = {0.25};
  const MlseErrors found =
      analyse_mlse({.amplitude = amplitudes_of.at(4), .target = target, .covariance = r});
  CHECK_FALSE(found.converged);
  CHECK(found.upper_symbol_error_ratio == 0.75);
  // sigma = 0.5 against levels 2/3 apart: no detector is better than a matched filter that knows the
  // neighbours.
  CHECK(rel_error(found.lower_symbol_error_ratio, 1.5 * gaussian_tail(std::sqrt(2.0) / 1.5)) <= 1e-9);
}

TEST_CASE("MLSE: what cannot be meant is refused") {
  const Taps none, one = {0.5}, five(5, 0.1), r = {0.01}, odd = {0.01, 0.02};
  CHECK_THROWS_WITH_AS(ViterbiDetector(level_amplitudes(3), one), doctest::Contains("3 levels"), DomainError);
  CHECK_THROWS_WITH_AS(ViterbiDetector(level_amplitudes(2), none), doctest::Contains("slicer"), DomainError);
  CHECK_THROWS_WITH_AS(ViterbiDetector(level_amplitudes(4), Taps(6, 0.1)), doctest::Contains("6 taps"),
                       DomainError);
  CHECK_THROWS_WITH_AS(analyse_mlse({.amplitude = amplitudes_of.at(4), .target = five, .covariance = r}),
                       doctest::Contains("5 target"), DomainError);
  CHECK_THROWS_WITH_AS(analyse_mlse({.amplitude = amplitudes_of.at(2), .target = one, .covariance = none}),
                       doctest::Contains("variance"), DomainError);
  CHECK_THROWS_WITH_AS(analyse_mlse({.amplitude = amplitudes_of.at(2), .target = one, .covariance = odd}),
                       doctest::Contains("spectrum"), DomainError);
}

TEST_SUITE("slow") {
  TEST_CASE("MLSE: analysis equals counted decisions, PAM4 with one tap in white noise") {
    compare(amplitudes_of.at(4), {0.6}, {1.0}, 4e-4, 8000);
  }
  TEST_CASE("MLSE: analysis equals counted decisions, NRZ with two taps in coloured noise") {
    compare(amplitudes_of.at(2), {0.7, 0.4}, {1.0, 0.5, -0.2}, 4e-4, 8000);
  }
  TEST_CASE("MLSE: analysis equals counted decisions, PAM4 with two taps in coloured noise") {
    compare(amplitudes_of.at(4), {0.5, 0.2}, {1.0, -0.4}, 4e-4, 8000);
  }
  TEST_CASE("MLSE: analysis equals counted decisions, PAM4 with levels that are not equally spaced") {
    compare({-1.0, -0.28, 0.28, 1.0}, {0.4}, {1.0, 0.2}, 4e-4, 8000);
  }
  TEST_CASE("MLSE: counted decisions lie between the bounds for 1 + D") {
    for (const double ratio : {1e-2, 1e-3}) {
      const double sigma = sigma_for(amplitudes_of.at(4), {1.0}, {1.0}, ratio);
      const Taps target = {1.0}, r = {sigma * sigma};
      const MlseErrors bound =
          analyse_mlse({.amplitude = amplitudes_of.at(4), .target = target, .covariance = r});
      const Counted same = count(amplitudes_of.at(4), target, sigma, {1.0}, ratio > 5e-3 ? 800 : 3500, 33);
      MESSAGE("1 + D: bound ", bound.upper_symbol_error_ratio, ", estimate ", bound.symbol_error_ratio,
              ", counted ", same.symbol_ratio, " +- ", same.symbol_sigma, ", lower bound ",
              bound.lower_symbol_error_ratio);
      CHECK(same.errors >= 1e4);
      CHECK(same.symbol_ratio <= bound.upper_symbol_error_ratio + 5.0 * same.symbol_sigma);
      CHECK(same.symbol_ratio >= bound.lower_symbol_error_ratio);
      // As stated in the header, 16 %.
      if (ratio <= 1e-3) CHECK(rel_error(bound.symbol_error_ratio, same.symbol_ratio) <= 0.2);
    }
  }
}
