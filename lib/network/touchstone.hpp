/// Reader and writer of Touchstone files (IBIS Open Forum, Touchstone File Format Specification,
/// versions 1.1, 2.0 and 2.1).
///
/// Read: S-parameters in RI, MA or DB, Hz to GHz, any positive reference impedance, one for all ports or one
/// for each (option line of 1.1, [Reference]), any port count (from the extension .sNp or .sNp.gz, or from
/// [Number of Ports] of a .ts file), comments, line wrapping between pairs that starts a frequency on a new
/// line, the 2-port order S11 S21 S12 S22 or that of [Two-Port Data Order], full and triangular matrices,
/// mixed-mode data, which are turned into single-ended ones, and the noise block of 2-ports, which is
/// skipped. Different references are renormalised to that of port 1. Gzip is recognised by its first bytes.
/// Refused with a reason: Y, Z, G and H. Verified against scikit-rf (tests/oracles/scikit_rf_networks.py).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

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

struct TouchstoneForm {
  enum class Version { v1_1, v2_0 } version = Version::v1_1;
  enum class Numbers { real_imaginary, magnitude_angle, decibel_angle } numbers = Numbers::real_imaginary;
  /// Significant digits; 0: as many as it takes to read the same number again.
  int digits = 0;
  /// One for each port: the data are renormalised to them. Empty: all ports as in the network.
  std::vector<double> references_ohm = {};
  std::string comment = "";  ///< lines at the top, without "!"
};

/// Writes `network` atomically, frequencies in Hz. Real and imaginary parts with digits = 0 are read back bit
/// by bit. Mind that the extension must fit the ports. @throws IoError, DomainError on impedances or digits
/// that cannot be meant.
void write_touchstone(const std::string& path, const SParameters& network, const TouchstoneForm& form = {});

}  // namespace photonlink
