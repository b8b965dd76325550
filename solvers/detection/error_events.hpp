/// Error events of decision feedback in the noise and interference of a real link, by drawing events.
///
/// An event begins with a wrong decision behind right ones and ends in front of N right decisions, N the
/// feedback taps. Its first error is drawn from its own law, so events cost the same at any error ratio:
///   symbol i and wrong level q with the weight P(y_i + n in the interval of q), n there from its truncated
///   Gaussian,
///   n_k = w_k + R_k / R_0 (n_0 - w_0),  w a stationary autoregressive Gaussian with R_0 ... R_K,
/// which is the law of the noise behind n_0. From there on symbols of the pattern, with all their
/// interference, are decided and fed back:
///   y_k = x_k + n_k - Σ_m b_m (a(ŝ_{k-m}) - a(s_{k-m})).
/// Noise that a first error needed lingers (a front end, the channel in front of it): it opposes feedback of
/// the same sign, so that events in coloured noise are shorter than the Markov chain of
/// dfe_error_propagation.hpp says, which takes noise as independent. Without colour the two agree.
///
/// With E the wrong symbols (bits) of an event, B its decisions with a wrong one in the feedback and p the
/// event ratio, decisions fed back multiply the ratio of right feedback by E / E_first / (1 + p B).
/// Precoding: (ŝ_i + ŝ_{i-1}) mod L, bits in Gray code; none, NaN, for PAM6, whose pairs it would break.
/// Decisions in front of an event are right but otherwise not conditioned on. Verified by the Markov chain in
/// white noise and by counted decisions of links.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace photonlink {

struct ErrorEventInput {
  std::span<const double> sample;      ///< (n) noise-free, right feedback, periodic
  std::span<const int> index;          ///< (n) levels sent
  std::span<const double> amplitude;   ///< (n_level), ascending
  std::span<const double> threshold;   ///< (n_level - 1), ascending
  std::span<const double> tap;         ///< b_m, at least one
  std::span<const double> covariance;  ///< R_0 ... R_K of the noise, R_0 > 0
  long events = 1L << 14;
  std::uint64_t seed = 1;
};

struct ErrorEvents {
  double event_ratio = 0.0;  ///< symbol error ratio with right feedback
  double symbol_multiplication = 1.0, bit_multiplication = 1.0;
  double precoded_bit_multiplication = 1.0;  ///< over the unprecoded ratio with right feedback
  double sigma = 0.0;                        ///< standard error of bit_multiplication
  /// Share of events with k + 1 wrong symbols, the last element: so many or more. Without and with
  /// precoding, where an event ends one symbol later.
  std::vector<double> event_errors, precoded_event_errors;
};

/// @throws DomainError for sizes that do not fit, or when events do not end within 10^5 decisions.
ErrorEvents draw_error_events(const ErrorEventInput& input);

}  // namespace photonlink
