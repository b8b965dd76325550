/// Differential pair of any kind: twinax cable, board trace, flyover or package line, from its parameters per
/// length. A two-port of the electrical segment, one per lane, all lanes alike.
///
/// Equations and validity of the line itself: devices/physics/transmission_line.hpp. Everything is
/// differential: resistances of both conductors in series, impedance from one to the other.
///
/// Crosstalk from pairs beside it, matched at both ends and weakly coupled over the whole length l, with the
/// ratios of mutual to own inductance and capacitance of two pairs, κ_L and κ_C:
///   near end  S = K_n (1 - e^(-2γl)),          K_n = (κ_C + κ_L)/4
///   far end   S = K_f jω T e^(-γl),            K_f = (κ_C - κ_L)/2, T delay of the lossless line
/// (first order in the coupling; \cite Ramo1994 for coupled lines). In a homogeneous dielectric K_f = 0.
/// Aggressors are the same pairs with the same sign: their noise adds in power, none of it returns.
///
/// Validity: no intra-pair skew, hence no mode conversion; no end reflections of the crosstalk. `validity`
/// warns where a coupled wave exceeds 0.2 at half the symbol rate and where the symbol rate leaves the band
/// of the dielectric model. The ledger books the group delay at half the symbol rate; copper takes no power.
///
/// Verified in tests/devices/copper_line_test.cpp: against the exact even and odd mode of two coupled lines.
#pragma once

#include <string>

#include "core/parameter_table.hpp"
#include "devices/physics/transmission_line.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct CopperLineParameters {
  double length_m = 0.0;
  double impedance_ohm = 100.0;
  double dc_resistance_ohm_per_m = 0.0;
  double skin_resistance_ohm_per_m = 0.0;
  double skin_frequency_Hz = 1e9;
  std::string roughness = "smooth";
  double roughness_height_m = 0.0;
  double roughness_radius_m = 0.0;
  double roughness_area_ratio = 0.0;
  double permittivity = 1.0;
  double loss_tangent = 0.0;
  double dielectric_frequency_Hz = 10e9;
  double dielectric_low_Hz = 1e4;
  double dielectric_high_Hz = 1e12;
  int far_aggressors = 0;
  double far_coupling = 0.0;
  int near_aggressors = 0;
  double near_coupling = 0.0;
  double near_amplitude = 1.0;
};
template <>
const ParameterTable<CopperLineParameters>& parameter_table();

class CopperLine final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range, or as check_dielectric.
  CopperLine(std::string name, CopperLineParameters parameters);

  /// @param aggressor -1: through; else index into `aggressors()`. Without aggressors of its own the line is
  /// a part of every path. @throws DomainError on another index.
  std::optional<std::vector<Abcd>> two_port(std::span<const double> frequency_Hz,
                                            int aggressor) const override;
  /// Far-end aggressors first (amplitude 1, equalised), then near-end ones (not equalised).
  std::vector<Aggressor> aggressors() const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  Complex far_wave(double frequency_Hz) const;
  Complex near_wave(double frequency_Hz) const;

  CopperLineParameters p_;
  LineParameters line_;
};

}  // namespace photonlink
