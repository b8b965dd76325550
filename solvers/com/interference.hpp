/// Noise and interference amplitude of an equalised channel (Annex 93A.1.7).
///
/// The residual cursors of the through pulse, the aggressors at their strongest phase, dual-Dirac jitter
/// A_DD h_J and Gaussian noise with σ_G² = σ_TX² + σ_RJ² σ_X² Σ h_J² + σ_N² (93A-41) are independent; with P
/// their distribution, P(-A_ni) = DER_0 and COM = 20 log10(A_s / A_ni).
///
/// `standard` splits cursors over neighbouring bins (mean exact), counts those below a bin as Gaussian and
/// ends no tail. The script rounds to bins, drops cursors below a bin, and cuts the Gaussian at ± 2 Q^-1
/// (version 3.70: ± 1 Q^-1) standard deviations. Voltages are not confined: COM may be negative.
#pragma once

#include <vector>

#include "solvers/com/figure_of_merit.hpp"
#include "solvers/com/lattice_density.hpp"

namespace photonlink::com {

/// Everything behind the equalisers at the sampling instant.
struct EqualizedCase {
  std::vector<double> through;  ///< [V] pulse behind all FFEs, without DFE
  long cursor = 0;              ///< sample of t_s
  DfeSolution dfe;
  struct Aggressor {
    Path::Kind kind = Path::Kind::fext;
    std::vector<double> pulse;  ///< [V]
    int phase = -1;             ///< fixed sampling phase; -1: the one with the largest variance
  };
  std::vector<Aggressor> aggressor;
  double available_V = 0.0;  ///< A_s
  NoiseTerms terms;          ///< transmitter, noise and random jitter enter σ_G
};

struct Interference {
  double bin_V = 0.0;
  double gaussian_V = 0.0;   ///< σ_G
  double amplitude_V = 0.0;  ///< A_ni
  double com_dB = 0.0;
  double isi_peak_V = 0.0, crosstalk_peak_V = 0.0, fext_peak_V = 0.0, next_peak_V = 0.0,
         both_peak_V = 0.0;                          ///< at DER_0, without noise
  double isi_rms_V = 0.0, crosstalk_rms_V = 0.0;     ///< of the densities
  double error_ratio_at_limit = 0.0;                 ///< P(-A_s / 10^(limit/20)), limit in dB
  std::vector<double> voltage_V, log10_probability;  ///< distribution P around its lower tail, for plots
};

/// h_J of the pulse at `cursor`, per UI, one value per symbol (93A-28).
std::vector<double> jitter_slopes(const std::vector<double>& pulse, long cursor, int samples_per_symbol);
/// Residual cursors h_ISI(n), the cursor itself 0, all symbols of the pulse.
std::vector<double> residual_cursors(const EqualizedCase& equalized, int samples_per_symbol);

/// Bin of the densities: A_s / 1000, at most 10 µV (93A.1.7.1).
double density_bin_V(double available_V);
/// Cursors of all aggressors, each at its phase, far-end ones first.
std::vector<double> crosstalk_cursors(const EqualizedCase& equalized, const Parameters& parameters,
                                      const Mode& mode);

Interference combine(const EqualizedCase& equalized, const Parameters& parameters, const Mode& mode);

}  // namespace photonlink::com
