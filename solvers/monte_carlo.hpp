/// Monte Carlo: the referee of the semi-analytic solver. Random symbols and random noise stream through the
/// chain, decisions are counted.
///
/// It starts from a PatternSolution and keeps what that adapted (CTLE, FFE, DFE, sampling instant,
/// thresholds); everything else is drawn: symbols, every NoiseTerm, crosstalk, sampling and deterministic
/// jitter (lane_slicer.hpp). The noise is that of StreamChain, on the actual noisy signal.
///
/// Work is cut into numbered segments, each with its own random numbers and a start-up whose symbols are not
/// counted; a segment is a pure function of (seed, number), and segments are added in rounds of fixed size
/// until `target_errors` or `max_symbols` is reached: the result does not depend on the number of threads.
///
/// The standard error comes from the segments, σ² = n/(n-1) Σ (e_s - r b_s)² / (Σ b_s)², so that error bursts
/// (decision feedback) and errors that several lanes share widen it. The 95 % interval is that of a Poisson
/// count (Garwood 1936, \cite Garwood1936) of errors / burst, burst = σ² / (r / Σ b_s), at least 1.
///
/// `noise_scale` multiplies the amplitude of all random noise and random jitter, as Scaling::noise does in
/// the semi-analytic solver: links that run at 1e-12 are compared where errors can be counted.
/// Verified in tests/solvers/monte_carlo_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "solvers/pattern_solver.hpp"
#include "solvers/stream/lane_slicer.hpp"

namespace photonlink {

struct MonteCarloOptions {
  std::uint64_t seed = 1;
  double target_errors = 1e4;  ///< bit errors of all lanes together
  double max_symbols = 2e7;    ///< of all lanes together, not exceeded by more than one round
  int block_symbols = 0;       ///< symbols per block and lane, 0: from the memory of the chain
  FeedbackSymbols feedback = FeedbackSymbols::correct;
  double noise_scale = 1.0;
  bool crosstalk = true;  ///< aggressors of the channel send
};

struct ErrorCount {
  double errors = 0.0, bits = 0.0;  ///< bit errors and bits
  double ber = not_computed;
  double sigma = not_computed;  ///< standard error of `ber` from the segments
  double burst = 1.0;           ///< variance relative to that of independent errors
  double ber_low = not_computed, ber_high = not_computed;  ///< 95 % confidence interval
};

struct MonteCarloResult {
  std::vector<ErrorCount> lane;
  ErrorCount total;
  long segments = 0, symbols_per_segment = 0;  ///< counted ones, per lane
  double filter_error = 0.0;                   ///< in-band error of the stream filters
  bool reached_target = false;
  std::string settings;  ///< one line for reports
  double elapsed_s = 0.0;
};

/// @throws ConfigError for options that cannot be meant or a chain that cannot be streamed.
MonteCarloResult run_monte_carlo(const PatternSolution& solution, const MonteCarloOptions& options,
                                 Context& context);

/// Noise scale at which the semi-analytic mean BER of all lanes is `ber` (bisection in the logarithm).
/// @throws DomainError when no scale in [1/64, 64] reaches it.
double noise_scale_for_ber(PatternSolution& solution, double ber);
/// Semi-analytic mean BER of all lanes with scaled noise, thresholds as adapted.
double scaled_ber(PatternSolution& solution, double noise_scale);

}  // namespace photonlink
