/// Multiplexer or demultiplexer of Bragg gratings in series on one bus, each dropping one channel.
///
/// Passband i: the gratings of the channels in front let pass what they do not drop, grating i drops:
///   H_i(f) = 10^(-IL/20) ρ^i Π_{k<i} t_k(f) · r_i(f),   ρ = 10^(-passing loss/20)
/// r, t: devices/physics/bragg_grating.hpp, δ = 2π n_g (f - f_i - tuning_error) / c. Contra-directional
/// couplers, or gratings that send the reflected mode to a port of its own: nothing returns to the input. A
/// multiplexer has the same passbands by reciprocity. Grid and role: channel_plan.hpp.
///
///   latency: the bus to the middle grating, n_g L (N - 1)/2 / c, and half a grating
///
/// Validity: coupled modes, κ far below the wave number; lossless gratings; no coupling of each guide to
/// itself (which cuts a second band), so carriers beyond the passbands of all gratings pass freely.
///
/// Verified in tests/devices/bragg_filter_test.cpp: Boost.Odeint, energy, published widths.
#pragma once

#include "devices/physics/bragg_grating.hpp"
#include "devices/physics/channel_plan.hpp"

namespace photonlink {

/// Defaults: loss of HG Genuine (OFC 2026, Th4A.7) on four channels of 800 GHz; strength and length are
/// estimates.
struct BraggFilterParameters {
  double coupling_per_m = 2.5e4;
  double length_m = 300e-6;
  double apodisation = 3.0;
  double group_index = 4.2;
  double passing_loss_dB = 0.05;
  std::string role = "demultiplexer";
  int channels = 4;
  double first_frequency_Hz = 228.0e12;
  double spacing_Hz = 800e9;
  std::vector<double> wavelengths_m = {};
  double insertion_loss_dB = 0.75;
  double tuning_error_Hz = 0.0;
};
template <>
const ParameterTable<BraggFilterParameters>& parameter_table();

class BraggFilter final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range.
  BraggFilter(std::string name, const BraggFilterParameters& parameters);

  /// H of passband `channel` at `frequency_Hz`.
  Complex passband(int channel, double frequency_Hz) const;
  int fan_out() const override { return plan_.fan_out(); }
  /// Of many offsets through a quintic spline, which leaves 1e-6 of the input field.
  void multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                        std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  BraggFields fields(int channel, double frequency_Hz) const;

  BraggFilterParameters p_;
  ChannelPlan plan_;
};

}  // namespace photonlink
