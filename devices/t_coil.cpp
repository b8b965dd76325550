#include "devices/t_coil.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/per_frequency.hpp"

namespace photonlink {
namespace {

using P = TCoilParameters;

// Branches of the star between input, tap and end, between both conductors: twice those of one.
struct Star {
  Complex input_ohm, tap_ohm, end_ohm;
};

Star star(const P& p, Complex s) {
  const double mutual_H = p.coupling * std::sqrt(p.input_inductance_H * p.end_inductance_H);
  const Complex first = s * (p.input_inductance_H + mutual_H), second = s * (p.end_inductance_H + mutual_H);
  const Complex bridge_S = s * p.bridge_capacitance_F, d = 1.0 + (first + second) * bridge_S;
  return {2.0 * first / d, 2.0 * (first * second * bridge_S / d - s * mutual_H), 2.0 * second / d};
}

}  // namespace

template <>
const ParameterTable<P>& parameter_table() {
  using enum Quantity;
  static const ParameterTable<P> table{
      {"input_inductance", "L1, from the input to the tap", inductance, &P::input_inductance_H, 0.0, 1e-8,
       0.0},
      {"end_inductance", "L2, from the tap to the end", inductance, &P::end_inductance_H, 0.0, 1e-8, 0.0},
      {"coupling", "k of both coils, positive when they aid each other", dimensionless, &P::coupling, -0.99,
       0.99},
      {"bridge_capacitance", "C_B from the input to the end", capacitance, &P::bridge_capacitance_F, 0.0,
       1e-11, 0.0},
      {"tap_capacitance", "C at the tap: pad, ESD protection, amplifier input", capacitance,
       &P::tap_capacitance_F, 0.0, 1e-11, 0.0},
      {"output",
       "what the next stage is connected to",
       dimensionless,
       &P::output,
       -INFINITY,
       INFINITY,
       std::nullopt,
       {"end", "tap"}},
      {"termination", "R_T at the end when the output is the tap", resistance, &P::termination_ohm, 1.0, 1e4},
  };
  return table;
}

TCoil::TCoil(std::string name, P parameters) : Stage(std::move(name)), p_(std::move(parameters)) {
  check(p_, this->name());
}

std::optional<std::vector<Abcd>> TCoil::two_port(std::span<const double> frequency_Hz, int) const {
  const bool at_tap = p_.output == "tap";
  return per_frequency(frequency_Hz, [&](double f) {
    const Complex s(0.0, 2.0 * constants::pi * f);
    const Star z = star(p_, s);
    const Complex pad_S = 0.5 * s * p_.tap_capacitance_F;
    const Abcd input = series_impedance(z.input_ohm);
    if (at_tap)
      return input * shunt_admittance(1.0 / (z.end_ohm + 2.0 * p_.termination_ohm)) *
             series_impedance(z.tap_ohm) * shunt_admittance(pad_S);
    return input * shunt_admittance(pad_S / (1.0 + pad_S * z.tap_ohm)) * series_impedance(z.end_ohm);
  });
}

}  // namespace photonlink
