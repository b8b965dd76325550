/// Links of a case that start from another link and change parts of it.
#pragma once

#include "studies/link_reader.hpp"

namespace photonlink {

/// Keys of a case's [[link]] that a study's does not have.
const std::vector<std::string>& link_variant_keys();

/// Applies `remove`, `set`, `assumptions` and `assume` of the table to `link`. Problems go to the reporter.
void vary_link(const Node& node, const Reporter& reporter, LinkSpec& link);

/// Index of the stage called `name`, -1 after reporting the nearest name at `place`.
int find_stage(const LinkSpec& link, const std::string& name, const Place& place, const Reporter& reporter);
/// Stage and parameter that "filter rings.rings" means; the stage is -1 after reporting.
struct ParameterPath {
  int stage = -1;
  std::string stage_name, key;
  const FieldInfo* row = nullptr;
};
ParameterPath find_parameter(const LinkSpec& link, const std::string& path, const Place& place,
                             const Reporter& reporter);
/// States a value: replaces it and drops what was assumed about it.
void state_parameter(StageSpec& stage, const std::string& key, const ParameterValue& value);

}  // namespace photonlink
