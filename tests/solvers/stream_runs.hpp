/// Streams of a repeated pattern beside the periodic solution of that pattern.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "signal/pattern.hpp"
#include "solvers/noise_covariance.hpp"
#include "solvers/stream/stream_chain.hpp"
#include "support.hpp"

namespace photonlink::test {

/// Pattern of one lane, rotated from lane to lane, repeated for ever.
struct RepeatedPattern {
  RepeatedPattern(const Link& link, const SymbolPattern& pattern)
      : size(static_cast<long>(pattern.index.size())) {
    const auto amplitude = link.transmitter().level_amplitudes(link.levels);
    for (int lane = 0; lane < link.lanes; ++lane) {
      symbols.emplace_back();
      for (int index : rotate(pattern, 17L * lane).index)
        symbols.back().push_back(amplitude[static_cast<std::size_t>(index)]);
    }
  }
  std::vector<std::vector<double>> block(const StreamChain& plan, long number) const {
    std::vector<std::vector<double>> result(symbols.size());
    for (std::size_t l = 0; l < symbols.size(); ++l)
      for (long i = -plan.guard_symbols(); i < plan.block_symbols() + plan.guard_symbols(); ++i)
        result[l].push_back(
            symbols[l][static_cast<std::size_t>((number * plan.block_symbols() + i + 100 * size) % size)]);
    return result;
  }
  long size;
  std::vector<std::vector<double>> symbols;
};

/// Rms difference between the settled stream and the periodic solution, relative to its rms without mean.
inline double difference_from_periodic(const std::shared_ptr<const Link>& link,
                                       const std::string& pattern_name, double tolerance) {
  Context context(1);
  const Chain chain(*link);
  const SymbolPattern pattern = make_pattern(pattern_name, link->levels);
  const RepeatedPattern repeated(*link, pattern);
  const TimeGrid grid{link->symbol_rate_Bd, link->samples_per_symbol, static_cast<int>(repeated.size)};
  const PeriodicSolution solution = solve_periodic(chain, grid, repeated.symbols, context);
  const StreamChain plan(chain, solution, {.tolerance = tolerance, .block_symbols = 200}, context);
  ChainStream stream(plan);
  stream.restart({.scale = 0.0, .crosstalk = false});
  const long samples = static_cast<long>(plan.block_symbols()) * link->samples_per_symbol;
  const long settled = plan.memory_samples() / samples + 2;
  double difference = 0.0, power = 0.0;
  for (long b = 0; b <= settled; ++b) {
    const auto& lanes = stream.advance(repeated.block(plan, b));
    if (b < settled) continue;
    for (std::size_t l = 0; l < lanes.size(); ++l) {
      const RealWave& wanted = solution.sampler.lane[l];
      double mean = 0.0;
      for (double value : wanted) mean += value / static_cast<double>(wanted.size());
      for (long u = 0; u < samples; ++u) {
        const long at = b * samples + u + plan.advance() + 1000L * grid.size();
        const double y = wanted[static_cast<std::size_t>(at % grid.size())];
        difference += std::pow(lanes[l][static_cast<std::size_t>(u)] - y, 2);
        power += std::pow(y - mean, 2);
      }
    }
  }
  return std::sqrt(difference / power);
}

/// Checks the variance that the noise sources of a binary link have in a stream against their covariances.
inline void check_stream_variance(const std::shared_ptr<const Link>& link, std::size_t sources) {
  Context context(1);
  const Chain chain(*link);
  const RepeatedPattern repeated(*link, make_pattern("PRBS7", 2));
  const TimeGrid grid{link->symbol_rate_Bd, link->samples_per_symbol, static_cast<int>(repeated.size)};
  const PeriodicSolution solution = solve_periodic(chain, grid, repeated.symbols, context);
  const LaneNoise noise(chain, solution, 0,
                        std::vector<Complex>(static_cast<std::size_t>(grid.size() / 2 + 1), 1.0), context);
  const auto covariance = noise.per_symbol(0, 0);
  REQUIRE(covariance.size() == sources);
  double expected = 0.0;
  for (const NoiseCovariance& each : covariance) expected += each.mean()[0];
  REQUIRE(expected > 0.0);

  const StreamChain plan(chain, solution, {}, context);
  ChainStream noisy(plan), silent(plan);
  noisy.restart({.seed = 11});
  silent.restart({.scale = 0.0});
  const long samples = static_cast<long>(plan.block_symbols()) * link->samples_per_symbol;
  const long settled = plan.memory_samples() / samples + 2, blocks = settled + 60;
  double square = 0.0, count = 0.0;
  for (long b = 0; b < blocks; ++b) {
    const auto symbols = repeated.block(plan, b);
    const RealWave y = noisy.advance(symbols)[0];
    const RealWave& quiet = silent.advance(symbols)[0];
    if (b < settled) continue;
    // Symbol boundaries: advance() is a whole number of symbols.
    for (long u = 0; u < samples; u += link->samples_per_symbol) {
      const double difference = y[static_cast<std::size_t>(u)] - quiet[static_cast<std::size_t>(u)];
      square += difference * difference;
      count += 1.0;
    }
  }
  // Variance of a variance: 2/n for independent values; neighbours one symbol apart are nearly so, and
  // 20 % are allowed for what remains.
  CHECK(rel_error(square / count, expected) < 5.0 * std::sqrt(2.0 * 1.2 / count));
  // The bound must be sharp enough to mean something.
  CHECK(5.0 * std::sqrt(2.0 * 1.2 / count) < 0.06);
}

}  // namespace photonlink::test
