/// The content of the JSON document as HDF5 in netCDF-4 layout, with all curves in full precision.
#pragma once

#include <string>

#include "studies/channel/channel_json.hpp"

namespace photonlink {

/// Groups and variables: docs/channel.md. Written atomically. @throws IoError naming path, cause and fix.
void write_channel_hdf5(const ChannelResult& result, const Provenance& provenance, const std::string& path);

}  // namespace photonlink
