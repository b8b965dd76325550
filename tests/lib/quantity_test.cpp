#include "core/quantity.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

TEST_CASE("quantity: published spellings give SI values") {
  // One rounding of the prefix product: 4 ulp.
  constexpr double tol = 1e-15;
  CHECK(rel_error(parse_quantity("26.5625 GBd", Quantity::symbol_rate), 26.5625e9) <= tol);
  CHECK(rel_error(parse_quantity("-3 dBm", Quantity::power), 5.011872336272722e-4) <= tol);
  CHECK(rel_error(parse_quantity("0.35 dB/km", Quantity::loss_per_length), 0.35e-3) <= tol);
  CHECK(rel_error(parse_quantity("30 pm/V", Quantity::wavelength_per_voltage), 30e-12) <= tol);
  CHECK(rel_error(parse_quantity("-145 dB/Hz", Quantity::rin), 3.1622776601683795e-15) <= tol);
  CHECK(rel_error(parse_quantity("0.092 ps/(nm^2 km)", Quantity::dispersion_slope), 92.0) <= tol);
  CHECK(rel_error(parse_quantity("8.2e-9 V^2/GHz", Quantity::voltage_noise_psd), 8.2e-18) <= tol);
  CHECK(rel_error(parse_quantity("1.5 µm", Quantity::length), 1.5e-6) <= tol);
  CHECK(rel_error(parse_quantity("-12.5 dBm", Quantity::level), -12.5) <= tol);
  CHECK(rel_error(parse_quantity("0.32 mm^2", Quantity::area), 3.2e-7) <= tol);
  CHECK(rel_error(parse_quantity("450 um^2", Quantity::area), 4.5e-10) <= tol);
  CHECK(rel_error(parse_quantity("5.3 Tb/s/mm^2", Quantity::areal_density), 5.3e18) <= tol);
  CHECK(rel_error(parse_quantity("200 Gb/s/mm", Quantity::edge_density), 2e14) <= tol);
  CHECK(rel_error(parse_quantity("120 fJ/b", Quantity::energy_per_bit), 1.2e-13) <= tol);
  CHECK(rel_error(parse_quantity("6 mil", Quantity::length), 152.4e-6) <= tol);
  CHECK(rel_error(parse_quantity("0.45 dB/in", Quantity::loss_per_length), 0.45 / 0.0254) <= tol);
  CHECK(rel_error(parse_quantity("15.7 mohm/mm", Quantity::resistance_per_length), 15.7) <= tol);
  CHECK(rel_error(parse_quantity("5e-4 1/mm", Quantity::propagation_constant), 0.5) <= tol);
  CHECK(rel_error(parse_quantity("6.141e-3 ns/mm", Quantity::delay_per_length), 6.141e-9) <= tol);
  // sqrt(1e-9 s) / 1e-3 m = 0.0316 sqrt(s)/m.
  CHECK(rel_error(parse_quantity("1e-3 sqrt(ns)/mm", Quantity::skin_attenuation), 3.1622776601683795e-5) <=
        tol);
  // ps/nm = 1e-12 s / 1e-9 m.
  CHECK(rel_error(parse_quantity("-17 ps/nm", Quantity::accumulated_dispersion), -17e-3) <= tol);
}

TEST_CASE("quantity: what a user writes back is what was read, for every kind and unit") {
  int checked = 0;
  for (const Quantity kind : all_quantities()) {
    for (const std::string& unit : accepted_units(kind)) {
      const double value = parse_quantity("2.5 " + unit, kind);
      const double again = parse_quantity(format_quantity(value, kind, 15), kind);
      // Fifteen printed digits.
      CHECK_MESSAGE(rel_error(again, value) <= 2e-14, unit);
      ++checked;
    }
  }
  CHECK(checked > 100);
}

TEST_CASE("quantity: from_si gives the number that stood in front of each unit") {
  int checked = 0;
  for (const Quantity kind : all_quantities()) {
    for (const std::string& unit : accepted_units(kind)) {
      for (const double number : {2.5, 640.0}) {
        CAPTURE(unit);
        // Two roundings of the factor; a logarithm turns the relative error of 10^(x/10) into an absolute one
        // of 10/ln(10) ulp, small against 2.5.
        CHECK(rel_error(from_si(parse_quantity(fmt::format("{} {}", number, unit), kind), kind, unit),
                        number) <= 1e-14);
      }
      ++checked;
    }
  }
  CHECK(checked > 100);
  CHECK(from_si(0.75, Quantity::dimensionless, "") == 0.75);
  // 1 mW is 0 dBm and 10 mW 10 dBm by definition.
  CHECK(test::abs_error(from_si(1e-3, Quantity::power, "dBm"), 0.0) <= 1e-14);
  CHECK(rel_error(from_si(1e-2, Quantity::power, "dBm"), 10.0) <= 1e-14);
  CHECK(from_si(0.0, Quantity::rin, "dB/Hz") == -INFINITY);
  CHECK(std::isnan(from_si(-1.0, Quantity::power, "dBm")));
  CHECK_THROWS_WITH_AS(from_si(1.0, Quantity::area, "acre"), doctest::Contains("mm^2"), ConfigError);
  CHECK_THROWS_AS(from_si(1.0, Quantity::dimensionless, "V"), ConfigError);
}

TEST_CASE("quantity: densities and energies are printed in the unit people use") {
  CHECK(format_quantity(1.2e-13, Quantity::energy_per_bit) == "120 fJ/b");
  CHECK(format_quantity(3.4e-12, Quantity::energy_per_bit) == "3.4 pJ/b");
  CHECK(format_quantity(2.0e-19, Quantity::energy_per_bit) == "0.2 aJ/b");
  CHECK(format_quantity(5.3e17, Quantity::areal_density) == "530 Gb/s/mm^2");
  CHECK(format_quantity(2e15, Quantity::edge_density) == "2 Tb/s/mm");
  CHECK(format_quantity(3.2e-7, Quantity::area) == "0.32 mm^2");
  CHECK(format_quantity(2.0, Quantity::accumulated_dispersion) == "2000 ps/nm");
  CHECK(format_quantity(-3.0, Quantity::level) == "-3 dBm");
}

TEST_CASE("quantity: bare numbers, foreign units and non-numbers are refused with a fix") {
  for (const char* text : {"3", "3 V", "abc", "", "nan GHz", "inf GHz", "3 ghz", "1e400 GHz"}) {
    CHECK_THROWS_AS(parse_quantity(text, Quantity::frequency), ConfigError);
  }
  CHECK_THROWS_WITH(parse_quantity("3", Quantity::frequency), doctest::Contains("1 Hz"));
  CHECK_THROWS_AS(parse_quantity("3 dB", Quantity::dimensionless), ConfigError);
}
