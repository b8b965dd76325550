/// Continuous-wave laser, or bank of lasers, on an equidistant frequency grid: the light a modulator works
/// on.
///
///   A_c(t) = sqrt(P 10^(level_c/10)),   f_c = f_first + c Δf,   c = 0 … N-1
///   wall-plug power = Σ P_c / η,   cooler = share · Σ P_c / η
///   intensity and phase noise, independent for each carrier: devices/physics/laser_noise.hpp
///
/// `line_levels` is the uneven spectrum of a comb; the power of every line is paid for. A laser whose power
/// comes from its current and temperature is a dfb_laser.
///
/// Power is what enters the first stage behind the laser: coupling losses in front of it belong into the
/// efficiency.
///
/// Validity: lines are independent (those of a comb share noise of their pump); weak feedback only.
///
/// Verified in tests/devices/cw_laser_test.cpp: σ_I/I = sqrt(RIN · B) by closed form and by random numbers.
#pragma once

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct CwLaserParameters {
  double first_frequency_Hz = 0.0;
  double centre_wavelength_m = 1310e-9;
  double spacing_Hz = 200e9;
  int carriers = 1;
  double power_W = 10e-3;
  std::vector<double> line_levels_dB;
  double rin_per_Hz = 3.981e-15;
  double relaxation_frequency_Hz = 0.0;
  double relaxation_damping_Hz = 5e9;
  double relaxation_peak_dB = 10.0;
  double flicker_corner_Hz = 0.0;
  double linewidth_Hz = 1e6;
  double return_loss_dB = 60.0;
  double isolation_dB = 0.0;
  double feedback_rin_per_Hz = 0.0;
  double wall_plug_efficiency = 0.15;
  double temperature_control_share = 0.0;
};
template <>
const ParameterTable<CwLaserParameters>& parameter_table();

class CwLaser final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range, the grid reaches 0 Hz, or
  /// line_levels do not fit the carriers.
  CwLaser(std::string name, const CwLaserParameters& parameters);

  /// Grid [Hz], size (carriers), ascending.
  std::vector<double> carrier_frequencies_Hz() const;
  std::vector<double> carrier_powers_W() const;  ///< size (carriers)

  /// Light starts here: lanes pass untouched, `port` becomes one port of (carriers) constant fields.
  bool has_core() const override { return true; }
  /// @throws ConfigError when the bundle already carries light.
  std::unique_ptr<Stepper> start(const Bundle& input) const override;
  std::unique_ptr<Tangent> tangent(const Bundle& input) const override;
  std::vector<NoiseTerm> noise(const Bundle& output) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  CwLaserParameters parameters_;
};

}  // namespace photonlink
