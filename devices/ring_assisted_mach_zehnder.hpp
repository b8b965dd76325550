/// Ring-assisted Mach-Zehnder modulators, one per carrier: a ring in each arm turns the phase, the arms
/// interfere. Lane i drives the one on carrier i; the carriers then share a port.
///
///   A_out = g [w₁ e^{-jΔ₀/2} R₁ + w₂ e^{+jΔ₀/2} R₂] A_in,     w₁ + w₂ = 1, w₁ - w₂ = ±10^(-ER/20)
/// R_k what the all-pass ring of arm k makes of the light: coupled mode or round by round, as in
/// microring_modulator (devices/physics/ring.hpp, ring_delay.hpp), Δ₀ and g as in mach_zehnder_modulator. An
/// over-coupled ring on its resonance turns the phase by 4τ²/(τ_e |2τ/τ_e - 1|) · δω at little change of
/// power; a push-pull pair then adds amplitudes that are real: no chirp (\cite Geravand2025).
///
/// Drive: share s_k of the lane voltage v that each junction sees around its reverse bias.
///   "dual"    1/2, -1/2   v is the difference of two lines, one per ring
///   "single"  1, 0        one ring is driven
/// Detuning: carrier minus resonance at the bias, plus and minus half of detuning_difference in the arms.
/// Bias of the interferometer: Δ₀ = ∓π (bias_point + bias_error), - rising, + falling, as
/// mach_zehnder_modulator; "rising" is light that rises with v where the ring's shift per voltage is red and
/// the detuning small.
///
/// Load: R_s and C of each driven junction, two in series (differential) with "dual". Junction laws, charging
/// and their validity: devices/physics/ring_junction.hpp. Rates: loaded Q and dip of each ring alone.
///
/// Static: |g Σ w_k e^{∓jΔ₀/2} R_k(D_k - δf_k(s_k v))|². Small signal, with o the settled sum and the field
/// response K_k(Ω) of a ring to g_k = s_k (j2π δf' - δγ'): H = o* Σ c_k K_k(Ω) g_k + o (Σ c_k K_k(-Ω) g_k)*,
///   K = -(2/τ_e) / ((1/τ + jD)(1/τ + jD + jΩ))     [ring_delay.hpp for round trips]
/// On resonance, in push-pull at quadrature, it has the single pole 1/(2πτ): half the linewidth.
///
/// Power: charging of the junctions, one heater per ring (as microring_modulator), heater_pi_power and
/// control_power for the interferometer. Noise: none of its own; that of laser and drive passes the tangent.
///
/// Validity: as microring_modulator for each ring; arms of equal length, nothing of a carrier reaches another
/// one's modulator. Verified in tests/devices/ring_assisted_mach_zehnder_test.cpp.
#pragma once

#include "core/parameter_table.hpp"
#include "devices/physics/modulator_bus.hpp"
#include "devices/physics/ring_junction.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// Defaults: the silicon modulator of \cite Geravand2025; what it does not give are estimates.
struct RingAssistedMachZehnderParameters : RingJunctionParameters {
  std::string drive = "dual";
  double q_loaded = 3200.0;
  double extinction_dB = 10.0;
  std::string coupling = "over";
  double fsr_Hz = 1.215e12;
  double group_index = 3.9;
  double detuning_Hz = 0.0;
  double detuning_difference_Hz = 0.0;
  double shift_per_voltage_m_per_V = 32e-12;
  double curvature = 0.0;
  double built_in_potential_V = 0.9;
  double loss_per_voltage_dB_per_m_V = 0.0;
  double bias_V = 2.0;
  double junction_capacitance_F = 18e-15;
  double series_resistance_ohm = 40.0;
  std::string dynamics = "coupled_mode";
  double insertion_loss_dB = 1.0;
  double interferometer_extinction_dB = 30.0;
  double bias_point = 0.5;
  double bias_error = 0.0;
  std::string slope = "rising";
  double heater_efficiency_m_per_W = 1e-7;
  double resonance_spread_Hz = 200e9;
  double heater_pi_power_W = 20e-3;
  double control_power_W = 0.0;
};
template <>
const ParameterTable<RingAssistedMachZehnderParameters>& parameter_table();

class RingAssistedMachZehnder final : public Stage, public ModulatorCurves {
 public:
  /// @throws ConfigError when a parameter is outside its range or the table is none.
  RingAssistedMachZehnder(std::string name, const RingAssistedMachZehnderParameters& parameters);

  std::optional<LoadEnd> load_end(std::span<const double> frequency_Hz) const override;
  bool has_core() const override { return true; }
  /// Rings start settled on the first sample. @throws ConfigError when lanes, carriers and port do not match.
  std::unique_ptr<Stepper> start(const Bundle& input) const override;
  std::unique_ptr<Tangent> tangent(const Bundle& input) const override;
  const ModulatorCurves* modulator_curves() const override { return this; }
  /// Of the modulator whose carrier is nearest to the probe.
  double transmission(const Bundle& at, double probe_Hz, std::span<const double> drive_V) const override;
  std::vector<Complex> small_signal(const Bundle& at, int lane,
                                    std::span<const double> frequency_Hz) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

  /// One arm at a carrier: its ring, the factor c_k on its field, its share of the lane voltage.
  struct Arm {
    AlignedRing ring;
    Complex factor;
    double share = 0.0;
  };
  /// Arms 1 and 2 of the modulator on a carrier.
  std::vector<Arm> arms(double carrier_Hz) const;
  /// Settled field out over field in.
  Complex settled_field(double carrier_Hz, double probe_Hz, double drive_V) const;

 private:
  void check_bundle(const Bundle& bundle) const;
  bool round_trip() const { return p_.dynamics == "round_trip"; }
  double capacitance_F() const;

  RingAssistedMachZehnderParameters p_;
  std::shared_ptr<const RingJunction> junction_;  // null: slope
};

}  // namespace photonlink
