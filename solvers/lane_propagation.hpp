/// What wrong decisions make of a lane's errors when they are fed back (error_events.hpp).
///
/// Samples are those of the lane's pattern with all their interference; noise, jitter, converter and
/// crosstalk enter with their mean covariance behind the FFE, over 48 symbols, as one Gaussian. Slow jitter
/// is left out. Verified against counted decisions in tests/solvers/lane_propagation_test.cpp.
#pragma once

#include "solvers/detection/error_events.hpp"
#include "solvers/lane_model.hpp"

namespace photonlink {

/// @throws DomainError without feedback taps, without noise, or when events do not end.
ErrorEvents error_events(LaneModel& lane, Scaling scaling = {});

}  // namespace photonlink
