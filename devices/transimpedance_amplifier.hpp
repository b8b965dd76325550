/// Linear transimpedance amplifier: photocurrent in, voltage out.
///
///   load       Z = R_in || C_in; the core works with the current through R_in, I_in / (1 + jωR_in C_in)
///   core       none; white input-referred current noise i_n [A/√Hz], one-sided i_n², enters here
///   tail       V_EMF = 2 Z_T H_n(f) I,  H_n Butterworth of order n with 3 dB bandwidth f_3dB
///   source     Thevenin, R_out; power = V_supply I_supply per lane
///
/// Z_T is output voltage across a matched load over input current; the lane holds the EMF, twice that voltage
/// (core/conventions: a source's lane waveform is its EMF). Input-referred noise as in Säckinger, Analysis
/// and Design of Transimpedance Amplifiers for Optical Receivers (\cite Sackinger2017).
///
/// Validity: linear, noise white over the band (no f² rise from the FET channel); `validity()` warns when the
/// peak-to-peak input current exceeds overload_current.
///
/// Verified in tests/devices/transimpedance_amplifier_test.cpp.
#pragma once

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct TransimpedanceAmplifierParameters {
  double input_resistance_ohm = 50.0;
  double input_capacitance_F = 0.0;
  double input_noise_A_per_sqrtHz = 15e-12;
  double gain_ohm = 500.0;
  double bandwidth_Hz = 40e9;
  int order = 2;
  double output_resistance_ohm = 50.0;
  double overload_current_A = 2e-3;
  double supply_voltage_V = 1.8;
  double supply_current_A = 30e-3;
};
template <>
const ParameterTable<TransimpedanceAmplifierParameters>& parameter_table();

class TransimpedanceAmplifier final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range.
  TransimpedanceAmplifier(std::string name, const TransimpedanceAmplifierParameters& parameters);

  std::optional<LoadEnd> load_end(std::span<const double> frequency_Hz) const override;
  std::optional<SourceEnd> source_end(std::span<const double> frequency_Hz) const override;
  /// White input-referred noise on every lane; the stage has no core, noise enters in front of the tail.
  std::vector<NoiseTerm> noise(const Bundle& output) const override;
  void multiply_electrical(std::span<const double> frequency_Hz, std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  TransimpedanceAmplifierParameters parameters_;
};

}  // namespace photonlink
