/// Goals (one core, release build): bit by bit, 10^5 PAM4 symbols of 32 samples through transmitter FFE,
/// channel, CTLE and five fed-back taps with noise within 50 ms, against 1 s and 19 s of two Python
/// simulators; 10^7 PAM4 symbols a second through a Viterbi detector of 4, 16 and 64 states; the error chain
/// of a five-tap DFE within 10 ms; 16384 error events of a link's DFE drawn within 50 ms; the error events of
/// a two-tap target within 20 ms. The counter `of_goal` is time over goal: below 1 it is met.
#include <benchmark/benchmark.h>

#include <vector>

#include "core/context.hpp"
#include "core/random.hpp"
#include "devices/registry.hpp"
#include "signal/pattern.hpp"
#include "solvers/detection/dfe_error_propagation.hpp"
#include "solvers/detection/mlse.hpp"
#include "solvers/detection/mlse_analysis.hpp"
#include "solvers/lane_propagation.hpp"
#include "solvers/monte_carlo.hpp"
#include "solvers/stream/lane_slicer.hpp"
#include "solvers/stream/stream_chain.hpp"
#include "studies/link_builder.hpp"
#include "studies/study_reader.hpp"

using namespace photonlink;

namespace {

const std::string root = PHOTONLINK_SOURCE_ROOT;

// Seconds of one iteration over the goal.
void report(benchmark::State& state, double goal_s) {
  state.counters["of_goal"] =
      benchmark::Counter(goal_s, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

LinkSpec five_tap_link() {
  const Study study =
      read_study(root + "/examples/microring_vs_copper/study.toml", device_types(), root + "/devices/cards");
  for (LinkSpec link : study.links) {
    if (link.name != "copper_pam4") continue;
    link.samples_per_symbol = 32;
    return with_parameter(link, link.stages.size() - 1, "dfe_taps", 5);
  }
  throw ConfigError("the example study has no link copper_pam4");
}

void bit_by_bit_goal_50_ms(benchmark::State& state) {
  Context context(1);
  const PatternSolution solution = solve_pattern(build_link(five_tap_link()), context);
  const StreamChain plan(*solution.chain, solution.periodic, {.ctle = solution.lane_ctle}, context);
  const auto amplitude = solution.link->transmitter().level_amplitudes(4);
  const long block = plan.block_symbols(), guard = plan.guard_symbols(), blocks = 100000 / block + 1;
  LaneSlicer slicer(*solution.lane[0], amplitude, solution.lane[0]->inputs().offset, 0.0,
                    FeedbackSymbols::decided);
  ChainStream stream(plan);
  std::vector<int> sent(static_cast<std::size_t>(blocks * block + 2 * guard));
  std::vector<std::vector<double>> symbols(1,
                                           std::vector<double>(static_cast<std::size_t>(block + 2 * guard)));
  long errors = 0;
  for (auto _ : state) {
    RandomStream(1, 2).integers(0, 4, sent);
    stream.restart({});
    slicer.restart(1, 3, 0, 1.0);
    for (long b = 0; b < blocks; ++b) {
      for (long i = 0; i < block + 2 * guard; ++i)
        symbols[0][static_cast<std::size_t>(i)] =
            amplitude[static_cast<std::size_t>(sent[static_cast<std::size_t>(b * block + i)])];
      slicer.push(stream.advance(symbols)[0]);
    }
    errors += slicer.count_errors(sent, guard, 64, slicer.sampled() - 64);
  }
  benchmark::DoNotOptimize(errors);
  state.counters["symbols"] = static_cast<double>(blocks * block);
  report(state, 0.05);
}
BENCHMARK(bit_by_bit_goal_50_ms)->Unit(benchmark::kMillisecond);

void viterbi_goal_1e7_symbols_per_s(benchmark::State& state) {
  constexpr std::size_t symbols = 100000;
  const std::vector<double> target(static_cast<std::size_t>(state.range(0)), 0.4);
  std::vector<double> y(symbols);
  RandomStream(1, 4).normal(0, y);
  ViterbiDetector detector(level_amplitudes(4), target);
  std::vector<int> decided;
  decided.reserve(symbols);
  for (auto _ : state) {
    decided.clear();
    detector.push(y, decided);
    detector.finish(decided);
    benchmark::DoNotOptimize(decided.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<long>(symbols));
  report(state, static_cast<double>(symbols) / 1e7);
}
BENCHMARK(viterbi_goal_1e7_symbols_per_s)->Arg(1)->Arg(2)->Arg(3);

void dfe_errors_goal_10_ms(benchmark::State& state) {
  const std::vector<double> tap = {0.6, 0.3, -0.2, 0.1, 0.05};
  for (auto _ : state)
    benchmark::DoNotOptimize(solve_dfe_errors({.levels = 4, .tap = tap, .sigma = 0.06}).symbol_error_ratio);
  report(state, 0.01);
}
BENCHMARK(dfe_errors_goal_10_ms)->Unit(benchmark::kMillisecond);

void drawn_events_goal_50_ms(benchmark::State& state) {
  Context context(1);
  const PatternSolution solution = solve_pattern(build_link(five_tap_link()), context);
  for (auto _ : state) benchmark::DoNotOptimize(error_events(*solution.lane[0]).bit_multiplication);
  report(state, 0.05);
}
BENCHMARK(drawn_events_goal_50_ms)->Unit(benchmark::kMillisecond);

void sequence_events_goal_20_ms(benchmark::State& state) {
  const std::vector<double> target = {0.6, 0.2}, covariance = {0.0064, -0.002};
  const auto amplitude = level_amplitudes(4);
  for (auto _ : state)
    benchmark::DoNotOptimize(
        analyse_mlse({.amplitude = amplitude, .target = target, .covariance = covariance})
            .symbol_error_ratio);
  report(state, 0.02);
}
BENCHMARK(sequence_events_goal_20_ms)->Unit(benchmark::kMillisecond);

}  // namespace
