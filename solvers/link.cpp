#include "solvers/link.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace photonlink {

const SerdesTransmitter& Link::transmitter() const {
  const auto* stage = stages.empty() ? nullptr : dynamic_cast<const SerdesTransmitter*>(stages.front().get());
  if (!stage) throw ConfigError(fmt::format("link '{}': the first stage must be a serdes_transmitter", name));
  return *stage;
}

const SerdesReceiver& Link::receiver() const {
  const auto* stage = stages.empty() ? nullptr : dynamic_cast<const SerdesReceiver*>(stages.back().get());
  if (!stage) throw ConfigError(fmt::format("link '{}': the last stage must be a serdes_receiver", name));
  return *stage;
}

}  // namespace photonlink
