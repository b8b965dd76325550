/// Bit error ratio of a slicer with Gaussian noise that differs from symbol to symbol.
///
/// Decision variable of symbol i: y = v_i + X + sigma_i N, X from an optional density common to all symbols
/// (long ISI, crosstalk, bounded jitter), N standard normal. With U_ik = P(y > t_k) and D_ik = P(y < t_k) and
/// the Gray distance w(s, d) between levels, summation by parts gives the mean bit errors over all decisions
/// without cancellation:
///   errors_i = Σ_{k >= s} U_ik [w(s, k+1) - w(s, k)] + Σ_{k < s} D_ik [w(s, k) - w(s, k+1)],   s = level_i,
/// so the BER, Σ errors_i / (n log2 L), is a sum of one function per threshold: each can be optimised alone.
/// U = Σ_j mass_j Q((t - v - x_j) / sigma) by gaussian_tail_sum.
///
/// Bins and symbols are left out only when an upper bound on what they add is negligible: the total left out
/// is below 1e-4 of max(floor, result), because the tolerance of each tail is derived from a lower bound of
/// the result, computed first from a coarse density. Otherwise the relative error is 1e-12.
///
/// On six levels w is the mean over the other symbol of the pair (lib/signal/pam6.hpp); what errors of both
/// symbols of one pair have in common is left out: relative error of the order of the symbol error ratio.
///
/// Verified against the closed forms for NRZ and PAM4 from 1e-2 to 1e-18, against sums over every symbol, bin
/// and decision, and against counted decisions.
#pragma once

#include <span>
#include <vector>

#include "signal/density.hpp"

namespace photonlink {

/// Noise-free samples, noise and sent levels of the pattern: three spans of size (n_symbol).
struct SlicerInput {
  std::span<const double> sample;     ///< v_i, amplitude unit
  std::span<const double> sigma;      ///< rms noise > 0
  std::span<const int> level;         ///< sent level, 0 ... L - 1
  const Density* additive = nullptr;  ///< density of X; null: X = 0
  double floor = 1e-30;               ///< smallest BER that has to be resolved to 1e-4
};

/// @param threshold size (L - 1), L = 2, 4 or 6, ascending. @throws DomainError for sizes, levels, order or
/// sigma <= 0.
double bit_error_ratio(const SlicerInput& input, std::span<const double> threshold);
double bit_error_ratio(std::span<const double> sample, std::span<const double> sigma,
                       std::span<const int> level, std::span<const double> threshold,
                       const Density* additive);
/// Symbol error ratio, the same sums with w = 1 for every wrong decision.
double symbol_error_ratio(const SlicerInput& input, std::span<const double> threshold);
/// Part of the BER owed to threshold k placed at `threshold`; parts add up to the BER. What is left out is
/// below 1e-4 of the errors between the two neighbouring levels. A far crossing on four levels can repair a
/// bit, so some terms of a part are negative, and so is the part itself when an eye is upside down.
double threshold_error_ratio(const SlicerInput& input, int levels, int k, double threshold);
/// log10 of the BER with all thresholds moved by each of `shift`, size (n_shift); NaN where it is below
/// input.floor.
std::vector<double> log10_ber_against_shift(const SlicerInput& input, std::span<const double> threshold,
                                            std::span<const double> shift);
/// Thresholds of least BER, size (levels - 1): Brent's search of each part between the mean samples of its
/// two levels, to 1e-4 of their distance. @throws DomainError when a level is not sent or the mean samples do
/// not ascend.
std::vector<double> optimum_thresholds(const SlicerInput& input, int levels);

/// Closed forms for white noise, ideal levels -A ... A, midway thresholds, Gray code. @param
/// amplitude_over_sigma A / sigma. NRZ: Q(a). PAM4: [3 Q(a/3) + 2 Q(a) - Q(5a/3)] / 4 \cite ChoYoon2002, a =
/// A / sigma.
double nrz_ber(double amplitude_over_sigma);
double pam4_ber(double amplitude_over_sigma);
/// PAM6: the sum over all words sent and all 36 pairs decided, both symbols wrong included.
double pam6_ber(double amplitude_over_sigma);

}  // namespace photonlink
