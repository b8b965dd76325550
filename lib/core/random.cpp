#include "core/random.hpp"

#include <Random123/philox.h>
#include <Random123/u01fixedpt.h>
#include <fmt/format.h>
#include <Random123/boxmuller.hpp>

#include "core/error.hpp"

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
  r123::double2 value{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i == 0 || (first + i) % 2 == 0) {
      const auto bits = pair((first + i) / 2);
      value = r123::boxmuller(bits[0], bits[1]);
    }
    // Random123 puts the sine of the angle into x.
    out[i] = (first + i) % 2 == 0 ? value.y : value.x;
  }
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
