/// The inner loops of the equaliser search: sums over a few taps of long waves.
#pragma once

#include <vector>

namespace photonlink::com {

/// out[i] = Σ_k tap[k] wave[k][i], i < size; taps that are 0 cost nothing.
void weighted_waves(const double* tap, const double* const* wave, int taps, long size, double* out);
/// Σ wave[i]².
double energy(const double* wave, long size);
/// Σ (late[i] - early[i])².
double difference_energy(const double* early, const double* late, long size);

/// Every `samples_per_symbol`-th sample from `phase` on.
std::vector<double> at_phase(const std::vector<double>& pulse, int phase, int samples_per_symbol);

/// One pulse seen from several whole-symbol shifts, in order of time and sorted by sampling phase. Nothing is
/// copied per shift: shifts are offsets into one buffer with room at both ends.
class ShiftedPulses {
 public:
  /// Wrap: what leaves one end enters at the other, as in the script; extend: the pulse grows at both ends.
  enum class Ends { wrap, extend };
  ShiftedPulses() = default;
  ShiftedPulses(const std::vector<double>& pulse, int samples_per_symbol, int taps, int main, Ends ends);
  long size() const { return size_; }  ///< samples
  long lead() const { return lead_; }  ///< samples by which the pulse grew in front
  /// Symbols at a phase; the longest phase is 0.
  long symbols(int phase) const { return (size_ - phase + samples_ - 1) / samples_; }
  /// Sample n of the pulse moved by `tap - main` symbols is wave(tap)[n].
  const double* wave(int tap) const { return wave_.data() + static_cast<long>(taps_ - 1 - tap) * samples_; }
  /// Its samples at `phase`, `symbols(phase)` of them.
  const double* row(int tap, int phase) const { return rows_.data() + phase * stride_ + (taps_ - 1 - tap); }
  /// Σ_k taps[k] wave(k), all size() samples.
  std::vector<double> sum(const double* taps) const;

 private:
  int samples_ = 1, taps_ = 1;
  long size_ = 0, stride_ = 0, lead_ = 0;
  std::vector<double> wave_, rows_;
};

}  // namespace photonlink::com
