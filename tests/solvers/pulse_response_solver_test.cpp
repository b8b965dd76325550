#include "solvers/pulse_response_solver.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "links.hpp"
#include "signal/fft.hpp"
#include "support.hpp"

using namespace photonlink;

namespace {

std::shared_ptr<Link> lossy_link() {
  constexpr double rate_Bd = 25e9;
  return test::copper_link(
      2, rate_Bd, {.swing_Vpp = 0.8, .ffe_taps = {-0.1, 0.9}, .ffe_main = 1, .rise_time_s = 10e-12},
      {std::make_shared<test::LowPassChannel>(0.8e-9, 150e-15),
       std::make_shared<test::SymbolSpacedEcho>(std::vector<double>{0.0, 0.7, 0.0, 0.2}, rate_Bd)},
      {.noise_V2_per_Hz = 1e-17, .bandwidth_Hz = 18e9});
}

SampledPulse linear_pulse(test::Run& run) {
  const Fft& fft = run.context.fft(run.grid.size());
  const std::vector<Complex> none(static_cast<std::size_t>(run.grid.size() / 2 + 1), 1.0);
  return pulse_from_spectrum(linear_pulse_spectrum(run.chain, run.grid, run.context), none, fft);
}

double largest(const RealWave& wave) {
  double most = 0.0;
  for (double v : wave) most = std::max(most, std::abs(v));
  return most;
}

}  // namespace

TEST_CASE("pulse: shifted and weighted by the symbols it adds up to the periodic waveform") {
  test::Run run(lossy_link(), "PRBS7");
  const SampledPulse pulse = linear_pulse(run);
  const long size = run.grid.size(), samples = run.grid.samples_per_symbol;
  double worst = 0.0;
  for (long u = 0; u < size; ++u) {
    double sum = 0.0;
    for (long n = 0; n < run.grid.symbols; ++n)
      sum += run.symbols[0][static_cast<std::size_t>(n)] *
             pulse.value[static_cast<std::size_t>(((u - n * samples) % size + size) % size)];
    worst = std::max(worst, std::abs(sum - run.solution.sampler.lane[0][static_cast<std::size_t>(u)]));
  }
  // Rounding of a transform and of a sum of 127 terms.
  CHECK(worst <= 1e-12 * largest(run.solution.sampler.lane[0]) * 10.0);
  CHECK(std::abs(pulse.value[static_cast<std::size_t>(pulse.main_sample)]) == largest(pulse.value));
}

TEST_CASE("pulse: the fit to the waveform equals the exact pulse of a linear link") {
  test::Run run(lossy_link(), "PRBS9");
  const SampledPulse exact = linear_pulse(run);
  const SampledPulse fitted = fit_pulse(run.solution.sampler.lane[0], CursorFit(run.symbols[0], 6, 24),
                                        run.grid, run.grid.size(), run.context);
  CHECK(fitted.main_sample == exact.main_sample);
  double worst = 0.0;
  for (std::size_t u = 0; u < exact.value.size(); ++u)
    worst = std::max(worst, std::abs(exact.value[u] - fitted.value[u]));
  // The cursors outside the fitted 31 symbols (below 1e-5 here).
  CHECK(worst <= 1e-4 * largest(exact.value));
}
