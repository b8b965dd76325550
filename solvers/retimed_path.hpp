/// A path of links with a retimer between each two: a module that recovers clock and data and sends them
/// anew.
///
/// Noise, interference and jitter of a hop end at its decisions; its errors go on. A bit that is wrong in an
/// odd number of independent hops arrives wrong:
///   p = ½ (1 - Π (1 - 2 p_h)) ≈ Σ p_h
/// p_h behind the hop's own FEC, which then ends there, or its decisions without one. The FEC of the path,
/// from end to end, sees p. Energies of all hops add up, both SerDes of each retimer among them, and so do
/// latencies, to which the FEC adds its codeword once.
///
/// Validity: errors of hops independent and random within the codeword, as solvers/fec.hpp says.
/// Plesiochronous slips and skew between lanes are no part of it. Verified in
/// tests/solvers/retimed_path_test.cpp by counted errors of drawn hops.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "solvers/result.hpp"

namespace photonlink {

struct RetimedPath {
  std::string name, title;
  std::string fec = "none";  ///< from end to end
  double target_ber = 1e-12;
};

struct PathResult {
  std::string name, title, fec;
  std::vector<std::string> hops;
  double ber_before_fec = not_computed, ber_after_fec = not_computed, ber_floor = not_computed;
  double target_ber = not_computed;
  bool closes = false;
  double latency_s = not_computed;
  double one_way_J_per_bit = not_computed;  ///< all hops in one direction, with hosts and retimers
  double both_ways_J_per_bit = not_computed;
};

/// Probability that a bit is wrong behind all hops.
double error_ratio_of_hops(std::span<const double> error_ratio);
/// @throws ConfigError without hops, or when they carry different bit rates on equal lanes.
PathResult evaluate_path(const RetimedPath& path, std::span<const LinkResult* const> hops);

}  // namespace photonlink
