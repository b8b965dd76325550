/// What free carriers do to the refractive index and the absorption of silicon.
///
///   Δn = -(A_e N_e^p_e + A_h N_h^p_h),      Δα = B_e N_e^q_e + B_h N_h^q_h
/// with densities in 1/cm³ and Δα in 1/cm (of power). Published coefficients, electrons and holes:
///                                A_e       p_e    A_h       p_h    B_e       q_e    B_h       q_h
///   nedeljkovic2011   1.30 µm    2.98e-22  1.016  1.25e-18  0.835  3.48e-22  1.229  1.02e-19  1.089
///                     1.55 µm    5.40e-22  1.011  1.53e-18  0.838  8.88e-21  1.167  5.84e-20  1.109
///   soref1987         1.30 µm    6.2e-22   1      6.0e-18   0.8    6.0e-18   1      4.0e-18   1
///                     1.55 µm    8.8e-22   1      8.5e-18   0.8    8.5e-18   1      6.0e-18   1
/// (\cite Nedeljkovic2011, Table 1; \cite Soref1987). The two differ by their absorption data: the later fit
/// includes measurements at high density.
///
/// Between the wavelengths and beyond them each of the four terms follows a power of the wavelength through
/// its two values at that density, as λ² of a Drude gas would.
///
/// A gate that is no silicon is a Drude gas (\cite Soref1987), with mass m and scattering
/// time τ:
///   n Δn = -e² λ² N / (8 π² c² ε₀ m),      n Δα = e² λ² N / (4 π² c³ ε₀ m τ)
///
/// Validity: fits made for 1e17 to 1e20 1/cm³, 300 K, wavelengths near the two; ring_junction.hpp warns
/// beyond them. Verified in tests/devices/physics/carrier_plasma_test.cpp.
#pragma once

#include <string>

namespace photonlink {

/// Magnitudes of a change: the index falls, the absorption rises with density.
struct PlasmaEffect {
  double index = 0.0;             ///< -Δn
  double absorption_per_m = 0.0;  ///< Δα of the power

  PlasmaEffect operator+(const PlasmaEffect& o) const {
    return {index + o.index, absorption_per_m + o.absorption_per_m};
  }
  PlasmaEffect operator*(double factor) const { return {index * factor, absorption_per_m * factor}; }
};

class PlasmaFit {
 public:
  /// @param source "nedeljkovic2011" or "soref1987"; @param wavelength_m > 0.
  /// @throws DomainError on another source.
  PlasmaFit(const std::string& source, double wavelength_m);
  /// @param density_per_m3 >= 0.
  PlasmaEffect electrons(double density_per_m3) const;
  PlasmaEffect holes(double density_per_m3) const;
  /// Derivatives with the density [m³], at densities > 0.
  PlasmaEffect electrons_slope(double density_per_m3) const;
  PlasmaEffect holes_slope(double density_per_m3) const;

  struct Term {
    double factor, exponent;  // of a density in 1/cm³
  };
  struct Terms {
    Term electron_index, hole_index, electron_absorption, hole_absorption;
  };
  struct Source {
    Terms at_1300nm, at_1550nm;
  };

 private:
  double value(Term short_wave, Term long_wave, double density_per_m3) const;
  double slope(Term short_wave, Term long_wave, double density_per_m3) const;

  const Source* source_;
  double share_;  // of the longer wavelength, in the logarithm
};

/// n Δn and n Δα of a Drude gas per unit density: multiply by the density and divide by the index of the
/// medium. @param mass relative to that of the free electron.
PlasmaEffect drude_effect_m3(double wavelength_m, double mass, double scattering_time_s);

}  // namespace photonlink
