#include "signal/pam6.hpp"

#include <bit>
#include <vector>

namespace photonlink {
namespace {

constexpr int outer = 5;

constexpr int binary_of_gray(int gray) {
  int binary = 0;
  for (; gray != 0; gray >>= 1) binary ^= gray;
  return binary;
}

struct Map {
  std::array<std::array<int, 2>, pam6_words> pair{};
  std::array<std::array<int, 6>, 6> word{};
  std::array<std::array<double, 6>, 6> errors{};  // [sent][decided]
};

constexpr std::array<int, 2> folded(int word) {
  const int column = binary_of_gray(word >> 2), row = binary_of_gray(word & 3);
  if (column > 0 && column < 7) return {column - 1, row + 1};
  const bool right = column == 7, top = row >= 2, far = row == 0 || row == 3;
  const int reach = far ? 1 : 0;  // 3 or 1 from the middle
  return {right ? 3 + reach : 2 - reach, top ? outer : 0};
}

Map make_map() {
  Map map;
  for (int w = 0; w < pam6_words; ++w) {
    const auto pair = map.pair[static_cast<std::size_t>(w)] = folded(w);
    map.word[static_cast<std::size_t>(pair[0])][static_cast<std::size_t>(pair[1])] = w;
  }
  for (const std::size_t first : {0, outer})
    for (const std::size_t second : {0, outer})
      map.word[first][second] = map.word[first][second == 0 ? 1 : outer - 1];
  std::array<double, 6> sent{};
  for (const auto& pair : map.pair)
    for (const std::size_t place : {0, 1}) {
      const auto level = static_cast<std::size_t>(pair[place]);
      sent[level] += 1.0;
      for (int other = 0; other < 6; ++other) {
        auto decided = pair;
        decided[place] = other;
        const auto word = [&](const std::array<int, 2>& p) {
          return static_cast<unsigned>(
              map.word[static_cast<std::size_t>(p[0])][static_cast<std::size_t>(p[1])]);
        };
        map.errors[level][static_cast<std::size_t>(other)] += std::popcount(word(pair) ^ word(decided));
      }
    }
  for (std::size_t s = 0; s < 6; ++s)
    for (double& each : map.errors[s]) each /= sent[s];
  return map;
}

const Map& map() {
  static const Map made = make_map();
  return made;
}

}  // namespace

std::array<int, 2> pam6_pair(int word) {
  return map().pair[static_cast<std::size_t>(word)];
}

int pam6_word(int first, int second) {
  return map().word[static_cast<std::size_t>(first)][static_cast<std::size_t>(second)];
}

int pam6_pair_errors(std::array<int, 2> sent, std::array<int, 2> decided) {
  return std::popcount(static_cast<unsigned>(pam6_word(sent[0], sent[1])) ^
                       static_cast<unsigned>(pam6_word(decided[0], decided[1])));
}

double pam6_bit_errors(int sent, int decided) {
  return map().errors[static_cast<std::size_t>(sent)][static_cast<std::size_t>(decided)];
}

void random_levels(const RandomStream& stream, std::uint64_t first, int levels, std::span<int> out) {
  if (levels != 6) {
    stream.integers(first, levels, out);
    return;
  }
  if (out.empty()) return;
  const std::uint64_t begin = first / 2, end = (first + out.size() + 1) / 2;
  std::vector<int> words(end - begin);
  stream.integers(begin, pam6_words, words);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint64_t at = first + i;
    out[i] = pam6_pair(words[at / 2 - begin])[at % 2];
  }
}

}  // namespace photonlink
