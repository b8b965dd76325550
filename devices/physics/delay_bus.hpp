/// Rings in series on one bus, followed round by round (ring_delay.hpp), and their transposed tangent: what
/// modulator_bus.hpp does with coupled modes.
///
/// Tangent: with the recursion a_p = jκ₁ s_p + F_p Σ w_i a_{p-d_i} on the grid of one ring and the output
/// o_n = ρ t₁ s_n + Y_n Σ v_i a_{n-e_i}, F and Y exponentials of integrals of the drive g = j2πδf - δγ, the
/// sweep goes backwards through the points of a window and collects
///   μ_p = dy/da_p,   dy/ds_p = jκ₁ μ_p,   dy/dlnF_p = μ_p F_p a(t_p - T),   dy/dlnY_n = w_n Y_n a(t_n - θ);
/// integrals and the straight lines between samples are transposed as they stand, so the result is exact for
/// inputs inside the window, as in ring_tangent.hpp. The trajectory is run again for each window, from far
/// enough in front that what it began with has decayed to 1e-12.
#pragma once

#include <memory>
#include <vector>

#include "devices/physics/modulator_bus.hpp"

namespace photonlink {

/// As start_bus() and bus_tangent(). @param fsr_Hz of all rings.
std::unique_ptr<Stepper> start_delay_bus(const std::vector<AlignedRing>& rings, double fsr_Hz,
                                         const Bundle& input);
std::unique_ptr<Tangent> delay_bus_tangent(const std::vector<AlignedRing>& rings, double fsr_Hz,
                                           const Bundle& input);

}  // namespace photonlink
