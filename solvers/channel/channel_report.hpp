/// Everything that a copper channel is judged by, at one symbol rate, from its 4-port and its aggressors.
///
/// Both ends are taken as 50 ohm to ground on each wire: 100 ohm differential, 25 ohm common. Each part is
/// described where it is computed: losses and crosstalk in solvers/channel_measures.hpp, fit and ILD in
/// fitted_loss.hpp, impedance in tdr.hpp, time responses, passivity and causality in lib/network.
/// Verified in tests/solvers/channel_report_test.cpp: lines in closed form; the example channel against the
/// measures one by one.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "network/multiport.hpp"
#include "network/physicality.hpp"
#include "solvers/channel/fitted_loss.hpp"
#include "solvers/channel/tdr.hpp"
#include "solvers/channel_measures.hpp"

namespace photonlink {

struct ChannelSettings {
  double symbol_rate_Bd = 0.0;  ///< f_b; 0: the fastest of the usual ones whose 0.75 f_b the file holds
  double rise_time_s = 0.0;     ///< 20-80 % of transmitters; 0: 0.2475 UI, 9.6 ps at 25.78125 GBd
  double receiver_bandwidth_Hz = 0.0;  ///< 0: 0.75 f_b
  double tdr_rise_time_s = 0.0;        ///< 0: the shortest that the file's band shows without ripple
  double amplitude_V = 0.6;            ///< peak differential, of aggressors (Clause 92.10.7 \cite IEEE8023)
};
/// Zeros replaced as said above, for a file that ends at `last_Hz`. @throws DomainError on negative settings.
ChannelSettings completed(ChannelSettings settings, double last_Hz);

/// All measures at one frequency; NaN outside the file or without aggressors.
struct ChannelLevels {
  double frequency_Hz = 0.0;
  double insertion_dB = 0.0, return_tx_dB = 0.0, return_rx_dB = 0.0;  ///< losses
  double fit_dB = 0.0, deviation_dB = 0.0;
  double scd21_dB = 0.0, sdc21_dB = 0.0;  ///< levels: common from differential, differential from common
  double next_dB = 0.0, fext_dB = 0.0;    ///< power-sum losses MDNEXT, MDFEXT
};

/// Response to one symbol of 1 V through transmitter edge and receiver filter, sampled at its peak.
struct ChannelPulse {
  std::vector<double> time_UI, value_V;  ///< from the main cursor
  int before = 0;                        ///< number of cursors before the main one
  std::vector<double> cursor_V;          ///< symbol-spaced; the main one has index `before`
  double main_time_s = 0.0;              ///< from the start of the symbol at the transmitter
  double isi_V = 0.0;               ///< sum of |cursor| over all symbols of the response but the main one
  double extrapolated_share = 0.0;  ///< of the energy, from above the file
  double main_V() const { return cursor_V[static_cast<std::size_t>(before)]; }
};

struct NamedProfile {
  std::string name;  ///< "differential, transmitter", "tx_p"
  double reference_ohm = 0.0;
  ImpedanceProfile profile;
};

struct ModeConversion {
  double level_dB = 0.0, frequency_Hz = 0.0;  ///< largest up to half the symbol rate, and where
};

struct ChannelReport {
  ChannelSettings settings;
  std::size_t points = 0;
  double first_Hz = 0.0, last_Hz = 0.0, step_Hz = 0.0;  ///< step: the widest
  std::vector<ChannelLevels> at;                    ///< chosen frequencies, half the symbol rate among them
  std::vector<ChannelLevels> curve;                 ///< points of the file
  std::vector<double> delay_frequency_Hz, delay_s;  ///< of Sdd21, over bands of 2 % of the file
  double mean_delay_s = 0.0;                        ///< around half the symbol rate
  FittedLoss fit;
  double largest_deviation_dB = 0.0, largest_deviation_Hz = 0.0, ild_fom_dB = 0.0;
  ModeConversion scd21, sdc21, scd11, scd22;
  double skew_s = 0.0;  ///< n later than p, up to half the symbol rate
  PassivityFinding passivity;
  double reciprocity_error = 0.0;
  CausalityFinding causality;  ///< of Sdd21
  double trusted_Hz = 0.0;     ///< see trusted_bandwidth_Hz
  int near = 0, far = 0;       ///< number of aggressors
  IntegratedCrosstalk crosstalk;
  std::vector<NamedProfile> impedance;  ///< both differential ends, then tx_p, tx_n, rx_p, rx_n
  ChannelPulse pulse;
  /// Effective return loss of both ends; NaN: not computed.
  double erl_tx_dB = std::numeric_limits<double>::quiet_NaN();
  double erl_rx_dB = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::string> warnings;
};

/// Highest frequency below which a passive device's file agrees with itself: in every hundredth of the band
/// |S12 - S21| stays below a tenth of |S21| (rms), and no singular value of the 4-port exceeds 1.01. A
/// measurement loses this where noise takes over; a simulation keeps it to its end.
double trusted_bandwidth_Hz(const SParameters& four_port, const SParameters& differential);

/// @param through 4-port on 50 ohm in the order tx_p, tx_n, rx_p, rx_n. @param near, far differential 2-ports
/// on 100 ohm, disturber's transmitter to victim's receiver, at the points of `through`.
/// @throws DomainError on networks that do not fit, settings that cannot be meant, or fewer than 8 points.
ChannelReport channel_report(const SParameters& through, const std::vector<SParameters>& near,
                             const std::vector<SParameters>& far, const ChannelSettings& settings,
                             Context& context);

}  // namespace photonlink
