/// Cursors and edge responses of a link at any phase.
///
/// The transmitted waveform is Σ_n ΔV_n s(t - nT): edges of height ΔV_n = V_n - V_{n-1} between the equalised
/// levels V_n = Σ_j c_j x_{n - j + main}, and the step response s(t) = Σ_{i >= 0} p(t - iT) of the pulse p.
/// With the age a of an edge (symbols between it and the start of the sampled symbol) and E_a its response at
/// the sampling instant, the cursor of the symbol of age k is
///   q_k = Σ_j c_j (E_{k-j+main} - E_{k-j+main-1}),
/// equal to the equalised pulse when no edge moves. Even-odd jitter moves E_a by ±e/2 with the parity of a,
/// so it is linear: two sets of cursors, one for each parity of the sampled symbol, both exact. A moved edge
/// changes the sample by -ε ΔV_a h_a, h = ds/dt, to first order; differences of fourth order. Verified
/// against pulses with known derivatives.
#pragma once

#include <vector>

#include "solvers/statistical/statistical_link.hpp"

namespace photonlink {

/// Everything linear at one phase.
struct PhasePulses {
  long first_age = 0;          ///< of the first edge and cursor held
  std::vector<double> cursor;  ///< (n_age) q_k, feedback subtracted
  std::vector<double> slope;   ///< (n_age) h_a [amplitude / UI], of an edge of unit height
  std::vector<double>
      late;  ///< (n_age) E_a moved half the duty-cycle distortion later, minus E_a; empty: none
  std::vector<double> early;  ///< the same, earlier
  double main() const { return cursor[static_cast<std::size_t>(-first_age)]; }
};

class EdgePulses {
 public:
  explicit EdgePulses(const StatisticalLink& link);
  /// @param phase samples from the sampling instant, any sign @param parity ±1: even edges late or early
  PhasePulses at(long phase, int parity) const;
  /// Mean that duty-cycle distortion gives the signal, -d/2 E|ΔV| s(∞); taken off, as AC coupling does.
  double mean_shift() const { return mean_shift_; }
  /// Share of the symbol of age k in the height of the edge of age a.
  double height_share(long symbol_age, long edge_age) const;

 private:
  double step(double sample) const;
  double slope(long sample) const;
  double mean_height() const;
  double settled() const;

  const StatisticalLink& link_;
  std::vector<double> step_;  // s(t), sampled as the pulse
  double mean_shift_ = 0.0;
};

}  // namespace photonlink
