/// Goal (one core): one eye of 400 x 300 cells as PNG and SVG on a local disk within 60 ms. Beside it,
/// measured in the same run, its parts: painting alone, and the fixed cost of two durable files.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "io/atomic_file.hpp"
#include "studies/pictures/canvas.hpp"
#include "studies/pictures/pictures.hpp"
#include "tests/studies/sample_result.hpp"

using namespace photonlink;

namespace {

std::string scratch(const std::string& name) {
  return (std::filesystem::temp_directory_path() / name).string();
}

void draw_eye(benchmark::State& state) {
  const LinkResult result = test::sample_result();
  for (auto _ : state) pictures::draw_eye(result, scratch("photonlink_bench_eye"));
}
BENCHMARK(draw_eye)->Unit(benchmark::kMillisecond);

void paint_eye(benchmark::State& state) {
  const LinkResult result = test::sample_result();
  for (auto _ : state) {
    pictures::Canvas canvas(pictures::eye_size.width, pictures::eye_size.height);
    pictures::paint_eye(canvas, result);
    benchmark::DoNotOptimize(canvas.texts().data());
  }
}
BENCHMARK(paint_eye)->Unit(benchmark::kMillisecond);

void two_durable_files(benchmark::State& state) {
  const std::string content(200'000, 'x');
  for (auto _ : state) {
    write_file_atomically(scratch("photonlink_bench_a"), content);
    write_file_atomically(scratch("photonlink_bench_b"), content);
  }
}
BENCHMARK(two_durable_files)->Unit(benchmark::kMillisecond);

}  // namespace
