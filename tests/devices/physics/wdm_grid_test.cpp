#include "devices/physics/wdm_grid.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "devices/cw_laser.hpp"
#include "devices/dfb_laser.hpp"
#include "devices/microring_filter.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;

namespace {

constexpr double c0 = constants::speed_of_light_m_per_s;

struct Printed {
  const char* grid;
  std::vector<double> wavelength_nm;  // longest first
};

}  // namespace

// Oracle: wavelengths as printed by IEEE Std 802.3 (Tables 88-5, 122-7), by ITU-T G.694.2, and for the OCI
// MSA.
TEST_CASE("wdm grid: placed grids have the wavelengths that their sources print") {
  const Printed rows[] = {
      {"lan-wdm-4", {1309.14, 1304.58, 1300.05, 1295.56}},
      {"lan-wdm-8", {1309.14, 1304.58, 1300.05, 1295.56, 1286.66, 1282.26, 1277.89, 1273.54}},
      {"cwdm-4", {1331.0, 1311.0, 1291.0, 1271.0}},
      {"oci-4", {1314.88, 1312.58, 1310.28, 1308.00}},
      {"oci-4-reverse", {1334.78, 1332.41, 1330.05, 1327.69}},
  };
  for (const Printed& row : rows) {
    CAPTURE(row.grid);
    const auto carrier_Hz = wdm_carriers_Hz("laser", row.grid, 0.0);
    REQUIRE(carrier_Hz.size() == row.wavelength_nm.size());
    for (std::size_t c = 0; c < carrier_Hz.size(); ++c)
      // Half of the last digit printed, and its rounding.
      CHECK(abs_error(1e9 * c0 / carrier_Hz[c], row.wavelength_nm[c]) <= 0.0051);
  }
}

// Oracle: the MSA's own spans, 9, 18 and 36 nm from the first to the optional last carrier.
TEST_CASE("wdm grid: the CW-WDM sets have their number of carriers and span") {
  int checked = 0;
  for (const auto& [name, span_nm] : {std::pair{"cw-wdm-8+1x200", 9.0},
                                      {"cw-wdm-16+1x100", 9.0},
                                      {"cw-wdm-8+1x400", 18.0},
                                      {"cw-wdm-16+1x200", 18.0},
                                      {"cw-wdm-32+1x100", 18.0},
                                      {"cw-wdm-8+1x800", 36.0},
                                      {"cw-wdm-16+1x400", 36.0},
                                      {"cw-wdm-32+1x200", 36.0}}) {
    CAPTURE(name);
    const auto carrier_Hz = wdm_carriers_Hz("laser", name, 228e12);
    // Anywhere in the O band that rounds to the printed nanometres: 1300 nm +- 3 %.
    CHECK(abs_error(1e9 * c0 * (1.0 / carrier_Hz.front() - 1.0 / carrier_Hz.back()), span_nm) <=
          0.04 * span_nm);
    // The same set without the optional carrier at the short end.
    std::string plain = name;
    plain.erase(plain.find("+1"), 2);
    auto without = carrier_Hz;
    without.pop_back();
    CHECK(wdm_carriers_Hz("laser", plain, 228e12) == without);
    ++checked;
  }
  CHECK(checked == 8);
  for (const WdmGrid& grid : wdm_grids())
    CHECK(std::is_sorted(grid.carrier_Hz.begin(), grid.carrier_Hz.end()));
  CHECK(wdm_grid_choices().size() == wdm_grids().size() + 1);
}

TEST_CASE("wdm grid: a grid without position, an unknown one and errors that cross are refused") {
  CHECK_THROWS_WITH_AS(wdm_carriers_Hz("laser", "cw-wdm-8x200", 0.0),
                       doctest::Contains("state first_frequency"), ConfigError);
  CHECK_THROWS_WITH_AS(wdm_carriers_Hz("laser", "cw-wdm-9x200", 228e12),
                       doctest::Contains("no grid is named 'cw-wdm-9x200'"), ConfigError);
  CHECK_THROWS_WITH_AS(with_errors_Hz("laser", {228e12, 228.2e12}, {1e9}),
                       doctest::Contains("1 frequency_errors for 2 carriers"), ConfigError);
  CHECK_THROWS_WITH_AS(with_errors_Hz("laser", {228e12, 228.2e12}, {150e9, -60e9}),
                       doctest::Contains("half the spacing"), ConfigError);
  CHECK(with_errors_Hz("laser", {228e12, 228.2e12}, {5e9, -5e9}) ==
        std::vector<double>{228.005e12, 228.195e12});
}

TEST_CASE("wdm grid: lasers, diode arrays and filters of one name stand on the same carriers") {
  const auto expected = wdm_carriers_Hz("x", "cw-wdm-16x200", 227.5e12);
  CHECK(
      CwLaser("laser", {.grid = "cw-wdm-16x200", .first_frequency_Hz = 227.5e12}).carrier_frequencies_Hz() ==
      expected);
  DfbLaserParameters diodes;
  diodes.grid = "cw-wdm-16x200";
  diodes.first_frequency_Hz = 227.5e12;
  CHECK(DfbLaser("laser", diodes).carrier_frequencies_Hz() == expected);
  MicroringFilterParameters rings;
  rings.grid = "cw-wdm-16x200";
  rings.first_frequency_Hz = 227.5e12;
  rings.fsr_Hz = 3.4e12;
  const MicroringFilter filter("rx", rings);
  CHECK(filter.places_Hz() == expected);
  CHECK(filter.fan_out() == 16);
  CHECK_THROWS_WITH_AS(CwLaser("laser", {.grid = "lan-wdm-4", .carriers = 8}),
                       doctest::Contains("carriers = 8 with grid = \"lan-wdm-4\", which has 4"), ConfigError);
}
