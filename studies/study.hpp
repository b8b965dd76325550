/// A study as a file says it, units resolved, cards merged: what to compare, not how.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "devices/registry.hpp"
#include "solvers/locking/locking_parameters.hpp"
#include "solvers/result.hpp"
#include "solvers/retimed_path.hpp"

namespace photonlink {

/// A value that no publication gives: the result becomes a band over [low, high].
struct Assumption {
  std::string key;
  ParameterValue low, high;
  std::string source;  ///< where the range comes from
};

/// A parameter that the operating point may choose from [low, high].
struct Variation {
  std::string key;
  double low = 0.0, high = 0.0;
};

struct StageSpec {
  std::string device;  ///< device type, "microring_modulator"
  std::string name;    ///< name in messages and results, defaults to the device type
  std::string card;    ///< card the defaults came from, may be empty
  ParameterSet parameters;
  std::vector<Assumption> assumed;
  std::vector<Variation> vary;
};

/// What the parameters under `vary` are chosen for.
struct OperatingPointGoal {
  std::string goal = "none";  ///< "none", "largest_margin", "least_energy"
  double margin_dB = 0.0;     ///< to hold with least_energy
};

struct LinkSpec {
  std::string name;   ///< key in results, [a-z0-9_]+
  std::string title;  ///< shown to people
  std::string description;
  std::string modulation = "NRZ";  ///< "NRZ", "PAM4" or "PAM6"
  double symbol_rate_Bd = 0.0;
  int lanes = 1;
  std::string pattern = "auto";  ///< "auto", "PRBS7" ... "PRBS31", "PRBS13Q", "deBruijn9"
  int samples_per_symbol = 16;
  std::string fec = "none";            ///< "none", "RS(528,514)", "RS(544,514)"
  double target_ber = 1e-12;           ///< behind the FEC if there is one
  std::string predistortion = "none";  ///< "none", "static": of PAM4 levels, to even light
  std::vector<StageSpec> stages;
  OperatingPointGoal operating_point;
  OperatingPoint chosen;  ///< filled by at_operating_point()
  LockingParameters locking;
};

/// Links of the study in a row, retimers between them.
struct PathSpec {
  RetimedPath path;
  std::vector<std::string> links;
};

struct Study {
  std::string name, title, description;
  std::string path;  ///< file it was read from
  std::vector<LinkSpec> links;
  std::vector<PathSpec> paths;
};

}  // namespace photonlink
