/// Avalanche photodiode: a photodiode whose carriers multiply.
///
///   M = 1 / (1 - (V/V_B)^n), V_B = V_B0 (1 + β (T - T0)); or M as given
///   I(t) = I_lin / (1 + I_lin/I_sat) + M I_dm + I_ds,  I_lin = M R Σ_c |A_c|² devices/physics/square_law.hpp
///   H(f) = 1/(1 + jf/f_tr) · 1/(1 + jf M/GBP) · Norton current          tail: transit, avalanche build-up
///   shot noise, one-sided: 2q M F(M) (I - I_dark), 2q (M² F I_dm + I_ds) devices/physics/avalanche.hpp
///   bias power = mean(I) · V_bias
///
/// R is the responsivity at unit gain; I_dm is the part of the dark current that is multiplied, I_ds the part
/// along the surface that is not. Capacitance and series resistance as in photodiode.
///
/// The gain is skewed: the upper tail of a low level is heavier and the lower tail of a high one lighter than
/// Gaussian. The noise carries McIntyre's distribution: the semi-analytic error ratio has its tails
/// (solvers/skewed_noise.hpp), Monte Carlo draws it.
///
/// Validity: gain saturation by space charge is left to saturation_current; no dead space; each primary's
/// electrons leave as the mean pulse of the build-up.
///
/// Verified in tests/devices/avalanche_photodiode_test.cpp and physics/avalanche_test.cpp.
#pragma once

#include "core/parameter_table.hpp"
#include "devices/physics/filters.hpp"
#include "devices/physics/square_law.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct AvalanchePhotodiodeParameters {
  double responsivity_A_per_W = 0.93;
  double gain = 0.0;
  double bias_voltage_V = 14.0;
  double breakdown_voltage_V = 15.2;
  double breakdown_exponent = 1.0;
  double breakdown_temperature_share_per_K = 0.0;
  double breakdown_reference_K = 300.0;
  double temperature_K = 300.0;
  double ionization_ratio = 0.1;
  double gain_bandwidth_Hz = 615e9;
  double bandwidth_Hz = unlimited_bandwidth_Hz;
  double multiplied_dark_current_A = 1e-6;
  double surface_dark_current_A = 0.0;
  double saturation_current_A = unlimited_current_A;
  double capacitance_F = 40e-15;
  double series_resistance_ohm = 30.0;
  double shot_noise = 1.0;
};
template <>
const ParameterTable<AvalanchePhotodiodeParameters>& parameter_table();

class AvalanchePhotodiode final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range or the bias reaches breakdown.
  AvalanchePhotodiode(std::string name, const AvalanchePhotodiodeParameters& parameters);

  double gain() const { return gain_; }  ///< M
  double dark_current_A() const;         ///< at the output

  std::optional<SourceEnd> source_end(std::span<const double> frequency_Hz) const override;
  bool has_core() const override { return true; }
  /// @throws ConfigError when no light arrives.
  std::unique_ptr<Stepper> start(const Bundle& input) const override;
  std::unique_ptr<Tangent> tangent(const Bundle& input) const override;
  std::vector<NoiseTerm> noise(const Bundle& output) const override;
  void multiply_electrical(std::span<const double> frequency_Hz, std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  SquareLaw law(const Bundle& input, double gain) const;

  AvalanchePhotodiodeParameters parameters_;
  double gain_ = 1.0;
};

}  // namespace photonlink
