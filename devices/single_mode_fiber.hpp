/// Single-mode fiber of the ITU-T G.652 family: attenuation and chromatic dispersion around each carrier.
///
///   H(Ω) = 10^(-αL/20) exp(-j (β₂Ω²/2 + β₃Ω³/6) L)
///   latency = n_g L / c
///
/// β₂, β₃ from D(λ) = λ S₀/4 (1 - (λ₀/λ)⁴), see devices/physics/dispersion.hpp (\cite ITUTG652, \cite
/// Agrawal2013). The delay of each carrier is removed (it stands in the ledger); walk-off between carriers is
/// therefore not part of the waveform, which matters only to crosstalk between them.
///
/// Validity: linear and scalar. D(λ) holds over 1200-1625 nm; `validity()` warns outside and where the Kerr
/// phase γ (2 P_total - P_own) L_eff of the worst carrier exceeds 0.1 rad, with γ = 1.3 /(W km) of
/// 1550 nm (at 1310 nm the mode is smaller and γ about 1.9 /(W km): the warning comes at 0.15 rad there). No
/// polarisation mode dispersion, no Raman or Brillouin scattering, no four-wave mixing.
///
/// Verified in tests/devices/single_mode_fiber_test.cpp: Gaussian pulse in closed form, an independent
/// split-step code, the integrated group delay, the fading null of direct detection.
#pragma once

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct SingleModeFiberParameters {
  double length_m = 500.0;
  double attenuation_dB_per_m = 0.35e-3;
  double zero_dispersion_wavelength_m = 1310e-9;
  double dispersion_slope_s_per_m3 = 92.0;
  double group_index = 1.4676;
};
template <>
const ParameterTable<SingleModeFiberParameters>& parameter_table();

class SingleModeFiber final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range.
  SingleModeFiber(std::string name, const SingleModeFiberParameters& parameters);

  void multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                        std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  SingleModeFiberParameters parameters_;
};

}  // namespace photonlink
