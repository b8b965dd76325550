/// The recorded state beside the cases: what `photonlink validate --record` writes.
///
///   recorded.json            verdicts and errors that later runs are held against
///   <case>/README.md         table, fits and diagnoses between two markers
///   <case>/result.png        the picture of the case
///   README.md, overview.png  summary between markers, picture of all cases; only when every case was run
#pragma once

#include <string>

#include "studies/validation/recorded_state.hpp"

namespace photonlink {

/// @param recorded state before this run; entries of cases that were not run are kept.
/// @throws IoError when the folder of the cases cannot be written.
void record_report(const ValidationReport& report, const RecordedState& recorded, const std::string& folder);

}  // namespace photonlink
