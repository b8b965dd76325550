/// Shunt-feedback transimpedance amplifier: noise, bandwidth and power follow from capacitances, transistor
/// and loop. The generic kind, whose noise and bandwidth are given, is transimpedance_amplifier.
///
///   C_T = design_capacitance + pad_capacitance + C_I     what the loop is designed for
///   g_m = 2π f_T C_I,  I_core = g_m V_ov / 2              f_T includes C_GD; a bipolar one: V_ov = 2kT/q
///   load       Y_in = jω(C_pad + C_I) + (1 + A(f)) / R_F, devices/physics/shunt_feedback.hpp
///   core       none; the lane holds V_out / R_T, the input current as the closed loop passes it on
///   tail       V_EMF = 2 R_T G / (1 + jf/f_out) · lane
///   noise      4kT/R_F, 2qI_in and 4kTΓ/g_m |Y_s + jω(C_pad + C_I) + 1/R_F|² through the same closed loop
///   source     Thevenin, R_out;  power = V_supply (I_core + I_other) per lane
///
/// Y_s is what the segment in front (photodiode, bumps) really shows, solved with the loop: another diode
/// than the one designed for changes bandwidth, peaking and noise as it does in a circuit. One of
/// feedback_resistance and gain_bandwidth is given, the other follows from the design's bandwidth and
/// quality. Loop and noise: \cite Sackinger2017; g_m, overdrive: square law of the MOSFET.
///
/// Validity: linear; `validity()` warns when the peak-to-peak output across a matched load exceeds
/// linear_swing. One open-loop pole; noise of stages behind the first is left out.
///
/// Verified in tests/devices/shunt_feedback_amplifier_test.cpp against nodal analysis, the closed-form noise
/// integral of a Butterworth loop, and capacitance against sensitivity; Monte Carlo draws the same terms.
#pragma once

#include "core/parameter_table.hpp"
#include "devices/physics/shunt_feedback.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct ShuntFeedbackAmplifierParameters {
  double design_capacitance_F = 60e-15;
  double pad_capacitance_F = 15e-15;
  double transistor_capacitance_F = 40e-15;
  double transit_frequency_Hz = 250e9;
  double overdrive_voltage_V = 0.15;
  double channel_noise = 1.5;
  double input_current_A = 0.0;
  double temperature_K = 330.0;
  double bandwidth_Hz = 35e9;
  double quality = 0.7071067811865476;
  double feedback_resistance_ohm = 0.0;
  double gain_bandwidth_Hz = 150e9;
  double voltage_gain = 4.0;
  double output_bandwidth_Hz = 1e15;
  double output_resistance_ohm = 50.0;
  double linear_swing_Vpp = 0.5;
  double supply_voltage_V = 0.9;
  double other_current_A = 10e-3;
};
template <>
const ParameterTable<ShuntFeedbackAmplifierParameters>& parameter_table();

class ShuntFeedbackAmplifier final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range or the loop cannot reach the bandwidth.
  ShuntFeedbackAmplifier(std::string name, const ShuntFeedbackAmplifierParameters& parameters);

  const ShuntFeedback& loop() const { return loop_; }
  double transconductance_S() const;
  double input_capacitance_F() const;

  std::optional<LoadEnd> load_end(std::span<const double> frequency_Hz) const override;
  std::optional<SourceEnd> source_end(std::span<const double> frequency_Hz) const override;
  std::vector<NoiseTerm> input_noise(const Bundle& output, const SourceAdmittance& driver) const override;
  void multiply_electrical(std::span<const double> frequency_Hz, std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  ShuntFeedbackAmplifierParameters parameters_;
  ShuntFeedback loop_;
};

}  // namespace photonlink
