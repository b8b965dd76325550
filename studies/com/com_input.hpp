/// From Touchstone files to the paths that channel operating margin takes.
///
/// Four ports of each file make a differential 2-port by the port map (default 1, 3, 2, 4, "Port Order [1 3 2
/// 4]" of the spreadsheets), read and brought to common points as studies/channel/channel_paths.hpp says.
///
/// Warned of: a port map that does not fit the wires of the through file or wires that do not show, a file
/// that ends below the symbol rate, starts above 50 MHz, has steps above 10 MHz (what the tables of IEEE Std
/// 802.3 Annex 93A uses ask for) or uneven ones, is not passive, a through file that is not causal, and an
/// aggressor that passes more at low frequency than the through file.
#pragma once

#include <string>
#include <vector>

#include "core/context.hpp"
#include "network/port_map.hpp"
#include "solvers/com/network.hpp"

namespace photonlink {

struct ComRequest {
  std::string configuration, through;             ///< files
  std::vector<std::string> fext = {}, next = {};  ///< files of aggressors
  PortMap port_map = {1, 3, 2, 4};
  std::string mode = "standard";
};

struct ComFile {
  std::string path;
  com::Path::Kind kind = com::Path::Kind::through;
  int points = 0;                        ///< in the file
  double first_Hz = 0.0, last_Hz = 0.0;  ///< of the file
  double nyquist_loss_dB = 0.0;          ///< -20 log10 |Sdd21| at half the symbol rate; NaN outside the file
  bool interpolated = false;             ///< to the points of the through file
};

struct ComInput {
  std::vector<com::Path> paths;  ///< through, far-end, near-end; on the points of the through file
  std::vector<ComFile> files;    ///< alike
  std::vector<std::string> warnings;
};

/// "through", "fext", "next".
const char* kind_name(com::Path::Kind kind);

/// @throws IoError or ConfigError with one line for each file that cannot be used.
ComInput read_com_channels(const ComRequest& request, const com::Signal& signal, Context& context);

}  // namespace photonlink
