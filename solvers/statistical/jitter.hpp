/// Quadratures of displacements: nodes and weights that stand for a jitter density.
///
///   sinusoidal   arcsine density, nodes A cos((2k - 1) π / 2n) of equal weight: Gauss-Chebyshev, exact for
///                polynomials up to degree 2n - 1
///   Gaussian     the trapezoidal rule in steps of σ up to ±9.5 σ: for an integrand smooth over σ its error
///   is of the
///                order e^{-2π²} = 3e-9
///   sum of independent bounded displacements, from its even moments: the Gauss rule of five nodes
///   \cite GolubWelsch1969, exact for polynomials up to degree 9
/// Verified against closed moments, characteristic functions, and direct convolution.
#pragma once

#include <array>
#include <vector>

#include "solvers/statistical/statistical_link.hpp"

namespace photonlink {

struct JitterNode {
  double at = 0.0;      ///< displacement, unit of the parameters
  double weight = 0.0;  ///< probability
};

/// All timing jitter together [UI]; one node at 0 when there is none. Weights sum to 1.
std::vector<JitterNode> timing_nodes(const TimingJitter& jitter);

/// Cumulants of order 2, 4, 6, 8 of a symmetric variable; those of independent variables add.
struct EvenCumulants {
  std::array<double, 4> value = {};
  /// Adds `scale` times a variable.
  void add(const EvenCumulants& other, double scale);
};
/// Of a bounded displacement with the given peak-to-peak value.
EvenCumulants bounded_cumulants(BoundedShape shape, double peak_to_peak);
/// Five nodes, ascending, weights sum to 1; a single node at 0 for a variable that is 0.
std::vector<JitterNode> symmetric_nodes(const EvenCumulants& cumulants);

}  // namespace photonlink
