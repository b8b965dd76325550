#include "devices/physics/waveguide_nonlinearity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/quantity.hpp"
#include "devices/physics/optics.hpp"

namespace photonlink {
namespace {

// Where a figure begins to matter beside a budget in tenths of a dB, and beside crosstalk of demultiplexers.
constexpr double noticed_loss_dB = 0.1, noticed_mixing = 1e-3;

double attenuation_per_m(const NonlinearGuide& guide) {
  return guide.loss_dB_per_m * std::numbers::ln10 / 10.0;
}

}  // namespace

double effective_length_m(const NonlinearGuide& guide) {
  const double x = attenuation_per_m(guide) * guide.length_m;
  return x < 1e-9 ? guide.length_m : -std::expm1(-x) / x * guide.length_m;
}

double two_photon_loss_dB(const NonlinearGuide& guide, double power_W, int carriers) {
  return 10.0 / std::numbers::ln10 *
         std::log1p(guide.two_photon_m_per_W / guide.mode_area_m2 * (2 * carriers - 1) * power_W *
                    effective_length_m(guide));
}

double mixing_products(int carriers, int place) {
  double sum = 0.0;
  for (int i = 0; i < carriers; ++i)
    for (int j = i; j < carriers; ++j) {
      const int k = i + j - place;
      if (k < 0 || k >= carriers || k == i || k == j) continue;
      sum += i == j ? 1.0 : 4.0;  // (d/3)²
    }
  return sum;
}

double mixing_ratio(const NonlinearGuide& guide, double wavelength_m, double power_W, int carriers) {
  const double gamma_per_W_m =
      2.0 * std::numbers::pi * guide.kerr_m2_per_W / (wavelength_m * guide.mode_area_m2);
  const double phase = gamma_per_W_m * power_W * effective_length_m(guide);
  return phase * phase * mixing_products(carriers, carriers / 2);
}

void check_nonlinearity(const std::string& owner, const NonlinearGuide& guide, const Bundle& at,
                        std::vector<Warning>& warnings) {
  if (at.port.empty() || at.port[0].field.empty() || guide.length_m <= 0.0) return;
  const auto carriers = static_cast<int>(at.carrier_Hz.size());
  double total_W = 0.0;
  for (const ComplexWave& field : at.port[0].field) {
    double sum = 0.0;
    for (const Complex& a : field) sum += std::norm(a);
    if (!field.empty()) total_W += sum / static_cast<double>(field.size());
  }
  const double each_W = total_W / carriers;
  const std::string what =
      fmt::format("{} in {} carriers over {} of silicon", format_quantity(total_W, Quantity::power), carriers,
                  format_quantity(guide.length_m, Quantity::length));
  const double loss_dB = two_photon_loss_dB(guide, each_W, carriers);
  if (loss_dB > noticed_loss_dB)
    warnings.push_back(
        {owner, fmt::format("{} lose up to {:.2f} dB by two-photon absorption, and more by the carriers it "
                            "frees; not in the budget",
                            what, loss_dB)});
  const double mixing = mixing_ratio(guide, wavelength_m(at.carrier_Hz.front()), each_W, carriers);
  if (mixing > noticed_mixing)
    warnings.push_back(
        {owner, fmt::format("{} mix: products of four waves up to {:.1f} dB below a carrier fall onto the "
                            "middle of an even grid; not modelled",
                            what, -10.0 * std::log10(mixing))});
}

}  // namespace photonlink
