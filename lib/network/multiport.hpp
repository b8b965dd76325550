/// Networks with two sides: joining them, taking fixtures off, delays at their ports.
///
/// A 2N-port has ports 1..N on its left and N+1..2N on its right side; a 4-port in the order 1p, 1n, 2p, 2n
/// is one. In blocks of N, with A on the left of B (Redheffer's star product),
///   S11 = A11 + A12 (1 - B11 A22)^-1 B11 A21,   S12 = A12 (1 - B11 A22)^-1 B12,
///   S21 = B21 (1 - A22 B11)^-1 A21,             S22 = B22 + B21 (1 - A22 B11)^-1 A22 B12.
/// Taking A off solves these for B: with X = A12^-1 (S11 - A11) A21^-1,
///   B11 = X (1 + A22 X)^-1,                     B12 = (1 - B11 A22) A12^-1 S12,
///   B21 = S21 A21^-1 (1 - A22 B11),             B22 = S22 - B21 (1 - A22 B11)^-1 A22 B12,
/// which divides by the transmission of the fixture only, never by that of the rest. Verified in
/// tests/lib/multiport_test.cpp: scikit-rf, products of chain matrices, random networks there and back.
#pragma once

#include "network/s_parameters.hpp"

namespace photonlink {

/// The right side of `first` on the left side of `second`, frequency by frequency.
/// @throws DomainError unless both have one even number of ports, reference impedance and frequency grid.
SParameters cascade(const SParameters& first, const SParameters& second);

/// What is left of `total` without the known `fixture` on its left (right) side. Errors of the fixture are
/// enlarged by the inverse of its transmission: where it loses 40 dB, two digits are lost.
/// @param fixture as it stands in the chain: its right (left) side touches the rest.
/// @throws DomainError as `cascade`, and at a frequency where the fixture transmits less than -120 dB.
SParameters remove_left(const SParameters& total, const SParameters& fixture);
SParameters remove_right(const SParameters& total, const SParameters& fixture);

/// Left and right side exchanged.
SParameters reversed(const SParameters& network);

/// A matched, lossless line of `delay_s` at one port (counted from 1): row and column times exp(-j2πfτ). A
/// negative delay takes one off. With the port of one leg of a pair: intra-pair skew.
SParameters delay_port(const SParameters& network, int port, double delay_s);

/// How much later the n leg arrives than the p leg [s]: mean delay of S[2n,1n] conj(S[2p,1p]) over a band,
/// weighted with its power. Legs that couple tightly even out with frequency, so a band near DC tells most.
/// @param four_port ports in the order 1p, 1n, 2p, 2n. @throws DomainError unless it has 4 ports.
double intra_pair_skew_s(const SParameters& four_port, double low_Hz, double high_Hz);

}  // namespace photonlink
