/// A noise source: independent unit-variance numbers, one every `period` samples, held over `hold` samples,
/// scaled by `sigma` and by a modulation waveform, and added to one signal of the bundle at the stage that
/// owns it.
///
///   continuous white noise   period = hold = 1, sigma² = S₁ f_s / 2 (one-sided density S₁, sample rate f_s)
///   per-symbol noise         period = hold = samples per symbol
///   edge jitter              period = samples per symbol, hold = 1, modulation = level step, sigma in
///   samples relative intensity noise modulation = A(t) / 2 on a carrier, because |A (1 + n/2)|² = |A|² (1 +
///   n)
///
/// The same record feeds the covariances of the semi-analytic solver and the random streams of Monte Carlo.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/conventions.hpp"

namespace photonlink {

/// How a term scales when the received signal is attenuated by a power factor g: received electrical
/// amplitudes scale with g behind a photodiode and with sqrt(g) on copper.
enum class LossScaling {
  with_signal,       ///< injected before the loss: amplitude scales as the signal
  with_sqrt_signal,  ///< shot noise of the signal: variance scales as the signal
  fixed              ///< injected behind the loss
};

struct NoiseTerm {
  std::string label;             ///< "laser RIN", printed and used as the key of the noise budget
  std::uint64_t source = 0;      ///< terms with equal id are the same random numbers (correlated)
  int lane = -1;                 ///< lane it is added to, or -1
  int port = -1, carrier = -1;   ///< field it is added to, or -1
  int period = 1, hold = 1;      ///< [samples]
  double sigma = 0.0;            ///< standard deviation of each random number, in the unit of the signal
  RealWave modulation;           ///< (n_sample) on a lane, empty: 1
  ComplexWave field_modulation;  ///< (n_sample) on a field
  /// One-sided density relative to its value in the white band, as a function of frequency [Hz]; empty:
  /// white.
  std::function<double(double)> shape;
  /// Mean of that density between two frequencies [Hz], for a shape that changes within a bin of a transform
  /// (1/f); empty: `shape` in the middle.
  std::function<double(double, double)> band_mean;
  /// Phase noise: the field is turned by the running sum of the numbers [rad], and `field_modulation` is jA,
  /// its derivative.
  bool turns_field = false;
  LossScaling scaling = LossScaling::fixed;
  bool moves_edges = false;  ///< jitter of single edges
  /// Density of the numbers, all of unit variance: bounded ones do not grow with the noise. A sinusoid is
  /// common to all edges within reach; the semi-analytic solver moves the whole waveform instead. On a field
  /// it is the beat with light of the same wavelength (solvers/in_band_beat.hpp).
  enum class Law { gaussian, uniform, sinusoid, avalanche } law = Law::gaussian;
  double cycles_per_draw = 0.0;  ///< of a sinusoid
  /// Each draw of a sinusoid times one of these, evenly at random: a keyed interferer. Empty: 1.
  std::vector<double> keys;
  /// Law::avalanche: Poisson arrivals in each sample, of the variance that sigma and modulation say, each
  /// multiplied to g electrons (devices/physics/avalanche.hpp).
  double avalanche_gain = 1.0, ionization_ratio = 0.0;
  double electron = 0.0;  ///< what one electron adds to its sample, in the unit of the signal
};

}  // namespace photonlink
