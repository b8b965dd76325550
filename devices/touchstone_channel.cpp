#include "devices/touchstone_channel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "network/port_map.hpp"
#include "network/touchstone.hpp"

namespace photonlink {
namespace {

constexpr double differential_ohm = 100.0;

PortMap read_map(const std::string& stage, const std::vector<double>& list) {
  if (list.size() != 4) {
    throw ConfigError(fmt::format("{}: port_map has {} ports, 4 are needed; write [tx_p, tx_n, rx_p, rx_n]",
                                  stage, list.size()));
  }
  PortMap map{};
  for (std::size_t i = 0; i < 4; ++i) {
    map[i] = static_cast<int>(list[i]);
    if (map[i] != list[i])
      throw ConfigError(
          fmt::format("{}: port_map names port {}; ports are whole numbers from 1", stage, list[i]));
  }
  return map;
}

SParameters read_ports(const std::string& stage, const std::string& file, const PortMap& map) {
  SParameters all = read_touchstone(file);
  if (const std::string fault = port_map_fault(all, map); !fault.empty())
    throw ConfigError(fmt::format("{}: {}: {}; correct port_map or the file", stage, file, fault));
  return all;
}

/// @return empty when the map fits.
std::string find_map_problem(const SParameters& all, const PortMap& map) {
  const std::string problem = port_map_problem(check_port_map(all, map), map);
  return problem.empty() ? problem
                         : problem + "; the results of this link are meaningless unless the map is meant";
}

SParameters differential_of(const SParameters& four) {
  return renormalise(mixed_mode(four).dd, differential_ohm);
}

}  // namespace

template <>
const ParameterTable<TouchstoneChannelParameters>& parameter_table() {
  using P = TouchstoneChannelParameters;
  static const ParameterTable<P> table{
      {"file", "Touchstone file of the through path, .sNp or .sNp.gz", Quantity::dimensionless, &P::file},
      {"fext", "Touchstone files of the far-end crosstalk aggressors", Quantity::dimensionless, &P::fext},
      {"next", "Touchstone files of the near-end crosstalk aggressors", Quantity::dimensionless, &P::next},
      {"port_map",
       "ports of every file as [tx_p, tx_n, rx_p, rx_n], counted from 1; the default is port order [1 3 2 4] "
       "of "
       "IEEE 802.3 Annex 93A",
       Quantity::dimensionless, &P::port_map, 1.0, 64.0},
      {"next_amplitude", "amplitude of the near-end transmitters relative to the victim's transmitter",
       Quantity::dimensionless, &P::next_amplitude, 0.0, 10.0, 0.0},
  };
  return table;
}

TouchstoneChannel::TouchstoneChannel(const std::string& name, const TouchstoneChannelParameters& parameters)
    : Stage(name) {
  check(parameters, name);
  if (parameters.file.empty())
    throw ConfigError(fmt::format("{}: file is empty; name the Touchstone file of the through path", name));
  const PortMap map = read_map(name, parameters.port_map);
  std::vector<std::string> files = {parameters.file};
  files.insert(files.end(), parameters.fext.begin(), parameters.fext.end());
  files.insert(files.end(), parameters.next.begin(), parameters.next.end());
  aggressors_.assign(parameters.fext.size(), {.amplitude = 1.0, .equalized = true});
  aggressors_.resize(files.size() - 1, {.amplitude = parameters.next_amplitude, .equalized = false});
  std::map<std::string, std::size_t> known;  // a file named twice is parsed once
  for (const std::string& file : files) {
    if (const auto same = known.find(file); same != known.end()) {
      const SParameters copy = paths_[same->second].sdd;
      paths_.push_back({file, copy});
      continue;
    }
    const SParameters all = read_ports(name, file, map);
    if (paths_.empty()) port_map_problem_ = find_map_problem(all, map);
    known[file] = paths_.size();
    paths_.push_back({file, differential_of(select_ports(all, map))});
  }
}

const SParameters& TouchstoneChannel::differential(int aggressor) const {
  require(aggressor >= -1 && aggressor + 1 < static_cast<int>(paths_.size()),
          fmt::format("{}: aggressor {} is outside [-1, {}]", name(), aggressor,
                      static_cast<int>(paths_.size()) - 2));
  return paths_[static_cast<std::size_t>(aggressor) + 1].sdd;
}

std::optional<std::vector<Abcd>> TouchstoneChannel::two_port(std::span<const double> frequency_Hz,
                                                             int aggressor) const {
  return to_abcd(interpolate(differential(aggressor), frequency_Hz));
}

void TouchstoneChannel::ledger(const Bundle& input, Ledger& ledger) const {
  const SParameters& through = paths_.front().sdd;
  const double half_rate_Hz = 0.5 * input.grid.symbol_rate_Bd;
  // A band, because ripple makes the delay at a single frequency meaningless.
  const double low_Hz = std::min(0.8 * half_rate_Hz, 0.8 * through.frequency_Hz.back());
  ledger.latency.push_back({name(), group_delay_s(through, 1, 0, low_Hz, 1.2 * half_rate_Hz)});
}

void TouchstoneChannel::warn_of_grid(double symbol_rate_Bd, std::vector<Warning>& warnings) const {
  const auto& through = paths_.front().sdd.frequency_Hz;
  for (const auto& [file, sdd] : paths_) {
    const double last_Hz = sdd.frequency_Hz.back(), first_Hz = sdd.frequency_Hz.front();
    if (last_Hz < 0.75 * symbol_rate_Bd) {
      warnings.push_back(
          {name(), fmt::format("{} ends at {}, below 0.75 times the symbol rate of {}; the response "
                               "above is extrapolated",
                               file, format_quantity(last_Hz, Quantity::frequency),
                               format_quantity(symbol_rate_Bd, Quantity::symbol_rate))});
    }
    if (first_Hz > 0.0) {
      warnings.push_back(
          {name(), fmt::format("{} starts at {} and has no DC point; the response below is extrapolated",
                               file, format_quantity(first_Hz, Quantity::frequency))});
    }
    if (sdd.frequency_Hz != through) {
      warnings.push_back(
          {name(),
           fmt::format("{} has other frequencies than the through file; both are interpolated", file)});
    }
  }
}

void TouchstoneChannel::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  if (!port_map_problem_.empty()) warnings.push_back({name(), port_map_problem_});
  for (const auto& [file, sdd] : paths_) {
    const double gain = passivity(sdd);
    if (gain > 1.0 + 1e-3) {
      warnings.push_back(
          {name(), fmt::format("{} is not passive: its differential 2-port gives out up to {:.4f} times "
                               "the amplitude it takes in; measure or export it again",
                               file, gain)});
    }
  }
  warn_of_grid(input.grid.symbol_rate_Bd, warnings);
}

}  // namespace photonlink
