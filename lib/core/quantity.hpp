/// Quantity strings: "26.5625 GBd", "-3 dBm", "0.35 dB/km", "30 pm/V" to SI and back.
///
/// A kind says which units a key accepts; a bare number is accepted only where the kind is dimensionless.
/// Stored values are SI. Logarithmic kinds (loss in dB, level, dB/km) keep the logarithm because the
/// parameter structs are the boundary where log units live; `power` accepts W and dBm and stores W, `rin`
/// accepts dB/Hz and stores 1/Hz.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace photonlink {

enum class Quantity {
  dimensionless,
  frequency,                  // Hz
  symbol_rate,                // Bd
  bit_rate,                   // b/s
  time,                       // s
  length,                     // m
  voltage,                    // V
  current,                    // A
  power,                      // W, accepts dBm
  energy,                     // J
  temperature,                // K
  capacitance,                // F
  resistance,                 // ohm
  inductance,                 // H
  gain,                       // dB, positive: gain
  loss,                       // dB, positive: loss
  loss_per_length,            // stored dB/m
  rin,                        // stored 1/Hz, accepts dB/Hz
  current_noise,              // A/sqrt(Hz)
  voltage_noise_psd,          // V^2/Hz, one-sided
  wavelength_per_voltage,     // m/V
  frequency_per_voltage,      // Hz/V
  wavelength_per_power,       // m/W
  dispersion_slope,           // s/m^3
  responsivity,               // A/W
  transimpedance,             // ohm (V/A)
  loss_per_voltage,           // dB/m/V
  unit_interval,              // UI
  level,                      // dBm, an absolute level that is quoted and kept as a logarithm
  area,                       // m^2
  carrier_density,            // 1/m^3
  areal_density,              // b/s/m^2, data rate per area
  edge_density,               // b/s/m, data rate per length of chip edge
  energy_per_bit,             // J/b
  accumulated_dispersion,     // s/m, group delay per wavelength; 1 ps/nm = 1e-3 s/m
  resistance_per_length,      // ohm/m
  propagation_constant,       // 1/m, Np/m or rad/m
  skin_attenuation,           // sqrt(s)/m, attenuation in Np/m per sqrt(Hz)
  delay_per_length,           // s/m; also attenuation in Np/m per Hz
  loss_per_time,              // dB/s
  thermal_resistance,         // K/W
  voltage_per_temperature,    // V/K
  wavelength_per_temperature  // m/K
};

/// SI value of `text` read as `kind`. @throws ConfigError naming text, expected units and an example.
double parse_quantity(std::string_view text, Quantity kind);
/// The number that stands in front of `unit`: inverse of parse_quantity for one spelling, so that
/// parse_quantity("x unit") gives the value again. NaN when a logarithmic unit has no number for it.
/// @param unit one of accepted_units(kind), "" when dimensionless. @throws ConfigError on another one.
double from_si(double value_SI, Quantity kind, std::string_view unit);
/// "26.56 GBd": `digits` significant digits in the unit that people use: an engineering prefix, or the
/// largest accepted unit that the value reaches.
std::string format_quantity(double value_SI, Quantity kind, int digits = 4);
/// SI symbol of the stored value: "Hz", "dB/m", "1/Hz", "" when dimensionless.
std::string_view stored_unit(Quantity kind);
/// Human name: "frequency", "symbol rate".
std::string_view quantity_name(Quantity kind);
/// Unit spellings accepted, first is preferred, e.g. {"Hz","kHz","MHz","GHz","THz"}.
std::vector<std::string> accepted_units(Quantity kind);
/// Every kind, for loops over all.
const std::vector<Quantity>& all_quantities();

}  // namespace photonlink
