/// Gaussian tail probability Q(x) = 1/2 erfc(x / sqrt 2) = P(standard normal > x), its inverse, and fast
/// rows and sums of it.
#pragma once

#include <span>

namespace photonlink {

/// Q(x) for any x, relative error below 1e-15 · (1 + x²) down to 1e-300 (x = 37); Q(-x) = 1 - Q(x).
double gaussian_tail(double x);
/// x with Q(x) = probability. @throws DomainError unless 0 < probability < 1.
double inverse_gaussian_tail(double probability);

/// tail[j] = Q(first + j · step) in vector arithmetic. Each has a relative error below 1e-12 up to x = 37.5
/// (checked against gaussian_tail) and is 0 beyond, where Q < 5e-308.
void gaussian_tails(double first, double step, std::span<double> tail);

/// Σ_j weight[j] Q(first + j · step), for weights >= 0, each Q as of gaussian_tails.
double gaussian_tail_sum(std::span<const double> weight, double first, double step);

}  // namespace photonlink
