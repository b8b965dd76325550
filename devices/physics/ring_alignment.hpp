/// Where the carrier of a modulator ring stands beside its resonance.
///
/// Largest OMA: the D with the largest |P(D, u = +swing/2) - P(D, u = -swing/2)| of the settled power P on
/// one side of the resonance at the bias, found by a scan and Brent's method.
///
/// Stated loss L: the |D| at which the settled power at the bias is T = 10^(-L/10) of full transmission
/// (through port) or of the resonance peak (drop port), from the lines in ring.hpp:
///   through  D² = (T/τ² - (1/τ - 2/τ_e)²) / (1 - T),      drop  D² = (1/T - 1)/τ².
#pragma once

#include "devices/physics/ring.hpp"
#include "devices/physics/ring_voltage.hpp"

namespace photonlink {

/// Settled power at `port` per unit input power with the junction at u around the bias.
/// @param detuning_Hz carrier minus resonance at the bias.
double settled_power(const RingRates& rates, const RingVoltageLaw& law, RingPort port, double detuning_Hz,
                     double u_V);

/// Largest OMA, D/2π [Hz] with the sign of `side` (+1 blue, -1 red). @param swing_Vpp > 0.
double largest_oma_detuning_Hz(const RingRates& rates, const RingVoltageLaw& law, RingPort port, double side,
                               double swing_Vpp);

/// L at a detuning, [dB]; infinite where a critically coupled ring is dark.
double loss_at_detuning_dB(const RingRates& rates, RingPort port, double detuning_Hz);
/// The inverse, |D|/2π [Hz]. @param loss_dB > 0; 0 Hz for what is deeper than the dip.
double detuning_at_loss_Hz(const RingRates& rates, RingPort port, double loss_dB);

}  // namespace photonlink
