#include "devices/package_802_3.hpp"

#include "core/constants.hpp"
#include "devices/physics/per_frequency.hpp"

namespace photonlink {
namespace {

using P = Package8023Parameters;
constexpr std::size_t via_segment = 2;  // C_v stands behind the third line

void check_lengths(const std::string& owner, const char* first, std::size_t first_size, const char* second,
                   std::size_t second_size) {
  if (first_size == second_size) return;
  throw ConfigError(fmt::format("{}: {} has {} values and {} has {}; give as many of each", owner, first,
                                first_size, second, second_size));
}

}  // namespace

template <>
const ParameterTable<P>& parameter_table() {
  using enum Quantity;
  static const ParameterTable<P> table{
      {"side",
       "end of the channel: a transmitter's package runs from die to ball, a receiver's from ball to die",
       dimensionless,
       &P::side,
       -INFINITY,
       INFINITY,
       std::nullopt,
       {"transmitter", "receiver"}},
      {"die_capacitance", "C_d of each section of the die, from the die outwards, of each conductor",
       capacitance, &P::die_capacitance_F, 0.0, 1e-11},
      {"die_inductance", "L_s of each section of the die, as many as die_capacitance, in each conductor",
       inductance, &P::die_inductance_H, 0.0, 1e-8},
      {"bump_capacitance", "C_b, of each conductor", capacitance, &P::bump_capacitance_F, 0.0, 1e-11, 0.0},
      {"line_length", "z_p of each line, from the die outwards", length, &P::line_length_m, 0.0, 1.0},
      {"line_impedance", "Z_c of each line, differential", resistance, &P::line_impedance_ohm, 10.0, 1e3},
      {"gamma0", "γ₀ of the lines", propagation_constant, &P::gamma0_per_m, 0.0, 1e3, 0.0},
      {"a1", "a₁ of the lines, skin effect", skin_attenuation, &P::a1_sqrt_s_per_m, 0.0, 1e-2, 0.0},
      {"a2", "a₂ of the lines, dielectric loss", delay_per_length, &P::a2_s_per_m, 0.0, 1e-8, 0.0},
      {"tau", "τ of the lines", delay_per_length, &P::tau_s_per_m, 0.0, 1e-7},
      {"via_capacitance", "C_v behind the third line, of each conductor", capacitance, &P::via_capacitance_F,
       0.0, 1e-11, 0.0},
      {"ball_capacitance", "C_p, of each conductor", capacitance, &P::ball_capacitance_F, 0.0, 1e-11, 0.0},
  };
  return table;
}

Package8023::Package8023(std::string name, P parameters) : Stage(std::move(name)), p_(std::move(parameters)) {
  check(p_, this->name());
  check_lengths(this->name(), "die_capacitance", p_.die_capacitance_F.size(), "die_inductance",
                p_.die_inductance_H.size());
  check_lengths(this->name(), "line_length", p_.line_length_m.size(), "line_impedance",
                p_.line_impedance_ohm.size());
  if (p_.via_capacitance_F > 0.0 && p_.line_length_m.size() <= via_segment)
    throw ConfigError(
        fmt::format("{}: via_capacitance stands behind the third line, but line_length has {} "
                    "values; give at least 3 or leave via_capacitance out",
                    this->name(), p_.line_length_m.size()));
}

IeeeLine Package8023::line(std::size_t segment) const {
  return {.gamma0_per_m = p_.gamma0_per_m,
          .a1_sqrt_s_per_m = p_.a1_sqrt_s_per_m,
          .a2_s_per_m = p_.a2_s_per_m,
          .tau_s_per_m = p_.tau_s_per_m,
          .characteristic_ohm = p_.line_impedance_ohm[segment]};
}

Abcd Package8023::die_to_ball(double f) const {
  Abcd chain;
  for (std::size_t k = 0; k < p_.die_capacitance_F.size(); ++k)
    chain = chain * ieee_shunt_capacitance(p_.die_capacitance_F[k], f) *
            ieee_series_inductance(p_.die_inductance_H[k], f);
  chain = chain * ieee_shunt_capacitance(p_.bump_capacitance_F, f);
  for (std::size_t k = 0; k < p_.line_length_m.size(); ++k) {
    chain = chain * ieee_line(line(k), p_.line_length_m[k], f);
    if (k == via_segment) chain = chain * ieee_shunt_capacitance(p_.via_capacitance_F, f);
  }
  return chain * ieee_shunt_capacitance(p_.ball_capacitance_F, f);
}

std::optional<std::vector<Abcd>> Package8023::two_port(std::span<const double> frequency_Hz, int) const {
  const bool mirrored = p_.side == "receiver";
  return per_frequency(frequency_Hz, [&](double f) {
    const Abcd m = die_to_ball(f);
    return mirrored ? reversed(m) : m;
  });
}

void Package8023::ledger(const Bundle& input, Ledger& ledger) const {
  double length_m = 0.0;
  for (const double each : p_.line_length_m) length_m += each;
  // dβ/dω of Eq. (93A-9): the reference at 1 GHz makes ln f + 1 of the dielectric term.
  const double f = 0.5 * input.grid.symbol_rate_Bd;
  const double skin_s_per_m = p_.a1_sqrt_s_per_m / (4.0 * constants::pi * std::sqrt(f));
  const double dielectric_s_per_m =
      -p_.a2_s_per_m * (std::log(f / 1e9) + 1.0) / (constants::pi * constants::pi);
  ledger.latency.push_back({name(), length_m * (p_.tau_s_per_m + skin_s_per_m + dielectric_s_per_m)});
}

}  // namespace photonlink
