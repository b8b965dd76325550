/// Whether the wavelengths of a link belong together before it is solved.
#pragma once

#include "solvers/link.hpp"

namespace photonlink {

/// Holds each ring of a demultiplexer against the carrier of the light source in front of it.
/// @throws ConfigError when a ring stands more than half the carriers' least spacing from its carrier: it
/// would drop a neighbour, or nothing. Smaller offsets are the business of the filter's warnings.
void check_wdm_grids(const Link& link);

}  // namespace photonlink
