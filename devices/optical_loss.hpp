/// Lumped, wavelength-flat optical loss: couplers, connectors, splitters, waveguides.
///
///   loss = count · loss_each + length · loss_per_length  [dB],   A_out = A_in 10^(-loss/20)
///   latency = n_g length / c
///
/// Validity: no reflections, no wavelength or polarisation dependence; an N-way split is entered as its loss
/// (10 log₁₀ N plus excess), the other branches belong to other links.
///
/// Verified in tests/devices/optical_loss_test.cpp.
#pragma once

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct OpticalLossParameters {
  double loss_dB = 0.0;
  int count = 1;
  double length_m = 0.0;
  double loss_per_length_dB_per_m = 0.0;
  double group_index = 4.2;
};
template <>
const ParameterTable<OpticalLossParameters>& parameter_table();

class OpticalLoss final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range.
  OpticalLoss(std::string name, const OpticalLossParameters& parameters);

  /// Sum of all parts [dB].
  double total_loss_dB() const;
  void multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                        std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  OpticalLossParameters parameters_;
};

}  // namespace photonlink
