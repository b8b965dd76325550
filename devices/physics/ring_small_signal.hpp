/// Small-signal response of a ring that light changes (ring_medium.hpp), in closed form.
///
/// Around the settled state (a, U = |a|², N) at held temperature, s = j2πf, Λ = j2π δf - γ of the state,
///   (s - Λ) δa = a [(-k - j2πκ) δU + (-ν + j2πφ) δN + δΛ],    δU = 2 Re(a* δa)
///   (s + 1/τ_c) δN = 2 g U δU
/// with δΛ = j2π df/du - d(1/τ_l)/du per volt: a 3 x 3 system for Re δa, Im δa, δN. The power at the port is
/// |d s_in + j sqrt(2/τ_out) a|². Without the fast effects it is small_signal_response() in ring.hpp.
/// Valid above the thermal bandwidth 1/(2πτ_th). Verified in
/// tests/devices/physics/ring_small_signal_test.cpp.
#pragma once

#include "devices/physics/ring.hpp"
#include "devices/physics/ring_medium.hpp"

namespace photonlink {

/// Power at `port` per unit input power and per unit of the drive of `change`, at `modulation_Hz`.
/// @param rates at the bias. @param detuning_Hz carrier minus resonance at the mean temperature. @param
/// power_W > 0 in front of the ring.
Complex hot_small_signal_response(const RingRates& rates, const RingMedium& medium, double power_W,
                                  double detuning_Hz, const RateChange& change, double modulation_Hz,
                                  RingPort port);

}  // namespace photonlink
