/// What a link costs: every stage reports its own entries, a solver adds them up.
#pragma once

#include <string>
#include <vector>

namespace photonlink {

/// Who pays: the optical engine or pluggable, or the host SerDes that talk to it.
enum class Owner { module, host };

/// Power drawn by one cause, for all lanes of the bundle in one direction, at the operating point.
struct LedgerEntry {
  std::string component;  ///< stage name, "laser"
  std::string cause;      ///< "wall-plug", "junction charging", "tuning"
  Owner owner = Owner::module;
  double power_W = 0.0;
  std::string basis;  ///< the formula with its inputs, as printed in the report
};

/// One-way delay added by one stage.
struct LatencyEntry {
  std::string component;
  double delay_s = 0.0;
};

struct Ledger {
  std::vector<LedgerEntry> energy;
  std::vector<LatencyEntry> latency;
};

}  // namespace photonlink
