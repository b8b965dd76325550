/// A validation report as people read it in a terminal: per case a table and its misses, then tallies and
/// changes.
#pragma once

#include <string>

#include "studies/text_table.hpp"
#include "studies/validation/case_result.hpp"

namespace photonlink {

/// UTF-8, aligned by displayed width; "-" stands for NaN. Errors are in tolerances.
/// @param width columns of the terminal: titles are cut and paragraphs wrapped to it; 0: as long as they are
std::string report_table(const ValidationReport& report, TableColor color = TableColor::plain, int width = 0);

/// One case: heading, quantities, fits, misses, warnings.
std::string case_table(const CaseResult& result, TableColor color = TableColor::plain, int width = 0);
/// Tallies of measurements and predictions, what is shown and not counted, changes.
std::string summary_table(const ValidationReport& report, TableColor color = TableColor::plain,
                          int width = 0);

}  // namespace photonlink
