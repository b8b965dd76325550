/// Two-ports of the package and board model of IEEE 802.3 Annex 93A, in differential quantities.
///
/// Line, with f in GHz, per mm in the sheets (\cite IEEE8023, Eq. (93A-9) to (93A-14)):
///   γ(f) = γ₀ + a₁ (1 + j) √f + f (a₂ (1 - j (2/π) ln f) + j 2π τ),     γ(0) = γ₀
///   ρ = (Z_c - 2R₀) / (Z_c + 2R₀),  e = exp(-γ z)
///   S11 = S22 = ρ (1 - e²) / (1 - ρ² e²),   S21 = S12 = (1 - ρ²) e / (1 - ρ² e²)
/// a₁ is skin effect, a₂ a loss tangent whose logarithm keeps the dielectric causal (\cite Djordjevic2001 in
/// the middle of its band), τ the delay at 1 GHz, Z_c real and the same at all frequencies. As chain matrix
///   A = D = cosh γz,  B = Z_c sinh γz,  C = sinh γz / Z_c                            (\cite Pozar2012,
///   Table 4.1)
/// which gives the S-parameters above on any reference.
///
/// Elements of the sheets are those of each conductor against ground on R₀; between the two conductors a
/// capacitance counts half and an inductance twice, Eq. (93A-8) with z = R₀.
///
/// Validity: γ₀ > 0 leaves a loss at 0 Hz but no resistance to DC, and Z_c does not follow the losses: below
/// 0.1 GHz the model is no line (devices/physics/transmission_line.hpp is). Passive for a₁, a₂, γ₀ >= 0 up to
/// frequencies far beyond any data: the delay term of a₂ ln f stays small against τ.
///
/// Verified in tests/devices/physics/ieee_line_test.cpp against scikit-rf (tests/oracles/lines.py).
#pragma once

#include "network/two_port.hpp"

namespace photonlink {

/// Propagation of one kind of line, in SI: f in Hz, and the logarithm of f/1 GHz.
struct IeeeLine {
  double gamma0_per_m = 0.0;        ///< γ₀; sheets: 1/mm, 1e3 of these
  double a1_sqrt_s_per_m = 0.0;     ///< a₁; sheets: sqrt(ns)/mm, sqrt(1e-9) 1e3 of these
  double a2_s_per_m = 0.0;          ///< a₂; sheets: ns/mm, 1e-6 of these
  double tau_s_per_m = 0.0;         ///< τ; sheets: ns/mm, 1e-6 of these
  double characteristic_ohm = 100;  ///< Z_c, differential
};
/// From the numbers as a COM configuration sheet prints them.
IeeeLine ieee_line_of_sheet(double gamma0_per_mm, double a1_sqrt_ns_per_mm, double a2_ns_per_mm,
                            double tau_ns_per_mm, double characteristic_ohm);

/// γ(f) [1/m], Eq. (93A-9) to (93A-11). @param frequency_Hz >= 0
Complex ieee_propagation_per_m(const IeeeLine& line, double frequency_Hz);

/// A piece of line; length 0 is a through, and of a loss above 300 Np (2600 dB) no more is taken.
Abcd ieee_line(const IeeeLine& line, double length_m, double frequency_Hz);
/// The same as S-parameters, Eq. (93A-13), (93A-14). @param reference_ohm 2R₀
S2 ieee_line_s(const IeeeLine& line, double length_m, double frequency_Hz, double reference_ohm);

/// C of each conductor to ground, [F].
Abcd ieee_shunt_capacitance(double capacitance_F, double frequency_Hz);
/// L in each conductor, [H].
Abcd ieee_series_inductance(double inductance_H, double frequency_Hz);

}  // namespace photonlink
