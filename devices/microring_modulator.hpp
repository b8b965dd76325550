/// Microring modulators on one bus: ring i is driven by lane i and aligned to carrier i, all rings see all
/// carriers.
///
/// Load: series resistance and junction capacitance; pads and interconnect are a drive_network in front. The
/// lane behind the load is the junction voltage u around the reverse bias.
///
/// Core: the coupled-mode equation of every ring for every carrier (devices/physics/ring_integrator.hpp),
/// rings in the order of the lanes, each with the resonance order nearest to the carrier. A reverse voltage
/// moves the resonance by -f²/c · dλ/dV · u, bent as devices/physics/ring_voltage.hpp says, and 1/τ_l by v_g
/// α'/2 · u. The carrier lies `detuning` above the resonance at the bias; how that is found says
/// devices/physics/ring_alignment.hpp.
///
/// Rates 1/τ_l, 1/τ_e, 1/τ_d of the mode (devices/physics/ring.hpp), by `rates`:
///   "quality"    q_loaded with extinction and coupling (output through) or drop_loss (output drop,
///   symmetric); "couplings"  power_coupling κ², drop_power_coupling and round_trip_loss with fsr;
///   "lifetimes"  intrinsic_lifetime τ_l, external_lifetime τ_e, drop_lifetime τ_d of the AMPLITUDE.
/// Keys of the two other ways have no effect; a key that is set there cannot be told from its default.
///
/// Output: "through" is the bus behind the ring. "drop" is the waveguide behind a resonator in transmission
/// (photonic-crystal cavity, add-drop ring): j sqrt(2/τ_d) a times the passing field, one lane only. A drop
/// waveguide may also stand beside the output "through", where it is a loss.
///
/// Orders: the grid may be wider than the FSR while no ring meets two carriers
/// (devices/physics/ring_orders.hpp). A ring also modulates the carriers beside its own;
/// `neighbour_modulation` < 1 takes that part out of the core, not out of the closed forms.
///
/// Junction: `junction` says where shift, loss and capacitance come from (devices/physics/ring_junction.hpp);
/// with "slope" from the keys of that name. The rates above hold at the bias. The load has the capacitance at
/// the bias. Charging: P = <V_{k+1} ΔQ> f_Bd per lane, ½ C <ΔV²> f_Bd where C is constant
/// (devices/physics/charging.hpp).
///
/// Dynamics: "coupled_mode" as above; "round_trip" follows the light round by round
/// (devices/physics/ring_delay.hpp), with couplers and loss of the same poles, for modulation that reaches
/// towards the free spectral range. Its statics and small signal are those of the round trips.
///
/// Tuning: heaters, spread and assignment of devices/physics/ring_tuning.hpp. An ambient range belongs into
/// the spread, as the shift of the resonance it causes. `tuning_error` is what the locking loop leaves.
///
/// Light in the ring: heat, two-photon absorption, carriers, Kerr effect and photocurrent, each off until its
/// parameter is set (devices/physics/ring_medium.hpp, ring_medium_parameters.hpp); coupled modes only. The
/// temperature stays at the mean of the pattern (ring_heat.hpp) and lives in a stream; tangent and small
/// signal hold it. With the hot reference self-heating saves the heaters the shift it makes; photocurrent
/// times reverse voltage is drawn.
///
/// Validity: no carrier transit; field envelopes much narrower than the FSR. `small_signal` takes the light's
/// way through the other rings at its carrier, as if they passed both sidebands alike.
///
/// Equations: \cite Little1997, \cite Bogaerts2012; small-signal response \cite Sacher2008. Verified in
/// tests/devices/microring_modulator_test.cpp and microring_{rates,tangent,curves,heat,dynamics}_test.cpp.
#pragma once

