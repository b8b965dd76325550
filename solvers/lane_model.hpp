/// One lane at the slicer: everything the error probability depends on, at any sampling time.
///
/// The noise-free sample of symbol i at time offset δ is the FFE's output minus the DFE's feedback of correct
/// symbols. A pattern shows every sequence of only `memory` consecutive symbols, so the cursors outside that
/// window are subtracted from the samples and come back as a density of independent symbols, together with
/// the crosstalk:
///   y_i(δ) = FFE{x}(t_i + δ) - Σ_m b_m d_{i-m} - Σ_{k outside} q_k(δ) d_{i-k},   plus density D(δ), plus
///   Gaussian σ_i(δ).
/// Bounded jitter of edges adds nodes x_ij of probability w_ij to each sample (edge_displacement.hpp), slow
/// jitter averages over δ. The beat with in-band crosstalk adds nodes of its own (in_band_beat.hpp). In
/// chains that are not linear bounded uncorrelated jitter counts as Gaussian, which is pessimistic, and the
/// waveform holds duty-cycle distortion and the one parity of even-odd jitter that each symbol met. With
/// sequence detection the error ratio follows from the covariances of noise, residual cursors and crosstalk
/// behind the FFE, all taken as Gaussian (lane_sequence.hpp) and independent of the symbols of an event,
/// which is optimistic where the FFE leaves large cursors; thresholds and eye remain those of a slicer with
/// feedback. For a linear chain this makes the result exact for all patterns; for a non-linear one the
/// cursors are a linear fit.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "signal/density.hpp"
#include "solvers/adc.hpp"
#include "solvers/compressed_decision.hpp"
#include "solvers/equalized_noise.hpp"
#include "solvers/equalizer.hpp"
#include "solvers/lane_sequence.hpp"
#include "solvers/lane_waves.hpp"
#include "solvers/noise_covariance.hpp"
#include "solvers/pulse_response_solver.hpp"
#include "solvers/statistical/jitter.hpp"
#include "solvers/tail_table.hpp"

namespace photonlink {

/// Changes asked of the noise and signal without running the chain again.
struct Scaling {
  double signal = 1.0;  ///< received amplitude factor g
  double noise = 1.0;   ///< amplitude factor of all random noise and random jitter
};

/// Samples at one time offset, ready for the error probability.
struct LaneSamples {
  std::vector<double> value;  ///< (n_symbol), window cursors only
  std::vector<NoiseVariance> noise;
  std::shared_ptr<TailTable> tail;  ///< density outside the window and crosstalk
  double tail_variance = 0.0;       ///< of that density
  /// (n_symbol) displacements by bounded jitter of edges, or by the beat with in-band crosstalk; empty: none.
  std::vector<std::vector<JitterNode>> moved;
  /// Behind a compressing amplifier; null: linear.
  std::shared_ptr<const CompressedDecision> compressed;
  std::shared_ptr<const SkewedNoise> skewed;  ///< of an avalanche photodiode; null: all noise is Gaussian
  std::span<const JitterNode> displacements(std::size_t symbol) const;
  double sigma(std::size_t symbol, Scaling scaling) const;
  /// P(the sample of a symbol lies beyond its noise-free value plus `deviation`), above (`side` 1) or below
  /// (-1), with noise of standard deviation `sigma`.
  /// @param scaling that sigma has
  double beyond(std::size_t symbol, double deviation, double side, double sigma, Scaling scaling) const;
};

/// Decisions one by one with feedback, or the best sequence behind the target 1 + Σ dfe_m D^m (mlse.hpp).
enum class Detector { slicer, mlse };

class LaneModel {
 public:
  struct Inputs {
    TimeGrid grid;
    int levels = 2, memory = 1;
    /// The pulse is exact, not fitted: nothing in the way, the amplifier included, is non-linear.
    bool linear = false;
    std::vector<int> index;       ///< (n_symbol) level sent
    std::vector<double> symbols;  ///< (n_symbol) amplitude sent
    RealWave waveform;            ///< at the sampler behind the CTLE, mean removed
    /// The same chain's pulse, behind the amplifier's curve; of a shorter period than the waveform where that
    /// is long (pulse_response_solver.hpp).
    SampledPulse pulse;
    std::vector<SampledPulse> aggressors;  ///< behind the CTLE, amplitude included, in front of the amplifier
    Equalizer equalizer;
    long offset = 0;                       ///< sampling instant of symbol 0 [samples]
    double deterministic_jitter_UI = 0.0;  ///< peak to peak, dual Dirac
    double sampling_jitter_UI = 0.0;
    double sinusoidal_jitter_UI = 0.0;  ///< peak to peak, slow
    EdgeJitter edges;                   ///< of the transmitter
    RealWave rounding;  ///< linear chains: share of the transmitter's rounding in the waveform; empty: none
    RealWave plain_pulse;  ///< linear chains: the pulse without the transmit FFE, at the same offset
    std::vector<double> transmit_taps = {1.0};
    int transmit_main = 0;
    /// Of each stage with in-band crosstalk: B(t) behind the CTLE, and its levels (in_band_beat.hpp).
    std::vector<RealWave> beats;
    std::vector<std::vector<double>> beat_keys;
    AdcScale adc;  ///< amplifier and converter in front of the FFE
    Detector detector = Detector::slicer;
  };
  /// @throws DomainError without an equaliser: no main cursor was found.
  LaneModel(Inputs inputs, const LaneNoise& noise, Context& context);

