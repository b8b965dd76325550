#include "studies/channel/channel_input.hpp"

#include <fmt/format.h>

#include <cmath>

#include "network/multiport.hpp"
#include "studies/channel/channel_paths.hpp"

namespace photonlink {
namespace {

constexpr std::size_t least_points = 8;  // as fit and causality need them

void take_fixtures_off(const ChannelRequest& request, ChannelInput& input) {
  for (const auto& [file, left] :
       {std::pair{request.remove_left, true}, std::pair{request.remove_right, false}}) {
    if (file.empty()) continue;
    const SParameters all = read_channel_file(file);
    const Wires wires = find_wires(all, file, request.port_map, input.warnings);
    SParameters fixture = mapped_ports(all, file, wires.map);
    bring_to_points(fixture, file, input.through.frequency_Hz, input.warnings);
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

/// Differential paths of the files `all`, (n_file), on the points of the channel.
std::vector<SParameters> aggressors(const std::vector<std::string>& files, std::vector<SParameters> all,
                                    const std::string& through_file, const SParameters& through,
                                    ChannelInput& input) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    warn_if_exchanged(all[i], files[i], through, through_file, input.warnings);
    bring_to_points(all[i], files[i], through.frequency_Hz, input.warnings);
  }
  return all;
}

}  // namespace

ChannelInput read_channel(const ChannelRequest& request, Context& context) {
  ChannelInput input;
  FileProblems problems;
  SParameters all;
  problems.attempt([&] {
    all = read_channel_file(request.through);
    require_points(all, request.through, least_points);
    const Wires wires = find_wires(all, request.through, request.port_map, input.warnings);
    input.port_map = wires.map;
    input.port_map_origin = wires.origin;
    input.through = mapped_ports(all, request.through, wires.map);
  });
  std::vector<SParameters> near, far;
  for (const auto& [files, paths] : {std::pair{&request.next, &near}, {&request.fext, &far}})
    for (const std::string& file : *files)
      problems.attempt([&, paths = paths] {
        const SParameters ports = read_channel_file(file);
        require_points(ports, file, least_points);
        // Without a through file there is no map to find the path with.
        if (!input.port_map_origin.empty()) paths->push_back(differential_path(ports, file, input.port_map));
      });
  problems.raise();
  if (all.reference_ohm != input.through.reference_ohm)
    input.steps.push_back(fmt::format("brought from {:.6g} to 50 ohm", all.reference_ohm));
  const SParameters measured = mixed_mode(input.through).dd;
  take_fixtures_off(request, input);
  enforce_physics(request, input, context);
  add_skew(request, input);
  input.near = aggressors(request.next, std::move(near), request.through, measured, input);
  input.far = aggressors(request.fext, std::move(far), request.through, measured, input);
  return input;
}

}  // namespace photonlink
