/// Grating coupler between a fiber and a chip: Gaussian spectrum, one polarisation.
///
///   loss(λ) = loss_peak + 1 dB · (2 (λ - λ_c) / B)² - 10 log₁₀ w          [dB], B the full 1-dB width
///   λ_c = λ_0 + δλ + dλ/dθ δθ + dλ/dT δT
///   dλ/dθ = -λ_0 n_c cos θ / (n_g - n_c sin θ),   dλ/dT = λ_0 (dn/dT) / (n_g - n_c sin θ)
///   w = s + (1 - s) 10^(-X/10)                     share s in the wanted polarisation, extinction X
///
/// λ_c: total differential of the first-order grating equation λ = Λ (n(λ, T) - n_c sin θ), with dn/dλ from
/// the group index, n_g = n - λ dn/dλ; period and effective index drop out. A Gaussian spectrum is what the
/// overlap of a Gaussian fiber mode gives while angle and decay do not change over the band.
///
/// Validity: |λ - λ_c| up to the 1-dB width, where real spectra leave the Gaussian (`validity()` warns beyond
/// it); light in the other polarisation adds as power; reflections are not propagated (warns, see
/// devices/physics/reflection.hpp).
///
/// Verified in tests/devices/grating_coupler_test.cpp: the grating equation solved by bisection.
#pragma once

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// Defaults: loss and width of \cite Mehta2026; indices of a 220 nm silicon grating under oxide are
/// estimates.
struct GratingCouplerParameters {
  double peak_loss_dB = 1.3;
  double centre_wavelength_m = 1310e-9;
  double bandwidth_m = 20e-9;
  double centre_error_m = 0.0;
  double angle_rad = 0.17;
  double angle_error_rad = 0.0;
  double cladding_index = 1.45;
  double group_index = 3.7;
  double index_slope_per_K = 1.5e-4;
  double temperature_error_K = 0.0;
  double wanted_polarization_share = 1.0;
  double polarization_extinction_dB = 20.0;
  double return_loss_dB = 30.0;
};
template <>
const ParameterTable<GratingCouplerParameters>& parameter_table();

class GratingCoupler final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range, or the group index is not above n_c sin θ.
  GratingCoupler(std::string name, const GratingCouplerParameters& parameters);

  double centre_m() const;                   ///< λ_c with all errors
  double angle_slope_m_per_rad() const;      ///< dλ/dθ
  double temperature_slope_m_per_K() const;  ///< dλ/dT
  double total_loss_dB(double wavelength_m) const;
  void multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                        std::span<Complex> response) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  GratingCouplerParameters p_;
};

}  // namespace photonlink
