/// Single-mode laser diodes (DFB), one for each carrier, from their current, voltage and temperature.
///
///   A_c(t) = √(P / (1 + 10^(-SMSR/10))),   f_c = c/λ_c + error_c, or on a named grid
///   (devices/physics/wdm_grid.hpp), ascending
///   facet power P · 10^(coupling_loss/10), current, voltage and heat: devices/physics/laser_diode.hpp
///   wall-plug power = Σ I V / η_driver;  cooler: the heat of all diodes and cooler_load pumped from
///   laser_temperature to ambient_temperature;  without cooler the mount is at ambient_temperature
///   intensity and phase noise, independent for each carrier: devices/physics/laser_noise.hpp
///
/// Side modes carry the share 1/(1 + SMSR) of the power. That light is left out of the carrier: a filter
/// would stop it, and where it arrives out of step it closes the eye by at most twice its share (`validity()`
/// warns where that is above 1 %).
///
/// Power is what enters the first stage behind the laser.
///
/// Validity: wavelengths do not follow the temperature; the noise does not follow the current.
/// Verified in tests/devices/dfb_laser_test.cpp and tests/devices/physics/laser_diode_test.cpp.
#pragma once

#include "core/parameter_table.hpp"
#include "devices/physics/laser_diode.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// Defaults: threshold and power over current of one 1.31 µm EML laser at 55 C (Okuda, OFC 2026 Tu3J.5: 8 mA,
/// 19 mW at 100 mA); the rest is estimated.
struct DfbLaserParameters {
  std::vector<double> wavelengths_m{1310e-9};
  std::string grid = "explicit";
  double first_frequency_Hz = 0.0;
  std::vector<double> frequency_errors_Hz = {};
  double power_W = 10e-3;
  double coupling_loss_dB = 0.0;
  double threshold_current_A = 8e-3;
  double differential_efficiency = 0.218;
  double reference_temperature_K = 328.15;
  double threshold_T0_K = 60.0;
  double slope_T1_K = 200.0;
  double turn_on_voltage_V = 0.95;
  double series_resistance_ohm = 5.0;
  double thermal_resistance_K_per_W = 100.0;
  double driver_efficiency = 1.0;
  std::string cooling = "cooler";
  double laser_temperature_K = 328.15;
  double ambient_temperature_K = 343.15;
  double cooler_figure = 0.7;
  double cooler_load_W = 0.0;
  double side_mode_suppression_dB = 40.0;
  double rin_per_Hz = 3.981e-15;
  double relaxation_frequency_Hz = 12e9;
  double relaxation_damping_Hz = 12e9;
  double relaxation_peak_dB = 3.0;
  double flicker_corner_Hz = 1e6;
  double linewidth_Hz = 1e6;
  double return_loss_dB = 60.0;
  double isolation_dB = 0.0;
  double feedback_rin_per_Hz = 0.0;
};
template <>
const ParameterTable<DfbLaserParameters>& parameter_table();

class DfbLaser final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range, wavelengths do not fall from one to the next
  /// frequency, or heat keeps a diode from its power.
  DfbLaser(std::string name, const DfbLaserParameters& parameters);

  const std::vector<double>& carrier_frequencies_Hz() const { return carrier_Hz_; }  ///< ascending
  /// Current, voltage, temperature of the diode of one carrier.
  LaserOperation operation(double carrier_Hz) const;
  double cooler_W() const;

  bool has_core() const override { return true; }
  std::unique_ptr<Stepper> start(const Bundle& input) const override;
  std::unique_ptr<Tangent> tangent(const Bundle& input) const override;
  std::vector<NoiseTerm> noise(const Bundle& output) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  std::vector<double> grid_Hz() const;
  double heat_W() const;
  DfbLaserParameters p_;
  std::vector<double> carrier_Hz_;
};

}  // namespace photonlink
