#include "signal/pattern.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "support.hpp"

using namespace photonlink;

namespace {

std::map<std::vector<int>, int> count_words(const std::vector<int>& index, std::size_t k) {
  std::map<std::vector<int>, int> count;
  for (std::size_t i = 0; i < index.size(); ++i) {
    std::vector<int> word;
    for (std::size_t j = 0; j < k; ++j) word.push_back(index[(i + j) % index.size()]);
    ++count[word];
  }
  return count;
}

}  // namespace

TEST_CASE("pattern: PRBS obey their polynomial with maximum period, one more one than zeros") {
  struct Row {
    int order;
    std::vector<std::size_t> taps;
  };
  // ITU-T O.150 and IEEE 802.3 but for 17: exponents of the generating polynomials.
  for (const Row& row : {Row{7, {7, 6}}, Row{9, {9, 5}}, Row{11, {11, 9}}, Row{13, {13, 12, 2, 1}},
                         Row{15, {15, 14}}, Row{17, {17, 14}}}) {
    const auto pattern = make_pattern("PRBS" + std::to_string(row.order), 2);
    const auto& b = pattern.index;
    const std::size_t n = b.size();
    CHECK(n == (std::size_t{1} << row.order) - 1);
    CHECK(std::count(b.begin(), b.end(), 1) == static_cast<long>(n / 2) + 1);
    int violations = 0;
    for (std::size_t i = 0; i < n; ++i) {
      int sum = 0;
      for (const std::size_t tap : row.taps) sum ^= b[(i + n - tap) % n];
      violations += sum != b[i];
    }
    CHECK(violations == 0);
    // All words but the all-zero one of n bits: the period is maximal.
    CHECK(memory(pattern) == row.order - 1);
  }
}

TEST_CASE("pattern: shortened PRBS23 and PRBS31 obey their polynomials, the full PRBS31 is refused") {
  for (const auto& [order, tap] : std::map<int, std::size_t>{{23, 18}, {31, 28}}) {
    const auto b = make_pattern("PRBS" + std::to_string(order), 2, 100000).index;
    REQUIRE(b.size() == 100000);
    int violations = 0;
    const auto n = static_cast<std::size_t>(order);
    for (std::size_t i = n; i < b.size(); ++i) violations += (b[i - n] ^ b[i - tap]) != b[i];
    CHECK(violations == 0);
    // Five standard deviations of a fair coin, plus the all-ones start.
    CHECK(std::abs(std::count(b.begin(), b.end(), 1) - 50000.0) <= 5.0 * 158.2 + order);
  }
  CHECK_THROWS_WITH(make_pattern("PRBS31", 2), doctest::Contains("2^23"));
  CHECK_THROWS_AS(make_pattern("PRBS7", 2, 128), DomainError);
}

TEST_CASE("pattern: PRBS17Q shows every sequence of eight levels in 131071 symbols") {
  const auto pattern = make_pattern("PRBS17Q", 4);
  CHECK(pattern.index.size() == (1U << 17) - 1);
  // 2^17 - 1 bits hold all words of 16 bits, pairs of them from either parity.
  CHECK(memory(pattern) == 8);
  std::array<int, 4> count{};
  for (const int level : pattern.index) ++count[static_cast<std::size_t>(level)];
  CHECK(count == std::array{32767, 32768, 32768, 32768});
}

TEST_CASE("pattern: PRBS13Q is two periods of PRBS13, Gray coded pair by pair, in 8191 symbols") {
  const auto quaternary = make_pattern("PRBS13Q", 4);
  const auto bits = make_pattern("PRBS13", 2).index;
  REQUIRE(quaternary.index.size() == 8191);
  const std::map<std::pair<int, int>, int> gray = {{{0, 0}, 0}, {{0, 1}, 1}, {{1, 1}, 2}, {{1, 0}, 3}};
  int differences = 0;
  for (std::size_t i = 0; i < 8191; ++i) {
    differences += gray.at({bits[2 * i % 8191], bits[(2 * i + 1) % 8191]}) != quaternary.index[i];
  }
  CHECK(differences == 0);
  // Each pair of adjacent bits occurs once: 2048 of each, one 00 less.
  for (int level = 0; level < 4; ++level) {
    CHECK(std::count(quaternary.index.begin(), quaternary.index.end(), level) == (level == 0 ? 2047 : 2048));
  }
  // Windows of 12 of the 13 bits: 6 symbols.
  CHECK(memory(quaternary) == 6);
  CHECK(make_pattern("PRBS13", 4).index == quaternary.index);
  CHECK_THROWS_AS(make_pattern("PRBS13Q", 2), DomainError);
}

