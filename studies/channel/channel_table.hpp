/// A judged channel as text for the terminal.
#pragma once

#include <string>

#include "studies/channel/channel_result.hpp"
#include "studies/text_table.hpp"

namespace photonlink {

/// Facts, losses at chosen frequencies, measures, cursors, warnings. @param width of the terminal; 0: nothing
/// is wrapped.
std::string channel_table(const ChannelResult& result, TableColor color, int width);

}  // namespace photonlink
