/// Counter-based random numbers: value number i of the stream (seed, source, block) is a pure function of
/// those four, so results repeat bit by bit however the work is divided among threads, processes and machines
/// of one kind.
///
/// Generator: Philox4x32-10 \cite Salmon2011 from the Random123 library; Gaussian values take eight of its
/// counters at once. Key = seed (64 bits); counter = {i / 2 (32 bits), block (32 bits), source (64 bits)}:
/// distinct streams never share a counter. Equal indexes of one stream share their random bits across
/// `uniform`, `normal` and `integers`: give every quantity its own source.
///
/// Verified by Random123's known answers and its own Box-Muller transform, by moments and tail counts within
/// 5 sigma, and by bitwise equality of any division into pieces.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace photonlink {

/// Raw generator: one block of four words. @param counter,key least significant word first.
std::array<std::uint32_t, 4> philox_words(const std::array<std::uint32_t, 4>& counter,
                                          const std::array<std::uint32_t, 2>& key);

/// Number of a source from its name (FNV-1a, 64 bits), the same on every machine.
std::uint64_t source_number(std::string_view name);

class RandomStream {
 public:
  /// Values 0 ... 2^33 - 1 exist in each stream.
  /// @param block piece of the work, for example a shard or a lane, 0 ... 2^32 - 1.
  RandomStream(std::uint64_t seed, std::uint64_t source, std::uint64_t block = 0);

  /// Values first, first + 1, ... uniform in the open interval (0, 1), 53 bits.
  /// @throws DomainError beyond the last value of the stream.
  void uniform(std::uint64_t first, std::span<double> out) const;
  /// Zero mean, unit variance Gaussian values by the Box-Muller transform \cite BoxMuller1958, even index
  /// cosine, odd sine. 64-bit uniforms reach |x| = 9.4; the tail beyond (probability 5e-21) is absent.
  void normal(std::uint64_t first, std::span<double> out) const;
  /// Integers 0 ... bound - 1, bound >= 1; their probabilities differ from 1 / bound by less than 2^-64.
  void integers(std::uint64_t first, int bound, std::span<int> out) const;

 private:
  std::array<std::uint64_t, 2> pair(std::uint64_t index) const;
  std::uint64_t seed_, source_;
  std::uint32_t block_;
};

}  // namespace photonlink
