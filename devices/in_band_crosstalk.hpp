/// Light of another transmitter on the same wavelength: what leaks past an add-drop node, the second
/// direction of a fiber, a reflection longer than the coherence length.
///
/// With the signal E_s and an interferer of relative mean power ε whose phase φ drifts, the photodiode sees
///   |E_s + √ε E_x e^{jφ}|² = P_s + 2 √(a ε P_s P_x) cos φ + ε P_x,
/// a the share of the interferer's power in the signal's polarisation. The beat lies at the difference of the
/// two lasers, inside the receiver's band, and is coherent: it falls with √ε where crosstalk of other
/// wavelengths, whose beat lies at the channel spacing, falls with ε. cos φ of an even phase has the arcsine
/// density, bounded and far from Gaussian; a finite extinction ratio makes it worse (\cite Liu1999). With an
/// ideal extinction ratio the worst phase costs -10 log₁₀(1 - 2√ε).
///
/// A modulated interferer has the levels of `extinction_ratio`, independent of the signal's data and settled;
/// P_x then takes each of them in turn. The mean power is that of the signal at this place.
///
/// The term goes to the solvers as noise of a sinusoidal law on each lane's own carrier: the pattern solver
/// adds its density (solvers/in_band_beat.hpp), a stream turns φ by beat_frequency and draws the levels
/// symbol by symbol. εP_x itself is left out.
///
/// Validity: φ constant over the memory of the receiver; √ε small (warns above -20 dB). Verified in
/// tests/devices/in_band_crosstalk_test.cpp and tests/solvers/in_band_beat_test.cpp against counted errors,
/// quadrature of the arcsine density and the closed penalty.
#pragma once

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct InBandCrosstalkParameters {
  double level_dB = -40.0;
  double alignment = 1.0;
  std::string interferer = "modulated";
  int levels = 2;
  double extinction_ratio_dB = 6.0;
  double beat_frequency_Hz = 20e6;
};
template <>
const ParameterTable<InBandCrosstalkParameters>& parameter_table();

class InBandCrosstalk final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range.
  InBandCrosstalk(std::string name, const InBandCrosstalkParameters& parameters);

  /// √(P_x / mean P_x) of each level of the interferer, lowest first; empty: unmodulated.
  std::vector<double> level_amplitudes() const;

  /// Light passes untouched. @throws ConfigError when there is none.
  bool has_core() const override { return true; }
  std::unique_ptr<Stepper> start(const Bundle& input) const override;
  std::unique_ptr<Tangent> tangent(const Bundle& input) const override;
  std::vector<NoiseTerm> noise(const Bundle& output) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  InBandCrosstalkParameters p_;
};

}  // namespace photonlink
