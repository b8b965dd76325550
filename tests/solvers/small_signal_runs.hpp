/// The small-signal response beside a small pattern that runs through the periodic solver.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "links.hpp"
#include "signal/fft.hpp"
#include "solvers/optical_spectrum.hpp"
#include "solvers/rest_point.hpp"
#include "solvers/small_signal.hpp"

namespace photonlink::test {

/// Compares the power at stage `detector` over the EMF of the driver, stage 1, with the electro-optic
/// response below `highest_Hz`. @param tolerance of the response at 0 Hz
inline void check_against_periodic(const std::shared_ptr<Link>& link, int detector, double highest_Hz,
                                   double tolerance) {
  Run run(link, "PRBS7");
  const RestPoint rest(run.chain);
  const OpticalSpectrum spectrum(rest);
  const auto node = [&](int stage) {
    const auto& nodes = run.chain.nodes();
    return static_cast<std::size_t>(std::find(nodes.begin(), nodes.end(), stage) - nodes.begin());
  };
  const RealWave& emf = run.solution.behind_core[node(1)].lane[0];
  RealWave power;
  for (const Complex& a : run.solution.before_core[node(detector)].port[0].field[0])
    power.push_back(std::norm(a));
  const Fft& fft = run.context.fft(run.grid.size());
  std::vector<Complex> sent(emf.size() / 2 + 1), received(sent.size());
  fft.forward(emf, sent);
  fft.forward(power, received);
  const auto frequency_Hz = real_frequencies_Hz(run.grid.size(), run.grid.sample_rate_Hz());
  const auto expected = SmallSignal(spectrum).electro_optic_response(frequency_Hz);
  int checked = 0;
  for (std::size_t k = 1; k < sent.size() && frequency_Hz[k] < highest_Hz; ++k) {
    if (std::abs(sent[k]) < 0.03 * std::abs(sent[1])) continue;  // nulls of the held symbols
    CAPTURE(frequency_Hz[k]);
    CHECK(std::abs(received[k] / sent[k] - expected[k]) <= tolerance * std::abs(expected[0]));
    ++checked;
  }
  CHECK(checked > 100);
}

}  // namespace photonlink::test
