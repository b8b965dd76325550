#include "core/quantity.hpp"

#include <doctest/doctest.h>

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

TEST_CASE("quantity: bare numbers, foreign units and non-numbers are refused with a fix") {
  for (const char* text : {"3", "3 V", "abc", "", "nan GHz", "inf GHz", "3 ghz", "1e400 GHz"}) {
    CHECK_THROWS_AS(parse_quantity(text, Quantity::frequency), ConfigError);
  }
  CHECK_THROWS_WITH(parse_quantity("3", Quantity::frequency), doctest::Contains("1 Hz"));
  CHECK_THROWS_AS(parse_quantity("3 dB", Quantity::dimensionless), ConfigError);
}
