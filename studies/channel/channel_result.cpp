#include "studies/channel/channel_result.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace photonlink {
namespace {

/// What was odd about the files is the likely reason when they cannot be judged.
ChannelReport report_of(const ChannelInput& input, const ChannelSettings& settings, Context& context) {
  try {
    return channel_report(input.through, input.near, input.far, settings, context);
  } catch (const DomainError& error) {
    if (input.warnings.empty()) throw;
    throw DomainError(fmt::format("{} ({})", error.what(), fmt::join(input.warnings, "; ")));
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
                       report_of(input, settings, context)};
  result.warnings.insert(result.warnings.end(), result.report.warnings.begin(), result.report.warnings.end());
  return result;
}

}  // namespace photonlink
