/// Which choices a calculation of channel operating margin makes where the annex leaves one or the IEEE
/// script departs from it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace photonlink::com {

struct Mode {
  std::string name;
  /// Extrapolation, bilinear CTLE, tail cut, frequency-domain crosstalk and independent bin rounding of the
  /// script; false: the annex.
  bool script = false;
  bool local_search = false;  ///< obey the sheet's Local Search
  /// Gaussian densities end at this many times Q^-1(DER_0).
  double gaussian_span = 2.0;
  /// Impulse responses end at the last sample above this share of their peak.
  double truncation = 1e-3;
};

/// "standard", "script-4.50", "script-3.70". @throws ConfigError with the known names.
Mode mode(std::string_view name);
std::vector<std::string> mode_names();

}  // namespace photonlink::com
