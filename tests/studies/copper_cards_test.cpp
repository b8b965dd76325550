#include <doctest/doctest.h>

#include <cmath>
#include <variant>

#include "core/constants.hpp"
#include "devices/physics/transmission_line.hpp"
#include "devices/registry.hpp"
#include "studies/card_reader.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

constexpr double pi = constants::pi;

double value(const Card& card, const char* key) {
  const ParameterValue* found = find_value(card.parameters, key);
  if (!found) throw std::runtime_error(std::string(key) + " is not on the card");
  return std::get<double>(*found);
}

Card copper_card(const std::string& name) {
  return read_card(test::source_path("devices/cards/" + name + ".toml"), device_types());
}

}  // namespace

TEST_CASE("copper cards: resistances of the twinax cards follow from their wire gauge") {
  const double sheet_ohm =
      std::sqrt(pi * 1e9 * constants::vacuum_permeability_H_per_m * copper_resistivity_ohm_m);
  for (const int gauge : {26, 28, 30, 32, 34}) {
    CAPTURE(gauge);
    const Card card = copper_card(fmt::format("twinax_{}awg", gauge));
    // ASTM B258: 0.127 mm at 36 AWG, a factor 92 over 39 steps.
    const double d = 0.127e-3 * std::pow(92.0, (36 - gauge) / 39.0);
    // Four printed digits.
    CHECK(rel_error(value(card, "dc_resistance"), 8.0 * copper_resistivity_ohm_m / (pi * d * d)) <= 1e-3);
    // Shielded pair, Z = (120/√ε) ln(2p (1-q²)/(1+q²)) with p = h/d, q = h/D = 1/2; the skin resistance by
    // receding walls: wires 2R/(πd), shield 8R q²/(πD (1-q⁴)).
    const double p = std::exp(100.0 * std::sqrt(value(card, "permittivity")) / 120.0) / (2.0 * 0.75 / 1.25);
    const double shield = 4.0 * 0.25 / (2.0 * p * (1.0 - 0.0625));
    CHECK(rel_error(value(card, "skin_resistance"), 2.0 * sheet_ohm / (pi * d) * (1.0 + shield)) <= 1e-3);
  }
}

TEST_CASE("copper cards: the T-coil has the elements of constant resistance") {
  const Card card = copper_card("t_coil_pad_200ff");
  const double c = value(card, "tap_capacitance"), r = value(card, "termination"), four = 4.0 * 0.75;
  // Six printed digits.
  CHECK(rel_error(value(card, "input_inductance"), 0.25 * c * r * r * (1.0 + 1.0 / four)) <= 1e-5);
  CHECK(rel_error(value(card, "bridge_capacitance"), 0.25 * c / four) <= 1e-5);
  CHECK(rel_error(value(card, "coupling"), (four - 1.0) / (four + 1.0)) <= 1e-12);
}
