/// Error ratio of sequence detection from its error events, without simulation.
///
/// The detector of mlse.hpp prefers a sequence that differs by level steps e_k (k = 0 ... K - 1) over the
/// sent one when the noise along the difference δ_k = Δ Σ_m g_m e_{k-m} is larger than half its length:
///   P(event) = Q( δᵀδ / (2 sqrt(δᵀ R δ)) ),  R_ij = R(|i - j|) the covariance of the noise,
/// which is right for coloured noise too, although the detector takes it as white. An event is open to a sent
/// sequence with probability Π (L - |e_k|) / L. The union bound \cite Forney1972
///   symbol errors <= Σ_events (wrong symbols) Π (L - |e_k|) / L · P(event)
/// is summed event by event, the likeliest first. An event ends where ν steps in a row are 0. What is not
/// visited is bounded by Q(x) <= ½ exp(-x²/2) and λ = max of the noise spectrum: its sum over all
/// continuations of a state solves a linear system of (2 L - 1)^ν unknowns, so that `left_out` is a bound,
/// not an estimate.
///
/// The sum counts overlapping events several times. The estimate thins each of the likeliest events by the
/// share of cases in which no neighbouring event beats it (mlse_overlap.hpp); the remainder is taken as it
/// is.
///
/// Levels that are not equally spaced have more differences a(q) - a(s), each open to its own share of the
/// levels; only the thinning takes them as equally spaced.
///
/// Where it ends: at low signal-to-noise ratio the sum over events diverges; then `converged` is false, the
/// estimates are NaN and the upper bounds are those of guessing. Against the Viterbi detector the estimate is
/// 2 to 3 % high at a symbol error ratio of 4e-4 for targets of one and two taps with |g| <= 0.7, and closer
/// below. For 1 + D on four levels, whose events of all lengths are equally near, it is 16 % high at 1e-3 and
/// 30 % at 1e-2. `lower_symbol_error_ratio` holds for every detector: a genie that leaves only the sequences
/// x + j e of one event still errs with 2 Π (L - |e_k|)/L Q(½ sqrt(δᵀ R⁻¹ δ)), R⁻¹ by the noise spectrum over
/// the whole axis.
///
/// Verified against the closed sum for 1 + αD, full enumeration of short events, and counted decisions.
#pragma once

#include <span>

#include "solvers/result.hpp"

namespace photonlink {

struct MlseChannel {
  std::span<const double> amplitude;   ///< of the levels, ascending, 2 or 4
  std::span<const double> target;      ///< g_1 ... g_ν, ν <= 7 on two levels, 4 on four
  std::span<const double> covariance;  ///< R(0), R(1) ..., outer level = 1; zero beyond
  double tolerance = 1e-3;             ///< of the sums, relative
  long most_events = 1L << 18;         ///< visited
};

struct MlseErrors {
  double symbol_error_ratio = not_computed, bit_error_ratio = not_computed;  ///< estimates
  double upper_symbol_error_ratio = 0.0, upper_bit_error_ratio = 0.0;        ///< union bounds
  double lower_symbol_error_ratio = 0.0;                                     ///< no detector has less
  double least_distance = 0.0;  ///< smallest δᵀδ / (2 sqrt(δᵀ R δ)) of the events visited
  double left_out = 0.0;        ///< bound of the symbol errors of all events not visited
  long events = 0;
  bool converged = false;
};

/// @throws DomainError for levels, target or covariance out of range.
MlseErrors analyse_mlse(const MlseChannel& channel);

/// Symbol error ratio bound for 1 + αD in white noise, alternating events of single steps only:
///   2 Σ_j j ((L - 1)/L)^j Q( sqrt(1 + (j - 1)(1 - α)² + α²) / ((L - 1) σ) ), as exploratory versions of COM
///   sum it.
/// @param sigma rms noise, outer level = 1.
double alternating_mlse_ser(int levels, double alpha, double sigma);

}  // namespace photonlink
