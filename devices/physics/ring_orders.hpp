/// Many carriers, many resonance orders: which carriers one ring cannot tell apart.
///
/// A ring has a resonance every free spectral range, so carriers meet it by their distance modulo the FSR,
///   d_ij = |f_i - f_j - m FSR|, m the nearest integer.
/// A grid wider than one FSR is fine as long as no two carriers coincide in this sense: orders interleave.
/// Where d_ij falls below the full linewidth, the ring of one carrier drops or modulates at least a fifth (1
/// / (1 + 2²)) of the other: that is refused. Where it is smaller than the spacing of the grid itself,
/// channels far apart on the grid are the nearest neighbours on the ring: that is a warning.
///
/// Verified in tests/devices/physics/ring_orders_test.cpp against the round-trip solution of a bus.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "signal/stage.hpp"

namespace photonlink {

/// The two carriers with the least d_ij.
struct OrderPair {
  std::size_t first = 0, second = 0;
  double distance_Hz = 0.0;  ///< infinite for fewer than two carriers
};
OrderPair nearest_pair(std::span<const double> carrier_Hz, double fsr_Hz);

/// @throws ConfigError when two carriers are nearer to each other than `linewidth_Hz` modulo the FSR.
void require_own_orders(const std::string& owner, std::span<const double> carrier_Hz, double fsr_Hz,
                        double linewidth_Hz);
/// Warns where orders interleave more closely than the carriers of the grid.
void check_orders(const std::string& owner, std::span<const double> carrier_Hz, double fsr_Hz,
                  std::vector<Warning>& warnings);

}  // namespace photonlink