TEST_CASE("pattern: de Bruijn sequences hold every word exactly once") {
  for (const int levels : {2, 4}) {
    for (int order = 1; order <= (levels == 2 ? 10 : 5); ++order) {
      const auto pattern = make_pattern("deBruijn" + std::to_string(order), levels);
      const auto count = count_words(pattern.index, static_cast<std::size_t>(order));
      CHECK(count.size() == pattern.index.size());
      CHECK(static_cast<double>(count.size()) == std::pow(levels, order));
      CHECK(memory(pattern) == order);
    }
  }
  // The least binary sequence of order 3.
  CHECK(make_pattern("deBruijn3", 2).index == std::vector<int>{0, 0, 0, 1, 0, 1, 1, 1});
  CHECK_THROWS_AS(make_pattern("deBruijn12", 4), DomainError);
}

TEST_CASE("pattern: rotation is cyclic and keeps the memory") {
  const auto pattern = make_pattern("PRBS7", 2);
  CHECK(rotate(pattern, 5).index[0] == pattern.index[5]);
  CHECK(rotate(pattern, -1).index[0] == pattern.index[126]);
  CHECK(rotate(rotate(pattern, 300), -300).index == pattern.index);
  CHECK(memory(rotate(pattern, 17)) == memory(pattern));
}

TEST_CASE("pattern: amplitudes are equally spaced and Gray neighbours differ by one bit") {
  const auto a = level_amplitudes(4);
  // One rounding.
  for (int i = 0; i < 4; ++i)
    CHECK(test::abs_error(a[static_cast<std::size_t>(i)], -1.0 + 2.0 * i / 3.0) <= 2e-16);
  CHECK(level_amplitudes(2) == std::vector<double>{-1.0, 1.0});
  const int expected[4][4] = {{0, 1, 2, 1}, {1, 0, 1, 2}, {2, 1, 0, 1}, {1, 2, 1, 0}};
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) CHECK(bit_errors(i, j) == expected[i][j]);
  }
  CHECK(bits_per_symbol(2) == 1);
  CHECK(bits_per_symbol(4) == 2);
}

TEST_CASE("pattern: random symbols repeat with their seed and visit all levels equally within 5 sigma") {
  const auto pattern = random_pattern(4, 40000, 9, 1);
  CHECK(pattern.index == random_pattern(4, 40000, 9, 1).index);
  CHECK(pattern.index != random_pattern(4, 40000, 9, 2).index);
  for (int level = 0; level < 4; ++level) {
    const auto count = static_cast<double>(std::count(pattern.index.begin(), pattern.index.end(), level));
    // Binomial, p = 1/4. Seed 9.
    CHECK(std::abs(count - 10000.0) <= 5.0 * std::sqrt(40000.0 * 3.0 / 16.0));
  }
}

TEST_CASE("pattern: unknown names, levels and lengths are refused with a fix") {
  for (const char* name :
       {"", "PRBS", "PRBS8", "prbs9", "PRBS9x", "deBruijn", "deBruijn0", "PRBS99999999999"}) {
    CHECK_THROWS_WITH_AS(make_pattern(name, 2), doctest::Contains("PRBS13Q"), ConfigError);
  }
  CHECK_THROWS_AS(make_pattern("PRBS7", 3), DomainError);
  CHECK_THROWS_AS(make_pattern("PRBS7", 2, -1), DomainError);
}
