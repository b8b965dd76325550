/// Clock recovery at symbol rate: lock point, linearised loop, jitter, and the loop symbol by symbol.
///
/// Sampling phase τ [unit intervals, from the main sample of the pulse], cursors h_m = p(τ + m), symbols d of
/// mean square P, decisions taken as right. One detector output per symbol, e_k, positive when sampling is
/// early. Mueller-Müller \cite MuellerMuller1976:  e_k = y_k d_{k-1} - y_{k-1} d_k,  mean S(τ) = P (h_1 - b_1
/// - h_{-1}),
///   b_1 the part of h_1 that a DFE removes; e has the spectrum of its pattern products and of the noise.
/// Bang-bang (Alexander \cite Alexander1975): x the sample half a symbol in front, on transitions from a to
/// -a
///   e_k = sgn(x d_{k-1}),  S(τ) = Σ_a 2/L² (1 - 2 P(a (p(τ + ½) - p(τ - ½)) + X < 0)),  X the interference
///   of all other symbols and the noise; e is white with the variance of the transitions.
/// Loop: I_k = I_{k-1} + k_i e_k,  τ_{k+1} = τ_k + k_p e_{k-D} + I_{k-D}. With K = -dS/dτ at the lock point
/// and z per symbol F = z^{-1-D} (k_p + k_i / (1 - z⁻¹)) / (1 - z⁻¹), the phase follows jitter of the signal
/// by
///   H = K F / (1 + K F),  tracking error 1 - H,  own jitter ∫ |H / K|² S_e df.
/// Without noise and interference a bang-bang loop has no slope: it hunts. With k_i small and a transition at
/// every symbol the phase walks a triangle of 4 D + 2 symbols, (2 D + 1) k_p high, where the describing
/// function of a relay meets the loop's -180 degrees.
///
/// The slow-loop solution holds while the rms phase stays within the straight part of S(τ), and while the
/// loop is slow against the detector's pattern memory. Verified by counted detector outputs, by the loop run
/// symbol by symbol (rms, transfer), and by the limit cycle.
#pragma once

#include <span>
#include <vector>

#include "core/conventions.hpp"

namespace photonlink {

enum class PhaseDetector { mueller_muller, bang_bang };

struct ClockLoop {
  PhaseDetector detector = PhaseDetector::mueller_muller;
  double proportional_UI = 0.0;  ///< k_p, phase step per unit of e, > 0
  double integral_UI = 0.0;      ///< k_i >= 0
  int latency = 0;               ///< D symbols, 0 ... 4096
};

/// What the detector sees.
struct ClockInput {
  std::span<const double> pulse;  ///< periodic, outer level = 1
  int samples_per_symbol = 16;
  long main_sample = 0;  ///< τ = 0
  int levels = 2;
  std::span<const double> covariance;  ///< R(0), R(1), R(2) of the noise at symbol spacing; missing: 0
  double feedback_limit = 0.0;         ///< largest |b_1| a DFE takes out, in units of h_0
};

struct LockPoint {
  double phase_UI = 0.0;
  double gain_per_UI = 0.0;  ///< K > 0
  std::vector<double>
      error_PSD;  ///< S_e, (n), at f = i / (2 (n - 1)) of the symbol rate, two-sided per symbol
};

/// Mean detector output at sampling phase τ.
double mean_detector_output(PhaseDetector detector, const ClockInput& input, double phase_UI);
/// Phase within a symbol of the main sample where S falls through zero, the one nearest to it.
/// @throws DomainError when there is none, or for inputs out of range.
LockPoint find_lock_point(PhaseDetector detector, const ClockInput& input);

/// H at frequency f / f_b.
Complex jitter_transfer(const ClockLoop& loop, double gain_per_UI, double frequency_ratio);
/// Degrees at the crossover of K F; the loop is unstable below 0. @throws DomainError for a loop out of
/// range.
double phase_margin_deg(const ClockLoop& loop, double gain_per_UI);
/// rms of the phase by the detector's own noise. @throws DomainError for an unstable loop.
double generated_jitter_UI(const ClockLoop& loop, const LockPoint& lock);
/// Peak of sinusoidal jitter at f / f_b that the eye tolerates when it leaves `margin_UI` to either side.
double jitter_tolerance_UI(const ClockLoop& loop, double gain_per_UI, double frequency_ratio,
                           double margin_UI);

/// A loop at its lock point.
struct LockedClock {
  ClockLoop loop;
  double gain_per_UI = 0.0;          ///< K
  double generated_jitter_UI = 0.0;  ///< rms
};

/// Corner of a mask: sinusoidal jitter to be tolerated, straight on double logarithmic scales in between.
struct JitterMaskPoint {
  double frequency_Hz = 0.0, peak_UI = 0.0;
};
/// Least tolerance over mask, at 32 frequencies per decade and the corners; above 1 it passes. @throws
/// DomainError for a mask of less than two ascending points.
double jitter_mask_ratio(const ClockLoop& loop, double gain_per_UI, double margin_UI, double symbol_rate_Bd,
                         std::span<const JitterMaskPoint> mask);

/// Limit cycle of a bang-bang loop without noise, integral path or missing transitions.
struct Hunting {
  double peak_to_peak_UI = 0.0, rms_UI = 0.0;
  int period = 0;  ///< symbols
};
Hunting bang_bang_hunting(const ClockLoop& loop);

/// The loop symbol by symbol. @param level (n) indices sent; the first and last `clock_reach` only give
/// interference.
/// @param jitter_UI (n) by which the signal is late, or empty. @returns τ_k (n), from `start_UI`.
std::vector<double> run_clock_loop(const ClockLoop& loop, const ClockInput& input, std::span<const int> level,
                                   std::span<const double> jitter_UI, double start_UI, unsigned long seed);
inline constexpr long clock_reach = 24;  ///< symbols of interference on each side

}  // namespace photonlink
