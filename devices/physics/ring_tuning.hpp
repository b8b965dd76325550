/// What it costs to bring the rings of a bus onto their carriers: heaters, spread of resonances, assignment
/// of rings to carriers, heat of neighbours.
///
/// Heaters shift to the red only. As fabricated, ring i of N stands at
///   f_i = c_i + b + x + y_i,
/// c_i its carrier, b a design offset to the blue, x common to the rings of a chip (process, ambient), y_i of
/// each ring alone. `spread_law` uniform: x, y_i even over ± their spread; normal: the spread is the standard
/// deviation. b is `blue_offset`, or at 0 what covers the spread: ±x ± y, or 3 standard deviations of x + y.
///
/// Red shift of ring i on the carrier of ring i + k, any resonance order: s_i(k) = (f_i - c_{(i+k) mod N})
/// mod FSR, in [0, FSR). "fixed": k = 0. "barrel": of all k that the heaters reach the one with the least sum
/// of shifts; the lanes of such a chip turn by k, which the host has to undo (not counted here).
/// Limits, grid c_i = c_0 + i FSR/N and x even over whole multiples of it: the mean shift is
///   fixed   FSR/2 (x even over the FSR),       b below it (b = R for x even over ±R);
///   barrel  FSR/(2N) + E[-min y_i], the last term L (N-1)/(N+1) for y_i even over ±L.
/// One ring wrapping round by an FSR costs what N rings gain by one channel, so wrapping never pays.
///
/// Heat of neighbours: devices/physics/thermal_crosstalk.hpp; the heaters' own shifts are h = M⁻¹ s, and a
/// chip with a negative one is off its grid. Power: devices/physics/heater.hpp, of the shift at the ring's
/// wavelength. Yield: share of chips on which every heater reaches its shift.
///
/// Statistics of 4096 chips, x in even strata, with counter-based random numbers: the same on every machine
/// of one kind. Where x alone is spread evenly, rings are fixed and the power is linear: closed form, mean
/// shift R, largest 2R.
///
/// Validity: FSR and efficiency alike for all rings; cold rings at the blue end of the ambient range.
/// Verified in tests/devices/physics/ring_tuning_test.cpp.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/ledger.hpp"
#include "core/parameter_table.hpp"
#include "devices/physics/heater.hpp"
#include "devices/physics/thermal_crosstalk.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// Parameters that ring modulators and ring filters share. Defaults: power and shift only, no limit of the
/// heater, no heat of neighbours. Thermal shift λ/n_g ∂n/∂T with 1.86e-4/K of \cite Bahadori2017: 62 pm/K at
/// 1310 nm, 69 pm/K at 1550 nm. Bandwidth and resistances are estimates.
struct RingTuningParameters {
  /// Not inlined: g++ 12 otherwise takes the texts of a base for uninitialised where designated initialisers
  /// name members of the derived struct.
  RingTuningParameters();

  double heater_efficiency_m_per_W = 1e-7;
  double resonance_spread_Hz = 100e9;
  double local_spread_Hz = 0.0;
  std::string spread_law = "uniform";
  double blue_offset_Hz = 0.0;
  std::string channel_assignment = "fixed";
  double heater_max_voltage_V = 0.0;
  double heater_resistance_ohm = 1e3;
  double heater_hot_resistance_ohm = 1e3;
  std::string heater_driver = "ideal";
  double heater_supply_V = 0.0;
  double heater_driver_efficiency = 1.0;
  int heater_dac_bits = 0;
  double heater_bandwidth_Hz = 100e3;
  double thermal_shift_m_per_K = 62e-12;
  double thermal_crosstalk = 0.0;
  double thermal_decay_length_m = 50e-6;
  std::vector<double> thermal_matrix;
};

