#include "signal/pam6.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "signal/pattern.hpp"
#include "support.hpp"

using namespace photonlink;

TEST_CASE("pam6: 32 words take all pairs but the corners, each once") {
  std::set<std::pair<int, int>> pairs;
  for (int word = 0; word < pam6_words; ++word) {
    const auto [first, second] = pam6_pair(word);
    CHECK(first >= 0);
    CHECK(first <= 5);
    CHECK(second >= 0);
    CHECK(second <= 5);
    CHECK_FALSE(((first == 0 || first == 5) && (second == 0 || second == 5)));
    CHECK(pam6_word(first, second) == word);
    pairs.insert({first, second});
  }
  CHECK(pairs.size() == 32);
  // A corner is decided for the pair one step inside along the second symbol.
  CHECK(pam6_word(0, 0) == pam6_word(0, 1));
  CHECK(pam6_word(5, 5) == pam6_word(5, 4));
}

TEST_CASE("pam6: neighbours of the cross differ by 60/52 bits, each point's by 7/6 on average") {
  double bits = 0.0, penalty = 0.0;
  int neighbours = 0;
  for (int word = 0; word < pam6_words; ++word) {
    const auto [x, y] = pam6_pair(word);
    double own = 0.0;
    int count = 0;
    for (const auto& [dx, dy] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
      const int first = x + dx, second = y + dy;
      if (first < 0 || first > 5 || second < 0 || second > 5) continue;
      if (pam6_pair(pam6_word(first, second)) != std::array{first, second}) continue;  // a corner
      own += std::popcount(static_cast<unsigned>(word ^ pam6_word(first, second)));
      ++count;
    }
    bits += own;
    neighbours += count;
    penalty += own / count / pam6_words;
  }
  CHECK(neighbours == 104);
  CHECK(bits == 120.0);
  // Smith's penalty of the 32-point cross; rounding of 32 quotients.
  CHECK(test::rel_error(penalty, 7.0 / 6.0) <= 1e-14);
}

TEST_CASE("pam6: mean wrong bits are those of all pairs with one symbol decided wrongly") {
  const auto probability = level_probabilities(6);
  for (int sent = 0; sent < 6; ++sent) {
    for (int decided = 0; decided < 6; ++decided) {
      double bits = 0.0, cases = 0.0;
      for (int other = 0; other < 6; ++other) {
        if ((sent == 0 || sent == 5) && (other == 0 || other == 5)) continue;
        bits += pam6_pair_errors({sent, other}, {decided, other}) +
                pam6_pair_errors({other, sent}, {other, decided});
        cases += 2.0;
      }
      // Rounding.
      CHECK(test::abs_error(bit_errors(6, sent, decided), bits / cases) <= 1e-14);
      CHECK(test::abs_error(probability[static_cast<std::size_t>(sent)], cases / 64.0) <= 1e-15);
    }
    CHECK(bit_errors(6, sent, sent) == 0.0);
  }
  CHECK(bits_per_symbol(6) == 2.5);
  CHECK(modulation_name(6) == "PAM6");
  CHECK(levels_of("PAM6") == 6);
  CHECK_THROWS_WITH(levels_of("PAM8"), doctest::Contains("one of NRZ, PAM4, PAM6"));
}

TEST_CASE("pam6: de Bruijn patterns hold every sequence of pairs once and know 2 K - 1 symbols") {
  for (const int order : {1, 2}) {
    const auto pattern = make_pattern("deBruijn" + std::to_string(order), 6);
    std::map<std::vector<int>, int> seen;
    const std::size_t n = pattern.index.size();
    for (std::size_t i = 0; i < n; i += 2) {
      std::vector<int> word;
      for (std::size_t j = 0; j < 2 * static_cast<std::size_t>(order); ++j)
        word.push_back(pattern.index[(i + j) % n]);
      ++seen[word];
    }
    CHECK(n == 2 * (std::size_t{1} << 5 * order));
    CHECK(seen.size() == n / 2);
    CHECK(memory(pattern) == 2 * order - 1);
    const auto probability = level_probabilities(6);
    for (int level = 0; level < 6; ++level)
      CHECK(static_cast<double>(std::count(pattern.index.begin(), pattern.index.end(), level)) ==
            probability[static_cast<std::size_t>(level)] * static_cast<double>(n));
  }
  CHECK_THROWS_AS(make_pattern("deBruijn5", 6), DomainError);
}

TEST_CASE("pam6: PRBS take five bits for a pair of symbols") {
  const auto pattern = make_pattern("PRBS9", 6);
  const auto bits = make_pattern("PRBS9", 2).index;
  REQUIRE(pattern.index.size() == 1022);
  int differences = 0;
  for (std::size_t pair = 0; pair < 511; ++pair) {
    int word = 0;
    for (std::size_t bit = 0; bit < 5; ++bit) word = 2 * word + bits[(5 * pair + bit) % 511];
    const auto levels = pam6_pair(word);
    differences += levels[0] != pattern.index[2 * pair] || levels[1] != pattern.index[2 * pair + 1];
  }
  CHECK(differences == 0);
  // Nine bits hold one word of five, not two.
  CHECK(memory(pattern) == 1);
}

TEST_CASE("pam6: random levels are pieces of one stream of words, as likely as stated within 5 sigma") {
  const RandomStream stream(3, 7);
  std::vector<int> whole(40001), piece(1000);
  random_levels(stream, 0, 6, whole);
  random_levels(stream, 777, 6, piece);
  CHECK(std::equal(piece.begin(), piece.end(), whole.begin() + 777));
  std::vector<int> words(20001);
  stream.integers(0, pam6_words, words);
  CHECK(pam6_pair(words[1234])[1] == whole[2469]);
  const auto probability = level_probabilities(6);
  for (int level = 0; level < 6; ++level) {
    const double p = probability[static_cast<std::size_t>(level)],
                 mean = p * static_cast<double>(whole.size());
    CHECK(std::abs(static_cast<double>(std::count(whole.begin(), whole.end(), level)) - mean) <=
          5.0 * std::sqrt(mean * (1.0 - p)));
  }
  CHECK(random_pattern(6, 100, 1, 2).index.size() == 100);
}
