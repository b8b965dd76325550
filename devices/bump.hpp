/// Micro bump, pillar, C4 bump, ball or bond wire in each conductor of a pair, or in one alone, as a two-port
/// of the electrical segment.
///
///   ──┬──── R, L ────┬──      of each conductor, C to ground
///   ½ C             ½ C
///
/// Between n conductors Z = n (R + jωL) and ½ Y = jω C/(2n) at either end (\cite Pozar2012, Table 4.1): n = 2
/// a pair, n = 1 a single conductor over ground, as between a photodiode and its amplifier.
///
/// Validity: far smaller than the wavelength; R independent of frequency, no coupling to other bumps.
///
/// Verified in tests/devices/bump_test.cpp.
#pragma once

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct BumpParameters {
  double resistance_ohm = 0.0;
  double inductance_H = 0.0;
  double capacitance_F = 0.0;
  int conductors = 2;
};
template <>
const ParameterTable<BumpParameters>& parameter_table();

class Bump final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range.
  Bump(std::string name, const BumpParameters& parameters);

  /// The same for the through path and every aggressor.
  std::optional<std::vector<Abcd>> two_port(std::span<const double> frequency_Hz,
                                            int aggressor) const override;

 private:
  BumpParameters p_;
};

}  // namespace photonlink
