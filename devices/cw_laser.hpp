/// Continuous-wave laser, bank of lasers or comb on a frequency grid: the light a modulator works on.
///
///   A_c(t) = sqrt(P 10^(level_c/10)),   f_c = f_first + c Δf + error_c,   c = 0 … N-1
///   wall-plug power = Σ P_c / η,   cooler = share · Σ P_c / η
///   intensity and phase noise, independent for each carrier: devices/physics/laser_noise.hpp
///   spontaneous emission around every line, two-sided density per polarisation N = P / (2 B OSNR), B = 12.5
///   GHz: with the line it beats to an intensity noise of 4 N / P_c = 2 / (B OSNR) P / P_c, one-sided
///   (\cite Olsson1989)
///
/// A named `grid` (devices/physics/wdm_grid.hpp) replaces first_frequency, spacing and carriers.
/// `frequency_errors` are those of the lasers of an array. `line_levels` is the uneven spectrum of a comb;
/// the power of every line is paid for, and a weak line stands lower above the same emission. `line_rin` and
/// `line_linewidths` state what differs from line to line. A laser whose power comes from its current and
/// temperature is a dfb_laser.
///
/// Power is what enters the first stage behind the laser: coupling losses in front of it belong into the
/// efficiency.
///
/// Validity: lines are independent (those of a comb share noise of their pump); weak feedback only. The beat
/// of the emission with itself is left out: it is below that with the line by the OSNR.
///
/// Verified in tests/devices/cw_laser_test.cpp: σ_I/I = sqrt(RIN · B) by closed form and by random numbers.
#pragma once

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct CwLaserParameters {
  std::string grid = "explicit";
  double first_frequency_Hz = 0.0;
  double centre_wavelength_m = 1310e-9;
  double spacing_Hz = 200e9;
  int carriers = 1;
  std::vector<double> frequency_errors_Hz;
  double power_W = 10e-3;
  std::vector<double> line_levels_dB;
  std::vector<double> line_rin_per_Hz, line_linewidths_Hz;
  double osnr_dB = 200.0;
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
  /// @throws ConfigError when a parameter is outside its range, a named grid has no position, the grid
  /// reaches 0 Hz, or what is stated for each line does not fit the carriers.
  CwLaser(std::string name, const CwLaserParameters& parameters);

  /// Grid [Hz], size (carriers), ascending.
  const std::vector<double>& carrier_frequencies_Hz() const { return carrier_Hz_; }
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
  std::vector<double> grid_Hz() const;
  void add_emission(double emission_W, const Bundle& output, std::vector<NoiseTerm>& terms) const;

  CwLaserParameters parameters_;
  std::vector<double> carrier_Hz_;
};

}  // namespace photonlink