#include "core/parameter_table.hpp"
#include "devices/physics/modulator_bus.hpp"
#include "devices/physics/ring_heat_report.hpp"
#include "devices/physics/ring_junction.hpp"
#include "devices/physics/ring_tuning.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// Defaults: inputs published for one 1.31 µm foundry ring, \cite Rakowski2026; those it does not give are
/// estimates.
struct MicroringModulatorParameters : RingTuningParameters, RingJunctionParameters {
  std::string rates = "quality";
  double q_loaded = 3900.0;
  double extinction_dB = 20.0;
  std::string coupling = "under";
  double drop_loss_dB = 1.0;
  double power_coupling = 0.098;
  double drop_power_coupling = 0.0;
  double round_trip_loss_dB = 0.55;
  double intrinsic_lifetime_s = 9.9e-12;
  double external_lifetime_s = 12.1e-12;
  double drop_lifetime_s = 0.0;
  std::string output = "through";
  double fsr_Hz = 1.6e12;
  double group_index = 3.9;
  double shift_per_voltage_m_per_V = 40e-12;
  double curvature = 0.0;
  double built_in_potential_V = 0.9;
  double loss_per_voltage_dB_per_m_V = 0.0;
  double bias_V = 1.0;
  std::string detuning_mode = "max_oma";
  std::string detuning_side = "blue";
  double detuning_Hz = 40e9;
  double detuning_loss_dB = 3.0;
  double neighbour_modulation = 1.0;
  double junction_capacitance_F = 50e-15;
  double series_resistance_ohm = 15.0;
  std::string dynamics = "coupled_mode";
  double off_resonance_loss_dB = 0.05;
  double ring_spacing_m = 50e-6;
  double waveguide_loss_dB_per_m = 200.0;
  double tuning_error_Hz = 0.0;
  // What light does to the ring; all off.
  double thermal_resistance_K_per_W = 0.0;
  double absorbed_fraction = 0.63;  // \cite deCea2019: 19 of 30 GHz
  double core_overlap = 1.0;
  double thermal_time_s = 1e-6;
  std::string detuning_reference = "hot";
  std::string thermal_history = "from_blue";
  double two_photon = 0.0;
  double kerr = 0.0;
  double mode_area_m2 = 0.1e-12;
  double carrier_lifetime_s = 0.0;
  double collection_efficiency = 0.0;
  double max_sink_current_A = 300e-6;  // \cite Mehta2026
};
template <>
const ParameterTable<MicroringModulatorParameters>& parameter_table();

class MicroringModulator : public Stage, public ModulatorCurves {
 public:
  /// @throws ConfigError when a parameter is outside its range, or output is "drop" without a drop waveguide.
  MicroringModulator(std::string name, const MicroringModulatorParameters& parameters);

  std::optional<LoadEnd> load_end(std::span<const double> frequency_Hz) const override;
  bool has_core() const override { return true; }
  /// Rings start settled on the first sample of `input`. @throws ConfigError when lanes, carriers, port and
  /// output do not match, or a ring meets two carriers.
  std::unique_ptr<Stepper> start(const Bundle& input) const override;
  std::unique_ptr<Tangent> tangent(const Bundle& input) const override;
  double core_memory_s() const override;
  const ModulatorCurves* modulator_curves() const override { return this; }
  double transmission(const Bundle& at, double probe_Hz, std::span<const double> drive_V) const override;
  std::vector<Complex> small_signal(const Bundle& at, int lane,
                                    std::span<const double> frequency_Hz) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

  /// Rings as aligned for `bundle` (lanes, carriers, swing): size (n_lane).
  std::vector<AlignedRing> align(const Bundle& bundle) const;
  /// Rings at rest on the mean heat of `bundle`: size (n_lane).
  std::vector<RingHeat> heat(const Bundle& bundle) const;
  const MicroringModulatorParameters& parameters() const { return p_; }
  /// Detuning of the own carrier at the bias, [Hz]: the parameter, or on the chosen side the one with the
  /// largest static OMA between u = ±swing/2, or the one of the stated loss. @param swing_Vpp peak to peak, >
  /// 0 for "max_oma". @throws ConfigError when the resonance does not reach the stated loss.
  double own_detuning_Hz(double carrier_Hz, double swing_Vpp) const;
  /// Settled power transmission to the output of the own ring at junction voltage u around the bias, passing
  /// loss excluded.
  double static_transmission(double carrier_Hz, double detuning_Hz, double u_V) const;

 private:
  RingRates rates(double carrier_Hz) const;
  RingVoltageLaw law(double carrier_Hz) const;
  RingPort port() const { return p_.output == "drop" ? RingPort::drop : RingPort::through; }
  double detuning_of_loss_Hz(const RingRates& rates) const;
  /// The same rings seen by light at other frequencies than the carriers.
  std::vector<AlignedRing> align(const Bundle& bundle, std::span<const double> light_Hz) const;
  void check_bundle(const Bundle& bundle) const;
  HeatLimits heat_limits() const;
  /// Of light in `at`, all zero when everything is off; without drive: lanes at the bias.
  std::vector<RingDress> dress(const Bundle& at, std::span<const double> drive_V) const;

  /// Capacitance at the bias.
  double capacitance_F() const;
  /// Settled power by the chosen dynamics, with what light adds to 1/τ_l.
  double settled(const AlignedRing& ring, double extra_loss_per_s, double detuning_Hz, double u_V) const;
  RingTuning tuning(const Bundle& bundle) const;

  MicroringModulatorParameters p_;
  std::shared_ptr<const RingJunction> junction_;  // null: slope
};

}  // namespace photonlink
