/// Scattering parameters of an N-port over frequency, and what is done with them before a link uses them.
///
/// All ports share one real reference impedance, so power waves and pseudo waves coincide and (Kurokawa 1965)
///   a = (V + Z0 I) / (2 sqrt(Z0)),  b = (V - Z0 I) / (2 sqrt(Z0)),  b = S a,  S[out, in].
/// Verified against scikit-rf (tests/oracles/scikit_rf_networks.py) and closed forms of lines.
#pragma once

#include <span>
#include <vector>

#include "core/conventions.hpp"
#include "network/two_port.hpp"

namespace photonlink {

struct SParameters {
  int ports = 0;
  double reference_ohm = 50.0;       ///< real, the same at every port
  std::vector<double> frequency_Hz;  ///< (n_frequency), strictly rising, >= 0
  std::vector<Complex> s;            ///< (n_frequency, ports, ports), S[out, in]

  /// Element at frequency index `k`; `out` and `in` count from 0.
  const Complex& at(std::size_t k, int out, int in) const {
    return s[(k * static_cast<std::size_t>(ports) + static_cast<std::size_t>(out)) *
                 static_cast<std::size_t>(ports) +
             static_cast<std::size_t>(in)];
  }
};

/// The same network on another real reference impedance. With r = (Z' - Z0) / (Z' + Z0) at every port
///   S' = (S - r 1) (1 - r S)^-1                                            (\cite Kurokawa1965).
/// @throws DomainError unless `reference_ohm` is positive and finite.
SParameters renormalise(const SParameters& network, double reference_ohm);

/// The same where every port has its own reference, Z_i before and Z'_i behind. With the diagonal matrices
/// R = diag((Z'_i - Z_i) / (Z'_i + Z_i)) and P = diag((Z'_i + Z_i) / (2 sqrt(Z'_i Z_i)))
///   S' = P (S - R) (1 - R S)^-1 P^-1                                       (\cite Kurokawa1965).
/// `reference_ohm` of the result is that of port 1: only when all of `to_ohm` are equal is it that of all.
/// @param from_ohm, to_ohm (ports). @throws DomainError on another count or an impedance that is not
/// positive.
SParameters renormalise_ports(const SParameters& network, std::span<const double> from_ohm,
                              std::span<const double> to_ohm);

/// Reorders ports or keeps some of them; the others end in the reference impedance.
/// @param port_numbers numbers as in the file, counted from 1. @throws DomainError outside 1..ports or
/// repeated.
SParameters select_ports(const SParameters& network, std::span<const int> port_numbers);

/// Blocks of a 4-port in differential (d) and common (c) mode. Reference of `dd` is 2 Z0, of `cc` Z0 / 2;
/// `dc` is the differential wave caused by a common one, `cd` the reverse; both (n_frequency, 2, 2).
struct MixedMode {
  SParameters dd, cc;
  std::vector<Complex> dc, cd;
};

/// S_mm = M S M^T, M = [1 -1 0 0; 0 0 1 -1; 1 1 0 0; 0 0 1 1] / sqrt(2)      (\cite Bockelman1995).
/// @param four_port ports in the order 1p, 1n, 2p, 2n. @throws DomainError unless it has 4 ports.
MixedMode mixed_mode(const SParameters& four_port);

/// Chain matrices of a 2-port, (n_frequency). A network that transmits nothing has none, so |S21| is taken as
/// at least `least_s21`. @throws DomainError unless it has 2 ports.
std::vector<Abcd> to_abcd(const SParameters& two_port);

/// Largest singular value of S at frequency index `k`.
double largest_singular_value(const SParameters& network, std::size_t k);
/// Largest singular value of S over all frequencies; a passive network has <= 1.
double passivity(const SParameters& network);
/// Largest |S[i,j] - S[j,i]| over all frequencies; 0 for a reciprocal network.
double reciprocity_error(const SParameters& network);

/// Delay of S[out, in] in a band [s]: -d(phase)/dω averaged with weight |S|², robust against nulls and
/// wrapped phase. Bands with fewer than two points are widened to the nearest two. 0 when there is one point
/// or no signal.
double group_delay_s(const SParameters& network, int out, int in, double low_Hz, double high_Hz);

/// The network at other frequencies >= 0 [Hz], in any order. Each S[i,j] on its own:
///  - inside the file: its mean delay is taken out, real and imaginary part run as cubic Hermite curves
///    through the points (three-point slopes), the delay is put back. Plain complex interpolation would dip
///    by 1 - cos(Δφ/2) between points that are Δφ apart; without the delay Δφ is small. Magnitude and
///    unwrapped phase would break at the nulls of reflections, where the phase jumps; this does not. Points
///    of the file are kept.
///  - near 0 Hz: the root of skin effect, which cubics do not follow, is found in the first points, taken off
///    before and put back behind (skin_root.hpp; even steps from DC only).
///  - below the first point: a point at 0 Hz is added, real because a real network is: with the root of skin
///    effect where one is found on even steps, else its magnitude extrapolated linearly from the first two
///    points (within 0 and 1), its phase linearly and rounded to 0 or π.
///  - above the last point: magnitude falls by the dB per Hz fitted over the upper third of the file and
///  never
///    grows, phase is linear with the mean delay of that third, both starting at the last point. No element
///    grows; the matrix need not stay passive, because the phases of its elements run apart.
/// Accuracy on equal steps: a part of S whose delay differs from the mean by τ is missed by at most
/// 0.016 x^3 + 0.023 x^4 of itself, x = 2π step τ; a file holds an echo when x < 1.
/// @throws DomainError on negative or non-finite frequencies, or a network without points.
SParameters interpolate(const SParameters& network, std::span<const double> frequency_Hz);

}  // namespace photonlink
