/// Causal transmission line of a differential pair, per length: metal from DC resistance to skin effect on a
/// rough surface, dielectric with a nearly constant loss tangent.
///
/// Odd mode of the pair, in differential quantities: R and L of both conductors in series, C from one to the
/// other. With s = jω
///   Z' = s L_e + √(R_dc² + (R_s √(s/ω_s) √2 K(s))²),      √2 √(jω/ω_s) = (1 + j) √(f/f_s)
///   Y' = s C ε(s)/ε_r,      L_e = Z₀ √ε_r / c,  C = √ε_r / (c Z₀)
///   γ = √(Z'Y'),  Z_c = √(Z'/Y')
///   A = D = cosh γl,  B = Z' l sinh(γl)/(γl),  C = Y' l sinh(γl)/(γl)        (\cite Pozar2012, Table 4.1)
///
/// Metal. R_s at f_s is the resistance of smooth metal under skin effect, which has an equal reactance. The
/// root of the sum of squares goes over to R_dc, and keeps the internal inductance R_s²/(2π f_s R_dc), as an
/// analytic function without poles or zeros in Re s > 0. It is within 0.07 of a round wire's (Bessel
/// functions, \cite Ramo1994), farthest about the corner where both parts are equal.
///
/// Roughness K, with the skin depth δ = √(ρ/(π f μ₀)) of copper:
///   hammerstad  K = 1 + (2/π) [ln(1+w) + atan w - ½ ln(1+w²)],  w = √(s τ), ωτ = 1.4 (Δ/δ)²
///               causal form of the 1 + (2/π) atan(1.4 (Δ/δ)²) of \cite Hammerstad1980, Δ rms height
///   huray       K = 1 + (3/2) A / (1 + (1-j) δ/(2a)),  spheres of radius a, area A per flat area
///               causal form (\cite Dmitriev2018) of 1 + (3/2) A / (1 + δ/a + δ²/(2a²)), \cite Huray2010
/// Either is the published factor in the resistance, Re (1+j)K, with the reactance that causality demands.
/// The causal Hammerstad form: (1+j)√ω K is the function analytic in Re s > 0 whose real part on the axis is
/// √ω (1 + (2/π) atan ωτ); it follows from ∂/∂τ, whose real part ω^{3/2}/(1+ω²τ²) belongs to
/// √2 u τ^{-3/2}/((1+√u)(1+u)), u = sτ.
///
/// Dielectric (\cite Djordjevic2001), ε_r and tan δ given at f_r:
///   ε(f) = ε_∞ + A ln((f₂ + jf) / (f₁ + jf)),   tan δ nearly constant between f₁ and f₂
///   A = ε_r tan δ / (atan(f_r/f₁) - atan(f_r/f₂))
///
/// Nothing arrives before l √(L_e C ε_∞/ε_r).
///
/// Validity: one mode, TEM, below the cut-off of the next one (some 50 GHz and more for twinax and boards);
/// no radiation, no glass-weave or intra-pair skew, no periodic discontinuities. Where γl exceeds 300 Np
/// (2600 dB) its real part is kept there, so that no chain matrix overflows.
///
/// Verified in tests/devices/physics/transmission_line_test.cpp: scikit-rf, Kramers-Kronig relations, time of
/// flight, exact round wire, limits in closed form.
#pragma once

#include <string>

#include "network/two_port.hpp"

namespace photonlink {

/// ρ of annealed copper, 1/58 ohm mm²/m at 20 °C [ohm m] (International Annealed Copper Standard, \cite
/// NBS1966).
inline constexpr double copper_resistivity_ohm_m = 1.0 / 58e6;

enum class RoughnessModel { smooth, hammerstad, huray };
struct Roughness {
  RoughnessModel model = RoughnessModel::smooth;
  double rms_height_m = 0.0;     ///< Δ, hammerstad
  double sphere_radius_m = 0.0;  ///< a, huray
  double area_ratio = 0.0;       ///< A, area of the spheres per flat area, huray
};
/// K(f), complex; 1 at 0 Hz.
Complex roughness_factor(const Roughness& roughness, double frequency_Hz);

/// Metal of both conductors in series.
struct LineMetal {
  double dc_resistance_ohm_per_m = 0.0;
  double skin_resistance_ohm_per_m = 0.0;  ///< R_s of smooth metal at skin_frequency_Hz
  double skin_frequency_Hz = 1e9;
  Roughness roughness;
};
/// Internal impedance [ohm/m].
Complex internal_impedance_ohm_per_m(const LineMetal& metal, double frequency_Hz);

struct WidebandDielectric {
  double permittivity = 1.0;   ///< ε_r at reference_Hz
  double loss_tangent = 0.0;   ///< tan δ at reference_Hz
  double reference_Hz = 1e10;  ///< f_r
  double low_Hz = 1e4;         ///< f₁
  double high_Hz = 1e12;       ///< f₂
};
/// ε(f), ε' - jε''.
Complex permittivity(const WidebandDielectric& dielectric, double frequency_Hz);
/// ε_∞. Positive, or the loss tangent is too large for the band.
double permittivity_at_infinity(const WidebandDielectric& dielectric);

/// @throws ConfigError, naming the stage, when the corners are in the wrong order, f_r of a lossy dielectric
/// is not between them, or ε_∞ is below 1. The parameters are called dielectric_low, dielectric_high,
/// dielectric_frequency, permittivity and loss_tangent.
void check_dielectric(const std::string& stage, const WidebandDielectric& dielectric);

struct LineParameters {
  double impedance_ohm = 100.0;  ///< Z₀ of the lossless line, differential
  LineMetal metal;
  WidebandDielectric dielectric;
};

/// Z' [ohm/m] and Y' [S/m] at one frequency.
struct LineImmittance {
  Complex series_ohm_per_m, shunt_S_per_m;
};
LineImmittance line_immittance(const LineParameters& line, double frequency_Hz);
/// γ [1/m]: α in Np/m, β in rad/m.
Complex line_propagation_per_m(const LineParameters& line, double frequency_Hz);
/// A piece of line as a chain matrix, at 0 Hz a resistance.
Abcd line_two_port(const LineParameters& line, double length_m, double frequency_Hz);
/// Admittance [S] into a piece of line that is open at its end, Y' l tanh(γl)/(γl).
Complex open_line_admittance_S(const LineParameters& line, double length_m, double frequency_Hz);
/// Time of flight of the front [s].
double front_delay_s(const LineParameters& line, double length_m);
/// dβ/dω at one frequency times the length [s].
double line_group_delay_s(const LineParameters& line, double length_m, double frequency_Hz);

}  // namespace photonlink
