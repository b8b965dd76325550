#include "signal/pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

#include "core/error.hpp"
#include "core/random.hpp"
#include "signal/pam6.hpp"

namespace photonlink {
namespace {

struct Polynomial {
  int order;
  std::array<int, 4> taps;  // exponents, 0: unused
};
// ITU-T O.150 (7, 9, 11, 15, 23, 31); IEEE 802.3 clause 94.3.10.8 (13); 17: of no standard, primitive.
constexpr std::array<Polynomial, 8> polynomials = {{{7, {7, 6, 0, 0}},
                                                    {9, {9, 5, 0, 0}},
                                                    {11, {11, 9, 0, 0}},
                                                    {13, {13, 12, 2, 1}},
                                                    {15, {15, 14, 0, 0}},
                                                    {17, {17, 14, 0, 0}},
                                                    {23, {23, 18, 0, 0}},
                                                    {31, {31, 28, 0, 0}}}};

void require_levels(int levels) {
  require(levels == 2 || levels == 4 || levels == 6,
          fmt::format("pattern: levels = {}, allowed 2, 4 or 6", levels));
}

// `length` or the period, within what memory holds.
long checked_length(std::string_view name, long length, long period) {
  const long symbols = length == 0 ? period : length;
  require(
      symbols >= 1 && symbols <= period,
      fmt::format("pattern {}: length = {} symbols is outside 1 ... {}, its period", name, symbols, period));
  require(
      symbols <= max_pattern_symbols,
      fmt::format("pattern {}: {} symbols exceed the 2^23 that are held; take a shorter PRBS or deBruijn9 to "
                  "deBruijn16, interference beyond the memory of a pattern is added as a density",
                  name, symbols));
  return symbols;
}

class Register {
 public:
  explicit Register(const Polynomial& polynomial) {
    for (const int tap : polynomial.taps) {
      if (tap > 0) mask_ |= std::uint32_t{1} << (tap - 1);
    }
  }
  int next() {  // bit t of the state is the output t + 1 steps ago
    const auto bit = static_cast<std::uint32_t>(std::popcount(state_ & mask_)) & 1u;
    state_ = state_ << 1 | bit;
    return static_cast<int>(bit);
  }

 private:
  std::uint32_t mask_ = 0, state_ = ~std::uint32_t{0};
};

// The symbols of words, two of each, `length` in all.
std::vector<int> symbols_of(const std::vector<int>& words, long length) {
  std::vector<int> index;
  index.reserve(2 * words.size());
  for (const int word : words)
    for (const int level : pam6_pair(word)) index.push_back(level);
  index.resize(static_cast<std::size_t>(length));
  return index;
}

std::vector<int> prbs(const Polynomial& polynomial, int levels, long length) {
  Register bits(polynomial);
  if (levels == 6) {
    std::vector<int> words(static_cast<std::size_t>((length + 1) / 2), 0);
    for (int& word : words)
      for (int bit = 0; bit < 5; ++bit) word = 2 * word + bits.next();
    return symbols_of(words, length);
  }
  std::vector<int> index(static_cast<std::size_t>(length));
  for (int& level : index) {
    const int first = bits.next();
    // Inverse Gray code of the pair.
    level = levels == 2 ? first : 2 * first + (first ^ bits.next());
  }
  return index;
}

// Lyndon words whose length divides `order`, concatenated in lexicographic order \cite
// FredricksenMaiorana1978.
std::vector<int> de_bruijn(int levels, int order, long length) {
  std::vector<int> sequence, word = {0};
  while (!word.empty() && static_cast<long>(sequence.size()) < length) {
    if (order % static_cast<int>(word.size()) == 0) sequence.insert(sequence.end(), word.begin(), word.end());
    const std::size_t period = word.size();
    word.resize(static_cast<std::size_t>(order));
    for (std::size_t i = period; i < word.size(); ++i) word[i] = word[i - period];
    while (!word.empty() && word.back() == levels - 1) word.pop_back();
    if (!word.empty()) ++word.back();
  }
  sequence.resize(static_cast<std::size_t>(length));
  return sequence;
}

// Number behind `prefix`, or -1.
int order_behind(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return -1;
  int order = -1;
  const char* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + prefix.size(), end, order);
  return error == std::errc() && stop == end ? order : -1;
}

}  // namespace

SymbolPattern make_pattern(std::string_view name, int levels, long length) {
  require_levels(levels);
  SymbolPattern pattern{std::string(name), levels, {}};
  const bool quaternary = name.ends_with('Q');
  const int prbs_order = order_behind(quaternary ? name.substr(0, name.size() - 1) : name, "PRBS");
  const auto found = std::find_if(polynomials.begin(), polynomials.end(),
                                  [&](const Polynomial& p) { return p.order == prbs_order; });
  if (found != polynomials.end()) {
    require(!quaternary || levels == 4,
            fmt::format("pattern {}: levels = {}, allowed 4; for two levels write PRBS{}", name, levels,
                        prbs_order));
    const long period = (levels == 6 ? 2 : 1) * ((1L << prbs_order) - 1);
    pattern.index = prbs(*found, levels, checked_length(name, length, period));
    return pattern;
  }
  const int order = order_behind(name, "deBruijn");
  const int alphabet = levels == 6 ? pam6_words : levels,
            bits = std::bit_width(static_cast<unsigned>(alphabet)) - 1;
  if (order >= 1 && order <= 60 / bits) {
    if (levels == 6) {
      const long symbols = checked_length(name, length, 2L << order * bits);
      pattern.index = symbols_of(de_bruijn(alphabet, order, (symbols + 1) / 2), symbols);
      return pattern;
    }
    pattern.index = de_bruijn(levels, order, checked_length(name, length, 1L << order * bits));
    return pattern;
  }
  throw ConfigError(fmt::format(
      "pattern: \"{}\" is unknown, allowed PRBS7, 9, 11, 13, 15, 17, 23, 31, PRBS13Q, PRBS17Q and deBruijn1 "
      "... deBruijn{}; "
      "for example \"PRBS13Q\"",
      name,
      levels == 2   ? 23
      : levels == 4 ? 11
                    : 4));
}

