#include "devices/waveguide.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "devices/physics/optics.hpp"

namespace photonlink {
namespace {

constexpr double c0 = constants::speed_of_light_m_per_s;
// One crossing then adds at most 2 · 10^(-35/20) = 3.6 % of ripple to the power, were it of the same carrier.
constexpr double quiet_isolation_dB = 35.0;

}  // namespace

template <>
const ParameterTable<WaveguideParameters>& parameter_table() {
  using P = WaveguideParameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"length", "L, straight parts", length, &P::length_m, 0.0, 100.0},
      {"loss", "alpha of straight guide and bends alike", loss_per_length, &P::loss_dB_per_m, 0.0, 1e5, 0.0},
      {"group_index", "n_g, for the latency; about 4.2 in a silicon strip, 1.9 in silicon nitride",
       dimensionless, &P::group_index, 1.0, 10.0},
      {"group_index_slope",
       "lambda dn_g/dlambda; D = slope / (c lambda), so -0.47 is -1000 ps/(nm km) at 1550 nm", dimensionless,
       &P::group_index_slope, -100.0, 100.0, 0.0},
      {"bends", "N_b", dimensionless, &P::bends, 0, 100000},
      {"bend_radius", "r", length, &P::bend_radius_m, 0.5e-6, 10e-3},
      {"bend_angle", "angle of each bend, in rad", dimensionless, &P::bend_angle_rad, 0.0, 1e4},
      {"bend_loss", "beta_0, excess loss per length of a bend of the reference radius", loss_per_length,
       &P::bend_loss_dB_per_m, 0.0, 1e6, 0.0},
      {"bend_reference_radius", "r_0 at which bend_loss was measured", length, &P::bend_reference_radius_m,
       0.5e-6, 10e-3},
      {"bend_exponent", "p; 10.15 is a fit for silicon strips (Bahadori 2017)", dimensionless,
       &P::bend_exponent, 0.0, 30.0},
      {"loss_per_bend", "beta_t, mode mismatch at both ends of one bend", loss, &P::loss_per_bend_dB, 0.0,
       10.0, 0.0},
      {"crossings", "N_x", dimensionless, &P::crossings, 0, 10000},
      {"crossing_loss", "beta_x of one crossing", loss, &P::crossing_loss_dB, 0.0, 10.0, 0.0},
      {"crossing_isolation", "of one crossing, into the other guide", loss, &P::crossing_isolation_dB, 0.0,
       100.0, 100.0},
  };
  return table;
}

Waveguide::Waveguide(std::string name, const WaveguideParameters& parameters)
    : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
}

double Waveguide::total_length_m() const {
  return p_.length_m + p_.bends * p_.bend_angle_rad * p_.bend_radius_m;
}

double Waveguide::total_loss_dB() const {
  const double excess_dB_per_m =
      p_.bend_loss_dB_per_m * std::pow(p_.bend_radius_m / p_.bend_reference_radius_m, -p_.bend_exponent);
  const double bend_dB = excess_dB_per_m * p_.bend_angle_rad * p_.bend_radius_m + p_.loss_per_bend_dB;
  return p_.loss_dB_per_m * total_length_m() + p_.bends * bend_dB + p_.crossings * p_.crossing_loss_dB;
}

DispersionTerms Waveguide::dispersion(double carrier_Hz) const {
  const double wavelength = wavelength_m(carrier_Hz);
  const double dispersion_s_per_m2 = p_.group_index_slope / (c0 * wavelength);
  return {dispersion_s_per_m2, -wavelength * wavelength * dispersion_s_per_m2 / (2.0 * constants::pi * c0),
          0.0};
}

void Waveguide::multiply_optical(int, double carrier_Hz, std::span<const double> offset_Hz,
                                 std::span<Complex> response) const {
  const double field = field_ratio(Gain_dB{-total_loss_dB()});
  const DispersionTerms terms = dispersion(carrier_Hz);
  const double length_m = total_length_m();
  for (std::size_t k = 0; k < response.size(); ++k)
    response[k] *= field * dispersion_response(terms, length_m, offset_Hz[k]);
}

void Waveguide::ledger(const Bundle&, Ledger& ledger) const {
  ledger.latency.push_back({name(), p_.group_index * total_length_m() / c0});
}

void Waveguide::validity(const Bundle&, std::vector<Warning>& warnings) const {
  if (p_.crossings == 0 || p_.crossing_isolation_dB >= quiet_isolation_dB) return;
  warnings.push_back(
      {name(),
       fmt::format("{} crossings of {:.0f} dB isolation: light from the crossed guides is not part of "
                   "this link; all of them in phase would be {:.2g} % of a field like this one",
                   p_.crossings, p_.crossing_isolation_dB,
                   100.0 * p_.crossings * field_ratio(Gain_dB{-p_.crossing_isolation_dB}))});
}

}  // namespace photonlink
