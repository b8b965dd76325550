/// The keys of [[link]] that are single values, as a parameter table: reader and schema use the same rows.
#pragma once

#include "studies/study.hpp"

namespace photonlink {

/// Version of the study format, the value of the key `schema`.
inline constexpr int study_schema_version = 1;

/// modulation, symbol_rate, lanes, pattern, samples_per_symbol, fec, target_ber, title, description.
template <>
const ParameterTable<LinkSpec>& parameter_table<LinkSpec>();
template <>
const ParameterTable<OperatingPointGoal>& parameter_table<OperatingPointGoal>();

}  // namespace photonlink
