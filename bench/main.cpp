#include <benchmark/benchmark.h>

#include "core/memory.hpp"

int main(int argc, char** argv) {
  photonlink::keep_freed_memory();  // as the command does
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
