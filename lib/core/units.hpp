/// The two strong types of the library and the conversions at its boundary. Inside, everything is linear SI.
#pragma once

#include <cmath>

namespace photonlink {

/// Absolute power level relative to 1 mW.
struct Level_dBm {
  double value;
};
/// Ratio in decibel; positive means gain. A loss of 3 dB is Gain_dB{-3}.
struct Gain_dB {
  double value;
};

inline double power_W(Level_dBm level) {
  return 1e-3 * std::pow(10.0, level.value / 10.0);
}
inline Level_dBm level_dBm(double power_W) {
  return {10.0 * std::log10(power_W / 1e-3)};
}
/// Ratio of powers (10 log).
inline double power_ratio(Gain_dB gain) {
  return std::pow(10.0, gain.value / 10.0);
}
inline Gain_dB power_gain_dB(double ratio) {
  return {10.0 * std::log10(ratio)};
}
/// Ratio of fields, voltages or currents (20 log).
inline double field_ratio(Gain_dB gain) {
  return std::pow(10.0, gain.value / 20.0);
}
inline Gain_dB field_gain_dB(double ratio) {
  return {20.0 * std::log10(ratio)};
}

}  // namespace photonlink
