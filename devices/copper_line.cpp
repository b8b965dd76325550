#include "devices/copper_line.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/per_frequency.hpp"

namespace photonlink {
namespace {

using P = CopperLineParameters;

RoughnessModel roughness_model(const std::string& word) {
  if (word == "hammerstad") return RoughnessModel::hammerstad;
  return word == "huray" ? RoughnessModel::huray : RoughnessModel::smooth;
}

LineParameters line_of(const P& p) {
  return {.impedance_ohm = p.impedance_ohm,
          .metal = {.dc_resistance_ohm_per_m = p.dc_resistance_ohm_per_m,
                    .skin_resistance_ohm_per_m = p.skin_resistance_ohm_per_m,
                    .skin_frequency_Hz = p.skin_frequency_Hz,
                    .roughness = {.model = roughness_model(p.roughness),
                                  .rms_height_m = p.roughness_height_m,
                                  .sphere_radius_m = p.roughness_radius_m,
                                  .area_ratio = p.roughness_area_ratio}},
          .dielectric = {.permittivity = p.permittivity,
                         .loss_tangent = p.loss_tangent,
                         .reference_Hz = p.dielectric_frequency_Hz,
                         .low_Hz = p.dielectric_low_Hz,
                         .high_Hz = p.dielectric_high_Hz}};
}

constexpr double weak_coupling = 0.2;

Abcd coupled_path(Complex wave, double impedance_ohm) {
  const Complex through = std::abs(wave) < least_s21 ? Complex(least_s21) : wave;
  return to_abcd({.s11 = 0.0, .s12 = through, .s21 = through, .s22 = 0.0}, impedance_ohm);
}

}  // namespace

template <>
const ParameterTable<P>& parameter_table() {
  using enum Quantity;
  static const ParameterTable<P> table{
      {"length", "l", length, &P::length_m, 0.0, 100.0},
      {"impedance", "Z₀, differential, of the line without its losses", resistance, &P::impedance_ohm, 10.0,
       1e3},
      {"dc_resistance", "R_dc of both conductors in series", resistance_per_length,
       &P::dc_resistance_ohm_per_m, 0.0, 1e6, 0.0},
      {"skin_resistance",
       "R_s of both conductors in series and of the shield, smooth metal under skin effect at skin_frequency",
       resistance_per_length, &P::skin_resistance_ohm_per_m, 0.0, 1e7, 0.0},
      {"skin_frequency", "f_s", frequency, &P::skin_frequency_Hz, 1e3, 1e12},
      {"roughness",
       "model of the surface",
       dimensionless,
       &P::roughness,
       -INFINITY,
       INFINITY,
       std::nullopt,
       {"smooth", "hammerstad", "huray"}},
      {"roughness_height", "Δ, rms height of the bumps (hammerstad)", length, &P::roughness_height_m, 0.0,
       1e-4, 0.0},
      {"roughness_radius", "a, radius of the spheres (huray)", length, &P::roughness_radius_m, 0.0, 1e-4,
       0.0},
      {"roughness_area_ratio", "A, area of the spheres per flat area (huray)", dimensionless,
       &P::roughness_area_ratio, 0.0, 100.0, 0.0},
      {"permittivity", "ε_r, effective, at dielectric_frequency", dimensionless, &P::permittivity, 1.0,
       100.0},
      {"loss_tangent", "tan δ, effective, at dielectric_frequency", dimensionless, &P::loss_tangent, 0.0, 0.2,
       0.0},
      {"dielectric_frequency", "f_r", frequency, &P::dielectric_frequency_Hz, 1e6, 1e12},
      {"dielectric_low", "f₁, lower corner of the nearly constant loss tangent", frequency,
       &P::dielectric_low_Hz, 1.0, 1e9},
      {"dielectric_high", "f₂, upper corner of the nearly constant loss tangent", frequency,
       &P::dielectric_high_Hz, 1e9, 1e15},
      {"far_aggressors", "neighbouring pairs that send in the same direction", dimensionless,
       &P::far_aggressors, 0, 16, 0.0},
      {"far_coupling", "K_f of each of them", dimensionless, &P::far_coupling, -0.1, 0.1, 0.0},
      {"near_aggressors", "neighbouring pairs that send in the other direction", dimensionless,
       &P::near_aggressors, 0, 16, 0.0},
      {"near_coupling", "K_n of each of them", dimensionless, &P::near_coupling, -0.1, 0.1, 0.0},
      {"near_amplitude", "amplitude of the near-end transmitters relative to the victim's transmitter",
       dimensionless, &P::near_amplitude, 0.0, 10.0, 0.0},
  };
  return table;
}

CopperLine::CopperLine(std::string name, P parameters)
    : Stage(std::move(name)), p_(std::move(parameters)), line_(line_of(p_)) {
  check(p_, this->name());
  check_dielectric(this->name(), line_.dielectric);
}

Complex CopperLine::far_wave(double frequency_Hz) const {
  const double delay_s = p_.length_m * std::sqrt(p_.permittivity) / constants::speed_of_light_m_per_s;
  return p_.far_coupling * Complex(0.0, 2.0 * constants::pi * frequency_Hz * delay_s) *
         std::exp(-line_propagation_per_m(line_, frequency_Hz) * p_.length_m);
}

Complex CopperLine::near_wave(double frequency_Hz) const {
  return p_.near_coupling *
         (1.0 - std::exp(-2.0 * line_propagation_per_m(line_, frequency_Hz) * p_.length_m));
}

std::optional<std::vector<Abcd>> CopperLine::two_port(std::span<const double> frequency_Hz,
                                                      int aggressor) const {
  const int own = p_.far_aggressors + p_.near_aggressors;
  if (aggressor < 0 || own == 0)
    return per_frequency(frequency_Hz, [&](double f) { return line_two_port(line_, p_.length_m, f); });
  require(aggressor < own, fmt::format("{}: aggressor {} is outside [-1, {}]", name(), aggressor, own - 1));
  const bool far = aggressor < p_.far_aggressors;
  return per_frequency(frequency_Hz, [&](double f) {
    return coupled_path(far ? far_wave(f) : near_wave(f), p_.impedance_ohm);
  });
}

std::vector<Aggressor> CopperLine::aggressors() const {
  std::vector<Aggressor> all(static_cast<std::size_t>(p_.far_aggressors),
                             {.amplitude = 1.0, .equalized = true});
  all.resize(static_cast<std::size_t>(p_.far_aggressors) + static_cast<std::size_t>(p_.near_aggressors),
             {.amplitude = p_.near_amplitude, .equalized = false});
  return all;
}

void CopperLine::ledger(const Bundle& input, Ledger& ledger) const {
  ledger.latency.push_back({name(), line_group_delay_s(line_, p_.length_m, 0.5 * input.grid.symbol_rate_Bd)});
}

void CopperLine::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  const double rate_Bd = input.grid.symbol_rate_Bd;
  if (p_.loss_tangent > 0.0 && rate_Bd > p_.dielectric_high_Hz) {
    warnings.push_back(
        {name(), fmt::format("the symbol rate of {} lies above dielectric_high = {}, where the "
                             "loss tangent of the model falls",
                             format_quantity(rate_Bd, Quantity::symbol_rate),
                             format_quantity(p_.dielectric_high_Hz, Quantity::frequency))});
  }
  const auto warn_if_strong = [&](int pairs, double wave, const char* end) {
    if (pairs == 0 || wave <= weak_coupling) return;
    warnings.push_back({name(), fmt::format("{}-end crosstalk of {:.2g} of the aggressor's wave at half the "
                                            "symbol rate; the model holds for weak coupling, below {}",
                                            end, wave, weak_coupling)});
  };
  warn_if_strong(p_.far_aggressors, std::abs(far_wave(0.5 * rate_Bd)), "far");
  warn_if_strong(p_.near_aggressors, std::abs(near_wave(0.5 * rate_Bd)), "near");
}

}  // namespace photonlink
