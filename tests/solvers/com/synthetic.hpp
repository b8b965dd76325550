/// Channels and configurations made from formulas, small enough that a test of channel operating margin takes
/// milliseconds.
#pragma once

#include <cmath>
#include <vector>

#include "core/conventions.hpp"
#include "solvers/com/network.hpp"
#include "solvers/com/parameters.hpp"

namespace photonlink::test {

inline std::vector<double> frequencies(double first_Hz, double step_Hz, int count) {
  std::vector<double> f;
  f.reserve(static_cast<std::size_t>(count));
  for (int k = 0; k < count; ++k) f.push_back(first_Hz + k * step_Hz);
  return f;
}

/// Trace of the KR4 board: about 40 dB/m at 12.5 GHz.
inline com::LineLoss board_loss() {
  return {.gamma0_per_m = 0.0, .a1_sqrt_s_per_m = 1.301e-5, .a2_s_per_m = 2.547e-10, .tau_s_per_m = 6.191e-9};
}

/// 25 GBd, 8 samples per symbol, 3 CTLE settings, 12 transmit settings, a DFE of 3 taps, no package.
inline com::Parameters small_configuration(int levels = 2) {
  com::Parameters p;
  p.signal.symbol_rate_Bd = 25e9;
  p.signal.levels = levels;
  p.signal.samples_per_symbol = 8;
  p.transmitter.snr_dB = 30.0;
  p.transmitter.dual_dirac_jitter_UI = 0.02;
  p.tap = {{.position = -1, .first = -0.12, .step = 0.04, .last = 0.0},
           {.position = 1, .first = -0.1, .step = 0.05, .last = 0.0}};
  p.ctle.first_gain_dB = -6.0;
  p.ctle.gain_step_dB = 3.0;
  p.ctle.zero_Hz = p.ctle.pole_Hz = 6.25e9;
  p.ctle.second_pole_Hz = 25e9;
  p.receiver.noise_V2_per_Hz = 5e-17;
  p.dfe.taps = 3;
  p.dfe.maximum = {0.6, 0.3};
  p.dfe.minimum = {0.0, -0.2};
  p.package_case.emplace_back();
  return p;
}

/// Matched trace of 100 ohm up to 60 GHz; `coupling` > 0: what a neighbour couples into it, rising with f.
inline com::Path trace(double length_m, com::Path::Kind kind = com::Path::Kind::through,
                       double coupling = 0.0, double step_Hz = 0.1e9) {
  com::Path path;
  path.kind = kind;
  path.name = "trace";
  path.differential.ports = 2;
  path.differential.reference_ohm = 100.0;
  path.differential.frequency_Hz =
      frequencies(step_Hz, step_Hz, static_cast<int>(std::lround(60e9 / step_Hz)));
  for (const double f : path.differential.frequency_Hz) {
    const Complex through =
        std::exp(-length_m * ieee_propagation_per_m(com::line_of(board_loss(), 100.0), f));
    const Complex s21 = coupling > 0.0 ? Complex(0.0, coupling * f / 12.5e9) * through : through;
    path.differential.s.insert(path.differential.s.end(), {0.0, s21, s21, 0.0});
  }
  return path;
}

/// A trace with one far-end and one near-end neighbour.
inline std::vector<com::Path> trace_with_neighbours(double length_m) {
  return {trace(length_m), trace(0.8 * length_m, com::Path::Kind::fext, 0.06),
          trace(0.1 * length_m, com::Path::Kind::next, 0.01)};
}

}  // namespace photonlink::test
