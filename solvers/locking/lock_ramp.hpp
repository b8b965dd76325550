/// A locking loop over a ramp of temperature: offsets, error ratio and heater power against time.
///
/// Readings are those of the tables at the offsets, mean over four instants of each averaging time (heat
/// moves by exponentials in between); the error ratio of a ring at an instant is that of the table at its
/// offset. Per interval the mean error ratio of each ring over all readings counts, and the worst ring.
///
/// Validity: rings quasi-static against the loop, as heat of microseconds is to symbols of picoseconds; all
/// rings of the table stand at one offset, so that what neighbours' offsets do to a lane is not told apart.
/// Verified in tests/solvers/lock_loop_test.cpp and against live rings in locked_stage_test.cpp.
#pragma once

#include "solvers/locking/lock_loop.hpp"
#include "solvers/result.hpp"

namespace photonlink {

/// @param log10_ber of the link against the offset. @param required_ber what has to be held.
/// @param intervals of the trace; a reading belongs to the one in which it ends.
LockingResult follow_ramp(const LockingParameters& parameters, LockPlant plant, const OffsetCurve& log10_ber,
                          double required_ber, int intervals = 200);

}  // namespace photonlink
