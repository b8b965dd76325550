/// What every device needs to describe a white noise term (signal/noise_term.hpp).
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

namespace photonlink {

/// Standard deviation of the samples of white noise of one-sided density S₁ [x²/Hz] at sample rate f_s [Hz]:
/// σ² = S₁ f_s / 2.
inline double white_noise_sigma(double one_sided_density, double sample_rate_Hz) {
  return std::sqrt(0.5 * one_sided_density * sample_rate_Hz);
}

/// Id of an independent noise source: FNV-1a (64 bit) over stage name, cause and index, so that every carrier
/// and lane of every stage has its own random numbers and repeats them from run to run.
inline std::uint64_t noise_source_id(std::string_view stage, std::string_view cause, int index) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  const auto mix = [&hash](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3ULL; };
  for (const char c : stage) mix(static_cast<unsigned char>(c));
  mix(0);
  for (const char c : cause) mix(static_cast<unsigned char>(c));
  mix(0);
  for (int shift = 0; shift < 32; shift += 8)
    mix(static_cast<unsigned char>(static_cast<unsigned>(index) >> shift));
  return hash;
}

}  // namespace photonlink
