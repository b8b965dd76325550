/// The junction in the waveguide of a ring: what its voltage does to resonance and loss, and its charge.
///
/// All follow one reverse voltage V (of a MOS capacitor: the voltage towards accumulation). With the change
/// of the silicon's index and absorption weighted by the mode along a line across the junction,
///   δf/f = -c_j Γ Δn̄(V) / n_g,      δ(1/τ_l) = ½ (c/n_g) c_j Γ Δᾱ(V)      [Δn̄, Δᾱ around the bias]
/// c_j share of the round trip that has the junction, Γ = dn_eff/dn for a change of the whole cross-section
/// (confinement factor; first-order perturbation), mode intensity on the line g(x) = sqrt(2/π)/w₀
/// e^{-2x²/w₀²} with the middle of the mode at x = 0.
///
/// "depletion": abrupt pn junction at x_j, p side below. (Sze and Ng, Physics of Semiconductor Devices,
/// Sec. 2.2, \cite SzeNg2007)
///   V_bi = kT/e ln(N_A N_D/n_i²),   w = sqrt(2ε(V_bi + V)(1/N_A + 1/N_D)/e),   x_p = w N_D/(N_A + N_D)
///   Δn̄ = |Δn_h(N_A)| G_p + |Δn_e(N_D)| G_n,   G_p = ∫ g over [x_j - x_p, x_j] = ½ erf(√2 x/w₀) between them,
///   Δᾱ with the opposite sign; Q = e N_A N_D/(N_A + N_D) w A,   C = ε A/w,   A = extent · c_j L
/// Fits of Δn and Δα in carrier_plasma.hpp. Below V = -V_bi/2 effect and charge follow their tangents.
///
/// "moscap": oxide of thickness t_ox at x_j between a gate and silicon of which holes accumulate over t_a
///   Q = ε_ox A/t_ox (V - V_fb),   N = Q/(e A t_a),   Δn̄ = -g(x_j) t_a [|Δn_h(N)| + gate],
/// gate: |Δn_e(N)| of n-type silicon, or a Drude gas. No effect below the flat band V_fb.
///
/// "table": resonance shift [m] and loss [dB/m] against V as measured, with shape-preserving cubics (pchip,
/// \cite FritschCarlson1980), straight beyond the ends; capacitance likewise, constant beyond the ends.
///
/// The terminals hold besides the charge of a constant `parasitic` capacitance across the junction: fringes,
/// parts of a gate without light.
///
/// Validity: 300 K, all dopants ionised, depletion approximation (edges sharp against w: Debye length 3 nm at
/// 2e18 1/cm³), doping uniform where the mode is, no injection; ring_junction warnings() names what a swing
/// leaves. Verified in tests/devices/physics/ring_junction_test.cpp against tests/oracles/ring_junction.py.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "devices/physics/ring_voltage.hpp"

namespace photonlink {

/// Keys that devices with such junctions share (ring_junction_parameters.hpp); defaults are estimates of a
/// silicon rib, with "slope" none of them acts.
struct RingJunctionParameters {
  std::string junction = "slope";
  std::string carrier_fit = "nedeljkovic2011";
  double acceptor_density_per_m3 = 2e24;
  double donor_density_per_m3 = 2e24;
  double junction_offset_m = 0.0;
  double mode_radius_m = 0.25e-6;
  double confinement = 1.0;
  double junction_coverage = 0.8;
  double junction_extent_m = 0.22e-6;
  double parasitic_capacitance_F = 0.0;
  double oxide_thickness_m = 10e-9;
  double oxide_permittivity = 3.9;
  double flat_band_voltage_V = 0.0;
  double accumulation_thickness_m = 5e-9;
  std::string gate = "silicon";
  double gate_mass = 0.35;
  double gate_scattering_time_s = 10e-15;
  std::vector<double> table_voltage_V;
  std::vector<double> table_shift_m;
  std::vector<double> table_loss_dB_per_m;
  std::vector<double> table_capacitance_F;
};

/// Ring and mode around a junction.
struct JunctionWaveguide {
  double ring_length_m = 0.0, group_index = 0.0;
  double coverage = 1.0;     ///< c_j, (0, 1]
  double confinement = 1.0;  ///< Γ
  double mode_radius_m = 0.0, junction_offset_m = 0.0, extent_m = 0.0;
  double parasitic_F = 0.0;  ///< depletion and moscap
  std::string carrier_fit = "nedeljkovic2011";
};

struct DepletionDoping {
  double acceptors_per_m3 = 0.0, donors_per_m3 = 0.0;
};

struct MoscapGate {
  double oxide_thickness_m = 0.0, oxide_permittivity = 3.9, flat_band_V = 0.0;
  double accumulation_thickness_m = 0.0;
  bool silicon = true;  ///< else a Drude gas of the two below
  double mass = 0.35, scattering_time_s = 0.0;
};

struct JunctionTable {
  std::vector<double> reverse_V;      ///< ascending, at least 4
  std::vector<double> shift_m;        ///< of the resonance wavelength
  std::vector<double> loss_dB_per_m;  ///< averaged over the ring; empty: constant
  std::vector<double> capacitance_F;  ///< of the terminals
};

class RingJunction {
 public:
  virtual ~RingJunction() = default;
  /// C = dQ/dV of the terminals.
  virtual double capacitance_F(double reverse_V) const = 0;
  /// Q up to a constant.
  virtual double charge_C(double reverse_V) const = 0;
  /// Law around a bias for light at `carrier_Hz`; keeps what it needs of this.
  virtual std::shared_ptr<const JunctionEffect> effect(double carrier_Hz, double bias_V) const = 0;
  /// What a swing between two reverse voltages leaves, for light at `carrier_Hz`.
  virtual std::vector<std::string> warnings(double carrier_Hz, double low_V, double high_V) const = 0;

  static std::shared_ptr<const RingJunction> depletion(const JunctionWaveguide& guide,
                                                       const DepletionDoping& doping);
  static std::shared_ptr<const RingJunction> moscap(const JunctionWaveguide& guide, const MoscapGate& gate);
  /// @throws ConfigError in the name of `owner` for a table that is none.
  static std::shared_ptr<const RingJunction> table(const JunctionWaveguide& guide, const JunctionTable& table,
                                                   const std::string& owner);
};

/// V_bi and w of an abrupt junction.
double built_in_potential_V(const DepletionDoping& doping);
double depletion_width_m(const DepletionDoping& doping, double reverse_V);

/// Largest change of capacitance from its value at the bias over [bias - swing/2, bias + swing/2], relative.
double capacitance_change(const RingJunction& junction, double bias_V, double swing_Vpp);

}  // namespace photonlink
