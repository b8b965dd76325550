/// The semi-analytic solver: one periodic pattern through the whole chain, then noise, jitter, crosstalk and
/// decisions in closed form. The default for every link.
#pragma once

#include <memory>
#include <optional>

#include "solvers/clock_recovery.hpp"
#include "solvers/lane_model.hpp"
#include "solvers/result.hpp"

namespace photonlink {

struct PatternSolverOptions {
  bool pictures = true;    ///< eye, bathtub and pulse of the worst lane
  bool penalties = false;  ///< one more evaluation per effect with an `ideal` value
};

/// Everything of one evaluated link that other solvers and pictures start from. The lanes' noise points at
/// `periodic` and at the context: keep both alive and the object where solve_pattern() built it.
struct PatternSolution {
  /// Nothing solved yet.
  PatternSolution(std::shared_ptr<const Link> link, Context& context);
  std::shared_ptr<const Link> link;
  Context& context;  ///< it was solved with
  std::unique_ptr<Chain> chain;
  std::unique_ptr<PeriodicSolution> storage;  ///< keeps `periodic`, which lanes point at, in its place
  PeriodicSolution& periodic;
  std::string pattern;                            ///< name of the pattern used
  CtleSetting ctle;                               ///< of the worst lane
  std::vector<CtleSetting> lane_ctle;             ///< (n_lane)
  std::vector<std::unique_ptr<LaneNoise>> noise;  ///< (n_lane)
  std::vector<std::unique_ptr<LaneModel>> lane;   ///< (n_lane)
  std::vector<std::optional<LockedClock>> clock;  ///< (n_lane), none: the phase of least error
  std::vector<double> ber;                        ///< (n_lane), before FEC
  double mean_ber() const;
  int worst_lane() const;
};

/// Runs the pattern, adapts CTLE, FFE, DFE, sampling phase and thresholds of each lane.
/// @throws ConfigError unless the link begins with a transmitter and ends with a receiver.
PatternSolution solve_pattern(std::shared_ptr<const Link> link, Context& context);

}  // namespace photonlink
