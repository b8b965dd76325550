#include "solvers/com/tap_sums.hpp"

#include <algorithm>

#include "core/simd.hpp"

namespace photonlink::com {
namespace {

constexpr int width = 8, block = 4 * width;
using L = simd::Lanes<width>;

template <int Count>
PHOTONLINK_INLINE void sum_block(const double* tap, const double* const* wave, int taps, long at,
                                 double* out) {
  L::Real sum[Count] = {};
  for (int k = 0; k < taps; ++k) {
    if (tap[k] == 0.0) continue;
    const L::Real factor = L::fill(tap[k]);
    for (int j = 0; j < Count; ++j) sum[j] += factor * L::load(wave[k] + at + j * width);
  }
  for (int j = 0; j < Count; ++j) L::store(out + at + j * width, sum[j]);
}

}  // namespace

PHOTONLINK_CLONES void weighted_waves(const double* tap, const double* const* wave, int taps, long size,
                                      double* out) {
  long i = 0;
  for (; i + block <= size; i += block) sum_block<4>(tap, wave, taps, i, out);
  for (; i + width <= size; i += width) sum_block<1>(tap, wave, taps, i, out);
  for (; i < size; ++i) {
    double sum = 0.0;
    for (int k = 0; k < taps; ++k) sum += tap[k] * wave[k][i];
    out[i] = sum;
  }
}

PHOTONLINK_CLONES double energy(const double* wave, long size) {
  L::Real sum[2] = {};
  long i = 0;
  for (; i + 2 * width <= size; i += 2 * width)
    for (int j = 0; j < 2; ++j) {
      const L::Real v = L::load(wave + i + j * width);
      sum[j] += v * v;
    }
  const L::Real both = sum[0] + sum[1];
  double total = 0.0;
  for (int j = 0; j < width; ++j) total += both[j];
  for (; i < size; ++i) total += wave[i] * wave[i];
  return total;
}

PHOTONLINK_CLONES double difference_energy(const double* early, const double* late, long size) {
  L::Real sum = {};
  long i = 0;
  for (; i + width <= size; i += width) {
    const L::Real v = L::load(late + i) - L::load(early + i);
    sum += v * v;
  }
  double total = 0.0;
  for (int j = 0; j < width; ++j) total += sum[j];
  for (; i < size; ++i) total += (late[i] - early[i]) * (late[i] - early[i]);
  return total;
}

ShiftedPulses::ShiftedPulses(const std::vector<double>& pulse, int samples, int taps, int main, Ends ends)
    : samples_(samples), taps_(taps) {
  const long original = static_cast<long>(pulse.size()), grown = static_cast<long>(taps - 1) * samples;
  lead_ = ends == Ends::extend ? static_cast<long>(main) * samples : 0;
  size_ = ends == Ends::extend ? original + grown : original;
  // The buffer starts at sample -(taps - 1 - main) symbols of the unmoved pulse, which is sample 0 of the one
  // that the last tap delays most.
  const long before = static_cast<long>(taps - 1 - main) * samples + lead_;
  wave_.assign(static_cast<std::size_t>(size_ + grown), 0.0);
  const long length = static_cast<long>(wave_.size());
  if (ends == Ends::extend)
    std::copy_n(pulse.begin(), std::min(original, length - before), wave_.begin() + before);
  else
    for (long n = 0, from = original - before % original; n < length; ++n, ++from)
      wave_[static_cast<std::size_t>(n)] = pulse[static_cast<std::size_t>(from %= original)];
  stride_ = (length + samples - 1) / samples;
  rows_.assign(static_cast<std::size_t>(stride_ * samples), 0.0);
  for (long phase = 0; phase < samples; ++phase) {
    double* row = rows_.data() + phase * stride_;
    for (long n = phase; n < length; n += samples) *row++ = wave_[static_cast<std::size_t>(n)];
  }
}

std::vector<double> ShiftedPulses::sum(const double* taps) const {
  std::vector<const double*> waves;
  waves.reserve(static_cast<std::size_t>(taps_));
  for (int k = 0; k < taps_; ++k) waves.push_back(wave(k));
  std::vector<double> pulse(static_cast<std::size_t>(size_));
  weighted_waves(taps, waves.data(), taps_, size_, pulse.data());
  return pulse;
}

std::vector<double> at_phase(const std::vector<double>& pulse, int phase, int samples) {
  std::vector<double> row;
  row.reserve(pulse.size() / static_cast<std::size_t>(samples) + 1);
  for (std::size_t n = static_cast<std::size_t>(phase); n < pulse.size();
       n += static_cast<std::size_t>(samples))
    row.push_back(pulse[n]);
  return row;
}

}  // namespace photonlink::com
