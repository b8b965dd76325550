/// Microring resonator as a coupled mode: amplitude decay rates, static and small-signal responses in closed
/// form.
///
/// With the field a(t) of the mode normalised to energy |a|² [J], in the rotating frame of a carrier ω_c, and
/// s_in [sqrt(W)] the envelope in the bus (\cite Little1997, here with e^{+jωt}):
///   da/dt   = (j(ω₀ - ω_c) - 1/τ) a + j sqrt(2/τ_e) s_in,      1/τ = 1/τ_l + 1/τ_e + 1/τ_d
///   s_thru  = s_in + j sqrt(2/τ_e) a,       s_drop = j sqrt(2/τ_d) a
/// so that energy is conserved: |s_in|² - |s_thru|² - |s_drop|² - 2|a|²/τ_l = d|a|²/dt. With D = ω_c - ω₀
/// (positive: the carrier is blue of the ring) the settled solution is
///   a = j sqrt(2/τ_e) s_in / (1/τ + jD),    s_thru/s_in = 1 - (2/τ_e)/(1/τ + jD).
/// τ are AMPLITUDE lifetimes: Q = ω₀τ/2, full width at half maximum 1/(πτ) [Hz].
///
/// Valid near one resonance; `ring_round_trip.hpp` bounds the distance from the round-trip solution.
#pragma once

#include "core/conventions.hpp"

namespace photonlink {

/// Amplitude decay rates [1/s]: 1/τ_l by absorption, scattering and bending, 1/τ_e into the bus, 1/τ_d into
/// the drop waveguide (0: none).
struct RingRates {
  double loss_per_s = 0.0;
  double bus_per_s = 0.0;
  double drop_per_s = 0.0;

  double total_per_s() const { return loss_per_s + bus_per_s + drop_per_s; }  ///< 1/τ
  double linewidth_Hz() const;                                                ///< FWHM, 1/(πτ)
  double q_loaded(double resonance_Hz) const;                                 ///< ω₀τ/2
};

/// The waveguide whose light goes on behind the ring.
enum class RingPort { through, drop };
/// Both outputs in one form: s_out = direct s_in + j mode a, so s_out/s_in = d - p/(1/τ + jD) with
/// d = direct (1 through, 0 drop) and p = sqrt(2/τ_e) mode (2/τ_e through, 2/sqrt(τ_e τ_d) drop).
struct PortCoupling {
  double direct = 1.0;
  double mode_per_sqrt_s = 0.0;  ///< sqrt(2/τ_e) or sqrt(2/τ_d) [1/sqrt(s)]
};
PortCoupling port_coupling(const RingRates& rates, RingPort port);

/// Under-coupled: 1/τ_e < 1/τ_l, the through field keeps its sign on resonance. Over-coupled: 1/τ_e > 1/τ_l.
enum class Coupling { under, over };
/// Symmetric: equal couplers. Matched: bus coupling equals loss plus drop, dark through port on resonance.
enum class DropCoupling { symmetric, matched };

/// Poles of the round-trip solution: 1/τ_e = -FSR ln t, 1/τ_l = -FSR ln a, with t² = 1 - κ² and a the
/// round-trip amplitude.
/// @param bus_power_coupling, drop_power_coupling κ² in [0, 1)
/// @param round_trip_loss_dB >= 0
RingRates rates_from_couplings(double bus_power_coupling, double drop_power_coupling,
                               double round_trip_loss_dB, double fsr_Hz);
/// All-pass ring of loaded Q whose transmission on resonance is
/// 10^(-extinction_dB/10) = ((1/τ_l - 1/τ_e) τ)².
/// @param extinction_dB > 0; @throws DomainError when an argument is not positive.
RingRates all_pass_rates(double resonance_Hz, double q_loaded, double extinction_dB, Coupling coupling);
/// Add-drop ring of loaded Q whose drop transmission on resonance is 10^(-drop_loss_dB/10) = 4τ²/(τ_e τ_d).
/// @param drop_loss_dB >= 0; symmetric with 0 dB is lossless.
RingRates add_drop_rates(double resonance_Hz, double q_loaded, double drop_loss_dB, DropCoupling coupling);

/// Free spectral range c / (n_g L) [Hz].
double free_spectral_range_Hz(double length_m, double group_index);
/// FSR over FWHM.
double finesse(const RingRates& rates, double fsr_Hz);
/// Carrier minus the nearest of the resonances resonance_Hz + m FSR, in [-FSR/2, FSR/2] [Hz].
double nearest_detuning_Hz(double carrier_Hz, double resonance_Hz, double fsr_Hz);

/// Field responses at `detuning_Hz` = carrier minus resonance.
Complex through_response(const RingRates& rates, double detuning_Hz);
Complex drop_response(const RingRates& rates, double detuning_Hz);
Complex port_response(const RingRates& rates, RingPort port, double detuning_Hz);
/// Settled mode amplitude per unit input field [sqrt(s)].
Complex mode_response(const RingRates& rates, double detuning_Hz);

/// |s_thru/s_in|² = (D² + (1/τ - 2/τ_e)²) / (D² + 1/τ²).
double through_power(const RingRates& rates, double detuning_Hz);
/// The same, or |s_drop/s_in|² = 4/(τ_e τ_d) / (D² + 1/τ²).
double port_power(const RingRates& rates, RingPort port, double detuning_Hz);
/// Slope of that curve with D/2π [1/Hz] and with 1/τ_l [s].
double through_power_slope_per_Hz(const RingRates& rates, double detuning_Hz);
double through_power_slope_per_loss_s(const RingRates& rates, double detuning_Hz);

/// Small change of the complex rate j(ω₀ - ω_c) - 1/τ_l of the mode, per unit of what drives it.
struct RateChange {
  double resonance_Hz = 0.0;  ///< change of the resonance frequency
  double loss_per_s = 0.0;    ///< change of 1/τ_l
};
/// Transfer from that drive at `modulation_Hz` to the power at `port` per unit input power, s = j2πf. With d
/// and p of the port (see PortCoupling) a shift alone gives
///   -2π δf₀ 2pD (d s + 2d/τ - p) / [(D² + 1/τ²)(s² + 2s/τ + D² + 1/τ²)]
/// and a loss change adds
///   δ(1/τ_l) 2p [(d/τ - p)(s + 1/τ) - d D²] / [same denominator].
/// For a shift the through port so has a zero at s = -2(1/τ - 1/τ_e), which is -2/τ_l without a drop port
/// (\cite Lin2026), and the drop port has none: its power is (2/τ_d)|a|², while energy conservation makes
/// the through power change by -(s + 2/τ_l + 2/τ_d) δ|a|².
/// Its value at f = 0 is the slope of the static curve.
Complex small_signal_response(const RingRates& rates, double detuning_Hz, const RateChange& change,
                              double modulation_Hz, RingPort port = RingPort::through);
/// Delay of slow modulation, -d arg H/dω of the above at f = 0 for a shift: (2/τ)/(D² + 1/τ²) - d/(2d/τ - p).
double modulation_delay_s(const RingRates& rates, double detuning_Hz, RingPort port = RingPort::through);

}  // namespace photonlink
