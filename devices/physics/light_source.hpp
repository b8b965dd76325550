/// Light that begins: constant fields on carriers, in front of everything optical.
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

}  // namespace photonlink
