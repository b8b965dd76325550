#include "devices/connector.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "devices/physics/per_frequency.hpp"

namespace photonlink {
namespace {

using P = ConnectorParameters;

}  // namespace

template <>
const ParameterTable<P>& parameter_table() {
  using enum Quantity;
  static const ParameterTable<P> table{
      {"impedance", "Z of the mated contacts, differential", resistance, &P::impedance_ohm, 10.0, 1e3},
      {"delay", "T from footprint to footprint", time, &P::delay_s, 0.0, 1e-9},
      {"loss", "a, of the contacts alone at loss_frequency", loss, &P::loss_dB, 0.0, 10.0, 0.0},
      {"loss_frequency", "f_a; the loss grows with the root of the frequency", frequency,
       &P::loss_frequency_Hz, 1e8, 1e12},
      {"entry_capacitance", "C_entry of the footprint, differential", capacitance, &P::entry_capacitance_F,
       0.0, 1e-11, 0.0},
      {"exit_capacitance", "C_exit of the footprint, differential", capacitance, &P::exit_capacitance_F, 0.0,
       1e-11, 0.0},
  };
  return table;
}

Connector::Connector(std::string name, const P& parameters) : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
  if (p_.loss_dB > 0.0 && p_.delay_s == 0.0)
    throw ConfigError(
        fmt::format("{}: loss = {} dB on a delay of 0; give the delay of the contacts, a few "
                    "\"10 ps\"",
                    this->name(), p_.loss_dB));
  line_.impedance_ohm = p_.impedance_ohm;
  length_m_ = p_.delay_s * constants::speed_of_light_m_per_s;
  if (p_.loss_dB == 0.0) return;
  // Low-loss line: α = R_s / (2 Z), in nepers.
  line_.metal.skin_frequency_Hz = p_.loss_frequency_Hz;
  line_.metal.skin_resistance_ohm_per_m =
      2.0 * p_.impedance_ohm * std::log(field_ratio(Gain_dB{p_.loss_dB})) / length_m_;
}

std::optional<std::vector<Abcd>> Connector::two_port(std::span<const double> frequency_Hz, int) const {
  return per_frequency(frequency_Hz, [&](double f) {
    const Complex jw(0.0, 2.0 * constants::pi * f);
    return shunt_admittance(jw * p_.entry_capacitance_F) * line_two_port(line_, length_m_, f) *
           shunt_admittance(jw * p_.exit_capacitance_F);
  });
}

void Connector::validity(const Bundle&, std::vector<Warning>& warnings) const {
  if (p_.loss_dB == 0.0) return;
  constexpr double most = 0.05;
  const Complex s21 = to_s(line_two_port(line_, length_m_, p_.loss_frequency_Hz), p_.impedance_ohm).s21;
  const double loss_dB = -20.0 * std::log10(std::abs(s21));
  if (std::abs(loss_dB - p_.loss_dB) <= most * p_.loss_dB) return;
  warnings.push_back(
      {name(), fmt::format("the loss at {} comes out as {:.3g} dB, not {:.3g} dB: a delay of {} is "
                           "too short for so much; it holds for lines of low loss",
                           format_quantity(p_.loss_frequency_Hz, Quantity::frequency), loss_dB, p_.loss_dB,
                           format_quantity(p_.delay_s, Quantity::time))});
}

void Connector::ledger(const Bundle&, Ledger& ledger) const {
  ledger.latency.push_back({name(), p_.delay_s});
}

}  // namespace photonlink
