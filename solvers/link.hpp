/// A link ready to be evaluated: format, target and the ordered stages.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "devices/serdes_receiver.hpp"
#include "devices/serdes_transmitter.hpp"
#include "signal/pattern.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct Link {
  std::string name, title;
  int levels = 2;  ///< 2 for NRZ, 4 for PAM4, 6 for PAM6
  double symbol_rate_Bd = 0.0;
  int lanes = 1;
  std::string pattern = "auto";
  int samples_per_symbol = 16;
  std::string fec = "none";
  double target_ber = 1e-12;  ///< behind the FEC
  std::vector<std::shared_ptr<const Stage>> stages;

  double bits_per_symbol() const { return photonlink::bits_per_symbol(levels); }
  double bit_rate_b_per_s() const { return symbol_rate_Bd * bits_per_symbol() * lanes; }
  /// First and last stage. @throws ConfigError when they are not a SerDes transmitter and receiver.
  const SerdesTransmitter& transmitter() const;
  const SerdesReceiver& receiver() const;
  /// What every solver that sends symbols needs. @throws ConfigError as transmitter() and receiver().
  void require_ends() const {
    transmitter();
    receiver();
  }
};

}  // namespace photonlink
