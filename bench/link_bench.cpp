/// Goals (one core, release build): the example study, three links with all data of their pictures, within 2
/// s; a filter stage of 8192 samples at most 1.5 times its two transforms; a look-up of a tail within 200 ns;
/// an equaliser of 5 + 12 taps on 512 cursors within 100 µs. Beside them, measured in the same run, what the
/// machine does: the transforms alone, one Gaussian tail, and the triad a = b + s c.
#include <benchmark/benchmark.h>

#include <cmath>

#include "core/context.hpp"
#include "core/special.hpp"
#include "signal/fft.hpp"
#include "solvers/equalizer.hpp"
#include "solvers/evaluate.hpp"
#include "solvers/tail_table.hpp"
#include "studies/link_builder.hpp"
#include "studies/study_reader.hpp"

using namespace photonlink;

namespace {

const std::string root = PHOTONLINK_SOURCE_ROOT;

void study_goal_2_s(benchmark::State& state) {
  for (auto _ : state) {
    const Study study = read_study(root + "/examples/microring_vs_copper/study.toml", device_types(),
                                   root + "/devices/cards");
    Context context(1);
    for (const LinkSpec& link : study.links)
      benchmark::DoNotOptimize(evaluate(build_link(link), {}, context).ber_before_fec);
  }
}
BENCHMARK(study_goal_2_s)->Unit(benchmark::kSecond)->MeasureProcessCPUTime();

RealWave wave(int size) {
  RealWave values(static_cast<std::size_t>(size));
  for (int u = 0; u < size; ++u) values[static_cast<std::size_t>(u)] = std::sin(0.01 * u * u);
  return values;
}

void filter_stage_goal_1_5_transforms(benchmark::State& state) {
  const int size = static_cast<int>(state.range(0));
  const Fft fft(size);
  const std::vector<Complex> response(static_cast<std::size_t>(size / 2 + 1), Complex(0.8, 0.6));
  RealWave values = wave(size);
  for (auto _ : state) {
    filter_periodic(fft, response, values);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(filter_stage_goal_1_5_transforms)->Arg(8192)->Arg(16384);

void machine_two_transforms(benchmark::State& state) {
  const int size = static_cast<int>(state.range(0));
  const Fft fft(size);
  RealWave values = wave(size);
  std::vector<Complex> spectrum(values.size() / 2 + 1);
  for (auto _ : state) {
    fft.forward(values, spectrum);
    fft.inverse(spectrum, values);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(machine_two_transforms)->Arg(8192)->Arg(16384);

/// A warm table: residual interference of five cursors, noise within a few rungs.
void tail_lookup_goal_200_ns(benchmark::State& state) {
  const std::vector<double> cursor = {0.04, 0.03, 0.021, 0.015, 0.01};
  TailTable table(interference_density(cursor, 2, 0.005).density);
  double distance = 0.2;
  for (auto _ : state) {
    distance = distance > 0.9 ? 0.2 : distance + 0.0137;
    benchmark::DoNotOptimize(table.exceeds(distance, 0.05 + 0.01 * distance));
  }
}
BENCHMARK(tail_lookup_goal_200_ns);

void machine_gaussian_tail(benchmark::State& state) {
  double x = 0.0;
  for (auto _ : state) {
    x = x > 20.0 ? 0.0 : x + 0.37;
    benchmark::DoNotOptimize(gaussian_tail(x));
  }
}
BENCHMARK(machine_gaussian_tail);

void equalizer_goal_100_us(benchmark::State& state) {
  std::vector<double> cursor(512, 0.0);
  for (std::size_t k = 0; k < 40; ++k) cursor[k] = std::exp(-0.3 * static_cast<double>(k));
  cursor[511] = 0.1;
  std::vector<double> covariance;
  for (int lag = 0; lag < 17; ++lag) covariance.push_back(1e-3 * std::pow(0.5, lag));
  const std::vector<double> limit = {0.3, 0.05};
  for (auto _ : state)
    benchmark::DoNotOptimize(solve_equalizer(cursor, covariance, 5.0 / 9.0, {4, 12, 8, limit}));
}
BENCHMARK(equalizer_goal_100_us)->Unit(benchmark::kMicrosecond);

/// The machine's memory bandwidth, from the first cache to main memory.
void machine_triad(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  RealWave a(size), b(size, 1.0), c(size, 2.0);
  for (auto _ : state) {
    for (std::size_t k = 0; k < size; ++k) a[k] = b[k] + 0.5 * c[k];
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(3 * size * sizeof(double)));
}
BENCHMARK(machine_triad)->Arg(1 << 10)->Arg(1 << 14)->Arg(1 << 23);

}  // namespace
