/// Arrayed waveguide grating (or echelle grating) as multiplexer or demultiplexer: passbands as specified.
///
///   |H_i(f)|² = 10^(-IL/10) (G_i + X_i) / max(1, 10^(-IL/10) Σ_k (G_k + X_k))
///   G = exp(-ln 2 |2 δ / B|^(2n)),   δ = f - f_i - tuning_error in (-FSR/2, FSR/2]
/// B is the full 3-dB width; n = 1 the Gaussian of a plain grating, n of 2 to 4 a flattened one. The floor X
/// that phase errors of the arms leave is 0 for a carrier of the own channel, the adjacent crosstalk for a
/// carrier of a neighbour, the non-adjacent one beyond. The sum over all passbands keeps a
/// filter that is specified without loss from giving out more than enters.
/// Linear phase: the common delay of the arms stands
/// in the ledger, dispersion of flattened passbands is left out. Grid and role: channel_plan.hpp.
///
///   latency = n_g L / c, the mean path through the grating
///
/// Validity: floors are typical values of a data sheet, their phase is unknown; only their power matters,
/// since carriers of different frequency do not beat within a receiver. FSR the same for all channels.
///
/// Verified in tests/devices/awg_filter_test.cpp: widths, orders, floors.
#pragma once

#include "devices/physics/channel_plan.hpp"

namespace photonlink {

/// Defaults: 16 channels of 200 GHz and floors of \cite Dai2011; loss and width are estimates.
struct AwgFilterParameters {
  double bandwidth_Hz = 110e9;
  double passband_order = 1.0;
  double adjacent_crosstalk_dB = 30.0;
  double nonadjacent_crosstalk_dB = 40.0;
  double fsr_Hz = 6.4e12;
  double path_length_m = 10e-3;
  double group_index = 1.5;
  std::string role = "demultiplexer";
  int channels = 16;
  double first_frequency_Hz = 228.0e12;
  double spacing_Hz = 200e9;
  std::vector<double> wavelengths_m = {};
  double insertion_loss_dB = 2.0;
  double tuning_error_Hz = 0.0;
};
template <>
const ParameterTable<AwgFilterParameters>& parameter_table();

class AwgFilter final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range or the channels exceed one FSR.
  AwgFilter(std::string name, const AwgFilterParameters& parameters);

  int fan_out() const override { return plan_.fan_out(); }
  void multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                        std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  double gaussian(double off_Hz) const;  // G
  double floor(int channel, double carrier_Hz) const;

  AwgFilterParameters p_;
  ChannelPlan plan_;
};

}  // namespace photonlink
