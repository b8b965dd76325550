/// Linear modulator driver, one per lane.
///
///   load       Z = R_in || C_in, works with the terminal voltage
///   core       EMF = g v_in,  g = EMF_pp / full_scale_Vpp
///   tail       Butterworth of order n, 3 dB bandwidth f_3dB
///   source     Thevenin, R_s
///   power      static V_dd I_dd, dynamic a C_int V_dd² f_s per lane, a = mean upward / full symbol step
///
/// `full_scale_Vpp` of the incoming bundle is the peak-to-peak voltage of long runs of the outermost levels
/// at this driver's terminal, so the swing is reached at low frequency and the loss of the channel in front
/// shapes the waveform. swing_at says where the user's swing is measured:
///   "matched"  across a load equal to R_s (50 ohm test set, travelling-wave modulator): EMF = 2 swing;
///   "open"     across a capacitive load such as a microring: EMF = swing.
/// Behind the core full_scale_Vpp = EMF_pp in both cases.
///
/// Dynamic energy: C V² is taken from the supply for
/// each full upward step, a = 1/4 for random NRZ, counted on the actual symbols (\cite Miller2012). The
/// modulator's own charge is not in it.
///
/// Validity: linear (no compression), noiseless.
///
/// Verified in tests/devices/driver_test.cpp.
#pragma once

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct DriverParameters {
  double swing_Vpp = 2.0;
  std::string swing_at = "matched";
  double input_resistance_ohm = 50.0;
  double input_capacitance_F = 0.0;
  double source_resistance_ohm = 50.0;
  double bandwidth_Hz = 50e9;
  int order = 2;
  double internal_capacitance_F = 0.0;
  double supply_voltage_V = 1.8;
  double supply_current_A = 50e-3;
};
template <>
const ParameterTable<DriverParameters>& parameter_table();

class Driver final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range, or swing_at is "matched" with R_s = 0.
  Driver(std::string name, const DriverParameters& parameters);

  std::optional<LoadEnd> load_end(std::span<const double> frequency_Hz) const override;
  std::optional<SourceEnd> source_end(std::span<const double> frequency_Hz) const override;
  bool has_core() const override { return true; }
  /// @throws ConfigError when the incoming full_scale_Vpp is not positive.
  std::unique_ptr<Stepper> start(const Bundle& input) const override;
  std::unique_ptr<Tangent> tangent(const Bundle& input) const override;
  void multiply_electrical(std::span<const double> frequency_Hz, std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;

 private:
  double emf_Vpp() const;
  double gain(const Bundle& input) const;
  DriverParameters parameters_;
};

}  // namespace photonlink