/// `rows` and behind them those of RingTuningParameters, for a struct P derived from it.
template <class P>
ParameterTable<P> with_tuning_rows(ParameterTable<P> rows) {
  using Q = Quantity;
  const ParameterTable<P> tuning{
      {"heater_efficiency", "Red shift of the resonance wavelength per heater power.",
       Q::wavelength_per_power, &P::heater_efficiency_m_per_W, 1e-10, 1e-4},
      {"resonance_spread",
       "Spread of resonances, common to a chip, as fabricated and by ambient drift, that heaters must cover: "
       "half range, or standard deviation with spread_law = normal.",
       Q::frequency, &P::resonance_spread_Hz, 0.0, 1e13, 0.0},
      {"local_spread", "Spread from ring to ring of one chip, half range or standard deviation.",
       Q::frequency, &P::local_spread_Hz, 0.0, 1e13, 0.0},
      {"spread_law",
       "uniform: even over plus and minus the spread; normal: the spread is the standard deviation.",
       Q::dimensionless,
       &P::spread_law,
       0.0,
       0.0,
       std::nullopt,
       {"uniform", "normal"}},
      {"blue_offset",
       "Distance by which rings are designed to the blue of their carriers; 0: what covers the spread.",
       Q::frequency, &P::blue_offset_Hz, 0.0, 1e13},
      {"channel_assignment",
       "fixed: every ring has its carrier; barrel: all rings of a chip turn to the carriers that cost least.",
       Q::dimensionless,
       &P::channel_assignment,
       0.0,
       0.0,
       std::nullopt,
       {"fixed", "barrel"}},
      {"heater_max_voltage", "Highest voltage on a heater; 0: no limit, only its power counts.", Q::voltage,
       &P::heater_max_voltage_V, 0.0, 100.0},
      {"heater_resistance", "Resistance of the cold heater (with heater_max_voltage).", Q::resistance,
       &P::heater_resistance_ohm, 1.0, 1e6},
      {"heater_hot_resistance", "Resistance at the highest voltage, not below that of the cold heater.",
       Q::resistance, &P::heater_hot_resistance_ohm, 1.0, 1e6},
      {"heater_driver",
       "ideal: the heater's power; linear_dac: its current from heater_supply; pwm: the heater's power by "
       "switching heater_max_voltage.",
       Q::dimensionless,
       &P::heater_driver,
       0.0,
       0.0,
       std::nullopt,
       {"ideal", "linear_dac", "pwm"}},
      {"heater_supply", "Supply of a linear DAC, at least heater_max_voltage; 0: equal to it.", Q::voltage,
       &P::heater_supply_V, 0.0, 100.0},
      {"heater_driver_efficiency", "Power into the driver's output stage over power drawn.", Q::dimensionless,
       &P::heater_driver_efficiency, 0.01, 1.0, 1.0},
      {"heater_dac_bits", "Bits of the heater's DAC over its range, 0: continuous (wavelength locking).",
       Q::dimensionless, &P::heater_dac_bits, 0, 24},
      {"heater_bandwidth", "Thermal bandwidth of heater and ring, one pole (wavelength locking).",
       Q::frequency, &P::heater_bandwidth_Hz, 1.0, 1e9},
      {"thermal_shift", "Red shift of the resonance wavelength per kelvin (wavelength locking).",
       Q::wavelength_per_temperature, &P::thermal_shift_m_per_K, 0.0, 1e-9},
      {"thermal_crosstalk", "Share of a heater's shift that reaches the neighbour ring.", Q::dimensionless,
       &P::thermal_crosstalk, 0.0, 0.95, 0.0},
      {"thermal_decay_length", "Distance over which that share falls by e from the neighbour on.", Q::length,
       &P::thermal_decay_length_m, 1e-7, 1.0},
      {"thermal_matrix",
       "Shares explicitly, row by row, ring by heater, 1 on the diagonal; replaces the two keys above.",
       Q::dimensionless, &P::thermal_matrix, 0.0, 1.0},
  };
  rows.insert(rows.end(), tuning.begin(), tuning.end());
  return rows;
}

/// @throws ConfigError, beginning with `owner`, for what contradicts each other.
void check_tuning(const RingTuningParameters& p, const std::string& owner);

/// The heater of a ring. Without highest voltage: no limit, resistances of no meaning, only ideal and pwm.
Heater heater_of(const RingTuningParameters& p);
/// True when the heater has a range.
inline bool limited(const RingTuningParameters& p) {
  return p.heater_max_voltage_V > 0.0;
}
/// Shares of heat, ones on the diagonal. @throws ConfigError for an explicit matrix that does not fit.
Eigen::MatrixXd crosstalk_of(const RingTuningParameters& p, int rings, double ring_spacing_m);

/// Frequency shift of a wavelength shift at `frequency_Hz`: f²/c per metre, to first order.
double frequency_shift_Hz(double shift_m, double frequency_Hz);
double wavelength_shift_m(double shift_Hz, double frequency_Hz);

/// Of all chips, one bus each.
struct RingTuning {
  double mean_shift_Hz = 0.0;   ///< of all rings
  double worst_shift_Hz = 0.0;  ///< largest seen
  double yield = 1.0;           ///< share of chips on their grid within the range of the heaters
  double turned = 0.0;          ///< share of chips whose lanes are not in order
  double overheated = 0.0;      ///< share of chips on which neighbours make a ring too red
  double heater_W = 0.0;        ///< in all heaters of a bus, mean
  double drawn_W = 0.0;         ///< by their drivers, mean
  int chips = 0;                ///< 0: closed form
};

/// @param carrier_Hz (n_ring), one for each ring.
/// @throws ConfigError, beginning with `owner`, when no chip reaches its grid or carriers that turn spread
/// over more than the FSR.
RingTuning ring_tuning(const std::string& owner, const RingTuningParameters& p,
                       std::span<const double> carrier_Hz, double fsr_Hz, double ring_spacing_m);
/// The same by drawing chips even where a closed form exists. @param chips at least 1.
RingTuning drawn_ring_tuning(const RingTuningParameters& p, std::span<const double> carrier_Hz, double fsr_Hz,
                             double ring_spacing_m, int chips);

LedgerEntry tuning_entry(const std::string& owner, const RingTuningParameters& p, const RingTuning& tuning,
                         std::size_t rings);
/// What does not reach the grid, and what is not counted.
void tuning_warnings(const std::string& owner, const RingTuningParameters& p, const RingTuning& tuning,
                     std::vector<Warning>& warnings);

}  // namespace photonlink
