#include "devices/bump.hpp"

#include "core/constants.hpp"
#include "devices/physics/per_frequency.hpp"

namespace photonlink {
namespace {

using P = BumpParameters;

}  // namespace

template <>
const ParameterTable<P>& parameter_table() {
  using enum Quantity;
  static const ParameterTable<P> table{
      {"resistance", "R of one bump", resistance, &P::resistance_ohm, 0.0, 100.0, 0.0},
      {"inductance", "L of one bump", inductance, &P::inductance_H, 0.0, 1e-8, 0.0},
      {"capacitance", "C of one bump with its pads, to ground", capacitance, &P::capacitance_F, 0.0, 1e-11,
       0.0},
      {"conductors", "2: one bump in each conductor of a pair; 1: a single one, as of a photodiode",
       dimensionless, &P::conductors, 1, 2},
  };
  return table;
}

Bump::Bump(std::string name, const P& parameters) : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
}

std::optional<std::vector<Abcd>> Bump::two_port(std::span<const double> frequency_Hz, int) const {
  const double conductors = p_.conductors;
  return per_frequency(frequency_Hz, [&](double f) {
    const Complex jw(0.0, 2.0 * constants::pi * f);
    const Abcd half = shunt_admittance(jw * (0.5 / conductors) * p_.capacitance_F);
    return half * series_impedance(conductors * (p_.resistance_ohm + jw * p_.inductance_H)) * half;
  });
}

}  // namespace photonlink
