/// The conventions every file follows; nothing else defines them again.
///
/// Time and frequency  e^{+jωt}; forward transform X(f) = Σ x(t) e^{-j2πft}; inverse carries the 1/N.
/// Optical field       E(t) = Re A(t) e^{+jω₀t}, |A|² in W; propagation e^{-jβz}, so dispersion is
///                     exp(-j β₂ Ω² z / 2) and a positive offset frequency is a blue shift.
/// S-parameters        S[out, in]. Loss is positive in dB.
/// Noise               one-sided power spectral densities; white S₁ has variance ½ ∫ S₁ h² dt.
/// Drive voltage       `swing_Vpp` is peak to peak over the outermost levels; differential where the line is.
/// OMA                 P₁ - P₀ between the outermost levels (outer OMA for PAM4); ER = P₁ / P₀.
/// Insertion loss      of a modulator: power lost by the upper level, -10 log₁₀(P₁ / P_in).
/// RLM                 level separation mismatch ratio, min level step · (L - 1) / (outer amplitude).
/// Jitter              rms for Gaussian (RJ), peak to peak between the two Diracs for DJ; both in UI.
/// Chirp               α > 0: blue shift on a rising edge.
/// Detuning            carrier frequency minus resonance frequency; positive: the carrier is blue of the
/// ring.
///
/// Public names use `frequency_Hz`; angular frequency appears only inside equation bodies.
#pragma once

#include <complex>
#include <vector>

namespace photonlink {

using Complex = std::complex<double>;
using RealWave = std::vector<double>;
using ComplexWave = std::vector<Complex>;

}  // namespace photonlink
