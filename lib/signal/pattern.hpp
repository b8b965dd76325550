/// Periodic digital patterns and their levels.
///
/// PRBSn: maximum-length sequence b[k] = sum of b[k - tap] mod 2 with the polynomials of \cite ITU_O150 and
/// \cite IEEE8023 (7: x^7+x^6+1, 9: x^9+x^5+1, 11: x^11+x^9+1, 13: x^13+x^12+x^2+x+1, 15: x^15+x^14+1,
/// 17: x^17+x^14+1, in no standard, 23: x^23+x^18+1, 31: x^31+x^28+1), all-ones start, not inverted. On four
/// levels consecutive bit pairs of the repeated sequence, first bit first, are Gray coded: 2^n - 1 symbols;
/// PRBS13Q of IEEE 802.3 clause 120.5.11.2.1 is the case n = 13, PRBS17Q has 131071 symbols. The standards'
/// seeds only shift the period. deBruijnK: every k-mer of the alphabet exactly once, levels^K symbols, least
/// in lexicographic order.
///
/// On six levels (PAM6) symbols come in pairs that carry five bits (pam6.hpp): PRBSn takes the words of five
/// consecutive bits of the repeated sequence, first bit most significant, 2 (2^n - 1) symbols; deBruijnK
/// shows every sequence of K pairs once, 2 · 32^K symbols.
///
/// Gray code (IEEE 802.3 clause 120.5.7): bits 00, 01, 11, 10 are levels 0, 1, 2, 3 with amplitudes -1, -1/3,
/// 1/3, 1. Verified by period, balance, the polynomials
/// themselves and exhaustive k-mer counts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace photonlink {

struct SymbolPattern {
  std::string name;
  int levels = 2;
  std::vector<int> index;  ///< (n_symbol), 0 ... levels - 1, 0 is the lowest level; periodic
};

/// Longest pattern held in memory, 2^23 symbols.
inline constexpr long max_pattern_symbols = 1L << 23;

/// @param name "PRBS7|9|11|13|15|17|23|31", "PRBS13Q" (or another order with Q: four levels) or "deBruijn1
/// ...".
/// @param levels 2, 4 or 6.
/// @param length symbols kept, 0: the whole period. A shortened pattern closes at an arbitrary place, so a
/// few k-mers
///   around its end are not of the sequence.
/// @throws ConfigError for an unknown name; DomainError for levels, or a length beyond the period or 2^23.
SymbolPattern make_pattern(std::string_view name, int levels, long length = 0);
/// Name of a de Bruijn pattern that covers the cursors that matter of an equalised link and keeps a study
/// interactive: order 9 of two levels, 5 of four, 2 (pairs) of six.
std::string automatic_pattern(int levels);
/// Independent symbols (on six levels pairs) of the random stream (seed, source), as likely as data make
/// them.
SymbolPattern random_pattern(int levels, long length, std::uint64_t seed, std::uint64_t source);

/// Cyclic shift: symbol i of the result is symbol i + offset of `pattern`; any sign.
SymbolPattern rotate(const SymbolPattern& pattern, long offset);
/// Longest k for which every sequence of k symbols that can be sent occurs in the (periodic) pattern: all
/// levels^k of them; on six levels 2 K - 1 where all 32^K sequences of K pairs occur, whatever the place in
/// the pair.
int memory(const SymbolPattern& pattern);

/// Equally spaced amplitudes from -1 to 1, size (levels).
std::vector<double> level_amplitudes(int levels);
/// Amplitudes of the symbols, size (n_symbol).
std::vector<double> amplitudes(const SymbolPattern& pattern);
/// Probability of each level, size (levels): equal, but on six levels 1/8 of the outer ones, 3/16 of the
/// others.
std::vector<double> level_probabilities(int levels);
/// log2(levels), rounded down; 2.5 of six.
double bits_per_symbol(int levels);
/// "NRZ", "PAM4", "PAM6". @throws ConfigError for other levels, or an unknown name.
std::string modulation_name(int levels);
int levels_of(std::string_view modulation);
/// Bits that differ between two levels under the Gray code.
int bit_errors(int sent, int decided);
/// The same for any levels; on six the mean over the other symbol of the pair, rightly decided. Errors of
/// both symbols of one pair add up, which is exact but for a share of the order of the symbol error ratio.
double bit_errors(int levels, int sent, int decided);

}  // namespace photonlink
