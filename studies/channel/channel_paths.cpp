#include "studies/channel/channel_paths.hpp"

#include <fmt/format.h>

#include "core/quantity.hpp"
#include "network/touchstone.hpp"

namespace photonlink {
namespace {

constexpr PortMap usual_map = {1, 3, 2, 4};  // IEEE 802.3 Annex 93A
constexpr double reference_ohm = 50.0;

void require_ports(const SParameters& all, const std::string& file, const PortMap& map) {
  if (const std::string fault = port_map_fault(all, map); !fault.empty())
    throw ConfigError(fmt::format("{}: {}; correct --port-map or the file", file, fault));
}

}  // namespace

void FileProblems::raise() const {
  if (unreadable_) throw IoError(text_);
  if (!text_.empty()) throw ConfigError(text_);
}

SParameters read_channel_file(const std::string& file) {
  SParameters network = read_touchstone(file);
  if (network.ports < 4)
    throw ConfigError(fmt::format("{}: has {} ports, a differential channel needs 4; name its .s4p file",
                                  file, network.ports));
  return network;
}

void require_points(const SParameters& network, const std::string& file, std::size_t least) {
  const std::size_t points = network.frequency_Hz.size();
  if (points < least)
    throw ConfigError(
        fmt::format("{}: has {} points, at least {} are needed; export it with steps of 10 MHz or "
                    "less",
                    file, points, least));
}

SParameters mapped_ports(const SParameters& all, const std::string& file, const PortMap& map) {
  require_ports(all, file, map);
  return select_ports(renormalise(all, reference_ohm), map);
}

SParameters differential_path(const SParameters& all, const std::string& file, const PortMap& map) {
  return mixed_mode(mapped_ports(all, file, map)).dd;
}

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

bool bring_to_points(SParameters& other, const std::string& file, const std::vector<double>& frequency_Hz,
                     std::vector<std::string>& warnings) {
  const auto& f = other.frequency_Hz;
  if (f == frequency_Hz) return false;
  const auto hertz = [](double value_Hz) { return format_quantity(value_Hz, Quantity::frequency); };
  warnings.push_back(
      fmt::format("{}: has other points ({} from {} to {}) than the through file and is interpolated{}", file,
                  f.size(), hertz(f.front()), hertz(f.back()),
                  f.back() < frequency_Hz.back() ? ", beyond its end extrapolated" : ""));
  other = interpolate(other, frequency_Hz);
  return true;
}

void warn_if_exchanged(const SParameters& aggressor, const std::string& file, const SParameters& through,
                       const std::string& through_file, std::vector<std::string>& warnings) {
  if (std::norm(aggressor.at(0, 1, 0)) > std::norm(through.at(0, 1, 0)))
    warnings.push_back(
        fmt::format("{}: passes more at its first point than {}; are through file and aggressor exchanged?",
                    file, through_file));
}

}  // namespace photonlink
