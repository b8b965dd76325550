/// Static levels of a modulator at its operating point: what it transmits while each symbol lasts for ever.
///
///   T_i = transmission of the lane's own carrier at u_i = from + (to - from) i/(L-1), i = 0 … L-1, other
///   lanes at rest extinction ratio   10 log10(T_high / T_low),   T_high and T_low the outermost levels (OMA
///   as conventions.hpp) insertion loss     -10 log10(T_high)           of the modulator alone, power lost by
///   the upper level relative OMA       10 log10(T_high - T_low)    OMA over the power in front of the
///   modulator modulation loss    -10 log10(mean T_i)         power lost on average over even symbols RLM min
///   |T_{i+1} - T_i| (L-1) / (T_high - T_low), 1 for two levels
///
/// Validity: settled levels, no bandwidth and no noise; drive around the rest point, levels evenly spaced in
/// voltage. Verified in tests/solvers/static_levels_test.cpp: linear and Lorentzian modulators in closed
/// form.
#pragma once

#include "solvers/optical_spectrum.hpp"

namespace photonlink {

struct StaticLevels {
  std::vector<double> transmission;  ///< (levels), in the order of the voltages
  double high = 0.0, low = 0.0;      ///< larger and smaller of the outermost levels
  double extinction_ratio_dB = 0.0;
  double insertion_loss_dB = 0.0;
  double relative_oma_dB = 0.0;
  double modulation_loss_dB = 0.0;
  double level_mismatch_ratio = 1.0;  ///< RLM, NaN without modulation
};

/// Of the first modulator in the optical part.
/// @param from_V, to_V control voltages of the outermost levels, around the bias; those of the link itself
/// are half of full_scale_Vpp in front of the modulator to either side. @param levels 2 or more, 4 for PAM4.
/// @throws ConfigError without modulator, DomainError on a lane without carrier or levels < 2.
StaticLevels static_levels(const OpticalSpectrum& spectrum, int lane, double from_V, double to_V,
                           int levels = 2);

/// T of the lane's own carrier at a control voltage around the bias, other lanes at rest; the same modulator.
double static_transmission(const OpticalSpectrum& spectrum, int lane, double drive_V);

}  // namespace photonlink