std::string automatic_pattern(int levels) {
  require_levels(levels);
  return levels == 2 ? "deBruijn9" : levels == 4 ? "deBruijn5" : "deBruijn2";
}

SymbolPattern random_pattern(int levels, long length, std::uint64_t seed, std::uint64_t source) {
  require_levels(levels);
  SymbolPattern pattern{fmt::format("random{}", seed), levels, {}};
  pattern.index.resize(static_cast<std::size_t>(checked_length("random", length, max_pattern_symbols)));
  random_levels(RandomStream(seed, source), 0, levels, pattern.index);
  return pattern;
}

SymbolPattern rotate(const SymbolPattern& pattern, long offset) {
  SymbolPattern rotated = pattern;
  const long size = static_cast<long>(pattern.index.size());
  if (size > 0)
    std::rotate(rotated.index.begin(), rotated.index.begin() + (offset % size + size) % size,
                rotated.index.end());
  return rotated;
}

namespace {

int memory_of(const std::vector<int>& index, std::size_t levels) {
  const std::size_t size = index.size();
  std::vector<std::size_t> digit(index.begin(), index.end());
  std::size_t words = levels;
  for (int k = 1;; ++k, words *= levels) {
    if (words > size) return k - 1;
    std::vector<bool> seen(words);
    std::size_t code = 0, distinct = 0;
    // The last digits of the previous word, then one more symbol at a time.
    for (std::size_t i = 0; i + 1 < static_cast<std::size_t>(k); ++i)
      code = code * levels + digit[(size - static_cast<std::size_t>(k) + 1 + i) % size];
    const std::size_t shorter = words / levels;
    for (std::size_t i = 0; i < size && distinct < words; ++i) {
      code = (code >= shorter ? code % shorter : code) * levels + digit[i];
      if (seen[code]) continue;
      seen[code] = true;
      ++distinct;
    }
    if (distinct < words) return k - 1;
  }
}

}  // namespace

int memory(const SymbolPattern& pattern) {
  if (pattern.levels != 6) return memory_of(pattern.index, static_cast<std::size_t>(pattern.levels));
  std::vector<int> words;
  words.reserve(pattern.index.size() / 2);
  for (std::size_t i = 0; i + 1 < pattern.index.size(); i += 2)
    words.push_back(pam6_word(pattern.index[i], pattern.index[i + 1]));
  return std::max(2 * memory_of(words, pam6_words) - 1, 0);
}

std::vector<double> level_amplitudes(int levels) {
  require(levels >= 2, fmt::format("pattern: levels = {}, allowed 2 or more", levels));
  std::vector<double> amplitude(static_cast<std::size_t>(levels));
  for (int i = 0; i < levels; ++i) {
    amplitude[static_cast<std::size_t>(i)] = static_cast<double>(2 * i - (levels - 1)) / (levels - 1);
  }
  return amplitude;
}

std::vector<double> amplitudes(const SymbolPattern& pattern) {
  const std::vector<double> of_level = level_amplitudes(pattern.levels);
  std::vector<double> amplitude;
  amplitude.reserve(pattern.index.size());
  for (const int index : pattern.index) amplitude.push_back(of_level[static_cast<std::size_t>(index)]);
  return amplitude;
}

std::vector<double> level_probabilities(int levels) {
  require(levels >= 2, fmt::format("pattern: levels = {}, allowed 2 or more", levels));
  if (levels == 6) return {2.0 / 16, 3.0 / 16, 3.0 / 16, 3.0 / 16, 3.0 / 16, 2.0 / 16};
  return std::vector<double>(static_cast<std::size_t>(levels), 1.0 / levels);
}

double bits_per_symbol(int levels) {
  return levels == 6 ? 2.5 : std::bit_width(static_cast<unsigned>(levels)) - 1;
}

std::string modulation_name(int levels) {
  if (levels == 2) return "NRZ";
  if (levels == 4 || levels == 6) return fmt::format("PAM{}", levels);
  throw ConfigError(fmt::format("modulation: {} levels have no name, allowed 2, 4 or 6", levels));
}

int levels_of(std::string_view modulation) {
  for (const int levels : {2, 4, 6})
    if (modulation == modulation_name(levels)) return levels;
  throw ConfigError(fmt::format("modulation: \"{}\" is unknown, one of NRZ, PAM4, PAM6", modulation));
}

int bit_errors(int sent, int decided) {
  const auto gray = [](int level) { return static_cast<unsigned>(level ^ (level >> 1)); };
  return std::popcount(gray(sent) ^ gray(decided));
}

double bit_errors(int levels, int sent, int decided) {
  return levels == 6 ? pam6_bit_errors(sent, decided) : bit_errors(sent, decided);
}

}  // namespace photonlink
