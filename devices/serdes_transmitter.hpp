/// SerDes transmitter: symbols to a differential voltage, with feed-forward equaliser, level mismatch, finite
/// rise time, transmitter noise and jitter.
///
/// Core   v(t) = (swing) Σ_n x_n rect((t - nT)/T), x = FFE taps * levels, rounded by the DAC; the lane is the
/// EMF, twice the voltage
///        that a matched load sees, so `swing` is the published "differential peak to peak into a matched
///        load".
/// Levels RLM < 1 pulls the two inner PAM4 levels together about the middle, IEEE Std 802.3-2022 Eq. (120D-8)
///        \cite IEEE8023: R_LM = min(3 ES1, 3 ES2, 2 - 3 ES1, 2 - 3 ES2); here ES1 = ES2 = R_LM / 3.
///        `drive_levels` instead states all four, from -1 to 1, as a transmitter sends them that makes up for
///        the curve of a modulator (solvers/predistortion.hpp): the symbols stay even for the receiver, what
///        drives the modulator, its charge and the edges are these. Aggressors send even levels.
/// Tail   Gaussian edge exp(-2 (π f T_r / 1.6832)²), T_r the 20-80 % rise time, Eq. (93A-46) \cite IEEE8023.
/// Noise  per symbol, Gaussian, held for the symbol: σ = (swing/2) 10^(-SNR/20). The reference level is that
/// of
///        Eq. (93A-30), but the noise is white from symbol to symbol, not shaped by the transmit FFE, and
///        passes the channel and CTLE as the signal does. Eq. (93A-30) instead keeps it a fixed share of the
///        equalised main cursor, 3.2 and 4.4 dB less on the copper links of examples/, whose FFE and CTLE
///        lower that cursor. random jitter ε on each edge: ε ΔV δ(t - nT), first order in ε, so the channel
///        amplifies it as it does in hardware.
///        Bounded uncorrelated jitter likewise, with uniform displacements. Deterministic jitter is
///        dual-Dirac and slow, sinusoidal jitter slow as well: the whole waveform early or late; the sampler
///        applies them, a stream moves its edges at sinusoidal_frequency.
/// Edges  Duty-cycle distortion: rising edges late by half of it, falling ones early. Even-odd jitter: edges
/// 0, 2, 4 ...
///        late by half of it, the others early (half-rate clocks). Both move the edges of the held waveform
///        (held_edges.hpp).
/// FFE    taps as an output stage of finite resolution makes them: each rounded to a multiple of `ffe_step`;
/// afterwards
///        c(0) >= ffe_main_minimum and Σ |c| <= ffe_sum_limit, as Table 93A-1 of IEEE Std 802.3 lists
///        them \cite IEEE8023. A set of taps beyond a limit is an error, not clipped.
/// DAC    of R bits (`dac_resolution`) with 2^R codes from one end of the swing to the other, Δ = swing /
///        (2^R - 1): levels behind the FFE are rounded to the nearest code, the upper one of two. Its N
///        effective bits (`dac_bits`) count all its errors, (swing / 2^N)² / 12 in power, of which Δ²/12 is
///        rounding \cite Bennett1948 and the rest noise, white from symbol to symbol; without dac_resolution
///        all of it. Aggressors send levels that are not rounded.
/// Power  output stage of a voltage-mode driver V_DD · V_ppd / (2 R) \cite Razavi2012, switched capacitance
///        C V_DD² f_b for serialiser, FFE and clock, static current.
/// Source R parallel to the pad capacitance C: EMF / (1 + jωRC) behind R / (1 + jωRC), so reflections of the
///        channel see the pad.
/// Valid  ε below about 0.05 UI rms; bounded ones below about 0.1 UI peak to peak; source impedance resistive
/// with one shunt capacitance.
#pragma once

#include <string>
#include <vector>

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// From here on the DAC does not round.
inline constexpr double ideal_dac_bits = 32.0;

struct SerdesTransmitterParameters {
  double swing_Vpp = 0.8;
  double level_mismatch_ratio = 1.0;
  std::vector<double> drive_levels;
  std::vector<double> ffe_taps = {1.0};
  int ffe_main = 0;
  double ffe_step = 0.0;
  double ffe_main_minimum = 0.0;
  double ffe_sum_limit = 1.0;
  double dac_bits = 32.0;
  double dac_resolution = ideal_dac_bits;
  double rise_time_s = 0.0;
  double source_resistance_ohm = 100.0;
  double pad_capacitance_F = 0.0;
  double snr_dB = 300.0;
  double random_jitter_UI = 0.0;
  double deterministic_jitter_UI = 0.0;
  double bounded_jitter_UI = 0.0;
  double sinusoidal_jitter_UI = 0.0;
  double sinusoidal_frequency_Hz = 40e6;
  double duty_cycle_distortion_UI = 0.0;
  double even_odd_jitter_UI = 0.0;
  double supply_voltage_V = 0.9;
  double switched_capacitance_F = 0.0;
  double static_current_A = 0.0;
  double pipeline_s = 0.0;
};
template <>
const ParameterTable<SerdesTransmitterParameters>& parameter_table();

class SerdesTransmitter final : public Stage {
 public:
  SerdesTransmitter(std::string name, SerdesTransmitterParameters parameters);

  const SerdesTransmitterParameters& parameters() const { return p_; }
  /// Normalised amplitude of each level, RLM applied, from -1 to 1.
  std::vector<double> level_amplitudes(int levels) const;
  /// Turns even PAM4 symbols into drive_levels, where those are given; other amplitudes stay.
  void bend(std::vector<double>& symbols) const;
  /// FFE taps as the output stage makes them: rounded to `ffe_step`.
  const std::vector<double>& ffe_taps() const { return taps_; }
  bool rounds() const { return p_.dac_resolution < ideal_dac_bits; }
  /// Distance Δ of two codes of the DAC in units of the EMF; 0: does not round.
  double dac_step_V() const;
  /// Held levels that are sent, in units of the EMF, for one symbol amplitude sequence, periodic.
  std::vector<double> sent_levels_V(std::span<const double> symbols) const;
  /// The same before the DAC rounds them: linear in the symbols.
  std::vector<double> equalized_levels_V(std::span<const double> symbols) const;
  /// The same without the FFE: full swing, what a near-end aggressor sends.
  std::vector<double> plain_levels_V(std::span<const double> symbols) const;

  std::optional<SourceEnd> source_end(std::span<const double> frequency_Hz) const override;
  bool has_core() const override { return true; }
  std::unique_ptr<Stepper> start(const Bundle& input) const override;
  std::vector<NoiseTerm> noise(const Bundle& output) const override;
  void multiply_electrical(std::span<const double> frequency_Hz, std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  double dac_noise_V() const;
  std::uint64_t source_of(const char* kind, int lane) const;
  NoiseTerm edge_term(const char* label, std::uint64_t source, int lane, double sigma_UI,
                      const Bundle& output) const;

  SerdesTransmitterParameters p_;
  std::vector<double> taps_;
};

}  // namespace photonlink
