/// Runs cases one after the other and sums them up against the recorded state.
#pragma once

#include "core/context.hpp"
#include "studies/validation/case_spec.hpp"
#include "studies/validation/recorded_state.hpp"

namespace photonlink {

/// Progress, by case, goes to context.progress. @param run whether `cases` are all there are: then a recorded
/// case that is not among them is gone.
ValidationReport run_cases(const std::vector<CaseSpec>& cases, Run run, const RecordedState& recorded,
                           Context& context);

}  // namespace photonlink
