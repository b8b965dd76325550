/// What an evaluation of one link yields. Writers and pictures read this; they compute no physics.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "core/ledger.hpp"
#include "signal/stage.hpp"

namespace photonlink {

inline constexpr double not_computed = std::numeric_limits<double>::quiet_NaN();

/// Probability of finding the signal in each cell of time and amplitude, two unit intervals wide.
struct EyeDiagram {
  int time_bins = 0, level_bins = 0;
  double time_begin_UI = 0.0, time_end_UI = 0.0;
  double level_begin = 0.0, level_end = 0.0;  ///< unit in LinkResult::amplitude_unit
  std::vector<double> density;                ///< (time_bins, level_bins), each time column sums to 1
  double sampling_time_UI = 0.0;
  std::vector<double> thresholds;  ///< (levels - 1)
  /// Lines of equal BER around each opening: for each BER and opening the lower and upper limit at each time
  /// bin, NaN where the opening is closed.
  struct Contour {
    double ber = 0.0;
    int opening = 0;
    std::vector<double> lower, upper;  ///< (time_bins)
  };
  std::vector<Contour> contours;
};

/// Bit error ratio against sampling time and against threshold, base-10 logarithm; NaN below the resolved
/// floor.
struct Bathtub {
  std::vector<double> time_UI, log10_ber_time;             ///< time relative to the sampling instant
  std::vector<double> threshold_offset, log10_ber_level;   ///< common shift of all thresholds, amplitude unit
  double width_UI = not_computed;                          ///< at the BER target before FEC
  double left_UI = not_computed, right_UI = not_computed;  ///< its ends
  double height = not_computed;                            ///< same, amplitude unit
  double target_ber = not_computed;
};

/// One opening of the eye at a bit error ratio.
struct EyeOpening {
  double height = not_computed;  ///< at the sampling instant, NaN: closed
  double lower = not_computed, upper = not_computed;
  double width_UI = not_computed;  ///< at the threshold, NaN: closed at the sampling instant
  double left_UI = not_computed, right_UI = not_computed;
};

/// What the statistical eye of a linear chain measures at `ber` (statistical/statistical_eye.hpp).
struct EyeMeasures {
  double ber = not_computed;
  std::vector<EyeOpening> opening;  ///< (n_level - 1), lowest first
  double linearity = not_computed;
  double signal_amplitude = not_computed;     ///< A_s
  double noise_amplitude = not_computed;      ///< A_ni
  double vertical_opening = not_computed;     ///< VEO, negative: closed
  double vertical_closure_dB = not_computed;  ///< VEC, NaN: closed
};

/// What wrong decisions make of the errors when they are fed back (lane_propagation.hpp); NaN without
/// decision feedback and where it was not followed.
struct ErrorPropagation {
  double ber = not_computed;             ///< before FEC, decisions fed back
  double precoded_ber = not_computed;    ///< the same behind a 1/(1+D) precoder and its decoder
  double multiplication = not_computed;  ///< wrong symbols over those with right feedback
  /// Probability of k + 1 wrong symbols in one error event, the last element: so many or more. Without and
  /// with precoding.
  std::vector<double> event_errors, precoded_event_errors;
};

/// What the recovered clock follows (clock_recovery.hpp); NaN unless the link has a clock recovery loop.
struct ClockResult {
  double phase_margin_deg = not_computed;
  double generated_jitter_UI = not_computed;  ///< rms, by pattern and noise at the phase detector
  double margin_UI = not_computed;            ///< from the sampling instant to the nearer side of the bathtub
  std::vector<double> frequency_Hz, transfer_dB;  ///< of jitter, |H|
  std::vector<double> tolerance_UI;               ///< peak-to-peak sinusoidal jitter tolerated
  double mask_ratio = not_computed;               ///< least tolerance over mask; at least 1: passes
};

/// Response of the link to one symbol of unit step, at the slicer.
struct PulseResponse {
  std::vector<double> time_UI;            ///< 0 = main cursor
  std::vector<double> unequalized;        ///< amplitude unit, before FFE and DFE
  std::vector<double> equalized;          ///< behind the FFE, DFE not subtracted
  std::vector<double> cursor_UI, cursor;  ///< symbol-spaced samples behind FFE and DFE
};

/// One bar of the power waterfall: level after the step, in `LinkResult::budget_unit`.
struct BudgetStep {
  std::string label;
  double level = 0.0;   ///< [dBm] on optical links, [dBV] on copper
  double change = 0.0;  ///< [dB], negative: loss
  enum class Kind { start, change, level, required, margin } kind = Kind::change;
};

struct NoiseShare {
  std::string source;
  double rms = 0.0;    ///< at the slicer, mean over the pattern, amplitude unit
  double share = 0.0;  ///< of the total variance
};

struct Penalty {
  std::string stage, effect;
  double dB = 0.0;  ///< gain in margin when the effect takes its ideal value, all others kept
};

/// An input that no publication gives: the study states the value used, the range and where the range comes
/// from.
struct AssumedInput {
  std::string stage, key, value, low, high, source;
};

/// What was chosen for a link before it was evaluated.
struct OperatingPoint {
  struct Value {
    std::string stage, key, text;  ///< value with its unit
    bool at_bound = false;
  };
  std::string goal;                 ///< "largest_margin", "least_energy"; empty: nothing was chosen
  double margin_dB = not_computed;  ///< asked for
  bool keeps_margin = false, converged = false;
  int evaluations = 0;
  std::vector<Value> value;
};

/// What the wavelength locking loop of a ring stage leaves over a ramp of temperature
/// (locking/lock_loop.hpp).
struct LockingResult {
  std::string stage;                      ///< empty: nothing was locked
  std::string method, monitor;            ///< as asked for
  bool holds = false;                     ///< the error ratio stays at or below the one required before FEC
  double worst_ber = not_computed;        ///< largest mean over an interval
  double worst_offset_Hz = not_computed;  ///< largest magnitude of any ring
  double offset_rms_Hz = not_computed;    ///< of all rings and updates
  double mean_heater_power_W = not_computed, largest_heater_power_W = not_computed;  ///< of all rings
  double at_limit = not_computed;  ///< share of updates with a heater at an end of its range
  /// Per interval of the ramp: its end, the change of temperature there, the offset of largest magnitude,
  /// mean error ratio of the worst ring and mean power of all heaters.
  std::vector<double> time_s, temperature_K, offset_Hz, ber, heater_power_W;
  std::vector<double> table_offset_Hz,
      table_ber;  ///< error ratio of the link against the offset of its rings
};

struct EnergySum {
  double module_J_per_bit = 0.0, with_host_J_per_bit = 0.0, link_J_per_bit = 0.0;
};

struct LaneResult {
  int lane = 0;
  double ber = not_computed;
  double sampling_phase_UI = not_computed;
  double oma_W = not_computed;                ///< at the photodiode
  double extinction_ratio_dB = not_computed;  ///< at the photodiode
  double average_power_W = not_computed;      ///< own carrier at the photodiode
  double crosstalk_power_W = not_computed;    ///< all other carriers at the photodiode
  /// Sums over the neighbours at their worst, OMA over the lane's own (wdm_crosstalk.hpp): what the other
  /// lanes' modulators do to this carrier, and what a demultiplexer lets through. -inf: none.
  double modulation_crosstalk_dB = not_computed, demultiplexer_crosstalk_dB = not_computed;
  double in_band_closure_dB =
      not_computed;  ///< of the eye, by the beat of in-band crosstalk at its worst phase
};

struct LinkResult {
  std::string name, title;
  std::string solver, solver_settings;
  std::string modulation, pattern;
  double symbol_rate_Bd = 0.0;
  int lanes = 1;
  bool optical = false;
  bool closes = false;
  double ber_before_fec = not_computed, ber_after_fec = not_computed;
  double ber_low = not_computed, ber_high = not_computed;  ///< 95 % interval of a counted ratio
  double ber_floor = not_computed;                         ///< smallest value the method resolves
  double target_ber = not_computed, required_ber_before_fec = not_computed;
  std::string fec;
  double loss_margin_dB = not_computed;   ///< extra loss (optical dB, or electrical on copper) to the target
  double noise_margin_dB = not_computed;  ///< growth of all random noise to the target, 20 log
  double latency_s = not_computed;
  Ledger ledger;
  EnergySum energy;
  std::string amplitude_unit = "V";
  std::string budget_unit = "dBm";
  int worst_lane = 0;
  std::vector<LaneResult> lane;
  std::vector<double> ffe_taps, dfe_taps;  ///< of the worst lane
  double ctle_gain_dB = not_computed;
  std::vector<NoiseShare> noise;
  EyeDiagram eye;
  Bathtub bathtub;
  EyeMeasures eye_measures;      ///< linear chains, at the BER required before FEC
  ErrorPropagation propagation;  ///< of the worst lane
  ClockResult clock;             ///< of the worst lane
  PulseResponse pulse;
  std::vector<BudgetStep> budget;
  std::vector<Penalty> penalties;
  std::vector<Warning> warnings;
  std::vector<AssumedInput> assumed;
  OperatingPoint operating_point;
  LockingResult locking;
  double elapsed_s = not_computed;
};

}  // namespace photonlink
