/// Resonances on a transmission curve T(f): where, how deep, how wide, how far apart.
///
///   depth         reference level over the transmission at the dip; at a peak the reverse. Reference level:
///                 mean of the transmissions midway to the two neighbours; where there is no neighbour, at
///                 the end of the search
///   width         full width at the half depth, T = (reference + extreme) / 2, linear in power (FWHM)
///   Q = f0 / FWHM,   FSR: distance to the neighbour at the longer wavelength, else at the shorter one
/// (\cite Bogaerts2012).
///
/// How they are found: T is sampled in steps outward from the given wavelength until the nearest extreme and
/// a neighbour on either side are known or the span ends. Each local extreme of the samples is refined by
/// Brent's method to about 1e-8 of its width (half the digits of a double), the half-depth points by
/// bracketing and TOMS 748 (both Boost.Math) to 1e-9.
///
/// Resolution: an isolated line of any width lies between rising samples and is found, however narrow. Two
/// lines closer than two steps count as one; a line is missed when half a step away from its centre it is
/// weaker than the change of the curve around it over one step. Extremes flatter than `least_share` of the
/// largest transmission seen are no resonances, and a neighbour counts when it is at least half as deep.
///
/// What does not exist is NaN, never an exception. Verified in tests/solvers/resonance_test.cpp: Lorentzian,
/// Airy and cosine in closed form.
#pragma once

#include <functional>
#include <limits>

namespace photonlink {

/// Kind of extreme; automatic: peaks where the mean over one period lies in the lower 45 % of the range, else
/// dips.
enum class ResonanceKind { automatic, dip, peak };

struct ResonanceSearch {
  double near_m = 1310e-9;  ///< vacuum wavelength; the nearest resonance counts
  ResonanceKind kind = ResonanceKind::automatic;
  double step_Hz = 5e9;       ///< resolution, see above
  double span_Hz = 10e12;     ///< searched to either side
  double least_share = 1e-3;  ///< least rise or fall of a resonance, share of the largest transmission
};

/// All NaN when there is no resonance; single members where they do not exist.
struct Resonance {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  bool peak = false;
  double frequency_Hz = none, wavelength_m = none;
  double transmission = none;  ///< at the extreme, power
  double reference = none;     ///< off resonance, power
  double depth_dB = none;      ///< >= 0: extinction of a dip, rejection of a peak
  double width_Hz = none, width_m = none;
  double quality_factor = none;
  double fsr_Hz = none, fsr_m = none;
};

/// @param transmission T(f), f [Hz], power; called with frequencies in any order
Resonance find_resonance(const std::function<double(double)>& transmission, const ResonanceSearch& search);

}  // namespace photonlink
