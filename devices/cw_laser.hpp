/// Continuous-wave laser, or bank of lasers, on an equidistant frequency grid: the light a modulator works
/// on.
///
///   A_c(t) = sqrt(P),   f_c = f_first + c Δf,   c = 0 … N-1
///   RIN: |A (1 + n/2)|² ≈ P (1 + n),   n white with one-sided density RIN [1/Hz], independent per carrier
///   wall-plug power = N P / η,   cooler = share · N P / η
///
/// RIN as one-sided density of relative intensity: Coldren, Corzine, Mašanović, Diode Lasers and Photonic
/// Integrated Circuits, 2nd ed., Sec. 5.5 (\cite Coldren2012).
///
/// Power is what enters the first stage behind the laser: coupling losses in front of it belong into the
/// efficiency.
///
/// Validity: RIN is white (no relaxation peak), phase noise is not propagated. `validity()` bounds the
/// intensity noise that dispersion could make of it.
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
  double rin_per_Hz = 3.981e-15;
  double linewidth_Hz = 1e6;
  double wall_plug_efficiency = 0.15;
  double temperature_control_share = 0.0;
};
template <>
const ParameterTable<CwLaserParameters>& parameter_table();

class CwLaser final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range or the grid reaches 0 Hz.
  CwLaser(std::string name, const CwLaserParameters& parameters);

  /// Grid [Hz], size (carriers), ascending.
  std::vector<double> carrier_frequencies_Hz() const;

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
