/// What a report says of fits, misses, tallies and changes, the same in terminal, page and README.
#pragma once

#include <string>
#include <vector>

#include "studies/validation/case_result.hpp"

namespace photonlink::report_text {

/// "0.021 [0.018, 0.024]", "0.05, at its bound".
std::string fitted_text(const FittedParameter& parameter);
/// "Fit of link ring to eo_s21 and spectrum: 45 points, rms error 0.61 tolerances, did not converge."
std::string fit_heading(const FitResult& fit);
/// What to say of a quantity that misses or was not computed, and the diagnosis of one that agrees in the
/// band only; "" of others.
std::string explanation(const QuantityResult& quantity);

/// "12 of 15 (80 %)".
std::string share_text(int part, int whole);
/// "0.42, worst 3.1 in mrm_02/eo_s21".
std::string tally_text(const Tally& tally);
/// Quantities shown and not counted, by role: "3 identities (all agree), 2 fits (1 of 2 agrees)". "" if none.
std::string not_counted_text(const ValidationReport& report);
/// Worse first, then gone, better, added; in the order of the report within each.
std::vector<Change> sorted_changes(const ValidationReport& report);
std::string change_kind(Change::Kind kind);
/// Measurements of the case with this verdict.
int count(const CaseResult& result, Verdict verdict);
/// "6 of 8 (75 %) within tolerance, 1 in the band only, 1 miss"; "nothing counted".
std::string counts_text(const CaseResult& result);

}  // namespace photonlink::report_text
