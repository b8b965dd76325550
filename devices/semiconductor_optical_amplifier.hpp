/// Semiconductor optical amplifier: gain that all carriers share and use up, spontaneous emission, current.
///
///   gain            A_out = A_in exp((1 + jα) h/2), h(t) of devices/physics/gain_reservoir.hpp, driven by
///   the
///                   power of all carriers: pattern effect and cross-gain modulation follow
///   saturation      P_s = P_out,3dB (G₀ - 2)/(G₀ ln 2), from the output power at which the gain has halved
///   spontaneous     n_sp hν (G(t) - 1) per polarisation, n_sp = (F G₀ - 1)/(2 (G₀ - 1)) from the noise
///   emission        figure F: two real white terms per carrier, in and out of phase (\cite Olsson1989)
///   power           I (V₀ + I R)
/// Behind a square-law detector the in-phase term is the signal-spontaneous beat, 4 R² P S one-sided.
///
/// Validity: as the reservoir; the current does not set the gain; beats of the emission with itself are not
/// in the semi-analytic noise (they are in a stream, within its band) and its mean power is not in the
/// photocurrent: put an optical filter behind (warns where the emission within the simulated band is above 1
/// % of the light). No input loss but that of an optical_loss in front, which the noise figure must not hold
/// too. A laser cannot be swept through it: its gain depends on the light that is there. Verified in
/// tests/devices/semiconductor_optical_amplifier_test.cpp and tests/solvers/light_noise_test.cpp.
#pragma once

#include "core/parameter_table.hpp"
#include "devices/physics/gain_reservoir.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// Defaults: noise figure and current of one InP amplifier behind a modulator (Porto, OFC 2026 Th1C.4: 6.5
/// dB, 60 to 160 mA); the rest is estimated.
struct SemiconductorOpticalAmplifierParameters {
  double gain_dB = 12.0;
  double saturation_output_power_W = 12e-3;
  double lifetime_s = 200e-12;
  double linewidth_enhancement = 5.0;
  double noise_figure_dB = 6.5;
  double current_A = 100e-3;
  double turn_on_voltage_V = 0.9;
  double series_resistance_ohm = 5.0;
  double length_m = 500e-6;
  double group_index = 3.7;
};
template <>
const ParameterTable<SemiconductorOpticalAmplifierParameters>& parameter_table();

class SemiconductorOpticalAmplifier final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range or the noise figure is below the quantum
  /// limit.
  SemiconductorOpticalAmplifier(std::string name, const SemiconductorOpticalAmplifierParameters& parameters);

  bool has_core() const override { return true; }
  /// Starts settled on the mean power. @throws ConfigError when no light arrives.
  std::unique_ptr<Stepper> start(const Bundle& input) const override;
  std::unique_ptr<Tangent> tangent(const Bundle& input) const override;
  double core_memory_s() const override;
  std::vector<NoiseTerm> noise(const Bundle& output) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

  /// Settled power gain for constant light of `power_W` in all carriers together.
  double gain(double power_W) const;
  /// Relative modulation out over relative modulation in, at frequency f, around constant light:
  ///   1 - (P_out - P_in)/P_s / (1 + P_out/P_s + j2πfτ).
  Complex modulation_response(double power_W, double frequency_Hz) const;
  /// n_sp.
  double inversion() const;

 private:
  GainReservoir reservoir() const;
  SemiconductorOpticalAmplifierParameters p_;
};

}  // namespace photonlink
