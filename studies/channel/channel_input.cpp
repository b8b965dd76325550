#include "studies/channel/channel_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "network/multiport.hpp"
#include "network/touchstone.hpp"

namespace photonlink {
namespace {

constexpr PortMap usual_map = {1, 3, 2, 4};  // IEEE 802.3 Annex 93A
constexpr double reference_ohm = 50.0;

SParameters read_four_or_more(const std::string& file) {
  SParameters network = read_touchstone(file);
  if (network.ports < 4)
    throw ConfigError(fmt::format("{}: has {} ports, a differential channel needs 4; name its .s4p file",
                                  file, network.ports));
  return network;
}

void require_ports(const SParameters& all, const std::string& file, const PortMap& map) {
  for (const int port : map)
    if (port > all.ports)
      throw ConfigError(fmt::format("{}: port {} of port map {} is outside [1, {}]; correct --port-map", file,
                                    port, port_map_text(map), all.ports));
}

SParameters with_ports(const SParameters& all, const std::string& file, const PortMap& map) {
  require_ports(all, file, map);
  return select_ports(renormalise(all, reference_ohm), map);
}

struct Wires {
  PortMap map{};
  std::string origin;
};

/// The map that was given, or the one that the file shows.
Wires find_wires(const SParameters& all, const std::string& file, const std::optional<PortMap>& given,
                 std::vector<std::string>& warnings) {
  const PortMap asked = given.value_or(usual_map);
  require_ports(all, file, asked);
  const PortMapFinding finding = check_port_map(all, asked);
  constexpr double clear_dB = 3.0;
  if (finding.clearness_dB < clear_dB)
    warnings.push_back(
        fmt::format("{}: its wires do not show, the best pairing passes {:.1f} dB more than the next; "
                    "make sure of --port-map",
                    file, finding.clearness_dB));
  if (!given) return {finding.likely, "found from the file"};
  if (const std::string problem = port_map_problem(finding, asked); !problem.empty())
    warnings.push_back(
        fmt::format("{}: {}; all results are meaningless unless the map is meant", file, problem));
  return {asked, "given"};
}

SParameters on_points_of(const SParameters& through, const SParameters& other, const std::string& file,
                         std::vector<std::string>& warnings) {
  if (other.frequency_Hz == through.frequency_Hz) return other;
  const auto GHz = [](double f) { return f / 1e9; };
  const bool ends_early = other.frequency_Hz.back() < through.frequency_Hz.back();
  warnings.push_back(
      fmt::format("{} has other points ({} from {:.4g} to {:.4g} GHz) than the channel and is interpolated{}",
                  file, other.frequency_Hz.size(), GHz(other.frequency_Hz.front()),
                  GHz(other.frequency_Hz.back()), ends_early ? ", beyond its end extrapolated" : ""));
  return interpolate(other, through.frequency_Hz);
}

void take_fixtures_off(const ChannelRequest& request, ChannelInput& input) {
  for (const auto& [file, left] :
       {std::pair{request.remove_left, true}, std::pair{request.remove_right, false}}) {
    if (file.empty()) continue;
    const SParameters all = read_four_or_more(file);
    const Wires wires = find_wires(all, file, request.port_map, input.warnings);
    const SParameters fixture =
        on_points_of(input.through, with_ports(all, file, wires.map), file, input.warnings);
    try {
      input.through = left ? remove_left(input.through, fixture) : remove_right(input.through, fixture);
    } catch (const DomainError& error) {
      throw DomainError(fmt::format("{}: {}", file, error.what()));
    }
    input.steps.push_back(fmt::format("{} removed at the {}'s end", file, left ? "transmitter" : "receiver"));
  }
}

void enforce_physics(const ChannelRequest& request, ChannelInput& input, Context& context) {
  if (!request.passive && !request.causal) return;
  const Enforced done =
      enforce(input.through, {.passive = request.passive, .causal = request.causal}, context);
  input.through = done.network;
  input.steps.push_back(fmt::format(
      "{} enforced: largest gain {:.6f}, {}changed by {:.3g} of its rms",
      request.passive && request.causal ? "passivity and causality"
      : request.passive                 ? "passivity"
                                        : "causality",
      done.largest_gain,
      request.causal
          ? fmt::format("Kramers-Kronig residual {:.2g} after {} rounds, ", done.residual, done.iterations)
          : std::string("causality slightly disturbed by it, "),
      done.change));
  if (!done.converged)
    input.warnings.push_back(
        fmt::format("causality is enforced to a residual of {:.2g} only, 0.001 was aimed at", done.residual));
}

void add_skew(const ChannelRequest& request, ChannelInput& input) {
  if (request.skew_s == 0.0) return;
  constexpr int tx_p = 1, tx_n = 2;
  input.through = delay_port(input.through, request.skew_s > 0.0 ? tx_n : tx_p, std::abs(request.skew_s));
  input.steps.push_back(fmt::format("{:.4g} ps added to the {} wire at the transmitter's end",
                                    std::abs(request.skew_s) * 1e12, request.skew_s > 0.0 ? "n" : "p"));
}

std::vector<SParameters> read_aggressors(const std::vector<std::string>& files, ChannelInput& input) {
  std::vector<SParameters> networks;
  networks.reserve(files.size());
  for (const std::string& file : files) {
    const SParameters dd = mixed_mode(with_ports(read_four_or_more(file), file, input.port_map)).dd;
    networks.push_back(on_points_of(input.through, dd, file, input.warnings));
  }
  return networks;
}

}  // namespace

ChannelInput read_channel(const ChannelRequest& request, Context& context) {
  ChannelInput input;
  const SParameters all = read_four_or_more(request.through);
  const Wires wires = find_wires(all, request.through, request.port_map, input.warnings);
  input.port_map = wires.map;
  input.port_map_origin = wires.origin;
  if (all.reference_ohm != reference_ohm)
    input.steps.push_back(fmt::format("brought from {:.6g} to 50 ohm", all.reference_ohm));
  input.through = with_ports(all, request.through, wires.map);
  take_fixtures_off(request, input);
  enforce_physics(request, input, context);
  add_skew(request, input);
  input.near = read_aggressors(request.next, input);
  input.far = read_aggressors(request.fext, input);
  return input;
}

}  // namespace photonlink
