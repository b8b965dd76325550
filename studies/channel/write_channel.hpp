/// The folder of a judged channel: JSON, HDF5 and pictures.
#pragma once

#include <string>

#include "core/context.hpp"
#include "studies/channel/channel_result.hpp"
#include "studies/provenance.hpp"

namespace photonlink {

/// Writes channel.json, channel.h5, losses, deviation, conversion, impedance and pulse (.png, .svg) into
/// `folder`, which is replaced as a whole. @throws IoError with the old folder in place.
void write_channel(const ChannelResult& result, const Provenance& provenance, const std::string& folder,
                   Context& context);

}  // namespace photonlink
