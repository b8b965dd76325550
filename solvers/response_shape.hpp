/// Bandwidth and peaking of a frequency response.
///
///   drop(f) = k log10(|H(f_ref)| / |H(f)|),   k = 20 for fields, voltages, currents and what a photodiode
///   makes
///             of optical power, k = 10 for powers
///   bandwidth: lowest f > f_ref with drop(f) = the drop asked for
///   peak: largest -drop(f) in [f_ref, limit] and its frequency
///
/// The response is sampled at 200 points per decade from the larger of f_ref and 1e-6 of the limit upward;
/// the crossing is then found by TOMS 748, the peak by Brent's method in log f (Boost.Math). A dip or a peak
/// narrower than one step, 1.2 % of its frequency, may be passed over.
/// Verified in tests/solvers/response_shape_test.cpp: poles, Butterworth and resonant responses in closed
/// form.
#pragma once

#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "core/conventions.hpp"

namespace photonlink {

/// H at frequencies [Hz], (n_frequency).
using ResponseFunction = std::function<std::vector<Complex>(std::span<const double>)>;

/// What a decibel of the response means: 20 log10 of a field or voltage, 10 log10 of a power.
enum class Decibel { field, power };

struct ResponseSearch {
  double reference_Hz = 0.0;  ///< >= 0
  double limit_Hz = 200e9;    ///< upper end of the search
  Decibel decibel = Decibel::field;
};

struct Bandwidth {
  double frequency_Hz = std::numeric_limits<double>::quiet_NaN();  ///< NaN: not reached
  /// The response is known up to the limit and has not fallen: say "> limit_Hz". False with frequency NaN:
  /// there is no response at the reference.
  bool beyond_limit = false;
  double limit_Hz = 0.0;
};

/// @param drop_dB > 0, usually 3.01 or 3, 1, 6. @throws DomainError on a drop, reference or limit that cannot
/// be meant.
Bandwidth response_bandwidth(const ResponseFunction& response, double drop_dB, const ResponseSearch& search);

struct ResponsePeak {
  double height_dB =
      std::numeric_limits<double>::quiet_NaN();  ///< >= 0, over the reference; NaN: no response
  double frequency_Hz = std::numeric_limits<double>::quiet_NaN();
};

/// The reference itself, 0 dB, when nothing is higher. @throws DomainError as response_bandwidth.
ResponsePeak response_peak(const ResponseFunction& response, const ResponseSearch& search);

}  // namespace photonlink
