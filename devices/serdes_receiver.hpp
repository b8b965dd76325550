/// SerDes receiver front end: termination, input noise, bandwidth, continuous-time linear equaliser; and the
/// description of the sampled equalisers (FFE, DFE) that the solvers adapt.
///
/// Load   differential resistance with a shunt capacitance.
/// Noise  white, one-sided η₀ at the input, before bandwidth and CTLE, as in Eq. (93A-35) \cite IEEE8023.
/// Tail   4th-order Butterworth of 3 dB bandwidth f_r, Eq. (93A-20); the CTLE is applied separately because
/// the solver
///        searches its gains: H = (10^(g/20) + jf/f_z) / ((1 + jf/f_p1)(1 + jf/f_p2)) · (10^(g2/20) +
///        jf/f_LF)/(1 + jf/f_LF), Eq. (93A-22).
/// Amplifier  of variable gain between CTLE and ADC, the solvers set the gain (solvers/adc.hpp). Its output
/// is
///        y_s tanh(G x / y_s), y_s from the 1 dB compression point `vga_compression` of a sine at the output
///        (physics/saturation.hpp): memoryless, the same for both signs.
/// Converter  ADC behind it, in front of the FFE. Floating taps  groups of neighbours behind the fixed taps,
/// at places the solver chooses (solvers/equalizer.hpp). Detector  slicer with decision feedback, or sequence
/// detection (MLSE): then the feedback taps are the target of a
///        Viterbi detector.
/// Clock  sampling phase of least error, or where a clock recovery loop locks.
/// Power  C V_DD² f_b for samplers and clock, the same per equaliser tap, static current of front end and
/// CDR.
#pragma once

#include <string>
#include <vector>

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// From here on the converter is taken as absent.
inline constexpr double ideal_adc_bits = 32.0;
/// From here on the amplifier is taken as linear.
inline constexpr double linear_vga_Vpp = 1000.0;

struct SerdesReceiverParameters {
  double input_resistance_ohm = 100.0;
  double input_capacitance_F = 0.0;
  double noise_V2_per_Hz = 0.0;
  double bandwidth_Hz = 1e15;
  std::vector<double> ctle_gain_dB = {0.0};
  std::vector<double> ctle_low_gain_dB = {0.0};
  double ctle_zero_Hz = 1e15;
  double ctle_pole1_Hz = 1e15;
  double ctle_pole2_Hz = 1e15;
  double ctle_low_Hz = 1e9;
  int ffe_pre = 0;
  int ffe_post = 0;
  int dfe_taps = 0;
  std::vector<double> dfe_limit = {1.0};
  std::vector<double> ffe_limit = {};
  int ffe_floating_groups = 0, ffe_floating_taps = 4, ffe_floating_reach = 40;
  double ffe_floating_limit = 1.0;
  int dfe_floating_groups = 0, dfe_floating_taps = 4, dfe_floating_reach = 40;
  double dfe_floating_limit = 1.0;
  double vga_gain_minimum_dB = -60.0;
  double vga_gain_maximum_dB = 60.0;
  double vga_compression_Vpp = linear_vga_Vpp;
  double adc_bits = 32.0;
  double adc_resolution = 32.0;
  double adc_full_scale_Vpp = 0.6;
  double adc_fill = 0.8;
  std::string detector = "slicer";
  double sampling_jitter_UI = 0.0;
  std::string clock = "optimised";
  double clock_proportional_UI = 1e-3;
  double clock_integral_UI = 0.0;
  int clock_latency = 0;
  std::vector<double> jitter_mask_frequency_Hz = {}, jitter_mask_peak_UI = {};
  double supply_voltage_V = 0.9;
  double switched_capacitance_F = 0.0;
  double tap_capacitance_F = 0.0;
  double static_current_A = 0.0;
  double pipeline_s = 0.0;

  bool has_adc() const { return adc_bits < ideal_adc_bits || adc_resolution < ideal_adc_bits; }
  bool compresses() const { return vga_compression_Vpp < linear_vga_Vpp; }
  /// Peak of the samples behind the amplifier that its gain is set for.
  double vga_target_V() const { return 0.5 * adc_fill * adc_full_scale_Vpp; }
  /// Largest output y_s of the amplifier; infinite where it is linear.
  double vga_saturation_V() const;
};
template <>
const ParameterTable<SerdesReceiverParameters>& parameter_table();

/// One setting of the CTLE.
struct CtleSetting {
  double gain_dB = 0.0, low_gain_dB = 0.0;
};

class SerdesReceiver final : public Stage {
 public:
  SerdesReceiver(std::string name, SerdesReceiverParameters parameters);
  const SerdesReceiverParameters& parameters() const { return p_; }
  /// Taps of FFE (main left out) and DFE, floating ones included.
  int equalizer_taps() const;
  /// All combinations to search.
  std::vector<CtleSetting> ctle_settings() const;
  void multiply_ctle(CtleSetting setting, std::span<const double> frequency_Hz,
                     std::span<Complex> response) const;

  std::optional<LoadEnd> load_end(std::span<const double> frequency_Hz) const override;
  std::vector<NoiseTerm> noise(const Bundle& output) const override;
  void multiply_electrical(std::span<const double> frequency_Hz, std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;

 private:
  void require_jitter_mask() const;
  void require_floating(const char* kind, int groups, int taps, int fixed, int reach) const;
  SerdesReceiverParameters p_;
};

}  // namespace photonlink
