/// Figure of merit of one equaliser setting (Annex 93A.1.6).
///
///   A_s = R_LM p(t_s) / (L - 1)
///   FOM = 10 log10( A_s² / (σ_TX² + σ_ISI² + σ_J² + σ_XT² + σ_N²) )                               (93A-36)
///   σ_TX² = p(t_s)² 10^(-SNR_TX/10) (93A-30),  σ_ISI² = σ_X² Σ h_ISI² (93A-31),
///   σ_J² = (A_DD² + σ_RJ²) σ_X² Σ h_J² (93A-32),  h_J = M/2 [p(t_s + T/M) - p(t_s - T/M)] per UI (93A-28),
///   σ_XT² = σ_X² Σ_k max_m Σ_n h_k(mT/M + nT)² (93A-33, 34); the script takes
///   σ_XT² = σ_X² 2 Δf / f_2 Σ_{f <= f_b} A² sinc²(f/f_b) |H_k H_ctf|² |H_FFE| instead, |H_FFE| for FEXT
///   only.
#pragma once

#include <vector>

#include "solvers/com/case_signals.hpp"
#include "solvers/com/dfe.hpp"
#include "solvers/com/sampling.hpp"
#include "solvers/com/tap_sums.hpp"
#include "solvers/com/transmit_taps.hpp"

namespace photonlink::com {

/// rms contributions behind the equalisers [V].
struct NoiseTerms {
  double isi_V = 0.0, jitter_V = 0.0, random_jitter_V = 0.0, crosstalk_V = 0.0, noise_V = 0.0,
         transmitter_V = 0.0;
  double total_V() const;
};

struct Merit {
  bool valid = false;  ///< the pulse has a sampling instant and could not be ruled out
  double dB = 0.0;
  long cursor = 0;  ///< sample of t_s in the pulse of ShiftedPulses
  double available_V = 0.0;
  NoiseTerms terms;
};

/// rms amplitude of a symbol relative to its peak, squared: (L² - 1) / (3 (L - 1)²).
double symbol_power(int levels);

/// Evaluates transmit settings at one CTLE setting; one per thread, reused without allocation.
class MeritEvaluator {
 public:
  MeritEvaluator(const CaseSignals& signals, const TransmitTaps& taps, const Mode& mode);
  /// Prepares the pulses behind another CTLE setting.
  void set_ctle(const CtleSetting& setting);
  /// Figure of merit of a setting; not valid when it is provably below `floor_dB`. Every bound used is an
  /// upper bound of the figure of merit, so no setting above the floor is lost.
  Merit evaluate(const double* taps, double floor_dB);

 private:
  struct Aggressor {
    bool equalized = true;
    std::vector<double> gram;  ///< (M, count, count) products of the shifted rows
  };
  struct Cursor {
    long sample = -1;
    double value_V = 0.0;
  };
  Cursor find_cursor(const double* taps);
  void add_exact_aggressors(const CtleSetting& setting);
  void add_script_aggressors(const CtleSetting& setting);
  double crosstalk_power(const double* taps) const;
  double jitter_energy(const double* taps, long cursor);
  /// Row of the sum at `phase`, symbols begin ... end - 1, zeros where the pulse has none; out[0] is symbol
  /// 0.
  void sum_row(const double* taps, int phase, long begin, long end, double* out) const;
  double dfe_residue(double cursor, const double* post);

  const CaseSignals& signals_;
  const TransmitTaps& taps_;
  const Mode& mode_;
  DfeSolver dfe_;
  double transmitter_share_ = 0.0;  // rms noise over cursor
  ShiftedPulses pulses_;
  std::vector<Aggressor> aggressors_;
  std::vector<double> fext_weight_, fext_angle_;  // script: σ_X² and weights per frequency
  double unequalized_power_ = 0.0;                // NEXT, both modes
  double noise_V_ = 0.0;
  double floor_dB_ = 0.0, floor_ratio_ = 1.0;  // 10^(floor/10), kept while the floor stays
  long peak_begin_ = 0, peak_end_ = 0;         // where the peak is looked for
  long inner_begin_ = 0, inner_end_ = 0;       // where it nearly always is
  double outside_bound_ = 0.0;
  std::vector<double> piece_, now_, early_, late_;
};

}  // namespace photonlink::com
