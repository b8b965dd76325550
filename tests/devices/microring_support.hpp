/// Bundles for the tests of the microring devices.
#pragma once

#include <cmath>

#include "core/constants.hpp"
#include "signal/bundle.hpp"

namespace photonlink::test {

/// `lanes` NRZ lanes and carriers on a 200 GHz grid at 1.31 µm, raised-cosine edges, different pseudo-random
/// patterns.
inline Bundle ring_bundle(int lanes, int symbols, int samples_per_symbol, double symbol_rate_Bd,
                          double swing_Vpp) {
  Bundle b;
  b.grid = {symbol_rate_Bd, samples_per_symbol, symbols};
  b.full_scale_Vpp = swing_Vpp;
  OpticalPort port;
  unsigned random = 12345;
  for (int i = 0; i < lanes; ++i) {
    b.carrier_Hz.push_back(228e12 + 200e9 * i);
    std::vector<double> bits(symbols);
    for (double& bit : bits) {
      random = random * 1664525u + 1013904223u;  // Numerical Recipes generator, seed 12345
      bit = random >> 31 ? 1.0 : -1.0;
    }
    RealWave lane(b.grid.size());
    for (int n = 0; n < b.grid.size(); ++n) {
      const int k = n / samples_per_symbol;
      const double x = static_cast<double>(n % samples_per_symbol) / samples_per_symbol;
      const double before = bits[(k + symbols - 1) % symbols],
                   edge = x < 0.5 ? 0.5 - 0.5 * std::cos(2.0 * constants::pi * x) : 1.0;
      lane[n] = 0.5 * swing_Vpp * (before + (bits[k] - before) * edge);
    }
    b.symbols.push_back(bits);
    b.lane.push_back(lane);
    port.field.emplace_back(b.grid.size(), Complex(std::sqrt(1e-3), 0.0));
  }
  b.port.push_back(port);
  return b;
}

}  // namespace photonlink::test
