/// PAM6: five bits on two consecutive symbols of six levels, the cross constellation of 32-QAM on a line.
///
/// The 36 pairs (first, second) of levels 0 ... 5 without the four corners, where both are outer levels,
/// carry one five-bit word each: 2.5 bits per symbol. An outer level is sent with probability 1/8, an inner
/// one with 3/16; symbols of a pair are uncorrelated, but not independent.
///
/// Labels, Smith's for the cross \cite Vitthaladevuni2005: the rectangle of 8 × 4 points, x and y Gray coded
/// (word = gray3(x) gray2(y), x 0 ... 7 and y 0 ... 3 counted from the lowest), keeps its six middle columns,
/// and its outer columns x = 0 and x = 7 fold onto the rows below and above them. In amplitudes ±1, ±3 ...:
///   |x| <= 5            first = x,          second = y
///   |x| = 7, |y| = 1    first = sign(x),    second = 5 sign(y)
///   |x| = 7, |y| = 3    first = 3 sign(x),  second = 5 sign(y)
/// No Gray code fits a cross: between neighbours 60/52 bits differ on average, each point's mean over its
/// neighbours averages 7/6.
///
/// A receiver that decides a corner takes the nearer level of the second symbol, the pair one step inside.
///
/// Verified by the folding formula in tests/oracles/pam6.py and by its count of neighbours.
#pragma once

#include <array>
#include <span>

#include "core/random.hpp"

namespace photonlink {

inline constexpr int pam6_words = 32;

/// Levels (first, second) of a word 0 ... 31, its first bit the most significant.
std::array<int, 2> pam6_pair(int word);
/// Word of a pair of levels 0 ... 5; of a corner the word decided for it.
int pam6_word(int first, int second);
/// Bits that differ between the pair sent and the pair decided.
int pam6_pair_errors(std::array<int, 2> sent, std::array<int, 2> decided);
/// Mean wrong bits when a level is decided wrongly and the other symbol of its pair rightly, over what that
/// other may be and over both places in the pair.
double pam6_bit_errors(int sent, int decided);

/// Values first, first + 1, ... of random symbols, pairs beginning at even values; the stream's own integers
/// where levels are equally likely.
void random_levels(const RandomStream& stream, std::uint64_t first, int levels, std::span<int> out);

}  // namespace photonlink
