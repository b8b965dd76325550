/// Small channels as files, for the tests of studies/channel.
#pragma once

#include <string>

#include "lib/line_networks.hpp"
#include "lib/network_files.hpp"
#include "network/multiport.hpp"
#include "network/touchstone.hpp"

namespace photonlink::test {

/// Two uncoupled causal wires of `delay_s` in the order p, n, p, n, 0 to 30 GHz; `gain` on all that passes.
inline SParameters two_wires(double delay_s, double gain = 1.0, int points = 601) {
  const SParameters wire =
      LossyLine{.delay_s = delay_s, .skin = 5e-6, .line_ohm = 50.0, .reference_ohm = 50.0}.network(
          grid_Hz(30e9 / (points - 1), points));
  SParameters four{4, 50.0, wire.frequency_Hz, std::vector<Complex>(16 * wire.frequency_Hz.size())};
  for (std::size_t k = 0; k < wire.frequency_Hz.size(); ++k)
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 2; ++j)
        for (std::size_t leg = 0; leg < 2; ++leg)
          four.s[16 * k + 4 * (2 * i + leg) + 2 * j + leg] = gain * wire.s[4 * k + 2 * i + j];
  return four;
}

/// The same with the ports in the order of the IEEE COM sheets, tx_p, rx_p, tx_n, rx_n.
inline SParameters usual_order(const SParameters& four) {
  const int order[] = {1, 3, 2, 4};
  return select_ports(four, order);
}

inline std::string write_channel_file(const ScratchFolder& scratch, const std::string& name,
                                      const SParameters& network) {
  write_touchstone(scratch.path(name), network);
  return scratch.path(name);
}

}  // namespace photonlink::test
