/// A two-port frequency by frequency, as Stage::two_port wants it.
#pragma once

#include <span>
#include <vector>

#include "network/two_port.hpp"

namespace photonlink {

/// @param chain chain matrix at a frequency [Hz] @return (n_frequency)
template <class F>
std::vector<Abcd> per_frequency(std::span<const double> frequency_Hz, F chain) {
  std::vector<Abcd> chains;
  chains.reserve(frequency_Hz.size());
  for (const double f : frequency_Hz) chains.push_back(chain(f));
  return chains;
}

}  // namespace photonlink
