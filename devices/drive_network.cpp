#include "devices/drive_network.hpp"

#include "core/constants.hpp"
#include "devices/physics/charging.hpp"

namespace photonlink {

template <>
const ParameterTable<DriveNetworkParameters>& parameter_table() {
  using P = DriveNetworkParameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"pad_capacitance", "C_pad, from pad to pad at the source side", capacitance, &P::pad_capacitance_F,
       0.0, 1e-11, 0.0},
      {"oxide_capacitance", "C_ox, from the pads through the oxide to the substrate", capacitance,
       &P::oxide_capacitance_F, 0.0, 1e-11, 0.0},
      {"substrate_resistance", "R_sub, of the substrate behind C_ox", resistance,
       &P::substrate_resistance_ohm, 0.0, 1e6},
      {"substrate_capacitance", "C_sub, parallel to R_sub", capacitance, &P::substrate_capacitance_F, 0.0,
       1e-11},
      {"series_inductance", "L of the interconnect from the pads to the device", inductance,
       &P::series_inductance_H, 0.0, 1e-8, 0.0},
      {"series_resistance", "R_int of the interconnect from the pads to the device", resistance,
       &P::series_resistance_ohm, 0.0, 1e4, 0.0},
      {"contact_capacitance", "C_cc, from contact to contact at the device", capacitance,
       &P::contact_capacitance_F, 0.0, 1e-11, 0.0},
      {"silicon_resistance", "R_si, of the silicon beside the junction, in series with C_si", resistance,
       &P::silicon_resistance_ohm, 0.0, 1e6},
      {"silicon_capacitance", "C_si, from the contacts to the silicon beside the junction", capacitance,
       &P::silicon_capacitance_F, 0.0, 1e-11, 0.0},
  };
  return table;
}

DriveNetwork::DriveNetwork(std::string name, const DriveNetworkParameters& parameters)
    : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
}

std::optional<std::vector<Abcd>> DriveNetwork::two_port(std::span<const double> frequency_Hz, int) const {
  std::vector<Abcd> chain;
  chain.reserve(frequency_Hz.size());
  for (const double f : frequency_Hz) {
    const Complex jw(0.0, 2.0 * constants::pi * f);
    const double r = p_.substrate_resistance_ohm, c_sub = p_.substrate_capacitance_F,
                 c_ox = p_.oxide_capacitance_F, c_si = p_.silicon_capacitance_F;
    const Complex oxide = jw * c_ox * (1.0 + jw * r * c_sub) / (1.0 + jw * r * (c_sub + c_ox));
    const Complex silicon = jw * c_si / (1.0 + jw * p_.silicon_resistance_ohm * c_si);
    chain.push_back(shunt_admittance(jw * p_.pad_capacitance_F + oxide) *
                    series_impedance(p_.series_resistance_ohm + jw * p_.series_inductance_H) *
                    shunt_admittance(jw * p_.contact_capacitance_F + silicon));
  }
  return chain;
}

void DriveNetwork::ledger(const Bundle& input, Ledger& ledger) const {
  const double shunt_F =
      p_.pad_capacitance_F + p_.oxide_capacitance_F + p_.contact_capacitance_F + p_.silicon_capacitance_F;
  if (shunt_F == 0.0) return;
  double power_W = 0.0;
  for (const auto& symbols : input.symbols)
    power_W += charging_power_W(shunt_F, symbols, input.full_scale_Vpp, input.grid.symbol_rate_Bd);
  ledger.energy.push_back({name(), "network charging", Owner::module, power_W,
                           fmt::format("1/2 C <dV^2> symbol rate; C {}, swing {}",
                                       format_quantity(shunt_F, Quantity::capacitance),
                                       format_quantity(input.full_scale_Vpp, Quantity::voltage))});
}

void DriveNetwork::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  const double symbol_s = 1.0 / input.grid.symbol_rate_Bd;
  const auto warn_if_slow = [&](double resistance_ohm, double capacitance_F, const char* branch) {
    const double constant_s = resistance_ohm * capacitance_F;
    if (constant_s <= symbol_s) return;
    warnings.push_back(
        {name(), fmt::format("the {} branch has a time constant of {}, longer than a symbol of {}; its "
                             "charging power is an upper bound",
                             branch, format_quantity(constant_s, Quantity::time),
                             format_quantity(symbol_s, Quantity::time))});
  };
  warn_if_slow(p_.substrate_resistance_ohm, p_.oxide_capacitance_F, "substrate");
  warn_if_slow(p_.silicon_resistance_ohm, p_.silicon_capacitance_F, "silicon");
}

}  // namespace photonlink
