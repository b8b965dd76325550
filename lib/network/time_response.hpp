/// Impulse, step and pulse response of one S-parameter, free of wrap-around and of ripple before it starts.
///
/// The element is interpolated (s_parameters.hpp) onto a grid finer than the file's, so that the period of
/// the transform is at least twice the longest response the file can hold and four times the delay; a quarter
/// of the period lies before t = 0, where everything acausal shows instead of wrapping onto the tail. A
/// smooth filter ends the band, because a sharp end would ring on both sides of every step:
/// Gaussian edge H_t of 20-80 % rise time T_r and receiver filter H_r of reference_filters.hpp. Step and
/// pulse are integrals of the periodic band-limited impulse, taken in the frequency domain, so they carry no
/// error of a sum. What still wraps is the part of a tail that outlasts 1.5 / (widest step): of skin effect,
/// which falls as t^(-3/2), about -67 dB of the energy for a line of 20 dB in steps of 20 MHz.
///
/// Valid as far as the file is: `extrapolated_share` says how much of the energy comes from above its last
/// point. Verified in tests/lib/time_response_test.cpp: Gaussian edges, RC and mismatched lines in closed
/// form.
#pragma once

#include <limits>
#include <vector>

#include "core/context.hpp"
#include "network/reference_filters.hpp"
#include "network/s_parameters.hpp"

namespace photonlink {

struct ResponseFilter {
  double rise_time_s = 0.0;                                                ///< T_r, 20-80 %; 0: none
  double receiver_bandwidth_Hz = std::numeric_limits<double>::infinity();  ///< f_r; infinite: none
};
/// H_t H_r at one frequency.
Complex filter_response(const ResponseFilter& filter, double frequency_Hz);

struct TimeResponse {
  double begin_s = 0.0, step_s = 0.0;  ///< time of value i is begin_s + i step_s
  std::vector<double> value;           ///< impulse [1/s]; step and pulse of unit amplitude [1]
  double extrapolated_share = 0.0;     ///< of the energy of the filtered impulse, from above the file

  double time_s(std::size_t i) const { return begin_s + static_cast<double>(i) * step_s; }
  std::size_t index_of(double time_s) const;  ///< nearest sample, inside the response
};

/// @param step_s spacing of the samples; the filter must have fallen below -60 dB at 1 / (2 step_s), or else
/// the response rings. @throws DomainError on a port, step or filter that cannot be meant, and beyond 2^24
/// samples.
TimeResponse impulse_response(const SParameters& network, int out, int in, const ResponseFilter& filter,
                              double step_s, Context& context);
/// Answer to a unit step at t = 0.
TimeResponse step_response(const SParameters& network, int out, int in, const ResponseFilter& filter,
                           double step_s, Context& context);
/// Answer to a rectangle of height 1 from t = 0 to `width_s`.
TimeResponse pulse_response(const SParameters& network, int out, int in, const ResponseFilter& filter,
                            double width_s, double step_s, Context& context);

/// Share of the energy of an impulse response before `time_s`, in [0, 1].
double energy_share_before(const TimeResponse& impulse, double time_s);

/// Earliest arrival through S[out, in] [s]: the delay that is left when the least phase which its magnitude
/// demands is taken out,
///   S = |S| exp(jφ_min) exp(-j2πfτ),   φ_min = Hilbert transform of -ln |S|,
/// averaged over the file with weight |S|² (group_delay_s). The logarithm is continued to four ends of the
/// file (interpolate()); a wrong continuation shifts τ by about 0.1 / f_end for a line of 20 dB. 0 for
/// reflections.
double time_of_flight_s(const SParameters& network, int out, int in, Context& context);

}  // namespace photonlink
