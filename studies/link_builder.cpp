#include "studies/link_builder.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "signal/pattern.hpp"
#include "solvers/predistortion.hpp"
#include "studies/wdm_check.hpp"

namespace photonlink {

std::shared_ptr<const Link> build_stages(const LinkSpec& spec) {
  auto link = std::make_shared<Link>();
  link->name = spec.name;
  link->title = spec.title.empty() ? spec.name : spec.title;
  link->levels = levels_of(spec.modulation);
  link->symbol_rate_Bd = spec.symbol_rate_Bd;
  link->lanes = spec.lanes;
  link->pattern = spec.pattern;
  link->samples_per_symbol = spec.samples_per_symbol;
  link->fec = spec.fec;
  link->target_ber = spec.target_ber;
  for (const StageSpec& stage : spec.stages) {
    const DeviceType* type = find_device(stage.device);
    if (!type) throw ConfigError(fmt::format("link '{}': unknown device '{}'", spec.name, stage.device));
    link->stages.push_back(type->make(stage.name, stage.parameters));
  }
  check_wdm_grids(*link);
  return link;
}

std::shared_ptr<const Link> build_link(const LinkSpec& spec) {
  auto link = build_stages(spec);
  link->require_ends();
  if (spec.predistortion == "none") return link;
  // The same link with another transmitter: the other stages are immutable and shared.
  auto bent = std::make_shared<Link>(*link);
  StageSpec transmitter = spec.stages.front();
  set_value(transmitter.parameters, "drive_levels", even_light_levels(*link));
  bent->stages.front() = find_device(transmitter.device)->make(transmitter.name, transmitter.parameters);
  return bent;
}

LinkSpec with_parameter(LinkSpec spec, std::size_t stage, const std::string& key,
                        const ParameterValue& value) {
  set_value(spec.stages.at(stage).parameters, key, value);
  return spec;
}

}  // namespace photonlink
