/// A linear link as the statistical eye needs it: pulse responses, levels, taps, noise and jitter.
///
/// Amplitudes are in any one unit (V, or a unit main cursor). Time is in unit intervals from the sampling
/// instant; pulses are sampled M times per symbol and are zero outside their arrays.
///
/// Jitter comes in two kinds that act differently on a received sample:
///   edges    independent from edge to edge of the transmitted waveform: random (Gaussian), bounded
///   uncorrelated,
///            duty-cycle (rising edges late, falling ones early, half of the value each) and even-odd (every
///            other edge late, the rest early). An edge that does not exist, between equal levels, moves
///            nothing.
///   timing   common to everything one sample sees: transmit jitter slow against the channel's memory, and
///   the
///            jitter of the sampling instant (of a receiver without FFE; behind one each tap has its own).
#pragma once

#include <vector>

namespace photonlink {

enum class BoundedShape { uniform, truncated_gaussian };

/// Displacements of single edges [UI].
struct EdgeJitter {
  double random_UI = 0.0;   ///< rms; first order in the displacement, to about 0.05 UI
  double bounded_UI = 0.0;  ///< peak to peak; first order in the displacement
  BoundedShape bounded_shape = BoundedShape::uniform;  ///< the truncated Gaussian ends at three of its σ
  double duty_cycle_UI = 0.0;                          ///< rising against falling edges
  double even_odd_UI = 0.0;                            ///< even against odd edges
  bool memoryless() const { return random_UI == 0.0 && bounded_UI == 0.0 && duty_cycle_UI == 0.0; }
};

/// Displacement of the whole waveform against the sampling instant [UI]; the three are independent.
struct TimingJitter {
  double random_UI = 0.0;      ///< rms, Gaussian
  double dual_dirac_UI = 0.0;  ///< distance of the two Diracs
  double sinusoidal_UI = 0.0;  ///< peak to peak
};

struct StatisticalLink {
  std::vector<double> amplitude = {-1.0, 1.0};  ///< (n_level) ascending; any spacing (R_LM)
  std::vector<double> probability;              ///< (n_level) of the levels; empty: equally likely
  int samples_per_symbol = 32;                  ///< M, of the pulses and of the eye's phases
  /// Response to one symbol of unit amplitude, transmit FFE not applied; sample 0 at the start of the symbol.
  std::vector<double> pulse;
  std::vector<double> transmit_taps = {1.0};  ///< earliest first
  int transmit_main = 0;                      ///< index of the main tap
  long main_sample = 0;  ///< sampling instant of a symbol, samples behind its start at the main tap
  /// Responses to one symbol of each aggressor, its FFE applied; on a clock of its own: every phase equally
  /// likely.
  std::vector<std::vector<double>> aggressors;
  std::vector<double> dfe;    ///< subtracted from cursors 1, 2, ... at all phases
  std::vector<double> sigma;  ///< rms Gaussian noise > 0, (1), or (M) for phases -M/2 ... M/2 - 1
  EdgeJitter edges;
  TimingJitter timing;
  int window_symbols = 0;  ///< symbols enumerated one by one when edges jitter; 0: three of PAM4, six of NRZ

  int levels() const { return static_cast<int>(amplitude.size()); }
  double probability_of(std::size_t level) const {
    return probability.empty() ? 1.0 / static_cast<double>(amplitude.size()) : probability[level];
  }
};

/// @throws DomainError naming the first value that cannot be meant, its range and the likely fix.
void check(const StatisticalLink& link);

}  // namespace photonlink
