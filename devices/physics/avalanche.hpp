/// Impact ionisation in an avalanche region: gain, excess noise, and the distribution behind them.
///
///   M(V) = 1 / (1 - (V/V_B)^n),  V_B(T) = V_B0 (1 + β (T - T0))     \cite Miller1955
///   F(M) = k M + (1 - k) (2 - 1/M)                                  \cite McIntyre1966, k of the injected
///   carrier multiplied shot noise, one-sided: 2q M² F I_primary generating function m(s) = E[e^{sg}] of the
///   gain g of one primary carrier, implicit in s:
///     m = e^s (A + B m)^{1/(1-k)},  A = (1 + k (M - 1))/M,  B = (1 - k)(M - 1)/M    \cite McIntyre1972
/// (its power series in e^s, by Lagrange's inversion, is McIntyre's distribution of g.)
///
/// An integrate-and-dump receiver counts Poisson primaries of mean N and Gaussian noise of σ electrons:
///   K(s) = N (m(s) - 1) + σ² s²/2
/// Tails by the saddle point of ψ(s) = K(s) - s γ - ln|s|: P ≈ e^{ψ(s₀)} / sqrt(2π ψ''(s₀)), s₀ < 0 for the
/// lower tail and > 0 for the upper one \cite Helstrom1978. It is the Gaussian tail to some 2 % where K is
/// quadratic.
///
/// Optimum gain against a noise current that does not depend on M, variance σ_T² = S_T B, at primary current
/// I: d/dM [σ_T²/M² + 2qIB F(M)] = 0, with a = 2qIB/σ_T²:
///   k M³ + (1 - k) M = 2/a;  M ≈ (2/(a k))^{1/3} for large gain
///
/// Validity: 0 <= k < 1, long avalanche region (no dead space, which lowers F of thin ones).
///
/// Verified in tests/devices/physics/avalanche_test.cpp: McIntyre's exact distribution summed and compounded,
/// moments, drawn counts, numerical minimum.
#pragma once

#include <vector>

namespace photonlink {

/// @param breakdown_V V_B at the temperature, > voltage_V. @throws DomainError at or above breakdown.
double miller_gain(double voltage_V, double breakdown_V, double exponent);
/// F(M). @param gain M >= 1 @param ionization_ratio k
double excess_noise_factor(double gain, double ionization_ratio);
/// Gain of least noise. @param shot_over_fixed a = 2q I / S_T > 0
double optimum_gain(double shot_over_fixed, double ionization_ratio);

/// Distribution of the gain of one primary carrier.
struct GainLaw {
  double gain = 1.0, ionization_ratio = 0.0;
};
/// m(s) and its first two derivatives, at the s that belongs to a value of m.
struct GeneratingPoint {
  double s = 0.0, m = 1.0, slope = 1.0, curvature = 1.0;
};
GeneratingPoint generating_point(const GainLaw& law, double m);
/// The same at s < largest_argument(law).
GeneratingPoint generating_point_at(const GainLaw& law, double s);
/// s of the branch point, or with k = 0 of the pole: the gain's own tail falls as e^{-sg}; infinite for M
/// = 1.
double largest_argument(const GainLaw& law);
/// m of the branch point, where ds/dm = 0 and the tail ends its convergence; infinite for M = 1.
double largest_generating_value(const GainLaw& law);
/// E[g²] = F M² and E[g³].
struct GainMoments {
  double second = 1.0, third = 1.0;
};
GainMoments gain_moments(const GainLaw& law);
/// P(g) of one primary carrier, g = 0 ... where everything beyond has less than 1e-18 in all; P(0) = 0.
std::vector<double> gain_probabilities(const GainLaw& law);

/// What the receiver counts, in electrons.
struct AvalancheCount {
  GainLaw law;
  double primaries = 0.0;  ///< N, mean of the Poisson count
  double sigma = 0.0;      ///< Gaussian noise, electrons rms, > 0
};
/// P(count > γ) above the mean, P(count < γ) below it; γ away from the mean by a standard deviation or more.
double tail_probability(const AvalancheCount& count, double threshold);
/// The same with a Gaussian of equal mean and variance.
double gaussian_tail_probability(const AvalancheCount& count, double threshold);
/// Skewness of the count, third cumulant over σ³: 0 of a Gaussian.
double skewness(const AvalancheCount& count);

}  // namespace photonlink
