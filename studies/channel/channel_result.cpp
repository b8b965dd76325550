#include "studies/channel/channel_result.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "solvers/com/effective_return_loss.hpp"
#include "studies/com_reader.hpp"

namespace photonlink {
namespace {

/// What was odd about the files is the likely reason when they cannot be judged.
ChannelReport report_of(const std::string& file, const ChannelInput& input, const ChannelSettings& settings,
                        Context& context) {
  try {
    return channel_report(input.through, input.near, input.far, settings, context);
  } catch (const DomainError& error) {
    const std::string doubts =
        input.warnings.empty() ? "" : fmt::format(" ({})", fmt::join(input.warnings, "; "));
    throw DomainError(fmt::format("{}: {}{}", file, error.what(), doubts));
  }
}

com::Parameters return_loss_parameters(const ChannelRequest& request, double symbol_rate_Bd) {
  if (!request.com_configuration.empty()) return read_com(request.com_configuration);
  // As backplanes of 802.3ck are judged, without the stretch that their equaliser takes care of.
  com::Parameters p;
  p.signal.symbol_rate_Bd = symbol_rate_Bd;
  p.signal.levels = 4;
  p.signal.detector_error_ratio = 1e-4;
  p.return_loss.length_UI = 3500;
  p.return_loss.window = "tukey";
  return p;
}

void add_return_loss(const ChannelRequest& request, const ChannelInput& input, ChannelResult& result,
                     Context& context) {
  const auto p = return_loss_parameters(request, result.report.settings.symbol_rate_Bd);
  try {
    const auto found =
        com::effective_return_loss(p, mixed_mode(input.through).dd, com::mode("standard"), context);
    result.report.erl_tx_dB = found.loss_dB[0];
    result.report.erl_rx_dB = found.loss_dB[1];
  } catch (const DomainError& error) {
    result.warnings.push_back(fmt::format("no effective return loss: {}", error.what()));
  }
}

}  // namespace

ChannelResult judge_channel(const ChannelRequest& request, const ChannelInput& input,
                            const ChannelSettings& settings, Context& context) {
  ChannelResult result{request.through.substr(request.through.find_last_of('/') + 1),
                       request,
                       input.port_map,
                       input.port_map_origin,
                       input.steps,
                       input.warnings,
                       report_of(request.through, input, settings, context)};
  add_return_loss(request, input, result, context);
  result.warnings.insert(result.warnings.end(), result.report.warnings.begin(), result.report.warnings.end());
  return result;
}

}  // namespace photonlink
