/// What a link's recovered clock does to jitter: transfer, tolerance, and the mask.
#pragma once

#include <span>

#include "solvers/clock_recovery.hpp"
#include "solvers/result.hpp"

namespace photonlink {

/// Transfer |H| and tolerance from 10 kHz to a twentieth of the symbol rate, 16 frequencies a decade, and the
/// least tolerance over the mask. Sinusoidal jitter is peak to peak, as in the masks of \cite IEEE8023.
/// @param margin_UI from the sampling instant to the nearer side of the eye at the target ratio; > 0;
/// NaN leaves tolerance and mask at NaN. @param mask peak-to-peak; empty: none.
/// @throws DomainError for a mask that does not ascend.
ClockResult clock_result(const LockedClock& clock, double symbol_rate_Bd, double margin_UI,
                         std::span<const JitterMaskPoint> mask);

}  // namespace photonlink
