#include "devices/physics/wdm_grid.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/quantity.hpp"

namespace photonlink {
namespace {

WdmGrid even(std::string_view name, int carriers, double spacing_Hz) {
  WdmGrid grid{name, {}, false};
  for (int c = 0; c < carriers; ++c) grid.carrier_Hz.push_back(spacing_Hz * c);
  return grid;
}

WdmGrid at_wavelengths(std::string_view name, std::vector<double> longest_first_m) {
  for (double& each : longest_first_m) each = constants::speed_of_light_m_per_s / each;
  return {name, std::move(longest_first_m), true};
}

}  // namespace

const std::vector<WdmGrid>& wdm_grids() {
  static const std::vector<WdmGrid> grids{
      // \cite CWWDM2021: sets of 9 nm (8 x 200, 16 x 100), 18 nm (8 x 400 ... 32 x 100), 36 nm (8 x 800 ...).
      even("cw-wdm-8x200", 8, 200e9),
      even("cw-wdm-8+1x200", 9, 200e9),
      even("cw-wdm-16x100", 16, 100e9),
      even("cw-wdm-16+1x100", 17, 100e9),
      even("cw-wdm-8x400", 8, 400e9),
      even("cw-wdm-8+1x400", 9, 400e9),
      even("cw-wdm-16x200", 16, 200e9),
      even("cw-wdm-16+1x200", 17, 200e9),
      even("cw-wdm-32x100", 32, 100e9),
      even("cw-wdm-32+1x100", 33, 100e9),
      even("cw-wdm-8x800", 8, 800e9),
      even("cw-wdm-8+1x800", 9, 800e9),
      even("cw-wdm-16x400", 16, 400e9),
      even("cw-wdm-16+1x400", 17, 400e9),
      even("cw-wdm-32x200", 32, 200e9),
      even("cw-wdm-32+1x200", 33, 200e9),
      // IEEE Std 802.3 Table 88-5 and Table 122-7.
      {"lan-wdm-4", {229.0e12, 229.8e12, 230.6e12, 231.4e12}, true},
      {"lan-wdm-8", {229.0e12, 229.8e12, 230.6e12, 231.4e12, 233.0e12, 233.8e12, 234.6e12, 235.4e12}, true},
      // \cite ITUTG6942
      at_wavelengths("cwdm-4", {1331e-9, 1311e-9, 1291e-9, 1271e-9}),
      // \cite OCIMSA2026: 1314.88 ... 1308.00 nm and 1334.78 ... 1327.69 nm.
      {"oci-4", {228.0e12, 228.4e12, 228.8e12, 229.2e12}, true},
      {"oci-4-reverse", {224.6e12, 225.0e12, 225.4e12, 225.8e12}, true},
  };
  return grids;
}

std::vector<std::string_view> wdm_grid_choices() {
  std::vector<std::string_view> names{"explicit"};
  for (const WdmGrid& grid : wdm_grids()) names.push_back(grid.name);
  return names;
}

std::vector<double> wdm_carriers_Hz(const std::string& owner, std::string_view name,
                                    double first_frequency_Hz) {
  const auto grid = std::find_if(wdm_grids().begin(), wdm_grids().end(),
                                 [&](const WdmGrid& each) { return each.name == name; });
  if (grid == wdm_grids().end()) throw ConfigError(fmt::format("{}: no grid is named '{}'", owner, name));
  std::vector<double> carrier_Hz = grid->carrier_Hz;
  if (grid->placed) return carrier_Hz;
  if (!(first_frequency_Hz > 0.0))
    throw ConfigError(
        fmt::format("{}: grid = \"{}\" names how many carriers there are and how far apart, not where; "
                    "state first_frequency, the lowest carrier",
                    owner, name));
  for (double& each : carrier_Hz) each += first_frequency_Hz;
  return carrier_Hz;
}

std::vector<double> with_errors_Hz(const std::string& owner, std::vector<double> carrier_Hz,
                                   const std::vector<double>& error_Hz) {
  if (error_Hz.empty()) return carrier_Hz;
  if (error_Hz.size() != carrier_Hz.size())
    throw ConfigError(fmt::format("{}: {} frequency_errors for {} carriers; give one for each, or none",
                                  owner, error_Hz.size(), carrier_Hz.size()));
  const std::vector<double> place_Hz = carrier_Hz;
  for (std::size_t c = 0; c < carrier_Hz.size(); ++c) carrier_Hz[c] += error_Hz[c];
  for (std::size_t c = 1; c < carrier_Hz.size(); ++c)
    if ((carrier_Hz[c] - carrier_Hz[c - 1]) * (place_Hz[c] - place_Hz[c - 1]) <= 0.0)
      throw ConfigError(
          fmt::format("{}: frequency_errors put carrier {} at {} and carrier {} at {}: they change places or "
                      "meet; errors stay below half the spacing",
                      owner, c - 1, format_quantity(carrier_Hz[c - 1], Quantity::frequency, 7), c,
                      format_quantity(carrier_Hz[c], Quantity::frequency, 7)));
  return carrier_Hz;
}

}  // namespace photonlink
