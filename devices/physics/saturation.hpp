/// Memoryless compression of an amplifier: y(x) = y_s tanh(x / y_s), small-signal gain 1, outputs within
/// ±y_s.
///
/// Third order: y = x - x³/(3 y_s²) + ..., so a sine of amplitude a y_s has a third harmonic of a²/12 of its
/// fundamental, and its gain falls by a²/4, both to first order in a². Of a sine of any amplitude the
/// fundamental is y_s b(a),
///   b(a) = (2/π) ∫_0^π tanh(a sin θ) sin θ dθ,
/// and the 1 dB compression point is where b(a)/a = 10^(-1/20): a = 0.7127, b = 0.6352 (the third order alone
/// gives a = 0.6595).
/// Verified against the series, against an independent integral and against its inverse.
#pragma once

#include <cmath>
#include <limits>

namespace photonlink {

struct Saturation {
  double level = std::numeric_limits<double>::infinity();  ///< y_s; infinite: linear

  bool active() const { return std::isfinite(level); }
  double operator()(double x) const { return active() ? level * std::tanh(x / level) : x; }
  /// dy/dx = 1 - (y / y_s)².
  double slope(double x) const {
    if (!active()) return 1.0;
    const double t = std::tanh(x / level);
    return 1.0 - t * t;
  }
};

/// b at the 1 dB compression point of a sine: its fundamental over y_s.
double one_dB_fundamental();

}  // namespace photonlink
