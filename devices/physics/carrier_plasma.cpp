#include "devices/physics/carrier_plasma.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"

namespace photonlink {
namespace {

constexpr double short_wave_m = 1.30e-6, long_wave_m = 1.55e-6;
constexpr double per_cm3 = 1e-6;  // a density of 1/m³ in 1/cm³
constexpr double from_per_cm = 100.0;

// \cite Nedeljkovic2011, Table 1, columns p, q, r, s, a, b, c, d.
constexpr PlasmaFit::Source nedeljkovic2011{
    {{2.98e-22, 1.016}, {1.25e-18, 0.835}, {3.48e-22, 1.229}, {1.02e-19, 1.089}},
    {{5.40e-22, 1.011}, {1.53e-18, 0.838}, {8.88e-21, 1.167}, {5.84e-20, 1.109}}};
// \cite Soref1987.
constexpr PlasmaFit::Source soref1987{{{6.2e-22, 1.0}, {6.0e-18, 0.8}, {6.0e-18, 1.0}, {4.0e-18, 1.0}},
                                      {{8.8e-22, 1.0}, {8.5e-18, 0.8}, {8.5e-18, 1.0}, {6.0e-18, 1.0}}};

const PlasmaFit::Source* find(const std::string& source) {
  if (source == "nedeljkovic2011") return &nedeljkovic2011;
  if (source == "soref1987") return &soref1987;
  throw DomainError(fmt::format("carrier fit \"{}\" is unknown; use nedeljkovic2011 or soref1987", source));
}

}  // namespace

PlasmaFit::PlasmaFit(const std::string& source, double wavelength_m)
    : source_(find(source)),
      share_(std::log(wavelength_m / short_wave_m) / std::log(long_wave_m / short_wave_m)) {}

double PlasmaFit::value(Term short_wave, Term long_wave, double density_per_m3) const {
  if (density_per_m3 <= 0.0) return 0.0;
  const double density = std::log(density_per_m3 * per_cm3);
  const double log_short = std::log(short_wave.factor) + short_wave.exponent * density,
               log_long = std::log(long_wave.factor) + long_wave.exponent * density;
  return std::exp(log_short + share_ * (log_long - log_short));
}

PlasmaEffect PlasmaFit::electrons(double density_per_m3) const {
  const auto& [a, b] = *source_;
  return {value(a.electron_index, b.electron_index, density_per_m3),
          from_per_cm * value(a.electron_absorption, b.electron_absorption, density_per_m3)};
}

PlasmaEffect PlasmaFit::holes(double density_per_m3) const {
  const auto& [a, b] = *source_;
  return {value(a.hole_index, b.hole_index, density_per_m3),
          from_per_cm * value(a.hole_absorption, b.hole_absorption, density_per_m3)};
}

double PlasmaFit::slope(Term short_wave, Term long_wave, double density_per_m3) const {
  const double exponent = short_wave.exponent + share_ * (long_wave.exponent - short_wave.exponent);
  return exponent / density_per_m3 * value(short_wave, long_wave, density_per_m3);
}

PlasmaEffect PlasmaFit::electrons_slope(double density_per_m3) const {
  const auto& [a, b] = *source_;
  return {slope(a.electron_index, b.electron_index, density_per_m3),
          from_per_cm * slope(a.electron_absorption, b.electron_absorption, density_per_m3)};
}

PlasmaEffect PlasmaFit::holes_slope(double density_per_m3) const {
  const auto& [a, b] = *source_;
  return {slope(a.hole_index, b.hole_index, density_per_m3),
          from_per_cm * slope(a.hole_absorption, b.hole_absorption, density_per_m3)};
}

PlasmaEffect drude_effect_m3(double wavelength_m, double mass, double scattering_time_s) {
  namespace k = constants;
  const double vacuum_permittivity =
      1.0 / (k::vacuum_permeability_H_per_m * k::speed_of_light_m_per_s * k::speed_of_light_m_per_s);
  constexpr double electron_mass_kg = 9.1093837015e-31;  // CODATA 2018, \cite Tiesinga2021
  const double ratio = k::elementary_charge_C * wavelength_m / (k::pi * k::speed_of_light_m_per_s);
  const double common = ratio * ratio / (vacuum_permittivity * mass * electron_mass_kg);
  return {common / 8.0, common / (4.0 * k::speed_of_light_m_per_s * scattering_time_s)};
}

}  // namespace photonlink
