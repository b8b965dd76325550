/// What a wavelength locking loop does and what it has to follow: keys of `locking` in a study.
///
/// Heaters belong to the device: range, steps, bandwidth and thermal shift of its rings are its own
/// parameters (devices/physics/ring_tuning.hpp). How the loop works: solvers/locking/lock_loop.hpp.
#pragma once

#include <string>

#include "core/parameter_table.hpp"

namespace photonlink {

/// Defaults: a slow digital loop beside each ring; estimates.
struct LockingParameters {
  std::string stage;                   ///< ring modulator or filter to be locked; empty: none
  std::string method = "set_point";    ///< "set_point", "dither", "off"
  std::string monitor = "absorbed";    ///< "absorbed", "drop", "output"
  double averaging_time_s = 100e-6;    ///< of one reading
  double monitor_noise = 1e-3;         ///< rms of one reading over the largest
  int adc_bits = 10;                   ///< over the largest reading; 0: continuous
  double loop_gain = 0.2;              ///< share of an offset that one update removes
  double dither_Hz = 2e9;              ///< amplitude of the dither at the resonance
  double temperature_change_K = 20.0;  ///< of the ramp
  double ramp_time_s = 20.0;
  double start_shift_Hz =
      0.0;  ///< red shift by heaters when the ramp starts; 0: mean of the spread, and ramp
  int seed = 1;
};
template <>
const ParameterTable<LockingParameters>& parameter_table();

}  // namespace photonlink
