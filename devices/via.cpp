#include "devices/via.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/per_frequency.hpp"

namespace photonlink {
namespace {

using P = ViaParameters;

}  // namespace

template <>
const ParameterTable<P>& parameter_table() {
  using enum Quantity;
  static const ParameterTable<P> table{
      {"barrel_length", "l, from the entry to the exit layer", length, &P::barrel_length_m, 0.0, 0.02},
      {"stub_length", "s, of the barrel that is left below the exit layer", length, &P::stub_length_m, 0.0,
       0.02, 0.0},
      {"impedance", "Z_v of the pair of barrels, differential", resistance, &P::impedance_ohm, 10.0, 1e3},
      {"permittivity", "ε_r that barrel and stub see, effective, at 10 GHz", dimensionless, &P::permittivity,
       1.0, 100.0},
      {"loss_tangent", "tan δ of barrel and stub, at 10 GHz", dimensionless, &P::loss_tangent, 0.0, 0.05,
       0.0},
      {"top_capacitance", "C_top of the pads at the entry, differential", capacitance, &P::top_capacitance_F,
       0.0, 1e-11, 0.0},
      {"exit_capacitance", "C_exit of the pads at the exit layer, differential", capacitance,
       &P::exit_capacitance_F, 0.0, 1e-11, 0.0},
  };
  return table;
}

Via::Via(std::string name, const P& parameters) : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
  line_ = {.impedance_ohm = p_.impedance_ohm,
           .metal = {},
           .dielectric = {.permittivity = p_.permittivity, .loss_tangent = p_.loss_tangent}};
  check_dielectric(this->name(), line_.dielectric);
}

std::optional<std::vector<Abcd>> Via::two_port(std::span<const double> frequency_Hz, int) const {
  return per_frequency(frequency_Hz, [&](double f) {
    const Complex jw(0.0, 2.0 * constants::pi * f);
    const Complex exit = jw * p_.exit_capacitance_F + open_line_admittance_S(line_, p_.stub_length_m, f);
    return shunt_admittance(jw * p_.top_capacitance_F) * line_two_port(line_, p_.barrel_length_m, f) *
           shunt_admittance(exit);
  });
}

void Via::ledger(const Bundle& input, Ledger& ledger) const {
  const double f = 0.5 * input.grid.symbol_rate_Bd;
  ledger.latency.push_back({name(), line_group_delay_s(line_, p_.barrel_length_m, f)});
}

void Via::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  if (p_.stub_length_m == 0.0) return;
  const double notch_Hz =
      constants::speed_of_light_m_per_s / (4.0 * p_.stub_length_m * std::sqrt(p_.permittivity));
  if (notch_Hz >= 0.75 * input.grid.symbol_rate_Bd) return;
  warnings.push_back(
      {name(), fmt::format("the stub shorts the pair at {}, below 0.75 times the symbol rate of "
                           "{}; drill it back",
                           format_quantity(notch_Hz, Quantity::frequency),
                           format_quantity(input.grid.symbol_rate_Bd, Quantity::symbol_rate))});
}

}  // namespace photonlink
