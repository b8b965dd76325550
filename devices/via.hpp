/// Differential via of a board or package: barrel, the stub left below the exit layer, and pads, as a
/// two-port of the electrical segment.
///
///   top ──┬──── barrel, length l ────┬──┬── exit layer
///       C_top                     C_exit └── stub, length s, open
///
/// Barrel and stub are pieces of one lossy line of impedance Z_v (\cite Pozar2012, Sec. 2.3 and Table 4.1);
/// L = Z_v l √ε_r / c and C = l √ε_r / (c Z_v) are the barrel's. The open stub shorts the pair where it is a
/// quarter of a wavelength,
///   f = c / (4 s √ε_r).
/// ε_r is what the field around the barrel sees: with pads and anti-pads capacitance is added, and the
/// effective value exceeds the laminate's.
///
/// Validity: barrel and stub as uniform lines, no coupling to other vias or to the cavity between planes;
/// above some 40 GHz the planes' return path matters, which is not modelled. The ledger books the delay of
/// the barrel.
///
/// Verified in tests/devices/via_test.cpp: notch in closed form, LC limit, nodal analysis.
#pragma once

#include "core/parameter_table.hpp"
#include "devices/physics/transmission_line.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct ViaParameters {
  double barrel_length_m = 1e-3;
  double stub_length_m = 0.0;
  double impedance_ohm = 85.0;
  double permittivity = 4.0;
  double loss_tangent = 0.0;
  double top_capacitance_F = 0.0;
  double exit_capacitance_F = 0.0;
};
template <>
const ParameterTable<ViaParameters>& parameter_table();

class Via final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range, or the loss tangent leaves no permittivity
  /// above 1 THz.
  Via(std::string name, const ViaParameters& parameters);

  /// The same for the through path and every aggressor.
  std::optional<std::vector<Abcd>> two_port(std::span<const double> frequency_Hz,
                                            int aggressor) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  /// Warns where the notch of the stub lies below 1.5 times half the symbol rate.
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  ViaParameters p_;
  LineParameters line_;
};

}  // namespace photonlink
