/// What each effect costs: the gain in noise margin when one parameter takes its `ideal` value and all others
/// stay.
///
/// One effect at a time, so the penalties of effects that act together do not add up to the loss of all of
/// them; that remainder is reported as the interaction.
#pragma once

#include <vector>

#include "core/context.hpp"
#include "solvers/result.hpp"
#include "studies/study.hpp"

namespace photonlink {

struct PenaltyReport {
  double margin_dB = not_computed;        ///< noise margin as it is
  double ideal_margin_dB = not_computed;  ///< with every listed effect at its ideal value
  std::vector<Penalty> penalties;         ///< largest first, effects below 0.005 dB left out
  double interaction_dB = not_computed;   ///< ideal - actual - sum of the penalties
};

/// @throws ConfigError, as build_link.
PenaltyReport penalties(const LinkSpec& spec, Context& context);

}  // namespace photonlink
