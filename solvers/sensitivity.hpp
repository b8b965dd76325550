/// Receiver sensitivity: bit error ratio against the optical modulation amplitude (OMA) at the photodiode.
///
/// Extra optical loss in front of the photodiode divides OMA and signal current alike, so the operating point
/// at OMA x is the evaluated one at a loss of OMA / x: additive noise stays, the variance of shot noise
/// follows the signal, relative noise (RIN, transmitter noise, jitter, ISI, crosstalk) follows its amplitude
/// (signal/noise_term.hpp). Thresholds are adapted at every power, as a receiver under test does (a loss
/// margin keeps them); equaliser taps and sampling phase stay as adapted at the evaluated power.
///
/// With additive noise σ alone and no ISI the curve is Q(R x / (2 σ)), R the responsivity: its
/// slope of the curve in these coordinates then holds no free parameter.
///
/// Verified in tests/studies/sensitivity_test.cpp against that closed form and against links whose couplers
/// were changed.
#pragma once

#include <span>
#include <vector>

#include "solvers/lane_model.hpp"
#include "solvers/result.hpp"

namespace photonlink {

struct SensitivityPoint {
  double oma_dBm = not_computed;
  double ber = not_computed;  ///< before FEC
};

/// OMA at the photodiode at which the bit error ratio before FEC is `target_ber`, to 0.001 dB. NaN when no
/// power within 40 dB of the evaluated one gives it.
/// @param result of the same lane; its oma_W is the OMA of the evaluated operating point.
/// @throws DomainError when the lane has no OMA (copper), or target_ber is outside (0, 0.5).
double sensitivity_oma_dBm(LaneModel& lane, const LaneResult& result, double target_ber);

/// Bit error ratio at each of `oma_dBm`, size (n_oma). @throws DomainError when the lane has no OMA.
std::vector<SensitivityPoint> ber_against_oma(LaneModel& lane, const LaneResult& result,
                                              std::span<const double> oma_dBm);

}  // namespace photonlink
