/// Touchstone files of a channel and its aggressors, as `photonlink channel` and `photonlink com` read them.
///
/// Four ports of each file, on 50 ohm, in the order tx_p, tx_n, rx_p, rx_n; in an aggressor's file the driven
/// pair is the aggressor's transmitter, the received pair the victim's receiver. One message for each doubt,
/// "FILE: what; fix". Verified in tests/studies/channel/channel_paths_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "network/port_map.hpp"

namespace photonlink {

/// Problems of several files, told at once.
class FileProblems {
 public:
  /// Runs `step` and notes what it throws.
  template <class Step>
  void attempt(const Step& step) {
    try {
      step();
    } catch (const IoError& error) {
      note(error.what());
      unreadable_ = true;
    } catch (const Error& error) {
      note(error.what());
    }
  }
  /// @throws IoError with one line for each problem when a file could not be read, else ConfigError; nothing
  /// without problems.
  void raise() const;

 private:
  void note(const std::string& text) { text_ += (text_.empty() ? "" : "\n") + text; }

  std::string text_;
  bool unreadable_ = false;
};

/// All ports of a file. @throws IoError, ConfigError when it has fewer than 4
SParameters read_channel_file(const std::string& file);
/// @throws ConfigError unless it has `least` points
void require_points(const SParameters& network, const std::string& file, std::size_t least);
/// The four of the map on 50 ohm, the others ended in that. @throws ConfigError when the file lacks one or
/// one is named twice
SParameters mapped_ports(const SParameters& all, const std::string& file, const PortMap& map);
/// The same of an aggressor as differential 2-port on 100 ohm.
SParameters differential_path(const SParameters& all, const std::string& file, const PortMap& map);

struct Wires {
  PortMap map{};
  std::string origin;  ///< "given", "found from the file"
};
/// The map that was given, or the one that the file shows. Warns of one that does not fit, and of wires that
/// do not show. @throws as mapped_ports
Wires find_wires(const SParameters& all, const std::string& file, const std::optional<PortMap>& given,
                 std::vector<std::string>& warnings);

/// `other` on the points of the through file, with a warning when they are others. @return whether they were
bool bring_to_points(SParameters& other, const std::string& file, const std::vector<double>& frequency_Hz,
                     std::vector<std::string>& warnings);
/// Warns of an aggressor that passes more at its first point than the through path.
void warn_if_exchanged(const SParameters& aggressor, const std::string& file, const SParameters& through,
                       const std::string& through_file, std::vector<std::string>& warnings);

}  // namespace photonlink
