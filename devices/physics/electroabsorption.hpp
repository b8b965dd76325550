/// Absorption and phase of a waveguide whose band edge moves with the reverse voltage.
///
///   a(V)  absorption without light, nepers of power:  a = A (V / V_ref)^m, V > 0, or a table between whose
///         points runs a monotone cubic (\cite FritschCarlson1980, slopes by Boost.Math)
///   φ₀(V) = -½ ∫ α(V') a'(V') dV'      from dφ/dt = (α/2) d(ln P)/dt, \cite Koyama1988
/// α is linear between its points and constant outside them, so that with s = dα/dV, Λ = ∫ a dV
///   ∫ α a' dV = [α a - s Λ],
/// closed for both laws. The integral starts at no absorption, with the α of the lowest voltage.
///
/// Light bleaches: dP/dz = -(a/l) P / (1 + P/P_s), the saturable absorber (\cite Siegman1986, Ch. 7),
/// hence
///   ln(P/P_out) + (P - P_out)/P_s = a,   y = P_out/P_s = W(x e^{x-a}),  x = P/P_s,  L = ln(x/y)
/// with W of Lambert. The index bleaches as the absorption does: φ = φ₀ L/a.
///
/// Validity: instantaneous (carriers leave within a symbol), one wavelength. Below a table's first point the
/// absorption stays, above its last it goes on straight.
/// Verified in tests/devices/physics/electroabsorption_test.cpp: quadrature of α a', Odeint along z, central
/// differences.
#pragma once

#include <vector>

namespace photonlink {

class AbsorptionLaw {
 public:
  /// @param absorption_Np A at reference_V > 0. @param exponent m >= 1.
  static AbsorptionLaw power(double absorption_Np, double reference_V, double exponent);
  /// @param voltage_V rising, (n_point >= 4). @param absorption_Np not falling.
  static AbsorptionLaw table(const std::vector<double>& voltage_V, const std::vector<double>& absorption_Np);

  double absorption_Np(double voltage_V) const;
  double slope_Np_per_V(double voltage_V) const;
  double area_Np_V(double voltage_V) const;  ///< Λ, its constant is arbitrary

 private:
  struct Segment {
    double from_V, value, first, second, third, area;  // a = value + first t + second t² + third t³
  };
  const Segment& segment(double voltage_V) const;
  double scale_Np_ = 0.0, reference_V_ = 1.0, exponent_ = 1.0;
  std::vector<Segment> segments_;  // of a table
};

/// a, φ₀ and their slopes at one voltage.
struct DarkAbsorption {
  double absorption_Np, absorption_per_V, phase_rad, phase_per_V;
};

class ChirpedAbsorption {
 public:
  /// @param voltage_V rising, where the chirp parameter α is `chirp`; equal sizes, one or more.
  ChirpedAbsorption(AbsorptionLaw law, std::vector<double> voltage_V, std::vector<double> chirp);
  const AbsorptionLaw& law() const { return law_; }
  DarkAbsorption at(double voltage_V) const;
  double chirp(double voltage_V) const;  ///< α

 private:
  struct Knot {
    double voltage_V, chirp, chirp_per_V, absorption_Np, area_Np_V, phase_rad;
  };
  const Knot& knot(double voltage_V) const;
  AbsorptionLaw law_;
  std::vector<Knot> knots_;  // the first holds below, too
};

/// L, φ and their slopes with light of power x = P/P_s at the input.
struct LitAbsorption {
  double absorption_Np, phase_rad;
  double absorption_per_V, phase_per_V;
  double absorption_per_x, phase_per_x;
};
LitAbsorption bleached(const DarkAbsorption& dark, double relative_power);
/// L alone.
double bleached_absorption_Np(double dark_absorption_Np, double relative_power);

}  // namespace photonlink
