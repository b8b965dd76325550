#include "solvers/com/sampling.hpp"

#include <algorithm>
#include <cmath>

namespace photonlink::com {
namespace {

constexpr double rise_share = 0.01;  // of the peak
constexpr int rise_symbols = 4;

/// Last sample below `share` of the peak before it rises through, in four symbols before the peak; -1: none.
long last_rise(const PulsePiece& p, long peak, int samples) {
  const long first = std::max(peak - static_cast<long>(rise_symbols) * samples, 0L);
  const double limit = rise_share * p.at(peak);
  for (long n = peak - 1; n >= first; --n)
    if (p.at(n) <= limit && p.at(n + 1) >= limit && p.at(n) < p.at(n + 1)) return n;
  return -1;
}

}  // namespace

long sampling_instant(const PulsePiece& p, long peak, int samples, double smallest_tap, double largest_tap,
                      MuellerMuller rule) {
  const long symbol = samples;
  if (!p.holds(std::max(peak - rise_symbols * symbol, 0L), peak)) return -1;
  const long rise = last_rise(p, peak, samples);
  if (rise < 0 || !p.holds(rise - symbol, rise + 3 * symbol)) return -1;
  if (rule == MuellerMuller::script) {
    long best = rise;
    double least = HUGE_VAL;
    for (long n = rise; n <= rise + 2 * symbol; ++n) {
      const double left = std::max(p.at(n + symbol) - largest_tap * p.at(n), 0.0);
      const double miss = std::abs(p.at(n - symbol) - left);
      if (miss < least) {
        least = miss;
        best = n;
      }
    }
    return best;
  }
  const auto miss = [&](long n) {
    const double now = p.at(n), next = p.at(n + symbol);
    const double removed = std::min(std::max(next, smallest_tap * now), largest_tap * now);
    return p.at(n - symbol) - (next - removed);
  };
  // From the peak backwards: the zero nearest to it.
  long best = peak;
  for (long n = peak; n > rise; --n) {
    const double here = miss(n), before = miss(n - 1);
    if ((here > 0.0) != (before > 0.0)) return std::abs(here) < std::abs(before) ? n : n - 1;
    if (std::abs(before) < std::abs(miss(best))) best = n - 1;
  }
  // None before the peak: the first behind it, as far as the script looks too.
  for (long n = peak; n < rise + 2 * symbol; ++n) {
    const double here = miss(n), after = miss(n + 1);
    if ((here > 0.0) != (after > 0.0)) return std::abs(here) < std::abs(after) ? n : n + 1;
  }
  return best;
}

long sampling_instant(const PulsePiece& pulse, long peak, const Parameters& p, const Mode& mode) {
  if (p.receiver.sampling == "peak") return peak;
  const double largest = p.dfe.taps > 0 ? p.dfe.maximum.front() : 0.0;
  const double smallest = p.dfe.taps > 0 ? p.dfe.minimum.front() : 0.0;
  return sampling_instant(pulse, peak, p.signal.samples_per_symbol, smallest, largest,
                          mode.script ? MuellerMuller::script : MuellerMuller::annex);
}

}  // namespace photonlink::com
