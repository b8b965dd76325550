/// A core run until its state repeats from one period of its input to the next.
#pragma once

#include "signal/stage.hpp"

namespace photonlink {

struct SettledCore {
  Bundle output;         ///< behind the core, the last period that was run
  bool settled = false;  ///< the state changed by less than 1e-10 of its norm over that period
  int periods = 0;
};

/// Runs the core over `input`, again and again, up to `most_periods` times. A core without state settles in
/// one.
/// @param input one period of the bundle in front of the core
SettledCore settle_core(const Stage& stage, const Bundle& input, int most_periods);

}  // namespace photonlink
