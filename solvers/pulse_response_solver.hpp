/// Pulse response of a link at the sampler: what one symbol of unit amplitude adds to the waveform.
#pragma once

#include <Eigen/Dense>
#include <limits>
#include <vector>

#include "solvers/chain.hpp"

namespace photonlink {

/// Periodic, (n_sample) or a shorter period that it ends within, sample 0 at the start of the symbol;
/// amplitude unit of the sampler.
struct SampledPulse {
  RealWave value;
  /// Sample of the largest value; where the period is shorter than that of the waveform, that sample of it,
  /// of either sign.
  long main_sample = 0;
};

/// Linear chain: spectrum (n/2 + 1) of the exact pulse, from the closed-form responses; `aggressor` as in
/// Chain. Without the transmit FFE where `plain`.
enum class TransmitTaps { as_set, plain };
std::vector<Complex> linear_pulse_spectrum(const Chain& chain, const TimeGrid& grid, Context& context,
                                           int aggressor = -1, TransmitTaps taps = TransmitTaps::as_set);
/// Multiplies by `tail` and transforms back.
SampledPulse pulse_from_spectrum(std::vector<Complex> spectrum, std::span<const Complex> tail,
                                 const Fft& fft);

/// Least-squares cursors of a periodic sequence of symbols, `pre` in front of the main one to `post` behind
/// it.
class CursorFit {
 public:
  /// @throws DomainError for patterns shorter than twice that window.
  CursorFit(std::span<const double> symbols, int pre, int post);
  int pre() const { return pre_; }
  int post() const { return post_; }
  std::span<const double> symbols() const { return symbols_; }  ///< mean removed
  /// @param correlation Σ_i d_i x_{i+k} / n with the samples x, k = -pre ... post
  std::vector<double> solve(std::span<const double> correlation) const;
  /// Of one sample per symbol, sample i taken for symbol i.
  std::vector<double> operator()(std::span<const double> sample) const;

 private:
  int pre_, post_;
  std::vector<double> symbols_;
  Eigen::LDLT<Eigen::MatrixXd> solver_;
};

/// Any chain: least-squares fit of a linear pulse to a periodic waveform (the linear fit of IEEE Std
/// 802.3-2022, 85.8.3.3.5 \cite IEEE8023), over the window of `fit` around the strongest cursor, or around
/// sample `main` where it is given; zero elsewhere.
/// @param period of the pulse [samples]: that of the waveform, or a shorter one that holds the window; sample
/// u of the waveform then is sample u modulo that period, u within half a period of the waveform from 0
inline constexpr long where_strongest = std::numeric_limits<long>::min();
SampledPulse fit_pulse(std::span<const double> waveform, const CursorFit& fit, const TimeGrid& grid,
                       long period, Context& context, long main = where_strongest);

}  // namespace photonlink
