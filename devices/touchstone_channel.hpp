/// Copper channel from measured or simulated Touchstone files: through path and crosstalk aggressors.
///
/// Four ports of each file form two differential ports. The pair (tx_p, tx_n) is driven, (rx_p, rx_n)
/// received;
///   S_dd = 1/2 [1 -1] S [1 -1]^T per pair                                      (\cite Bockelman1995, mixed
///   mode)
/// on a differential reference of twice the file's, renormalised to 100 ohm. In a crosstalk file the driven
/// pair is the aggressor's transmitter and the received pair the victim's receiver. Between and beyond the
/// points of a file the response follows `interpolate()` in network/s_parameters.hpp.
///
/// Valid where the file is: passive, with a point at DC or close to it, up to at least 0.75 times the symbol
/// rate. Mode conversion and common-mode noise are left out: both ends are taken as balanced. Verified
/// against scikit-rf and published |Sdd21| (tests/devices/touchstone_channel_test.cpp).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/parameter_table.hpp"
#include "network/s_parameters.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct TouchstoneChannelParameters {
  std::string file = "";                        // through path
  std::vector<std::string> fext = {};           // far-end aggressors
  std::vector<std::string> next = {};           // near-end aggressors
  std::vector<double> port_map = {1, 3, 2, 4};  // tx_p, tx_n, rx_p, rx_n
  double next_amplitude = 1.0;                  // relative to the victim's transmitter
};
template <>
const ParameterTable<TouchstoneChannelParameters>& parameter_table();

class TouchstoneChannel final : public Stage {
 public:
  /// Reads every file once. @throws IoError on a bad file, ConfigError on a port map that the files cannot
  /// meet.
  TouchstoneChannel(const std::string& name, const TouchstoneChannelParameters& parameters);

  /// @param aggressor -1: through; else index into `aggressors()`. @throws DomainError on another
  /// index.
  std::optional<std::vector<Abcd>> two_port(std::span<const double> frequency_Hz,
                                            int aggressor) const override;
  /// Far-end aggressors first (amplitude 1, equalised), then near-end ones (not equalised).
  std::vector<Aggressor> aggressors() const override { return aggressors_; }
  /// Delay of Sdd21 around half the symbol rate.
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

  /// Differential 2-port of a file on 100 ohm, at the points of the file; index as in `two_port`.
  const SParameters& differential(int aggressor = -1) const;

 private:
  struct Path {
    std::string file = "";
    SParameters sdd;
  };
  void warn_of_grid(double symbol_rate_Bd, std::vector<Warning>& warnings) const;

  std::vector<Path> paths_;  // through, then aggressors
  std::vector<Aggressor> aggressors_;
  std::string port_map_problem_;  // empty: the through file fits the map
};

}  // namespace photonlink
