/// What the writers and pictures of a channel read.
#pragma once

#include <string>
#include <vector>

#include "solvers/channel/channel_report.hpp"
#include "studies/channel/channel_input.hpp"

namespace photonlink {

struct ChannelResult {
  std::string title;  ///< name of the file without its folder
  ChannelRequest request;
  PortMap port_map{};
  std::string port_map_origin;
  std::vector<std::string> steps;     ///< what was done to the file before it was judged
  std::vector<std::string> warnings;  ///< of reading and of the report
  ChannelReport report;
};

/// Judges what was read.
ChannelResult judge_channel(const ChannelRequest& request, const ChannelInput& input,
                            const ChannelSettings& settings, Context& context);

}  // namespace photonlink
