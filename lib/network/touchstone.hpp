/// Reader of Touchstone 1.x files (EIA/IBIS Open Forum, Touchstone File Format Specification, 2002, 1.1).
///
/// Accepts S-parameters in RI, MA or DB, Hz to GHz, any positive reference impedance, any port count (taken
/// from the extension .sNp or .sNp.gz), comments, any line wrapping that starts a frequency on a new line,
/// the 2-port order S11 S21 S12 S22, and the noise block of 2-ports, which is skipped. Gzip is recognised by
/// its first bytes. Refused with a reason: Y, Z, G, H and Touchstone 2 files. Verified against scikit-rf
/// (tests/oracles/scikit_rf_networks.py).
#pragma once

#include <cstddef>
#include <string>

#include "network/s_parameters.hpp"

namespace photonlink {

/// Bounds on one file. Vectors double while they grow, so peak memory is below twice the text plus 24 bytes
/// per number: 1.8 GiB at these limits, whatever the file says.
struct TouchstoneLimits {
  std::size_t text_bytes = std::size_t{512} << 20;  ///< decompressed; inflating stops as soon as it is passed
  std::size_t numbers = std::size_t{32} << 20;      ///< 256 MiB of doubles
};

/// @throws IoError "file:line: what; fix" for every kind of damaged or foreign file; the first problem is
/// named, because those behind it usually follow from it.
SParameters read_touchstone(const std::string& path, const TouchstoneLimits& limits = {});

/// Port count said by the file name, ".s4p" or ".S4P.gz" gives 4. @throws IoError for other extensions.
int touchstone_ports(const std::string& path);

}  // namespace photonlink
