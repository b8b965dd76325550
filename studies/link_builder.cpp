#include "studies/link_builder.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "signal/pattern.hpp"

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
  return link;
}

std::shared_ptr<const Link> build_link(const LinkSpec& spec) {
  auto link = build_stages(spec);
  link->require_ends();
  return link;
}

LinkSpec with_parameter(LinkSpec spec, std::size_t stage, const std::string& key,
                        const ParameterValue& value) {
  set_value(spec.stages.at(stage).parameters, key, value);
  return spec;
}

}  // namespace photonlink
