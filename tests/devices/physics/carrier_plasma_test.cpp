#include "devices/physics/carrier_plasma.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

TEST_CASE("carrier plasma: the published fits at their own wavelengths") {
  // Nedeljkovic 2011, Table 1, and Soref and Bennett 1987, written out with densities in 1/cm³.
  const double n = 3e18;
  const PlasmaFit short_wave("nedeljkovic2011", 1.30e-6), long_wave("nedeljkovic2011", 1.55e-6);
  // A few operations on logarithms of some 50: 1e-14 of the value.
  const double tol = 1e-13;
  CHECK(rel_error(short_wave.electrons(n * 1e6).index, 2.98e-22 * std::pow(n, 1.016)) <= tol);
  CHECK(rel_error(short_wave.holes(n * 1e6).index, 1.25e-18 * std::pow(n, 0.835)) <= tol);
  CHECK(rel_error(short_wave.electrons(n * 1e6).absorption_per_m, 3.48e-20 * std::pow(n, 1.229)) <= tol);
  CHECK(rel_error(short_wave.holes(n * 1e6).absorption_per_m, 1.02e-17 * std::pow(n, 1.089)) <= tol);
  CHECK(rel_error(long_wave.electrons(n * 1e6).index, 5.40e-22 * std::pow(n, 1.011)) <= tol);
  CHECK(rel_error(long_wave.holes(n * 1e6).index, 1.53e-18 * std::pow(n, 0.838)) <= tol);
  CHECK(rel_error(long_wave.electrons(n * 1e6).absorption_per_m, 8.88e-19 * std::pow(n, 1.167)) <= tol);
  CHECK(rel_error(long_wave.holes(n * 1e6).absorption_per_m, 5.84e-18 * std::pow(n, 1.109)) <= tol);
  const PlasmaFit old_short("soref1987", 1.30e-6), old_long("soref1987", 1.55e-6);
  CHECK(rel_error(old_short.electrons(1e23).index, 6.2e-5) <= tol);
  CHECK(rel_error(old_short.holes(1e23).index, 6.0e-18 * std::pow(1e17, 0.8)) <= tol);
  CHECK(rel_error(old_short.electrons(1e23).absorption_per_m, 60.0) <= tol);
  CHECK(rel_error(old_short.holes(1e23).absorption_per_m, 40.0) <= tol);
  CHECK(rel_error(old_long.electrons(1e23).index, 8.8e-5) <= tol);
  CHECK(rel_error(old_long.holes(1e23).index, 8.5e-18 * std::pow(1e17, 0.8)) <= tol);
  CHECK(rel_error(old_long.electrons(1e23).absorption_per_m, 85.0) <= tol);
  CHECK(rel_error(old_long.holes(1e23).absorption_per_m, 60.0) <= tol);
}

TEST_CASE("carrier plasma: half way in the logarithm of the wavelength lies the geometric mean") {
  const PlasmaFit fit("nedeljkovic2011", std::sqrt(1.30e-6 * 1.55e-6));
  const double n = 8e17, low = 2.98e-22 * std::pow(n, 1.016), high = 5.40e-22 * std::pow(n, 1.011);
  // As above.
  CHECK(rel_error(fit.electrons(n * 1e6).index, std::sqrt(low * high)) <= 1e-13);
  // The derivative against a central difference of 1e-4: its error is 1e-9 of the value.
  const double step = 8e19;
  CHECK(rel_error(fit.holes_slope(8e23).index,
                  (fit.holes(8e23 + step).index - fit.holes(8e23 - step).index) / (2.0 * step)) <= 1e-8);
  CHECK(rel_error(fit.electrons_slope(8e23).absorption_per_m, (fit.electrons(8e23 + step).absorption_per_m -
                                                               fit.electrons(8e23 - step).absorption_per_m) /
                                                                  (2.0 * step)) <= 1e-8);
  CHECK(fit.holes(0.0).index == 0.0);
  CHECK_THROWS_WITH_AS(PlasmaFit("soref", 1.3e-6), doctest::Contains("use nedeljkovic2011"), DomainError);
}

TEST_CASE("carrier plasma: a Drude gas follows the square of the wavelength and its own plasma frequency") {
  // n Δn = -λ² ω_p²/(8π² c²) = -(ω_p/ω)²/2 with ω_p² = N e²/(ε₀ m): electrons of mass 1 at 1e27 1/m³ have a
  // plasma frequency of 8.978663 sqrt(N) Hz (CODATA 2018: e/(2π sqrt(ε₀ m_e))), light of 1.3 µm 230.609583
  // THz.
  const double ratio = 8.978663 * std::sqrt(1e27) / 230.609583e12;
  // Seven digits of those two numbers.
  CHECK(rel_error(1e27 * drude_effect_m3(1.3e-6, 1.0, 1e-14).index, 0.5 * ratio * ratio) <= 1e-6);
  // n Δα = 2 (n Δn)/(c τ): absorption is the index change over half the distance light goes in τ.
  CHECK(rel_error(drude_effect_m3(1.3e-6, 0.35, 2e-14).absorption_per_m,
                  2.0 * drude_effect_m3(1.3e-6, 0.35, 2e-14).index / (299792458.0 * 2e-14)) <= 1e-13);
}
