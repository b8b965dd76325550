/// Filters that IEEE Std 802.3-2022 Annex 93A \cite IEEE8023 puts at the ends of an electrical channel.
#pragma once

#include "core/conventions.hpp"

namespace photonlink {

/// Standard deviation of the Gaussian whose integral rises in T_r from 20 to 80 %: T_r / 1.6832 [s].
double gaussian_sigma_s(double rise_time_s);
/// 20-80 % rise time of the edge that has fallen by 40 dB at `end_Hz`, the fastest that a file which ends
/// there shows without ripple: exp(-2 (π f σ)²) = 0.01, T_r = 1.6832 σ [s].
double fastest_rise_time_s(double end_Hz);
/// Transmitter's edge, exp(-2 (π f T_r / 1.6832)²), Eq. (93A-46); 1 when T_r is 0.
double gaussian_edge(double frequency_Hz, double rise_time_s);
/// Receiver's filter, 1 / (1 + 2.613126 s + 3.414214 s² + 2.613126 s³ + s⁴), s = j f / f_r, Eq. (93A-20).
/// @param bandwidth_Hz f_r, -3 dB; infinite: 1.
Complex receiver_butterworth(double frequency_Hz, double bandwidth_Hz);

}  // namespace photonlink
