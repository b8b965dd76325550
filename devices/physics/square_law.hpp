/// Detection of light: what photodiodes of every kind share.
///
///   I_lin(t) = Σ_c R_c |A_c(t)|²,   I(t) = I_lin / (1 + I_lin / I_sat) + I_dark
///   tangent    δI = (1 + I_lin / I_sat)⁻² 2 Re Σ_c R_c conj(A_c) δA_c
///   shot noise, one-sided: 2q x (I - I_dark) of the signal and a density of its own for the dark current,
///   with x the excess noise of an avalanche, M F, or 1   \cite SalehTeich2007, Sec. 18.6
///
/// Saturation is that of a field screened by the carriers in flight: the collected share falls as the current
/// approaches I_sat, to half of it at I_lin = I_sat (hyperbolic law, an assumption that a single published
/// compression point fixes). With a transit that the current slows, the collected current follows with a pole
/// that moves (slowing_transit.hpp): the core then has a state. Carriers do not beat with each other.
///
/// Verified in tests/devices/photodiode_test.cpp and avalanche_photodiode_test.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "devices/physics/filters.hpp"
#include "devices/physics/slowing_transit.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// I_sat at and above which a current counts as unlimited: the `ideal` of saturation parameters [A].
inline constexpr double unlimited_current_A = 1e3;

struct SquareLaw {
  std::vector<double> responsivity_A_per_W;           ///< (n_carrier)
  double dark_current_A = 0.0;                        ///< at the output
  double saturation_current_A = unlimited_current_A;  ///< I_sat
  /// Pole of the core; unlimited in either number: none, the transit is the device's tail.
  SlowingTransit transit{unlimited_bandwidth_Hz, unlimited_current_A};
};

/// I(t) of one port before any transit, (n_sample).
RealWave detected_current_A(const OpticalPort& port, const SquareLaw& law);
/// Whether the core holds the transit.
bool slows(const SlowingTransit& transit);
/// One lane for each port; ports and carriers end here, full_scale_Vpp = 0 (volts have no meaning behind).
std::unique_ptr<Stepper> square_law_stepper(SquareLaw law);
std::unique_ptr<Tangent> square_law_tangent(const Bundle& input, SquareLaw law);

struct ShotNoise {
  double signal_A = 0.0;        ///< one-sided density over signal current: 2q x [A²/Hz/A]
  double dark_A2_per_Hz = 0.0;  ///< one-sided density of the dark current
  double dark_current_A = 0.0;  ///< at the output
};
/// Two terms for each lane of `output`, those that are not zero.
std::vector<NoiseTerm> shot_noise_terms(const std::string& stage, const ShotNoise& shot,
                                        const Bundle& output);

/// Mean of the detected current of one port, and summed over ports [A].
double mean_current_A(const OpticalPort& port, const SquareLaw& law);
double total_mean_current_A(const Bundle& input, const SquareLaw& law);
/// @throws ConfigError when no light arrives.
void require_light(const std::string& stage, const Bundle& input);
LedgerEntry bias_power(const std::string& stage, const char* cause, double current_A, double voltage_V);
/// Warns of responsivities (at unit gain) above the quantum limit and of carriers closer than twice the
/// symbol rate.
void check_detection(const std::string& stage, const SquareLaw& law, const Bundle& input,
                     std::vector<Warning>& warnings);

}  // namespace photonlink
