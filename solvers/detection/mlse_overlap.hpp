/// How often an error event of a sequence detector is the one that is chosen, given that it beats the sent
/// sequence.
///
/// The union bound counts event e whenever noise prefers x + e to the sent x, also when another event e' is
/// preferred still more. Each e' that differs by one level step in one place, or in two within ν symbols of
/// each other, inside e or within ν symbols of it, beats e with
///   p(e') = P( n·(δ' - δ) > (δ'δ' - δδ)/2 | n·δ > δδ/2 ),
/// a bivariate Gaussian tail with the covariances of the noise, and is open to a sequence that e is open to
/// with probability o(e'). The share returned is Π (1 - o(e') p(e')): exact to first order in p, and between
/// the bounds 1 - max and 1 - Σ.
#pragma once

#include <span>

namespace photonlink {

/// P(X > h, Y > k) of standard normal X, Y with the given correlation, by Gauss-Legendre quadrature of
/// φ(x) Q((k - ρ x) / sqrt(1 - ρ²)); relative to Q(h) to 1e-6 for |ρ| <= 0.99, 1e-3 closer to 1.
double bivariate_gaussian_tail(double h, double k, double correlation);

/// @param target g_1 ... g_ν. @param covariance R(0), R(1) ... zero beyond. @param step level steps of the
/// event, first and last not 0.
double surviving_share(int levels, std::span<const double> target, std::span<const double> covariance,
                       std::span<const int> step);

}  // namespace photonlink
