#include "signal/grid.hpp"

namespace photonlink {

std::vector<double> real_frequencies_Hz(int size, double sample_rate_Hz) {
  std::vector<double> frequencies(static_cast<std::size_t>(size / 2 + 1));
  const double step = sample_rate_Hz / size;
  for (std::size_t k = 0; k < frequencies.size(); ++k) frequencies[k] = step * static_cast<double>(k);
  return frequencies;
}

std::vector<double> complex_frequencies_Hz(int size, double sample_rate_Hz) {
  std::vector<double> frequencies(static_cast<std::size_t>(size));
  const double step = sample_rate_Hz / size;
  for (int k = 0; k < size; ++k)
    frequencies[static_cast<std::size_t>(k)] = step * (k <= (size - 1) / 2 ? k : k - size);
  return frequencies;
}

}  // namespace photonlink
