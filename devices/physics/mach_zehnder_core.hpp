/// Interferometers of a bundle, one per lane and carrier, stepped through time and linearised.
#pragma once

#include <memory>
#include <vector>

#include "devices/physics/mach_zehnder.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// Lane i turns carrier i of the first port, and is used up.
std::unique_ptr<Stepper> interference_stepper(std::vector<MachZehnder> interferometer);
/// δA_out = t(v) δA_in + A_in t'(v) δv.
std::unique_ptr<Tangent> interference_tangent(const std::vector<MachZehnder>& interferometer,
                                              const Bundle& input);

}  // namespace photonlink
