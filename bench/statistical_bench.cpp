/// Goals (one core): the eye of a PAM4 link over all sequences, 40 cursors, 32 phases, two aggressors,
/// contours at five error ratios of three openings, within 10 ms: without jitter, with timing jitter, and
/// with random jitter of the edges; with every kind of jitter at once, 16 sequences of either parity for
/// each level, within 50 ms. Beside it, in the same run, the picture, and the plain way on a full grid of
/// amplitudes without jitter.
#include <benchmark/benchmark.h>

#include <cmath>

#include "solvers/statistical/statistical_eye.hpp"

using namespace photonlink;

namespace {

constexpr int samples = 32, symbols = 40;

std::vector<double> pulse(double height, double ring) {
  std::vector<double> p;
  for (int u = 0; u < symbols * samples; ++u) {
    const double t = static_cast<double>(u) / samples;
    const double body = std::exp(-0.5 * std::pow((t - 2.3) / 0.45, 2));
    p.push_back(height * (body + ring * std::exp(-0.15 * t) * std::sin(2.1 * t) * (t > 2.5)));
  }
  return p;
}

StatisticalLink pam4_link() {
  StatisticalLink link;
  link.amplitude = {-1.0, -1.0 / 3.0, 1.0 / 3.0, 1.0};
  link.samples_per_symbol = samples;
  link.pulse = pulse(1.0, 0.02);
  link.main_sample = 74;
  link.aggressors = {pulse(0.02, 0.2), pulse(0.012, 0.3)};
  link.sigma = {0.02};
  return link;
}

void contours(benchmark::State& state, const StatisticalLink& link) {
  std::vector<double> time;
  time.reserve(samples);
  for (int j = 0; j < samples; ++j) time.push_back(static_cast<double>(j) / samples - 0.5);
  int open = 0;
  for (auto _ : state) {
    const StatisticalEye eye(link);
    open = 0;
    for (int k = 0; k < 3; ++k)
      for (const double ber : {1e-3, 1e-6, 1e-9, 1e-12, 1e-15}) {
        const auto contour = eye.contour(k, ber, time);
        for (const double v : contour.lower) open += !std::isnan(v);
      }
  }
  state.counters["open_points"] = open;
}

void eye_goal_10_ms(benchmark::State& state) {
  contours(state, pam4_link());
}
BENCHMARK(eye_goal_10_ms)->Unit(benchmark::kMillisecond);

void eye_with_timing_jitter_goal_10_ms(benchmark::State& state) {
  StatisticalLink link = pam4_link();
  link.timing = {.random_UI = 0.008, .dual_dirac_UI = 0.04};
  contours(state, link);
}
BENCHMARK(eye_with_timing_jitter_goal_10_ms)->Unit(benchmark::kMillisecond);

void eye_with_edge_jitter_goal_10_ms(benchmark::State& state) {
  StatisticalLink link = pam4_link();
  link.edges.random_UI = 0.01;
  contours(state, link);
}
BENCHMARK(eye_with_edge_jitter_goal_10_ms)->Unit(benchmark::kMillisecond);

StatisticalLink all_jitter_link() {
  StatisticalLink link = pam4_link();
  link.edges = {.random_UI = 0.01, .bounded_UI = 0.04, .duty_cycle_UI = 0.01, .even_odd_UI = 0.02};
  link.timing = {.random_UI = 0.008, .dual_dirac_UI = 0.04, .sinusoidal_UI = 0.05};
  return link;
}

void eye_with_all_jitter_goal_50_ms(benchmark::State& state) {
  contours(state, all_jitter_link());
}
BENCHMARK(eye_with_all_jitter_goal_50_ms)->Unit(benchmark::kMillisecond);

/// Density of 64 columns and 200 cells each, and the contours, from an eye that exists.
void picture_with_all_jitter(benchmark::State& state) {
  const StatisticalEye eye(all_jitter_link());
  const std::vector<double> ratio = {1e-3, 1e-6, 1e-9, 1e-12, 1e-15};
  for (auto _ : state) benchmark::DoNotOptimize(eye.diagram(64, 200, ratio).density.data());
}
BENCHMARK(picture_with_all_jitter)->Unit(benchmark::kMillisecond);

/// The plain way: every cursor of every phase on the lattice, the tails of one level at 600 amplitudes as
/// sums over all bins, for contours to be found by scanning.
void full_grid_reference(benchmark::State& state) {
  const StatisticalLink link = pam4_link();
  for (auto _ : state) {
    const EdgePulses pulses(link);
    const InterferenceGrid grid = interference_grid(link);
    for (long phase = -samples / 2; phase < samples / 2; ++phase) {
      const PhasePulses at = pulses.at(phase, 1);
      std::vector<double> cursor = at.cursor;
      cursor[static_cast<std::size_t>(-at.first_age)] = 0.0;
      const Density all =
          convolve(interference_density(cursor, link.amplitude, grid.step, 0.0, Split::quadratic).density,
                   grid.crosstalk);
      for (int k = 0; k < 600; ++k)
        benchmark::DoNotOptimize(upper_tail_with_noise(all, link.sigma.front(), k / 600.0));
    }
  }
}
BENCHMARK(full_grid_reference)->Unit(benchmark::kMillisecond);

}  // namespace
