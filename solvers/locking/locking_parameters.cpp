#include "solvers/locking/locking_parameters.hpp"

namespace photonlink {

template <>
const ParameterTable<LockingParameters>& parameter_table<LockingParameters>() {
  using L = LockingParameters;
  using Q = Quantity;
  static const ParameterTable<L> table{
      {"stage", "Name of the ring modulator or ring filter that is locked; none when absent.",
       Q::dimensionless, &L::stage},
      {"method",
       "set_point: the monitor is held at its reading on the wanted wavelength; dither: its slope is, found "
       "by "
       "moving the heater to and fro; off: heaters stay where they are.",
       Q::dimensionless,
       &L::method,
       0.0,
       0.0,
       std::nullopt,
       {"set_point", "dither", "off"}},
      {"monitor",
       "absorbed: photocurrent of the ring; drop: light in its drop waveguide; output: power behind the "
       "rings.",
       Q::dimensionless,
       &L::monitor,
       0.0,
       0.0,
       std::nullopt,
       {"absorbed", "drop", "output"}},
      {"averaging_time", "Time of one reading; the loop acts once per reading.", Q::time,
       &L::averaging_time_s, 1e-9, 1.0},
      {"monitor_noise", "Noise of one reading, rms, over the largest reading.", Q::dimensionless,
       &L::monitor_noise, 0.0, 0.5, 0.0},
      {"adc_bits", "Bits of the converter over the largest reading, 0: continuous.", Q::dimensionless,
       &L::adc_bits, 0, 24},
      {"loop_gain", "Share of an offset that one action of the loop removes.", Q::dimensionless,
       &L::loop_gain, 1e-6, 2.0},
      {"dither", "Amplitude of the dither, as shift of the ring by its heater.", Q::frequency, &L::dither_Hz,
       1e3, 1e11},
      {"temperature_change", "Change of the ambient temperature over the ramp.", Q::temperature,
       &L::temperature_change_K, -200.0, 200.0},
      {"ramp_time", "Duration of the ramp.", Q::time, &L::ramp_time_s, 1e-7, 1e5},
      {"start_shift",
       "Red shift by the heaters at the start of the ramp; 0: the mean shift of the rings' spread, and for a "
       "rising temperature what the ramp takes.",
       Q::frequency, &L::start_shift_Hz, 0.0, 1e13},
      {"seed", "Of the monitors' noise.", Q::dimensionless, &L::seed, 0, 2147483647},
  };
  return table;
}

}  // namespace photonlink
