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

/// Copies of one pulse moved by whole symbols, in order of time and sorted by sampling phase.
class ShiftedPulses {
 public:
  /// Wrap: what leaves one end enters at the other, as in the script; extend: room is added at both ends.
  enum class Ends { wrap, extend };
  ShiftedPulses(const std::vector<double>& pulse, int samples_per_symbol, int taps, int main, Ends ends);
  long size() const { return size_; }                ///< samples
  long symbols() const { return symbols_; }          ///< per phase, the last may be padded
  long lead() const { return lead_; }                ///< samples added in front
  const double* wave(int tap) const { return wave_[static_cast<std::size_t>(tap)].data(); }
  /// Samples at `phase`, `symbols()` of them and zeros behind.
  const double* row(int tap, int phase) const {
    return rows_.data() + (static_cast<long>(tap) * samples_ + phase) * stride_;
  }

 private:
  int samples_;
  long size_ = 0, symbols_ = 0, stride_ = 0, lead_ = 0;
  std::vector<std::vector<double>> wave_;
  std::vector<double> rows_;
};

}  // namespace photonlink::com
