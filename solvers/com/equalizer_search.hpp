/// Which equaliser setting a channel gets: the largest figure of merit over the grid of CTLE and transmit
/// settings.
///
/// The full search returns the grid's optimum, the first in loop order (g_DC, g_DC2, taps) among equals: a
/// setting is only passed over when an upper bound of its figure of merit lies below a value already found.
/// A local search over the same grid gives that value quickly and is itself what the script does when the
/// sheet asks for it: for each swept tap whose outer neighbour has left its first value, settings further
/// than n steps from the best so far are skipped.
#pragma once

#include <vector>

#include "solvers/com/figure_of_merit.hpp"

namespace photonlink::com {

struct ChosenEqualizer {
  CtleSetting ctle;
  std::size_t taps = 0;  ///< index into TransmitTaps
  Merit merit;
  std::size_t evaluated = 0, grid = 0;  ///< settings evaluated or bounded, and all of the grid
};

/// @throws DomainError when no setting has a sampling instant: the eye is closed for all.
ChosenEqualizer search_equalizer(const CaseSignals& signals, const TransmitTaps& taps, const Mode& mode,
                                 Context& context);

/// The best settings by figure of merit, at most `count` and within `window_dB` of the optimum, best first.
std::vector<ChosenEqualizer> shortlist(const CaseSignals& signals, const TransmitTaps& taps, const Mode& mode,
                                       double window_dB, std::size_t count, Context& context);

}  // namespace photonlink::com
