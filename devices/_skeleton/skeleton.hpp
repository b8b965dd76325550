/// Optical band-pass filter of one pole: the device to copy, see devices/_skeleton/README.md.
///
/// The first paragraph says what the device is, then come the equations in the symbols of their source, each
/// parameter's meaning standing in the table of skeleton.cpp:
///   H(f) = 10^(-L/20) / (1 + j 2 (f - f_0) / B)          field response, |H|² halves at f_0 ± B/2
///   latency = 1 / (π B)                                  group delay on resonance
///   P = R / η                                            heater that moves f_0 by R
/// One coupled mode, \cite Little1997.
///
/// Validity: linear, one resonance; `validity()` warns of a carrier outside the pass band.
///
/// Verified in tests/devices/skeleton_test.cpp: half power at B/2, group delay by finite differences.
#pragma once

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// SI doubles; the name ends in the unit, the file key is the name without it.
struct SkeletonParameters {
  double loss_dB = 0.5;
  double centre_frequency_Hz = 228.2e12;
  double bandwidth_Hz = 100e9;
  double tuning_range_Hz = 100e9;
  double tuning_efficiency_Hz_per_W = 17.5e12;
};
template <>
const ParameterTable<SkeletonParameters>& parameter_table();

class Skeleton final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range.
  Skeleton(std::string name, const SkeletonParameters& parameters);

  // Only those functions of Stage that the device needs: this one has a linear tail, a ledger and limits.
  void multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                        std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  SkeletonParameters parameters_;
};

}  // namespace photonlink
