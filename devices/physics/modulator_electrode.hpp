/// From the voltage at the terminals of a modulator's electrode to the voltage that the light has seen on its
/// way: input impedance and averaged transfer, in closed form.
///
/// Light enters at z = 0 and moves at c/n_g; the electro-optic phase is the mean over the length l of the
/// junction voltage it meets. With β_o = ω n_g/c, in the time of the light's entry,
///   H(f) = (1/l) ∫₀ˡ V_j(z)/V(0) e^{jβ_o z} dz
/// The light's own transit is a delay of the path, as that of a fiber: latency, not part of the waveform.
/// Where the light is slower than the line, H begins up to (n_g - n) l/c ahead.
///
/// Lumped: the same voltage everywhere, R and C of the junction in series, beside them a termination R_t:
///   Z = R_t ∥ (R + 1/(jωC)),      H = F(-jβ_o) / (1 + jωRC)
///
/// Travelling wave: per length Z' and Y' of the line (devices/physics/transmission_line.hpp) and beside Y'
/// the junction, Y'_j = jωC' / (1 + jωR'C'); γ = √(Z' (Y' + Y'_j)), Z_c = √(Z' / (Y' + Y'_j)). With the
/// reflection Γ = (Z_t - Z_c)/(Z_t + Z_c) at the far end, the solution V(z) = V₊ (e^{-γz} + Γ e^{-2γl}
/// e^{γz}) of the line equations (\cite Pozar2012, Sec. 2.1 and 2.3) averages to
///   H = [F(γ - jβ_o) + Γ e^{-γl} e^{jβ_o l} F(γ + jβ_o)] / (1 + Γ e^{-2γl}) · 1 / (1 + jωR'C')
///   Z = Z_c (1 + Γ e^{-2γl}) / (1 - Γ e^{-2γl}),                 F(x) = (1 - e^{-xl}) / (xl)
/// The reflection at the source is not in it: Z ends the electrical segment, whose network solves it.
/// Matched, without loss and junction, |H| = |sin x / x|, x = ω (n - n_g) l / (2c) with n of the line;
/// matched in velocity, |H| = (1 - e^{-αl}) / (αl).
///
/// Segments: N equal pieces, M of them driven, each by a copy of the source that is late by the light's way
/// from piece to piece and an error δ more:
///   H_N = H(l/N) (1/N) Σ_{k<M} e^{-jωkδ}
///
/// Validity: one mode without coupling between pieces; what a segment's own copy of the source costs is the
/// driver's; junction at its bias (C and R do not follow the voltage).
/// Verified in tests/devices/physics/modulator_electrode_test.cpp: limits in closed form, a ladder of 4000
/// pieces solved as chain matrices, a published loss and roll-off.
#pragma once

#include <span>

#include "devices/physics/transmission_line.hpp"
#include "network/two_port.hpp"

namespace photonlink {

struct ModulatorElectrode {
  bool travelling = true;
  double length_m = 1e-3;                                            ///< of all segments together, l
  double optical_group_index = 1.0;                                  ///< n_g
  double junction_capacitance_F = 0.0, series_resistance_ohm = 0.0;  ///< C and R of the whole length
  double termination_ohm = 50.0;                                     ///< R_t of each segment; infinite: open
  LineParameters line;                                               ///< travelling: without the junction
  int segments = 1, driven_segments = 1;
  double segment_delay_error_s = 0.0;  ///< δ
};

/// What one segment's source sees, and the transfer of its terminal voltage to the voltage averaged over the
/// whole length, (n_frequency). At 0 Hz the values at 1 Hz stand in.
LoadEnd electrode_end(const ModulatorElectrode& electrode, std::span<const double> frequency_Hz);

/// DC resistance [ohm] that one segment's source sees; infinite when open.
double electrode_resistance_ohm(const ModulatorElectrode& electrode);
/// Capacitance [F] that one segment's source charges where it is open, line and junction.
double electrode_capacitance_F(const ModulatorElectrode& electrode);
/// Time the light spends in the electrode [s].
double optical_transit_s(const ModulatorElectrode& electrode);

}  // namespace photonlink
