/// Linear two-ports and the electrical segment they form with a source and a load.
///
/// A segment is solved as a network: source, two-ports and load are never split between neighbours that
/// pretend not to load each other. With the chain matrix [V1; I1] = [A B; C D] [V2; I2] (Pozar, Microwave
/// Engineering, 4th ed., Sec. 4.4) the transfer from a Thevenin source (EMF, Z_s) to the voltage at load Z_L
/// is
///   V_L / EMF = 1 / (A + B/Z_L + Z_s C + Z_s D/Z_L),
/// and from a Norton source (I_s, Y_s) to the load current  I_L / I_s = 1 / (Y_s (A Z_L + B) + C Z_L + D).
#pragma once

#include <span>
#include <vector>

#include "core/conventions.hpp"

namespace photonlink {

/// Chain matrix at one frequency.
struct Abcd {
  Complex a = 1.0, b = 0.0, c = 0.0, d = 1.0;
};
/// Cascade: `first` is nearer to the source.
Abcd operator*(const Abcd& first, const Abcd& second);
/// The same reciprocal two-port from its other end (AD - BC = 1).
Abcd reversed(const Abcd& m);

/// Scattering matrix of a two-port at one frequency.
struct S2 {
  Complex s11, s12, s21, s22;
};
/// A path that transmits nothing has no chain matrix; this, -300 dB, stands for it.
inline constexpr double least_s21 = 1e-15;
/// Pozar Table 4.2, both ports on the same real reference impedance [ohm]. s21 must not be 0.
Abcd to_abcd(const S2& s, double reference_ohm);
/// S12 holds AD - BC, whose digits are gone where the loss exceeds some 150 dB; S21 is exact there.
S2 to_s(const Abcd& m, double reference_ohm);

/// Lumped elements at frequency f [Hz].
Abcd series_impedance(Complex impedance_ohm);
Abcd shunt_admittance(Complex admittance_S);

/// Driving end of a segment, per frequency: impedance [ohm] of a Thevenin source whose lane waveform is the
/// EMF, or admittance [S] of a Norton source whose lane waveform is the current.
struct SourceEnd {
  enum class Form { thevenin, norton } form = Form::thevenin;
  std::vector<Complex> immittance;
};
/// Receiving end, per frequency: impedance [ohm], and the ratio of the quantity the stage works with
/// (junction voltage, amplifier input) to the terminal voltage (Thevenin) or terminal current (Norton).
struct LoadEnd {
  std::vector<Complex> impedance_ohm;
  std::vector<Complex> transfer;
  enum class Takes { voltage, current } takes = Takes::voltage;  ///< current: from a Norton source only
};

/// Transfer of a whole segment, size (n_frequency); `chain` holds the cascaded two-ports, empty for a direct
/// connection.
std::vector<Complex> segment_transfer(const SourceEnd& source, std::span<const Abcd> chain,
                                      const LoadEnd& load);

/// Admittance seen back from the load's terminals, source switched off, [S], size (n_frequency):
/// (C + Y_s A) / (D + Y_s B), with Y_s = 1/Z_s of a Thevenin source.
std::vector<Complex> output_admittance(const SourceEnd& source, std::span<const Abcd> chain);

}  // namespace photonlink
