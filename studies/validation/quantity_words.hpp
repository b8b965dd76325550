/// The keys of a [[quantity]] that are plain words: reader and schema use the same rows.
#pragma once

#include <string>

#include "core/parameter_table.hpp"

namespace photonlink {

struct QuantityWords {
  std::string title, reason, diagnosis;
  std::string role = "measurement", bound = "value", measure = "worst";
  int skip_rows = 0;
};
template <>
const ParameterTable<QuantityWords>& parameter_table();

}  // namespace photonlink
