/// Light that begins: constant fields on carriers, in front of everything optical, and what pays for it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "signal/stage.hpp"

namespace photonlink {

/// Lanes pass untouched; `port` becomes one port with a constant field √P for each carrier.
/// @param power_W of each carrier, (n_carrier)
/// @throws ConfigError when the bundle already carries light.
std::unique_ptr<Stepper> start_light(const std::string& name, const Bundle& input,
                                     std::vector<double> carrier_Hz, std::vector<double> power_W);
/// Sensitivities to light end here, those to the lanes pass.
std::unique_ptr<Tangent> light_tangent();

/// Causes of ledger entries that pay for light; a splitter shares them among the links behind it.
inline constexpr const char* wall_plug_cause = "wall-plug";
inline constexpr const char* temperature_control_cause = "temperature control";
inline constexpr const char* amplifier_current_cause = "amplifier current";
/// True for an entry with one of these causes.
bool pays_for_light(const LedgerEntry& entry);

}  // namespace photonlink
