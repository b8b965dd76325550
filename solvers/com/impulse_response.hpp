/// Impulse response of a transfer function known at the points of a file, in two ways.
///
/// `script_impulse` repeats what the IEEE script (4.50) does, choices that shape its results included:
/// magnitude and unwrapped phase run linearly between points; magnitude meets a straight line through its
/// first ten points at 0 Hz and, at half the sampling rate, a straight line through the upper half of the
/// points, not below 2^-52 and not above the last point; phase goes on with the mean group delay of the first
/// 50 or last 51 points, outliers beyond one standard deviation left out; the response ends at the last
/// sample above `truncation` of its peak.
///
/// `transform` is the plain inverse transform of a spectrum that is known at every frequency.
#pragma once

#include <span>
#include <vector>

#include "core/context.hpp"
#include "core/conventions.hpp"

namespace photonlink::com {

/// Points of a half spectrum from 0 Hz to half the sampling rate, (n + 1), and their spacing.
struct SpectrumGrid {
  int intervals = 0;  ///< n; a period has 2 n samples
  double step_Hz = 0.0;
  /// The spacing of the second and third point decides the length, as in the script.
  static SpectrumGrid of(std::span<const double> frequency_Hz, double sample_rate_Hz);
  double frequency_Hz(int k) const { return k * step_Hz; }
  std::vector<double> frequencies_Hz() const;  ///< (n + 1)
};

/// @param transfer (n_frequency) at `frequency_Hz`, which rises; @returns samples per `1 / sample_rate_Hz`,
/// dimensionless (their sum is the gain at 0 Hz). @throws DomainError when fewer than 51 points are given or
/// the mean phase rises with frequency (points too far apart for the delay).
std::vector<double> script_impulse(std::span<const double> frequency_Hz, std::span<const Complex> transfer,
                                   double sample_rate_Hz, double truncation, Context& context);

/// (n + 1) to (2 n) samples; the ends count with their real part.
std::vector<double> transform(std::vector<Complex> spectrum, Context& context);

/// Running sum over `width` samples: the response to a held symbol.
std::vector<double> held(std::span<const double> impulse, int width);

}  // namespace photonlink::com
