/// What light does to the ring it is in: heat, two-photon absorption, free carriers, Kerr effect.
///
/// With U = Σ_c |a_c|² the mode energy of all carriers [J], N electron-hole pairs in the ring and T the
/// temperature above that without light, the coupled mode (ring.hpp) has the rate and resonance
///   1/τ  = 1/τ_l + 1/τ_e + 1/τ_d + k U + ν N,       δf = -κ U + φ N - θ T
///   dN/dt = g U² - N/τ_c,                           g = k/(hf): two photons of 2kU² make one pair
///   τ_th dT/dt = R_th P_heat - T,                   P_heat = P_abs + V I
///   P_abs = 2 (α/τ_l + k U + ν N) U,                I = η q/(hf) · 2 (α/τ_l + ½ k U) U
/// (\cite Barclay2005, \cite Johnson2006, \cite VanVaerenbergh2012; of modulators \cite deCea2019), α the
/// share of 1/τ_l that is absorbed, η the electrons of photocurrent per absorbed photon (half of it per
/// photon of a pair), V the reverse voltage: what the supply gives becomes heat in the junction. In a guide
/// of group index n_g, effective area A and ring length L, V_m = A L, with the overlap Γ = dn_eff/dn_core:
///   k = β c²/(2 n_g² V_m),   κ = f n₂ c/(n_g² V_m),   θ = f Γ (dn/dT)/n_g,
///   ν = Γ σ c/(2 n_g V_m),   φ = f Γ ζ/(n_g V_m).
///
/// Silicon at 1.55 µm: dn/dT = 1.86e-4 1/K, β = 8.4 pm/W (0.84 cm/GW), absorption of carriers 8.5e-22 m² per
/// electron and 6.0e-22 m² per hole, index change -(8.8e-22 N + 8.5e-18 N^0.8) with N in cm^-3
/// (\cite deCea2019; carriers \cite Soref1987), n₂ = 4.5e-18 m²/W (estimate). β, n₂ and dn/dT are
/// taken the same at 1.31 µm; what carriers do follows the square of the wavelength (Drude).
///
/// Validity: ζ is the index change per pair at 1e17 cm^-3; that of the law is 1.5 times as large at 1e16 and
/// 0.7 times at 1e18. Light of different carriers counts in U as if it were one: their cross effects (twice
/// as strong) matter where two carriers are resonant in one ring at once. One temperature, one time constant.
/// Verified in tests/devices/physics/ring_states_test.cpp against tests/oracles/ring_states.py.
#pragma once

namespace photonlink {

namespace silicon {
inline constexpr double thermo_optic_per_K = 1.86e-4;         // \cite deCea2019, ring_params of its code
inline constexpr double two_photon_m_per_W = 8.4e-12;         // the same
inline constexpr double kerr_m2_per_W = 4.5e-18;              // estimate at 1.55 µm
inline constexpr double carrier_cross_section_m2 = 14.5e-22;  // electron and hole, \cite Soref1987
inline constexpr double carrier_reference_m = 1.55e-6;        // wavelength of the carrier effects
inline constexpr double carrier_reference_per_m3 = 1e23;      // density at which ζ is taken
/// -Δn/N [m³] of equal electron and hole densities at 1.55 µm. @param density_per_m3 > 0
double carrier_index_m3(double density_per_m3);
}  // namespace silicon

/// The coefficients above; those at 0 switch their effect off.
struct RingMedium {
  double absorbed_share = 0.0;              ///< α
  double two_photon_per_s_J = 0.0;          ///< k
  double kerr_Hz_per_J = 0.0;               ///< κ
  double pairs_per_s_J2 = 0.0;              ///< g
  double carrier_lifetime_s = 0.0;          ///< τ_c; 0: pairs leave at once
  double carrier_loss_per_s = 0.0;          ///< ν
  double carrier_shift_Hz = 0.0;            ///< φ
  double thermal_resistance_K_per_W = 0.0;  ///< R_th; 0: no heat
  double thermal_time_s = 1e-6;             ///< τ_th
  double thermal_shift_Hz_per_K = 0.0;      ///< θ
  double current_A_per_W = 0.0;             ///< η q/(hf)
  double bias_V = 0.0;                      ///< V at u = 0

  /// The fast effects: some coefficient acts within the photon or carrier lifetime.
  bool fast() const { return two_photon_per_s_J > 0.0 || kerr_Hz_per_J > 0.0; }
  bool heats() const { return thermal_resistance_K_per_W > 0.0; }
  /// Pairs settled at constant U.
  double settled_pairs(double energy_J) const {
    return pairs_per_s_J2 * carrier_lifetime_s * energy_J * energy_J;
  }
  /// k U + ν N and -κ U + φ N.
  double loss_per_s(double energy_J, double pairs) const {
    return two_photon_per_s_J * energy_J + carrier_loss_per_s * pairs;
  }
  double shift_Hz(double energy_J, double pairs) const {
    return carrier_shift_Hz * pairs - kerr_Hz_per_J * energy_J;
  }
  double photocurrent_A(double linear_loss_per_s, double energy_J) const {
    return current_A_per_W * 2.0 *
           (absorbed_share * linear_loss_per_s + 0.5 * two_photon_per_s_J * energy_J) * energy_J;
  }
  double absorbed_W(double linear_loss_per_s, double energy_J, double pairs) const {
    return 2.0 * (absorbed_share * linear_loss_per_s + loss_per_s(energy_J, pairs)) * energy_J;
  }
  /// P_heat = (linear + square U + 2νN) U. @param linear_loss_per_s 1/τ_l at the voltage.
  /// @param u_V around the bias.
  double linear_heat_per_s(double linear_loss_per_s, double u_V) const {
    return 2.0 * absorbed_share * linear_loss_per_s * (1.0 + (bias_V + u_V) * current_A_per_W);
  }
  double square_heat_per_s_J(double u_V) const {
    return 2.0 * two_photon_per_s_J * (1.0 + 0.5 * (bias_V + u_V) * current_A_per_W);
  }
  double heat_W(double linear_loss_per_s, double u_V, double energy_J, double pairs) const {
    return (linear_heat_per_s(linear_loss_per_s, u_V) + square_heat_per_s_J(u_V) * energy_J +
            2.0 * carrier_loss_per_s * pairs) *
           energy_J;
  }
  /// Frequency shift of the resonance per watt of heat, positive: red.
  double shift_Hz_per_W() const { return thermal_resistance_K_per_W * thermal_shift_Hz_per_K; }
};

/// What a card says about the guide and the junction.
struct RingGuide {
  double frequency_Hz, group_index, ring_length_m, mode_area_m2;
  double overlap;     ///< Γ
  double two_photon;  ///< β over that of silicon
  double kerr;        ///< n₂ over that of silicon
  double absorbed_share, carrier_lifetime_s, thermal_resistance_K_per_W, thermal_time_s;
  double collection_efficiency;  ///< η
  double bias_V;
};
RingMedium make_ring_medium(const RingGuide& guide);
/// θ alone.
double thermal_shift_Hz_per_K(double frequency_Hz, double overlap, double group_index);

}  // namespace photonlink
