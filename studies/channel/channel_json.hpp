/// A judged channel as JSON. Keys end in their unit; NaN and infinity are null; curves have 6 digits.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "studies/channel/channel_result.hpp"
#include "studies/provenance.hpp"

namespace photonlink {

inline constexpr int channel_schema_version = 1;

/// The whole document, described in docs/channel.md.
nlohmann::ordered_json to_json(const ChannelResult& result, const Provenance& provenance);
/// Writes it atomically. @throws IoError
void write_channel_json(const ChannelResult& result, const Provenance& provenance, const std::string& path);

}  // namespace photonlink
