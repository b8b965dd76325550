/// Channel operating margin: does a channel, with reference packages and equalisers around it, leave the
/// margin that a standard asks for?
///
/// For each package test case: cascade packages and channel, transform to pulse responses, search the
/// equalisers for the largest figure of merit, and hold the signal against noise and interference at the
/// detector error ratio, COM = 20 log10(A_s / A_ni). IEEE Std 802.3-2022 Annex 93A \cite IEEE8023; with a
/// receive FFE Annex 178A of P802.3dj. A channel's COM is the least of its cases.
///
/// Modes: `standard` follows the annexes, `script-4.50` and `script-3.70` the behaviour of the IEEE task
/// forces' MATLAB code where it departs from them (docs/com.md lists each difference). Verified against that
/// code's results (validation/com_01 to com_06).
#pragma once

#include <string>
#include <vector>

#include "core/context.hpp"
#include "solvers/com/effective_return_loss.hpp"
#include "solvers/com/eye_window.hpp"

namespace photonlink::com {

struct CaseResult {
  std::string name;
  double com_dB = 0.0, merit_dB = 0.0;
  double available_V = 0.0;         ///< A_s
  double interference_V = 0.0;      ///< A_ni
  double unequalized_peak_V = 0.0;  ///< of the pulse in front of the CTLE
  EyeOpening eye;                   ///< VEO or EH, VEC; over the window where the configuration has one
  CtleSetting ctle;
  int main_tap = 0;  ///< index in transmit_taps
  std::vector<double> transmit_taps, receive_taps, dfe_taps;
  std::vector<int> floating_taps;  ///< positions behind the cursor
  double sampling_time_s = 0.0;    ///< t_s from the start of the symbol at the transmitter's die
  NoiseTerms terms;
  Interference interference;
  std::size_t evaluated = 0, grid = 0;                            ///< equaliser settings looked at, and all
  std::vector<double> pulse_time_UI, unequalized_V, equalized_V;  ///< around t_s, for plots
};

struct Result {
  std::string mode;
  double com_dB = 0.0;              ///< least of the cases
  EffectiveReturnLoss return_loss;  ///< of the channel alone; NaN when the configuration asks for none
  std::vector<CaseResult> package_case;
  std::vector<std::string> warnings;
};

/// @param paths through path first, then aggressors, on one frequency grid; differential 2-ports.
/// @throws DomainError when a channel cannot be evaluated, ConfigError for parameters that contradict each
/// other.
Result channel_operating_margin(const Parameters& parameters, const std::vector<Path>& paths,
                                const Mode& mode, Context& context);

}  // namespace photonlink::com
