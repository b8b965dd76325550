/// p-i-n photodiode: light of one port into the current of one lane.
///
///   I(t) = R Σ_c |A_c(t)|² + I_dark                                     core, square law
///   H(f) = 1 / (1 + jf/f_tr) · 1 / (1 + jωR_s C)                        tail: transit time, Norton current
///   Y(f) = jωC / (1 + jωR_s C)                                          source admittance: C behind R_s
///   shot noise, one-sided: 2q R Σ|A_c|² (signal) and 2q I_dark          \cite SalehTeich2007, Sec. 18.6
///   bias power = mean(I) · V_bias
///
/// The capacitance is part of the electrical segment that follows, so the amplifier's input impedance decides
/// on the RC bandwidth. Carriers beat with each other at their spacing; that beat lies outside the receiver
/// and is neglected, `validity()` warns when the spacing is below twice the symbol rate.
///
/// Validity: no saturation, no avalanche gain, transit time as a single pole.
///
/// Behind the core: lanes (n_port) in [A], no ports, no carriers, full_scale_Vpp = 0 (volts have no meaning
/// here).
///
/// Verified in tests/devices/photodiode_test.cpp: 2qI, finite differences of the tangent, RC against the
/// segment.
#pragma once

#include "core/parameter_table.hpp"
#include "devices/physics/filters.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct PhotodiodeParameters {
  double responsivity_A_per_W = 0.87;
  double dark_current_A = 71e-9;
  double bandwidth_Hz = unlimited_bandwidth_Hz;
  double capacitance_F = 25e-15;
  double series_resistance_ohm = 30.0;
  double bias_voltage_V = 1.0;
  double shot_noise = 1.0;
};
template <>
const ParameterTable<PhotodiodeParameters>& parameter_table();

class Photodiode final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range.
  Photodiode(std::string name, const PhotodiodeParameters& parameters);

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
  PhotodiodeParameters parameters_;
};

}  // namespace photonlink
