/// The grid of transmit FFE settings: every combination whose main tap is large enough.
#pragma once

#include <vector>

#include "solvers/com/parameters.hpp"

namespace photonlink::com {

/// All taps from the earliest to the latest, main tap 1 - Σ|c| included, unused positions between them 0.
struct TransmitTaps {
  int main = 0;                   ///< index of the main tap
  int count = 1;                  ///< taps per setting
  std::vector<double> value;      ///< (n_setting, count)
  std::vector<int> index;         ///< (n_setting, n_swept) place of each swept tap in its range
  std::vector<int> swept_length;  ///< (n_swept) values per swept tap, in order of position
  std::size_t settings() const { return value.size() / static_cast<std::size_t>(count); }
  const double* setting(std::size_t i) const { return value.data() + i * static_cast<std::size_t>(count); }
};

/// Settings in the order of nested loops, earliest tap outside. @throws ConfigError when none is left or
/// there are more than two million.
TransmitTaps transmit_taps(const Parameters& parameters);

}  // namespace photonlink::com
