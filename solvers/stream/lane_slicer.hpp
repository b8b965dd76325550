/// One lane from waveform to bit errors: sampling with jitter, amplifier, ADC, FFE, DFE and decisions or
/// sequence detection.
///
/// Symbol i is sampled at offset + i symbols ± half the deterministic jitter, plus a Gaussian displacement of
/// its own, by eight-point Lagrange interpolation (error below 1e-5 of the amplitude for signals up to the
/// symbol rate at 16 samples per symbol). Both signs are sampled, so that a symbol and all its taps share one
/// sign, as slow jitter means; stretches of `jitter_symbols` symbols draw their sign at random, each second
/// stretch the opposite of the one in front.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "solvers/detection/mlse.hpp"
#include "solvers/lane_model.hpp"

namespace photonlink {

/// What the DFE subtracts: what was sent, as the semi-analytic solver assumes, or what was decided (bursts).
enum class FeedbackSymbols { correct, decided };

/// Symbols on either side of those counted that sequence detection reads.
inline constexpr long sequence_guard = 32;

class LaneSlicer {
 public:
  /// @param lag sample of the stream at which symbol 0 is sampled
  /// @param mean of the noise-free waveform, subtracted
  LaneSlicer(const LaneModel& lane, std::vector<double> amplitude, long lag, double mean,
             FeedbackSymbols feedback);

  void restart(std::uint64_t seed, std::uint64_t source, std::uint64_t segment, double noise_scale);
  void push(std::span<const double> block);
  /// Symbols sampled so far: all i below this, from the first that lies in the stream.
  long sampled() const { return static_cast<long>(plus_.size()); }

  /// Bit errors of symbols first ... last - 1, all sampled with their FFE neighbours. Sequence detection
  /// reads `sequence_guard` symbols more on either side, so that it knows as much of the ends as of the
  /// middle.
  /// @param sent level indices; sent[i + guard] is symbol i. @param first, last of PAM6 at the beginning of a
  /// pair.
  long count_errors(std::span<const int> sent, long guard, long first, long last);
  /// Decision variable minus the amplitude sent, mean square over the same symbols: small at the right lag.
  double mean_square_error(std::span<const int> sent, long guard, long first, long last);

 private:
  long count_sequence_errors(ViterbiDetector& viterbi, const int* symbol, long first, long last);
  long pair_errors(const int* symbol, long first, long last) const;
  double interpolate(double position) const;
  double convert(double sample, double draw) const;
  double feed_forward(const std::vector<double>& x, long i) const;
  const std::vector<double>& samples_of(long i) const;
  void draw_signs(long symbols);

  const LaneModel::Inputs& in_;
  std::vector<double> amplitude_, thresholds_;
  long lag_;
  double mean_;
  FeedbackSymbols feedback_;
  double half_samples_, jitter_samples_, noise_scale_ = 1.0;
  std::uint64_t seed_ = 0, source_ = 0, segment_ = 0;
  long wave_begin_ = 0;               // stream sample of wave_[0]
  std::vector<double> wave_;          // the last samples
  std::vector<double> plus_, minus_;  // (n_symbol) samples with either sign of the deterministic jitter
  std::vector<double> draws_;         // of the sampling jitter
  std::vector<double> converter_draws_;
  std::vector<int> sign_;     // (n_stretch pair) first stretch positive
  std::vector<int> decided_;  // (n_symbol)
  std::optional<ViterbiDetector> viterbi_;
  std::vector<double> equalized_;
};

}  // namespace photonlink
