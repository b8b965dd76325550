/// Edge coupler between a fiber and a chip facet: overlap of two Gaussian modes, misaligned.
///
/// For each transverse axis, with the waist radii w_f of the fiber and w_c of the chip (half the mode-field
/// diameters), gap z of index n, k = 2πn/λ, z_R = k w_f²/2:
///   w² = w_f² (1 + z²/z_R²),   1/R = z / (z² + z_R²)                    beam of the fiber at the chip
///   a = 1/w² + jk/(2R),   b = 1/w_c²
///   η = 2 / (w w_c |a + b|) · exp(2 Re[(2 b x + jkθ)² / (4 (a + b))] - 2 b x²)
///   loss = -10 log₁₀(η_x η_y (1 - R_1)(1 - R_2) w_p) + excess           [dB], flat over the signal's band
/// x the lateral offset, θ the tilt in the gap. R_1, R_2 the Fresnel reflectances fiber/gap and gap/chip;
/// w_p = s + (1 - s) 10^(-PDL/10) with a share s in the favoured polarisation.
///
/// The closed form of \cite JoyceDeLoach1984 for each axis, written as the integral it comes from, so that
/// offset, tilt and gap act together; \cite Marcuse1977 for fibers. Symmetric in fiber and chip.
///
/// Validity: Gaussian modes, paraxial (tilt up to some 0.1 rad); both reflections taken once, so the ripple
/// of the cavity between the facets, ± 2 sqrt(R_1 R_2), is left out. Reflections are not propagated: warns
/// (devices/physics/reflection.hpp) with the facet's angle taken into account.
///
/// Verified in tests/devices/edge_coupler_test.cpp: numerical overlap of propagated fields, closed forms of
/// each single misalignment.
#pragma once

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct EdgeCouplerParameters {
  double fiber_mode_m = 9.2e-6;
  double chip_mode_x_m = 9.2e-6;
  double chip_mode_y_m = 9.2e-6;
  double offset_x_m = 0.0;
  double offset_y_m = 0.0;
  double gap_m = 0.0;
  double tilt_x_rad = 0.0;
  double tilt_y_rad = 0.0;
  double fiber_index = 1.45;
  double gap_index = 1.45;
  double chip_index = 1.5;
  double facet_angle_rad = 0.14;
  double excess_loss_dB = 1.0;
  double polarization_dependent_loss_dB = 0.0;
  double favoured_polarization_share = 1.0;
};
template <>
const ParameterTable<EdgeCouplerParameters>& parameter_table();

class EdgeCoupler final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range.
  EdgeCoupler(std::string name, const EdgeCouplerParameters& parameters);

  /// η_x η_y, without reflections and excess.
  double mode_overlap(double wavelength_m) const;
  double total_loss_dB(double wavelength_m) const;
  /// Of the facet that reflects more, back into the mode, [dB].
  double return_loss_dB(double wavelength_m) const;
  void multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                        std::span<Complex> response) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  EdgeCouplerParameters p_;
};

}  // namespace photonlink
