/// Which ports of a 4-port are the two ends of one wire, and whether a port map says so.
///
/// Over the lowest tenth of a file copper loses little and crosstalk is weak, so the power that passes shows
/// the wires. What cannot be seen: transmitter and receiver exchanged, and p and n exchanged at both ends,
/// because a passive network passes the same both ways. Verified in tests/lib/port_map_test.cpp.
#pragma once

#include <array>
#include <span>
#include <string>

#include "network/s_parameters.hpp"

namespace photonlink {

/// Numbers as in the file, counted from 1: tx_p, tx_n, rx_p, rx_n.
using PortMap = std::array<int, 4>;

struct PortMapFinding {
  enum class Kind {
    fits,      ///< wires run from tx_p to rx_p and from tx_n to rx_n
    crossed,   ///< wires run from tx_p to rx_n: the received signal is upside down
    one_wire,  ///< tx_p and tx_n are the two ends of one wire
  } kind = Kind::fits;
  PortMap likely{};         ///< the map that fits, equal to the given one when that does
  double advantage_dB = 0;  ///< how much more power passes with `likely`; 0 when the map fits
  double clearness_dB = 0;  ///< power of the best pairing over that of the second best
};

/// @param map ports of `network`, which may have more than 4. @throws DomainError outside 1..ports or
/// repeated.
PortMapFinding check_port_map(const SParameters& network, const PortMap& map);
/// Empty when the map names four different ports that `network` has, else "port map [1, 3, 2, 5] names port
/// 5, but the file has ports [1, 4]" or "... names port 3 twice".
std::string port_map_fault(const SParameters& network, const PortMap& map);
/// "[1, 3, 2, 4]"
std::string port_map_text(std::span<const int> map);
/// What is wrong with the map and the fix, in one clause; empty when it fits.
std::string port_map_problem(const PortMapFinding& finding, const PortMap& map);

}  // namespace photonlink
