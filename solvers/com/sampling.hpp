/// Where channel operating margin samples the equalised pulse (93A-25).
#pragma once

#include <span>

#include "solvers/com/mode.hpp"
#include "solvers/com/parameters.hpp"

namespace photonlink::com {

/// A piece of a pulse: `value[i]` is sample `first + i`.
struct PulsePiece {
  std::span<const double> value;
  long first = 0;
  double at(long sample) const { return value[static_cast<std::size_t>(sample - first)]; }
  bool holds(long low, long high) const {
    return low >= first && high < first + static_cast<long>(value.size());
  }
};

enum class MuellerMuller {
  annex,  ///< zero of p(t - T) - (p(t + T) - b(1) p(t)) nearest before the peak, else behind it; b(1) limited
  script  ///< least |p(t - T) - max(0, p(t + T) - b_max p(t))| in two symbols behind the rise
};

/// Sampling instant of a pulse with its peak at `peak`, in samples; -1 when the pulse has none: it does not
/// rise through 1 % of its peak within four symbols, or the piece is too short.
long sampling_instant(const PulsePiece& pulse, long peak, int samples_per_symbol, double smallest_tap,
                      double largest_tap, MuellerMuller rule);
/// The same by the anchor, DFE limits and mode of a configuration.
long sampling_instant(const PulsePiece& pulse, long peak, const Parameters& parameters, const Mode& mode);

}  // namespace photonlink::com
