/// Mach-Zehnder modulators, one per carrier: lane i drives the one on carrier i; the carriers then share a
/// port (a multiplexer is a stage of its own).
///
/// Load: a lumped or travelling-wave electrode, in one piece or in segments
/// (devices/physics/modulator_electrode.hpp). Pads and interconnect are a drive_network in front. The lane
/// behind the load is the voltage around the bias, averaged over what the light meets.
///
/// The line is given with the junction's capacitance in its impedance and index, as publications do, or
/// without (line_data); either way the junction's R and C damp it beside its own losses.
///
/// Core: interference of two arms without memory (devices/physics/mach_zehnder.hpp).
///
/// Drive: which share of the lane voltage v each arm sees, and so what `v_pi` means. The swing of a driver is
/// peak to peak, differential where its output is: 2 V differential are 1 V on each side.
///   drive       arm 1, arm 2    the lane voltage is
///   "single"    v, 0            that of one arm to ground; the other one rests
///   "dual"      v/2, -v/2       the difference of two lines, one per arm
///   "series"    v/2, -v/2       that across both junctions in series (series push-pull)
///   "opposite"  v, -v           that of one line between arms poled against each other (x-cut lithium
///   niobate)
/// imbalance b adds b/2 (opposite: b) to both shares: with b = 1, "dual" is driven on arm 1 alone.
/// v_pi_of = "arm": voltage across one arm that turns its light by π, so v turns the difference of the arms
/// by π v/v_pi, "opposite" by twice that; "device": v from full to no transmission. Both are taken by the
/// slope at the bias. A publication that states the swing of one side has half of v in "dual"; one that
/// drives a single arm from one side of a differential driver has v = half its swing.
///
/// Bias: Δ₀ = ∓π (bias_point + bias_error), - rising, + falling; 0 is full transmission, 0.5 quadrature, 1
/// the minimum. With bias_control = "stated" the error grows by bias_drift · temperature_change; with
/// "dither" by what the loop of devices/physics/bias_control.hpp leaves: its offset, its lag behind the drift
/// and bias_deviations standard deviations of its noise and of the dither, all from the light that arrives
/// and the data that are sent. A phase as fabricated lies anywhere, so heaters turn it by π on average: P =
/// heater_pi_power
/// + control_power per modulator.
///
/// Drive power per lane and driven segment, from what the source settles to at the terminals:
///   terminated    P = <V²>/R, <V²> of the symbols, R = R_t and the line's DC resistance
///   open          P = ½ C <ΔV²> f_Bd (devices/physics/charging.hpp), C of line and junction
/// With drive_power = "driver" none of it is booked: for drivers whose supply power is a published total.
///
/// Chirp: chirp_parameter(), \cite Koyama1988; 0 in push-pull with equal lossless arms.
///
/// Validity: arms without memory behind the electrode's average; no two-photon or free-carrier absorption by
/// the light itself, no photocurrent, no carrier injection, no wavelength dependence (arms of equal length).
/// The thermal noise of the termination, 0.1 mV in 50 GHz, is left out.
/// Verified in tests/devices/mach_zehnder_modulator_test.cpp and physics/modulator_electrode_test.cpp.
#pragma once

#include "core/parameter_table.hpp"
#include "devices/physics/bias_control.hpp"
#include "devices/physics/mach_zehnder.hpp"
#include "devices/physics/modulator_electrode.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// Defaults: a silicon depletion modulator of some 6 V; the electrode is matched and lossless until told
/// otherwise.
struct MachZehnderModulatorParameters {
  std::string drive = "dual";
  double imbalance = 0.0;
  std::string arm_law = "v_pi";
  double v_pi_V = 6.0;
  std::string v_pi_of = "device";
  double curvature = 0.0;
  double built_in_potential_V = 0.9;
  double bias_V = 3.0;
  double loss_per_voltage_dB_per_m_V = 0.0;
  std::vector<double> table_voltage_V;
  std::vector<double> table_phase;
  std::vector<double> table_loss_dB;
  double insertion_loss_dB = 2.45;
  double extinction_dB = 30.0;
  int strong_arm = 1;
  double bias_point = 0.5;
  double bias_error = 0.0;
  std::string slope = "rising";
  double length_m = 2.5e-3;
  double optical_group_index = 3.9;
  std::string electrode = "travelling";
  int segments = 1;
  int driven_segments = 1;
  double segment_delay_error_s = 0.0;
  double junction_capacitance_F = 0.0;
  double series_resistance_ohm = 0.0;
  std::string termination = "resistor";
  double termination_resistance_ohm = 50.0;
  std::string line_data = "loaded";
  double line_impedance_ohm = 50.0;
  double line_index = 3.9;
  double conductor_loss_dB_per_m = 0.0;
  double dielectric_loss_dB_per_m = 0.0;
  double loss_frequency_Hz = 50e9;
  double line_resistance_ohm = 0.0;
  std::string drive_power = "own";
  double heater_pi_power_W = 20e-3;
  double control_power_W = 0.0;
  std::string bias_control = "stated";
  double bias_drift_per_K = 0.01;
  double temperature_change_K = 0.0;
  double kelvin_time_s = 0.0;
  double dither = 0.01;
  std::string dither_of = "power";
  double monitor_responsivity_A_per_W = 0.02;
  double monitor_noise_A_per_sqrtHz = 5e-12;
  int converter_bits = 12;
  double converter_rate_Hz = 1e6;
  double loop_bandwidth_Hz = 1.0;
  double bias_deviations = 3.0;
};
template <>
const ParameterTable<MachZehnderModulatorParameters>& parameter_table();

class MachZehnderModulator final : public Stage, public ModulatorCurves {
 public:
  /// @throws ConfigError when a parameter is outside its range, the table is no table, or more segments are
  /// driven than there are.
  MachZehnderModulator(std::string name, const MachZehnderModulatorParameters& parameters);

  std::optional<LoadEnd> load_end(std::span<const double> frequency_Hz) const override;
  bool has_core() const override { return true; }
  /// @throws ConfigError when lanes, carriers and port do not match.
  std::unique_ptr<Stepper> start(const Bundle& input) const override;
  std::unique_ptr<Tangent> tangent(const Bundle& input) const override;
  const ModulatorCurves* modulator_curves() const override { return this; }
  /// Of the modulator whose carrier is nearest to the probe.
  double transmission(const Bundle& at, double probe_Hz, std::span<const double> drive_V) const override;
  std::vector<Complex> small_signal(const Bundle& at, int lane,
                                    std::span<const double> frequency_Hz) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

  /// What the loop of a lane's bias leaves (bias_control = "dither").
  BiasResidual residual(const Bundle& input, std::size_t lane) const;
  /// α at a voltage around the bias, bias_control = "stated".
  double chirp_parameter(double drive_V = 0.0) const { return interferometer_.chirp(drive_V); }
  const ModulatorElectrode& electrode() const { return electrode_; }

 private:
  void check_bundle(const Bundle& bundle) const;
  MachZehnder held(const Bundle& input, std::size_t lane) const;
  std::vector<MachZehnder> all_held(const Bundle& input) const;
  void book_drive(const Bundle& input, Ledger& ledger) const;

  MachZehnderModulatorParameters p_;
  ModulatorElectrode electrode_;
  MachZehnder interferometer_;
};

}  // namespace photonlink
