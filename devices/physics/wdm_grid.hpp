/// Named wavelength grids: the one place that knows their frequencies.
///
/// `cw-wdm-NxS`: N carriers S GHz apart, the eight grid sets of the CW-WDM MSA (9, 18 and 36 nm wide) \cite
/// CWWDM2021; `cw-wdm-N+1xS` has the optional carrier at the short-wavelength end, used for a forwarded clock
/// (\cite Mehta2026). The MSA also fixes where its sets stand in the O band; these positions could not be
/// confirmed and are not built in: `first_frequency` states them.
/// `lan-wdm-4`, `lan-wdm-8`: IEEE Std 802.3, Tables 88-5 and 122-7 (\cite IEEE8023), 800 GHz, with a gap in
/// the eight. `cwdm-4`: 1271, 1291, 1311 and 1331 nm (\cite ITUTG6942). `oci-4`, `oci-4-reverse`: the two
/// directions of \cite OCIMSA2026, 400 GHz.
///
/// Verified in tests/devices/physics/wdm_grid_test.cpp against the wavelengths the sources print.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace photonlink {

struct WdmGrid {
  std::string_view name;
  std::vector<double> carrier_Hz;  ///< ascending; of a grid without position above the first carrier
  bool placed = false;             ///< whether they are absolute
};

/// All named grids.
const std::vector<WdmGrid>& wdm_grids();
/// "explicit" and the names above: choices of a parameter row.
std::vector<std::string_view> wdm_grid_choices();
/// What a parameter row `grid` says of them.
inline constexpr std::string_view wdm_grid_doc =
    "Named grid of carriers; explicit: first_frequency and spacing. A cw-wdm grid stands at "
    "first_frequency.";

/// Carriers of a named grid, ascending [Hz]. @param first_frequency_Hz of a cw-wdm grid.
/// @throws ConfigError for an unknown name, or where a grid without position is given none.
std::vector<double> wdm_carriers_Hz(const std::string& owner, std::string_view name,
                                    double first_frequency_Hz);
/// Carriers with an error each. @param error_Hz (n_carrier) or empty.
/// @throws ConfigError when sizes differ or two carriers change places.
std::vector<double> with_errors_Hz(const std::string& owner, std::vector<double> carrier_Hz,
                                   const std::vector<double>& error_Hz);

}  // namespace photonlink
