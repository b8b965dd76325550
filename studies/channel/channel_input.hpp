/// From Touchstone files to what `channel_report` takes: wires found, fixtures taken off, physics enforced.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "network/physicality.hpp"
#include "network/port_map.hpp"

namespace photonlink {

struct ChannelRequest {
  std::string through;                            ///< Touchstone file of the channel
  std::vector<std::string> next = {}, fext = {};  ///< files of the aggressors, ports mapped as in `through`
  std::optional<PortMap> port_map = {};           ///< none: found from the file
  std::string remove_left = "",
              remove_right = "";  ///< 4-port fixtures at the transmitter's and receiver's end
  double skew_s = 0.0;            ///< added to the n wire at the transmitter's end; negative: to the p wire
  bool passive = false, causal = false;  ///< to be enforced on the channel
  std::string com_configuration = "";    ///< whose return_loss section says how reflections are weighed
};

struct ChannelInput {
  SParameters through;                 ///< 4-port on 50 ohm: tx_p, tx_n, rx_p, rx_n
  std::vector<SParameters> near, far;  ///< differential 2-ports on 100 ohm at the points of `through`
  PortMap port_map{};
  std::string port_map_origin;     ///< "given", "found from the file"
  std::vector<std::string> steps;  ///< what was done to the channel, one clause each
  std::vector<std::string> warnings;
};

/// In this order: ports selected, references brought to 50 ohm, fixtures removed, physics enforced, skew
/// added; aggressors and fixtures with other points are interpolated, with a warning.
/// @throws IoError on bad files, ConfigError on ports that a file does not have, with one line for each file
/// of channel and aggressors; DomainError on a fixture that cannot be taken off.
ChannelInput read_channel(const ChannelRequest& request, Context& context);

}  // namespace photonlink
