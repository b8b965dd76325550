/// Multiplexer or demultiplexer of cascaded Mach-Zehnder interleavers: a binary tree.
///
/// N = 2^n channels, mean spacing Δ. Level k parts channels by bit k of their number with interleavers of
/// FSR_k = 2^(k+1) Δ (devices/physics/half_band.hpp); passband i is the product over the levels
///   H_i(f) = 10^(-IL/20) Π_k h_k,   φ_k = 2π (f - f_k) / FSR_k,
/// h_k the cross port where bit k is 0, the bar port where it is 1; passbands repeat with N Δ, so that two
/// channels are an interleaver of a whole comb. f_k is trimmed in each node: the mean of its channels less
/// their places on an even grid, plus tuning_error. Grid and role: channel_plan.hpp.
///
///   heaters: N - 1 nodes of 1 or 2 delays, each trimmed by a phase spread evenly over 2π: P_π on average
///   latency: Σ_k half the delays of level k, each 1/FSR_k or twice that
///
/// Validity: couplers that do not depend on wavelength (their error is one number), no waveguide dispersion:
/// passbands repeat evenly in frequency, so a grid even in wavelength is met on average (warns where channels
/// miss it by 5 % of the spacing). No reflections, one polarisation.
///
/// Verified in tests/devices/mzi_filter_test.cpp: all paths summed, unitarity, published widths.
#pragma once

#include "devices/physics/channel_plan.hpp"
#include "devices/physics/half_band.hpp"

namespace photonlink {

/// Defaults: the four CWDM channels; loss and the flat top of HG Genuine (OFC 2026, Th4A.7).
struct MziFilterParameters {
  int stages = 2;
  double coupling_error = 0.0;
  double half_wave_power_W = 0.0;
  std::string role = "demultiplexer";
  int channels = 4;
  double first_frequency_Hz = 228.0e12;
  double spacing_Hz = 800e9;
  std::vector<double> wavelengths_m = {};
  double insertion_loss_dB = 0.95;
  double tuning_error_Hz = 0.0;
};
template <>
const ParameterTable<MziFilterParameters>& parameter_table();

class MziFilter final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range or the channels are not 2, 4, 8, …
  MziFilter(std::string name, const MziFilterParameters& parameters);

  /// H of passband `channel` at `frequency_Hz`.
  Complex passband(int channel, double frequency_Hz) const;
  int fan_out() const override { return plan_.fan_out(); }
  void multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                        std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  MziFilterParameters p_;
  ChannelPlan plan_;
  HalfBand interleaver_;
  double loss_field_;
  std::vector<std::vector<double>> node_Hz_;  // (n_level, 2^level), f_k of each node
};

}  // namespace photonlink
