/// Impedance along a line as a time domain reflectometer shows it.
///
/// A unit step of Gaussian edge enters one port, all others end in the reference impedance Z0 of the network;
/// with the step response ρ(t) of S[port, port]
///   Z(t) = Z0 (1 + ρ(t)) / (1 - ρ(t)).
/// t is the round trip: half of it is the way to the place. Exact for the first step only: what lies behind
/// it is shown through it, with its multiple reflections and its loss (no layer peeling). Features shorter
/// than half the rise time are smoothed. A file whose points near DC are too far apart leaves slow parts of ρ
/// open, which appear before the edge too; ρ is counted from 2 T_r before it, so they bend the far end
/// instead. Verified in tests/solvers/tdr_test.cpp: uniform and stepped lines, capacitors, in closed form.
#pragma once

#include <vector>

#include "core/context.hpp"
#include "network/s_parameters.hpp"

namespace photonlink {

struct ImpedanceProfile {
  std::vector<double> time_s;                 ///< round trip, from shortly before the edge
  std::vector<double> impedance_ohm;          ///< NaN where all is reflected
  double least_ohm = 0.0, largest_ohm = 0.0;  ///< up to until_s, turning points only within 2 T_r of its ends
  double baseline =
      0.0;  ///< ρ that was there before the edge, taken off: what a file too coarse near DC leaves open
  double extrapolated_share = 0.0;  ///< energy of the impulse from above the file: ripple when not small
};

struct TdrSettings {
  double rise_time_s = 0.0;  ///< 20-80 %, above 0
  double until_s = 0.0;      ///< round trip, >= 5 T_r; the profile goes on for a quarter
};

/// @param port counted from 0. @throws DomainError on a port or times that cannot be meant.
ImpedanceProfile impedance_profile(const SParameters& network, int port, const TdrSettings& settings,
                                   Context& context);

}  // namespace photonlink
