/// From what a study says to stages that can be evaluated.
#pragma once

#include <memory>

#include "solvers/link.hpp"
#include "studies/study.hpp"

namespace photonlink {

/// The stages in their order, complete link or not: a laser and a modulator are enough for what needs no
/// symbols (solvers/rest_point.hpp). @throws ConfigError when a stage refuses its parameters,
/// or a demultiplexer does not stand on the carriers of the light source (wdm_check.hpp).
std::shared_ptr<const Link> build_stages(const LinkSpec& spec);
/// The same for a link that is to carry symbols.
/// @throws ConfigError as build_stages, and when the chain has no transmitter or receiver at its ends.
std::shared_ptr<const Link> build_link(const LinkSpec& spec);
/// A copy of `spec` with one parameter of one stage replaced (or added).
LinkSpec with_parameter(LinkSpec spec, std::size_t stage, const std::string& key,
                        const ParameterValue& value);

}  // namespace photonlink
