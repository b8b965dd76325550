/// Decision errors of a decision feedback equaliser as an exact Markov chain.
///
/// A wrong decision is fed back: with e the decided minus the sent level index, the slicer sees
///   y_i = a(s_i) - Δ Σ_m b_m e_{i-m} + n_i,   a(s) = -1 + s Δ, Δ = 2 / (L - 1),
/// and the last N errors are a Markov state \cite DuttweilerMazoMesserschmitt1974: sent levels are
/// independent and equally likely, so the next error depends on nothing else. P(e, s | state) follows from
/// the tails of n. The chain is solved by renewal: a cycle starts where the last N decisions were right and
/// ends there again.
///   event ratio     p, an error when all feedback is right: the error ratio without propagation
///   symbol errors   E / (1/p + B), E errors per cycle and B decisions with a wrong one in the feedback
/// Expected visits of each state are pushed decision by decision through the states that occur; a state whose
/// probability is below a limit is left out, and from any state the feedback is clean again after at most
/// N / Π_k c_k decisions on average, c_k the least probability of a right decision behind k right ones. The
/// limit is lowered until what is left out is below `tolerance` of the errors; the bound is returned.
///
/// Precoding 1/(1+D) modulo L: the receiver decodes (ŝ_i + ŝ_{i-1}) mod L, so an alternating burst of any
/// length leaves two wrong symbols. Bits are counted under the Gray code of signal/pattern.hpp, with the
/// joint law of sent level and error, not their product.
///
/// Valid for noise independent from decision to decision. Behind a long FFE, or where residual intersymbol
/// interference dominates, neighbouring n_i are correlated and bursts differ: count them (monte_carlo.hpp,
/// FeedbackSymbols::decided). Levels are equally spaced.
/// Verified by the closed form of the one-tap NRZ case, by the dense stationary vector, and by counted
/// decisions.
#pragma once

#include <span>
#include <vector>

#include "signal/density.hpp"

namespace photonlink {

struct DfeSlicer {
  int levels = 2;                     ///< 2 ... 4
  std::span<const double> tap;        ///< b_m in units of the main cursor, size 0 ... 20
  std::span<const double> threshold;  ///< (levels - 1), ascending; empty: midway
  double sigma = 0.0;                 ///< rms of the Gaussian part of n, outer level = 1, > 0
  const Density* additive = nullptr;  ///< bounded part of n (interference, crosstalk); null: none
  double tolerance = 1e-6;            ///< relative, of every ratio below
  long most_states = 1L << 20;        ///< held in memory
};

struct DfeErrors {
  /// Symbol error ratio if every symbol fed back were right; where it is below 1e-307 all ratios are 0 and
  /// the vectors empty.
  double event_ratio = 0.0;
  double event_bit_ratio = 0.0;
  double symbol_error_ratio = 0.0, bit_error_ratio = 0.0;                    ///< behind the slicer
  double precoded_symbol_error_ratio = 0.0, precoded_bit_error_ratio = 0.0;  ///< behind the decoder
  double multiplication = 1.0;  ///< symbol error ratio over event ratio
  /// An event lasts from its first error to its last one in front of N right decisions. Element k:
  /// probability of a length of k + 1 symbols; what the vector does not hold is below the tolerance.
  std::vector<double> event_length;
  /// Wrong symbols in an event, element k: k + 1 of them, the last element: so many or more. With precoding
  /// behind the decoder, where the event ends one symbol later.
  std::vector<double> event_errors, precoded_event_errors;
  std::vector<double> run_length;  ///< of consecutive wrong symbols, element k: k + 1 symbols
  double left_out = 0.0;           ///< bound of the relative error of the ratios
  long states = 0;
};

/// @throws DomainError for levels, taps, thresholds or sigma out of range, or when the tolerance needs more
/// than `most_states`.
DfeErrors solve_dfe_errors(const DfeSlicer& slicer);

}  // namespace photonlink
