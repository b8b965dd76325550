/// From what a study says to stages that can be evaluated.
#pragma once

#include <memory>

#include "solvers/link.hpp"
#include "studies/study.hpp"

namespace photonlink {

/// @throws ConfigError when a stage refuses its parameters or the chain has no transmitter or receiver.
std::shared_ptr<const Link> build_link(const LinkSpec& spec);
/// A copy of `spec` with one parameter of one stage replaced (or added).
LinkSpec with_parameter(LinkSpec spec, std::size_t stage, const std::string& key,
                        const ParameterValue& value);

}  // namespace photonlink
