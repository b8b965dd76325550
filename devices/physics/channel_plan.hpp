/// The channels of an optical filter that joins or parts carriers: grid, role, and which passband a carrier
/// meets.
///
///   f_i = f_first + i Δf, or c / λ_i of a list
///   demultiplexer   one port for each channel, port i behind passband i; every port has all carriers
///   multiplexer     carrier c enters at the input of the channel nearest to it and all leave at one port
///
/// Filters whose passbands repeat with a period (an interleaver's or a grating's free spectral range) take
/// every carrier into the channel of its own order: an interleaver of two channels joins odd and even lines
/// of a comb.
///
/// By reciprocity both directions have the same passbands. A multiplexer adds no crosstalk to carriers that
/// enter at their own inputs, but clips what lies beyond its passbands.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

class ChannelPlan {
 public:
  /// @param wavelengths_m empty: the grid of `channels`, `first_frequency_Hz` and `spacing_Hz` holds.
  /// @throws ConfigError when two channels coincide, or the order of a list is not steady.
  ChannelPlan(const std::string& stage, int channels, double first_frequency_Hz, double spacing_Hz,
              const std::vector<double>& wavelengths_m, bool joins);

  int size() const { return static_cast<int>(channel_Hz_.size()); }
  double channel_Hz(int channel) const { return channel_Hz_[static_cast<std::size_t>(channel)]; }
  /// Mean distance of neighbours with its sign; of a single channel the stated spacing.
  double mean_spacing_Hz() const { return mean_spacing_Hz_; }
  int fan_out() const { return joins_ ? 1 : size(); }
  /// Passbands repeat with `period_Hz`; infinite until it is said.
  void repeat(double period_Hz) { period_Hz_ = period_Hz; }
  int nearest(double frequency_Hz) const;
  /// Passband that a carrier meets on its way to `out_port`.
  int passband(int out_port, double carrier_Hz) const { return joins_ ? nearest(carrier_Hz) : out_port; }
  /// Largest distance of a channel from the even grid through the first and the last one [Hz].
  double unevenness_Hz() const;
  /// Warns of carriers that are not on their channel, share one, or are modulated wider than the grid.
  void check_carriers(const std::string& stage, const Bundle& input, std::vector<Warning>& warnings) const;

 private:
  double off_Hz(double frequency_Hz, int channel) const;  // in the carrier's own order

  std::vector<double> channel_Hz_;
  double mean_spacing_Hz_;
  double period_Hz_ = std::numeric_limits<double>::infinity();
  bool joins_;
};

/// `rows` and behind them those of the channel plan, for a struct P with the seven members named here.
template <class P>
ParameterTable<P> with_channel_rows(ParameterTable<P> rows) {
  using Q = Quantity;
  const ParameterTable<P> plan{
      {"role",
       "demultiplexer: one port for each channel; multiplexer: all leave at one port",
       Q::dimensionless,
       &P::role,
       0.0,
       0.0,
       std::nullopt,
       {"demultiplexer", "multiplexer"}},
      {"channels", "number of channels, unless wavelengths lists them", Q::dimensionless, &P::channels, 1,
       128},
      {"first_frequency", "channel 0, unless wavelengths lists them", Q::frequency, &P::first_frequency_Hz,
       1e14, 5e14},
      {"spacing", "channel i + 1 minus channel i, unless wavelengths lists them", Q::frequency,
       &P::spacing_Hz, -1e13, 1e13},
      {"wavelengths",
       "channels from 0 upward, in the order of the carriers, which lasers list by rising frequency; of CWDM "
       "1331, "
       "1311, 1291, 1271 nm",
       Q::length, &P::wavelengths_m, 0.6e-6, 3e-6},
      {"insertion_loss", "least loss of every passband", Q::loss, &P::insertion_loss_dB, 0.0, 30.0, 0.0},
      {"tuning_error", "passbands as they stand minus channels", Q::frequency, &P::tuning_error_Hz, -5e12,
       5e12, 0.0},
  };
  rows.insert(rows.end(), plan.begin(), plan.end());
  return rows;
}

/// The parameters, checked before anything is made of them. @throws ConfigError as check().
template <class P>
const P& checked(const P& parameters, const std::string& stage) {
  check(parameters, stage);
  return parameters;
}

template <class P>
ChannelPlan channel_plan(const std::string& stage, const P& p) {
  return {stage, p.channels, p.first_frequency_Hz, p.spacing_Hz, p.wavelengths_m, p.role == "multiplexer"};
}

}  // namespace photonlink
