/// Transmission of the optical part of a chain for a probe laser that is swept while everything else rests.
///
///   T(f) = Π_modulators T_m(f, u + u_rest) · Π_linear |H_s(f)|²
///
/// The optical part begins behind the light source of the chain, or at its first stage when there is none,
/// and ends in front of the first photodiode or with the chain. Modulators answer by their closed forms
/// (ModulatorCurves), aligned to the carriers of the rest point whatever the probe does; linear stages by the
/// magnitude of their response at the probe itself.
///
/// Validity: the probe is weak and meets no light of its own: self-heating is that of the rest point. A core
/// that changes light without closed form (an amplifier) has no place in a swept part.
/// Verified in tests/solvers/optical_spectrum_test.cpp: Lorentzian lines in closed form, real rings and buses
/// against their formulas.
#pragma once

#include <span>

#include "solvers/resonance.hpp"
#include "solvers/rest_point.hpp"

namespace photonlink {

/// Movement of one resonance, second state minus first; NaN when it is not found in both.
struct ResonanceShift {
  double frequency_Hz = Resonance::none, wavelength_m = Resonance::none;
};

class OpticalSpectrum {
 public:
  /// `rest` must outlive this. @throws ConfigError when no stage acts on light, or one does in a way that
  /// cannot be swept.
  explicit OpticalSpectrum(const RestPoint& rest);

  const RestPoint& rest() const { return rest_; }
  /// Stages [first, last) of the optical part.
  Block part() const { return part_; }
  /// Ports behind the demultiplexer of the optical part; 1 without one.
  int ports() const;

  /// Power out over power in for a probe at `probe_Hz` [Hz], (n_probe).
  /// @param drive_V added to the control voltage of every lane of every modulator, around the bias
  /// @param port behind the demultiplexer, 0 without one. @throws DomainError outside [0, ports()).
  std::vector<double> transmission(std::span<const double> probe_Hz, double drive_V = 0.0,
                                   int port = 0) const;
  /// The same of some stages, [first, last) within the part, at one frequency.
  double transmission(Block stages, double probe_Hz, double drive_V = 0.0, int port = 0) const;

  /// Resonance of the part nearest to a wavelength (resonance.hpp says how it is found and to what
  /// resolution).
  Resonance resonance(const ResonanceSearch& search, double drive_V = 0.0, int port = 0) const;
  /// Where the resonance nearest to `search.near_m` at `from_V` lies at `to_V`, minus where it was. The
  /// nearest one is taken for the same one: right below half the distance of two resonances.
  ResonanceShift resonance_shift(const ResonanceSearch& search, double from_V, double to_V,
                                 int port = 0) const;
  /// The same from a resonance that is known already.
  ResonanceShift resonance_shift(const ResonanceSearch& search, const Resonance& from, double to_V,
                                 int port = 0) const;

 private:
  const RestPoint& rest_;
  Block part_;
};

}  // namespace photonlink
