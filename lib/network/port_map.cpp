#include "network/port_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace photonlink {
namespace {

/// Power that passes from `tx` to `rx` (0..3) over the lowest tenth of the file.
double low_frequency_power(const SParameters& four, int rx, int tx) {
  const std::size_t points = std::max<std::size_t>(four.frequency_Hz.size() / 10, 1);
  double power = 0.0;
  for (std::size_t k = 0; k < std::min(points, four.frequency_Hz.size()); ++k)
    power += std::norm(four.at(k, rx, tx));
  return power;
}

double decibel(double power, double reference) {
  return 10.0 * std::log10(power / std::max(reference, 1e-30 * power));
}

}  // namespace

PortMapFinding check_port_map(const SParameters& network, const PortMap& map) {
  using Kind = PortMapFinding::Kind;
  const SParameters four = select_ports(network, map);
  // Three ways to pair four ports; a wire runs from [0] to [2] and from [1] to [3].
  constexpr std::array<PortMap, 3> pairings = {{{0, 1, 2, 3}, {0, 1, 3, 2}, {0, 2, 1, 3}}};
  constexpr std::array<Kind, 3> kinds = {Kind::fits, Kind::crossed, Kind::one_wire};
  std::array<double, 3> power{};
  for (std::size_t i = 0; i < 3; ++i) {
    const PortMap& p = pairings[i];
    power[i] = low_frequency_power(four, p[2], p[0]) + low_frequency_power(four, p[3], p[1]);
  }
  auto best = static_cast<std::size_t>(std::max_element(power.begin(), power.end()) - power.begin());
  if (power[best] <= power[0]) best = 0;
  PortMapFinding finding{kinds[best]};
  for (std::size_t i = 0; i < 4; ++i) finding.likely[i] = map[static_cast<std::size_t>(pairings[best][i])];
  double second = 0.0;
  for (std::size_t i = 0; i < 3; ++i)
    if (i != best) second = std::max(second, power[i]);
  if (power[best] > 0.0) {
    finding.clearness_dB = decibel(power[best], second);
    finding.advantage_dB = best == 0 ? 0.0 : decibel(power[best], power[0]);
  }
  return finding;
}

std::string port_map_fault(const SParameters& network, const PortMap& map) {
  for (auto port = map.begin(); port != map.end(); ++port) {
    if (*port < 1 || *port > network.ports)
      return fmt::format("port map {} names port {}, but the file has ports [1, {}]", port_map_text(map),
                         *port, network.ports);
    if (std::find(map.begin(), port, *port) != port)
      return fmt::format("port map {} names port {} twice", port_map_text(map), *port);
  }
  return {};
}

std::string port_map_text(std::span<const int> map) {
  return fmt::format("[{}]", fmt::join(map.begin(), map.end(), ", "));
}

std::string port_map_problem(const PortMapFinding& finding, const PortMap& map) {
  using Kind = PortMapFinding::Kind;
  if (finding.kind == Kind::fits) return {};
  return fmt::format(
      "port_map {} does not fit the file, {}: at low frequency {:.1f} dB more passes with port_map {}",
      port_map_text(map),
      finding.kind == Kind::crossed ? "p and n are crossed at one end"
                                    : "its tx_p and tx_n are the two ends of one wire",
      finding.advantage_dB, port_map_text(finding.likely));
}

}  // namespace photonlink
