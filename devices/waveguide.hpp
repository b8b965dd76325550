/// Waveguide on a chip: straight parts, bends, crossings, dispersion.
///
///   length = L + N_b φ r                                              N_b bends of angle φ and radius r
///   loss = α length + N_b (β_0 (r/r_0)^-p φ r + β_t) + N_x β_x        [dB]
///   H(Ω) = 10^(-loss/20) exp(-j β₂ Ω² length / 2),   D = (λ dn_g/dλ) / (c λ),   β₂ = -λ² D / (2πc)
///   latency = n_g length / c
///
/// The excess loss of a bend falls with a power of its radius; p = 10.15 is the fit of \cite Bahadori2017 for
/// silicon strips. Records of that paper differ by 10³ in its coefficient, so β_0 has no default: state it at
/// a radius r_0 that was measured. β_t is the mismatch at the two ends of one bend.
///
/// Validity: linear, one mode and polarisation; no reflections; light that leaves into the crossed guide is
/// lost here and does not enter another lane (`validity()` warns of crossings with weak isolation). The power
/// law holds while radiation rules, some 2 to 10 um in silicon strips.
///
/// Verified in tests/devices/waveguide_test.cpp: sums by hand, group delay by finite differences.
#pragma once

#include "core/parameter_table.hpp"
#include "devices/physics/dispersion.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// Defaults: 2 dB/cm and n_g 4.2 of a silicon strip, estimates.
struct WaveguideParameters {
  double length_m = 1e-3;
  double loss_dB_per_m = 200.0;
  double group_index = 4.2;
  double group_index_slope = 0.0;
  int bends = 0;
  double bend_radius_m = 10e-6;
  double bend_angle_rad = 1.5707963267948966;  // a quarter turn
  double bend_loss_dB_per_m = 0.0;
  double bend_reference_radius_m = 5e-6;
  double bend_exponent = 10.15;
  double loss_per_bend_dB = 0.0;
  int crossings = 0;
  double crossing_loss_dB = 0.03;
  double crossing_isolation_dB = 40.0;
};
template <>
const ParameterTable<WaveguideParameters>& parameter_table();

class Waveguide final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range.
  Waveguide(std::string name, const WaveguideParameters& parameters);

  double total_length_m() const;
  double total_loss_dB() const;
  DispersionTerms dispersion(double carrier_Hz) const;
  void multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                        std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  WaveguideParameters p_;
};

}  // namespace photonlink
