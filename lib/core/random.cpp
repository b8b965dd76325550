#include "core/random.hpp"

#include <Random123/philox.h>
#include <Random123/u01fixedpt.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/simd.hpp"

namespace photonlink {
namespace {

std::uint32_t low(std::uint64_t x) {
  return static_cast<std::uint32_t>(x);
}
std::uint32_t high(std::uint64_t x) {
  return static_cast<std::uint32_t>(x >> 32);
}

void require_in_stream(std::uint64_t first, std::size_t count) {
  constexpr std::uint64_t end = std::uint64_t{1} << 33;
  require(first <= end && count <= end - first,
          fmt::format("random stream: values {} ... {} lie outside 0 ... 2^33 - 1; take another block", first,
                      first + count));
}

// Upper 64 bits of x · bound: scales a 64-bit integer to 0 ... bound - 1.
std::uint64_t scaled(std::uint64_t x, std::uint64_t bound) {
  return (high(x) * bound + ((low(x) * bound) >> 32)) >> 32;
}

// Philox4x32-10 of eight counters side by side, and Box-Muller of the 64-bit pairs they give. The library's
// generator works on one counter at a time and is the oracle of this one.
constexpr int width = 8, group = 2 * width;  // counters, values
using Lanes = simd::Lanes<width>;
using Words = Lanes::Word;

PHOTONLINK_INLINE void philox_rounds(std::array<Words, 4>& counter, std::uint32_t key0, std::uint32_t key1) {
  constexpr std::uint64_t mask = 0xffffffff;
  for (int round = 0; round < 10; ++round, key0 += PHILOX_W32_0, key1 += PHILOX_W32_1) {
    const Words p0 = counter[0] * std::uint64_t{PHILOX_M4x32_0};
    const Words p1 = counter[2] * std::uint64_t{PHILOX_M4x32_1};
    counter = {(p1 >> 32) ^ counter[1] ^ std::uint64_t{key0}, p1 & mask,
               (p0 >> 32) ^ counter[3] ^ std::uint64_t{key1}, p0 & mask};
  }
}

struct StreamKey {
  std::uint64_t seed, source;
  std::uint32_t block;
};

// Values of counters first_pair ... first_pair + 8 groups - 1. Angle π(2u - 1) and radius sqrt(-2 ln u) of
// the uniforms that Random123 makes of the two numbers of a pair; cosine first.
PHOTONLINK_CLONES void fill_normal(const StreamKey& key, std::uint64_t first_pair, std::size_t groups,
                                   double* out) {
  constexpr Words ramp = {0, 1, 2, 3, 4, 5, 6, 7};
  for (std::size_t g = 0; g < groups; ++g, out += group) {
    std::array<Words, 4> word = {(first_pair + g * width + ramp) & std::uint64_t{0xffffffff},
                                 Words{} + std::uint64_t{key.block}, Words{} + std::uint64_t{low(key.source)},
                                 Words{} + std::uint64_t{high(key.source)}};
    philox_rounds(word, low(key.seed), high(key.seed));
    const Words turn = word[0] | word[1] << 32, size = word[2] | word[3] << 32;
    const Lanes::Real angle =
        __builtin_convertvector(std::bit_cast<Lanes::Int>(turn), Lanes::Real) * 0x1p-63 + 0x1p-64;
    const Lanes::Real u = __builtin_convertvector(size, Lanes::Real) * 0x1p-64 + 0x1p-65;
    Lanes::Real sine, cosine;
    simd::sincos<width>(constants::pi * angle, sine, cosine);
    const Lanes::Real square = -2.0 * simd::log<width>(u);
    Lanes::Real radius;
    for (int k = 0; k < width; ++k) radius[k] = std::sqrt(square[k]);
    sine *= radius;
    cosine *= radius;
    Lanes::store(out, __builtin_shufflevector(cosine, sine, 0, 8, 1, 9, 2, 10, 3, 11));
    Lanes::store(out + width, __builtin_shufflevector(cosine, sine, 4, 12, 5, 13, 6, 14, 7, 15));
  }
}

}  // namespace

std::array<std::uint32_t, 4> philox_words(const std::array<std::uint32_t, 4>& counter,
                                          const std::array<std::uint32_t, 2>& key) {
  const r123::Philox4x32::ctr_type in = {{counter[0], counter[1], counter[2], counter[3]}};
  const r123::Philox4x32::key_type by = {{key[0], key[1]}};
  const auto out = r123::Philox4x32()(in, by);
  return {out[0], out[1], out[2], out[3]};
}

std::uint64_t source_number(std::string_view name) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a: offset basis, then prime, 64 bits
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

RandomStream::RandomStream(std::uint64_t seed, std::uint64_t source, std::uint64_t block)
    : seed_(seed), source_(source), block_(low(block)) {
  require(high(block) == 0,
          fmt::format("random stream: block = {} is outside 0 ... 2^32 - 1; use another source", block));
}

std::array<std::uint64_t, 2> RandomStream::pair(std::uint64_t index) const {
  const auto word =
      philox_words({low(index), block_, low(source_), high(source_)}, {low(seed_), high(seed_)});
  return {word[0] | std::uint64_t{word[1]} << 32, word[2] | std::uint64_t{word[3]} << 32};
}

void RandomStream::uniform(std::uint64_t first, std::span<double> out) const {
  require_in_stream(first, out.size());
  std::array<std::uint64_t, 2> bits{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i == 0 || (first + i) % 2 == 0) bits = pair((first + i) / 2);
    out[i] = u01fixedpt_open_open_64_double(bits[(first + i) % 2]);
  }
}

void RandomStream::normal(std::uint64_t first, std::span<double> out) const {
  require_in_stream(first, out.size());
  const StreamKey key{seed_, source_, block_};
  const auto part = [&](std::uint64_t index, std::size_t skip, std::span<double> piece) {
    std::array<double, group> values;
    fill_normal(key, index / 2, 1, values.data());
    std::copy_n(values.begin() + static_cast<long>(skip), piece.size(), piece.begin());
  };
  if (first % 2 != 0 && !out.empty()) {
    const std::size_t head = std::min<std::size_t>(out.size(), group - 1);
    part(first - 1, 1, out.first(head));
    first += head;
    out = out.subspan(head);
  }
  const std::size_t groups = out.size() / group;
  fill_normal(key, first / 2, groups, out.data());
  if (out.size() > groups * group) part(first + groups * group, 0, out.subspan(groups * group));
}

void RandomStream::integers(std::uint64_t first, int bound, std::span<int> out) const {
  require_in_stream(first, out.size());
  require(bound >= 1, fmt::format("random integers: bound = {} is below 1", bound));
  std::array<std::uint64_t, 2> bits{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i == 0 || (first + i) % 2 == 0) bits = pair((first + i) / 2);
    out[i] = static_cast<int>(scaled(bits[(first + i) % 2], static_cast<std::uint64_t>(bound)));
  }
}

}  // namespace photonlink
