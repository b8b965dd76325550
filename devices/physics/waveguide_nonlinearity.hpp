/// How much light a silicon bus bears: two-photon absorption and four-wave mixing of many equal carriers.
///
/// A carrier among N of power P each loses
///   dP/dz = -α P - (β/A) (2N - 1) P²,
/// degenerate two-photon absorption with itself and twice that with each of the others (cross absorption), so
///   P(L) = P(0) e^{-αL} / (1 + (β/A) (2N - 1) P(0) L_eff),   L_eff = (1 - e^{-αL})/α.
/// Four-wave mixing on an even grid puts onto the carrier at place f the products f = i + j - k, k ≠ i, j:
///   P_ijk = η (d γ L_eff / 3)² P³ e^{-αL},   γ = 2π n₂/(λ A),   d = 3 for i = j, 6 otherwise
/// (\cite Agrawal2013); as a ratio to the carrier, and summed over the products of its place as powers,
///   (γ P L_eff)² Σ η (d/3)².
/// η = 1 stands for phase matching, which a bus of millimetres is close to: D of 1000 ps/(nm km) turns the
/// product of a 200 GHz grid by 1.4 mrad per millimetre.
///
/// Silicon: β = 0.9 cm/GW and n₂ = 6e-18 m²/W, the upper ends of what is published around 1.3 and 1.55 µm
/// (\cite Dinu2003, \cite Leuthold2010 and works quoted there), and A = 0.1 µm² of a strip: estimates on the
/// safe side. Carriers that absorption frees, and the field inside rings, are left out. Equal carriers,
/// continuous: modulated light has half the mean power.
///
/// Verified in tests/devices/physics/waveguide_nonlinearity_test.cpp: integration along the guide, counted
/// products.
#pragma once

#include <string>
#include <vector>

#include "signal/stage.hpp"

namespace photonlink {

struct NonlinearGuide {
  double length_m = 0.0;
  double loss_dB_per_m = 0.0;
  double two_photon_m_per_W = 9e-12;
  double kerr_m2_per_W = 6e-18;
  double mode_area_m2 = 1e-13;
};

double effective_length_m(const NonlinearGuide& guide);
/// Loss by two-photon absorption alone, 10 log₁₀(1 + …) [dB]. @param power_W of each of `carriers`
double two_photon_loss_dB(const NonlinearGuide& guide, double power_W, int carriers);
/// Σ (d/3)² over the products that fall onto carrier `place` of an even grid.
double mixing_products(int carriers, int place);
/// Mixing products over the carrier in the middle of an even grid, where they are most: ratio of powers.
double mixing_ratio(const NonlinearGuide& guide, double wavelength_m, double power_W, int carriers);

/// Warns with figures where absorption takes more than 0.1 dB or mixing exceeds -30 dB of a carrier.
/// @param at bundle in front of the guide, powers of port 0
void check_nonlinearity(const std::string& owner, const NonlinearGuide& guide, const Bundle& at,
                        std::vector<Warning>& warnings);

}  // namespace photonlink