  const Inputs& inputs() const { return in_; }
  /// Samples at offset δ [UI] from the sampling instant, |δ| <= 0.75.
  const LaneSamples& samples(double delta_UI);
  /// Bit error ratio at δ, deterministic and sinusoidal jitter averaged; thresholds (levels - 1), NaN
  /// threshold: not allowed.
  double bit_error_ratio(double delta_UI, std::span<const double> thresholds, Scaling scaling = {});
  /// The same without both.
  double jitter_free_ber(double delta_UI, std::span<const double> thresholds, Scaling scaling = {});
  /// Thresholds of least error at δ = 0.
  const std::vector<double>& thresholds() const { return thresholds_; }
  void optimize_thresholds();
  /// Waveform behind the FFE at δ, DFE feedback subtracted, all cursors kept: what an eye monitor shows.
  std::vector<double> eye_samples(double delta_UI) const;
  /// Cursors behind FFE and DFE at δ = 0, with the period of the pulse, main at 0.
  std::vector<double> residual_cursors() const;
  const RealWave& equalized_pulse() const { return equalized_pulse_; }
  /// Crosstalk density alone, phase averaged.
  const Density& crosstalk() const { return crosstalk_; }
  /// Variance of the samples in front of the FFE by noise, jitter and ADC.
  double sampled_variance() const;
  /// Mean square of what the ADC clips of them; no part of the error ratio.
  double clipped_power() const;
  /// Mean square behind the FFE of what the transmitter's rounding and the amplifier's compression leave of
  /// the linear cursors at δ.
  double distortion_variance(double delta_UI) const;
  /// Behind a compressing amplifier: its largest noise-free output over where it ends, and the largest mean
  /// of what its curvature makes of the noise, in standard deviations.
  double largest_share() const;
  double noise_curvature();
  /// Variances of all noise at δ, interference left out.
  std::vector<NoiseVariance> noise(double delta_UI) { return noise_at(delta_UI); }
  /// Levels sent, (n_level).
  std::vector<double> amplitudes() const;
  /// Of the levels, (n_level).
  std::vector<double> probabilities() const;
  /// Mean covariance from symbol to symbol of all noise and crosstalk behind the FFE, residual cursors left
  /// out, (sequence_lags + 1).
  std::vector<double> error_covariance(Scaling scaling = {});
  /// Pulses, levels, taps and jitter for the statistical eye, the noise left to its user. Linear chains only.
  const StatisticalLink& statistics() const { return statistics_; }
  /// Mean variance of the in-band beat, and the share of the distance of neighbouring levels that it takes at
  /// its worst phase on both, the largest over pairs of levels; 0 without.
  double beat_variance() const;
  double beat_closure() const;
  /// Of all aggressors, small ones included, relative to a unit main cursor.
  double crosstalk_variance() const { return variance(crosstalk_) + merged_crosstalk_; }

 private:
  double first_sample(double delta_UI) const;  // of symbol 0
  std::vector<double> curve_slopes(long offset) const;
  std::vector<double> one_per_symbol(const RealWave& wave, long offset) const;
  std::vector<double> distortion(double delta_UI) const;
  std::vector<double> input_covariance(const std::vector<NoiseCovariance>& noise, long offset) const;
  std::shared_ptr<const CompressedDecision> compressed_decision(double delta_UI);
  std::shared_ptr<const SkewedNoise> skewed_noise(double delta_UI);
  std::vector<double> cursors(double delta_UI) const;
  void choose_window();
  std::vector<NoiseVariance> noise_at(double delta_UI);
  double slope_per_UI(long sample) const;
  double jitter_power(long offset) const;
  LossScaling adc_scaling() const { return in_.adc.at_end ? LossScaling::fixed : LossScaling::with_signal; }
  double slicer_ber(double delta_UI, std::span<const double> thresholds, Scaling scaling);
  /// Standard deviations of all samples, the tail table ready for them.
  static std::vector<double> spread(const LaneSamples& s, Scaling scaling);
  /// Wrong bits of all symbols that one threshold makes.
  double errors_passing(const LaneSamples& s, std::span<const double> sigma, int threshold, double value,
                        Scaling scaling) const;
  double sequence_ber(double delta_UI, Scaling scaling);
  const std::vector<SequenceNoise>& sequence_noise(double delta_UI);
  const std::vector<NoiseVariance>& noise_point(int quarter);
  StatisticalLink make_statistics(Context& context) const;
  std::vector<double> beat_samples(std::size_t beat, double delta_UI) const;
  void add_beats(double delta_UI, std::vector<std::vector<JitterNode>>& moved) const;

  Inputs in_;
  const LaneNoise* noise_source_;
  Context& context_;
  EqualizedWave equalized_;
  RealWave equalized_pulse_;                             // upsampled
  std::vector<EqualizedWave> beats_;                     // with in-band crosstalk
  EqualizedWave rounding_;                               // empty: none
  EqualizedWave input_;                                  // in front of a compressing amplifier and the FFE
  double mean_slope_ = 1.0;                              // of its curve at the samples
  std::map<int, std::vector<double>> input_covariance_;  // (n_symbol, n_tap) by quarter unit interval
  StatisticalLink statistics_;
  std::vector<JitterNode> timing_;  // slow jitter of the transmitter
  long window_begin_ = 0;           // first cursor index of the window, <= 0
  Density crosstalk_;
  double merged_crosstalk_ = 0.0;
  std::map<int, std::vector<NoiseVariance>> noise_;           // by quarter unit interval
  const Fft* fft_ = nullptr;                                  // of the pattern's samples
  std::vector<AvalancheSource> avalanches_;                   // behind the FFE
  std::map<int, std::shared_ptr<const SkewedNoise>> skewed_;  // by quarter unit interval
  std::vector<double> thresholds_;
  std::map<long, LaneSamples> cache_;                    // by δ in 1e-6 UI
  std::map<long, std::vector<SequenceNoise>> sequence_;  // same
};

}  // namespace photonlink
