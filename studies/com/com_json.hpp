/// Channel operating margin as JSON with stable keys, listed in docs/com.md. NaN and infinity become null.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "studies/com/com_run.hpp"
#include "studies/provenance.hpp"

namespace photonlink {

inline constexpr int com_result_schema_version = 1;

/// @param provenance `study_text` is the configuration byte for byte.
nlohmann::ordered_json to_json(const ComRun& run, const Provenance& provenance);

}  // namespace photonlink
