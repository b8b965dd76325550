/// Gaussian noise in front of a compressing amplifier, at a decision behind the FFE.
///
/// y = Σ_j w_j f(x_j + n_j) + m: x_j the noise-free samples that the taps w_j read, n their noise of
/// covariance C, f the curve of the amplifier, m what the converter adds. Near a sample the curve is its
/// tangent and y is Gaussian with variance σ² = gᵀC g + σ_m², g_j = w_j f'(x_j). A decision goes wrong a
/// whole half step away, where the tangent no longer holds, however small the noise: what counts is the most
/// probable noise that carries y from its noise-free value across a deviation u. It lies along n = C g' and m
/// = σ_m², where g' = w f'(x + n) is the gradient there, found from the tangent's direction in two turns; the
/// plane drawn there has the distance from the origin, in standard deviations, of the first-order reliability
/// method \cite HasoferLind1974
///   β = (g'·n + m) / sqrt(g'ᵀC g' + σ_m²),
/// less the mean of what the curve makes of the noise across that direction, the trace of its curvature
/// \cite Breitung1984. Both are exact for one tap. They are computed at nine deviations for each symbol, a
/// quarter of a step apart, so one of them where the decision is taken, and interpolated.
/// Verified against the closed form of one tap, against integrals over two, and against counted errors.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "devices/physics/saturation.hpp"

namespace photonlink {

/// Where noise reaches a deviation: P = Q((distance - shift σ²) / (stretch σ)), σ that of the tangent.
/// Anything else that is added in front of the amplifier arrives `tail` times as large as with the mean
/// slope.
struct ErrorPoint {
  double distance = 0.0, stretch = 1.0, shift = 0.0, tail = 1.0;
};

class CompressedDecision {
 public:
  struct Inputs {
    std::span<const double> taps;  ///< w, the latest symbol first
    int pre = 0;                   ///< taps before the main one
    Saturation curve;
    std::span<const double> sample;  ///< (n_symbol) in front of the curve
    std::span<const double>
        covariance;                   ///< (n_symbol, n_tap) of sample i with i + lag, in front of the curve
    double converter_variance = 0.0;  ///< σ_m²
    double mean_slope = 1.0;
    double step = 1.0;  ///< distance of neighbouring levels: deviations up to here are resolved
  };
  explicit CompressedDecision(const Inputs& inputs);

  /// @param deviation from the noise-free y; beyond the last node the ratios of that node hold
  ErrorPoint at(std::size_t symbol, double deviation) const;
  /// Largest shift σ of all symbols in standard deviations: what the curvature adds to the noise by itself.
  double curvature(std::span<const double> sigma) const;

 private:
  static constexpr std::size_t nodes = 9;
  struct Curve {
    std::array<double, nodes> deviation, ratio, stretch, shift, tail;
  };
  class Builder;
  std::vector<Curve> curve_;
};

}  // namespace photonlink
