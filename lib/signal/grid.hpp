/// Periodic time grid of one pattern and the frequencies of its transforms.
#pragma once

#include <vector>

namespace photonlink {

/// `symbols` symbols of `samples_per_symbol` samples each; the waveform repeats after size() samples.
struct TimeGrid {
  double symbol_rate_Bd = 0.0;
  int samples_per_symbol = 16;
  int symbols = 0;

  int size() const { return symbols * samples_per_symbol; }
  double sample_rate_Hz() const { return symbol_rate_Bd * samples_per_symbol; }
  double dt_s() const { return 1.0 / sample_rate_Hz(); }
  double unit_interval_s() const { return 1.0 / symbol_rate_Bd; }
};

/// Index into one period of `size` values, for any `index`, negative too.
inline long wrap(long index, long size) {
  return ((index % size) + size) % size;
}

/// Frequencies of a real transform, [Hz], size (n/2 + 1), from 0 upward.
std::vector<double> real_frequencies_Hz(int size, double sample_rate_Hz);
/// Offsets of a complex transform in FFT order, [Hz], size (n): 0, df, ..., -df.
std::vector<double> complex_frequencies_Hz(int size, double sample_rate_Hz);

}  // namespace photonlink
