/// The comparison as people read it in a terminal: one row per link, then energy and latency by component,
/// noise, penalties, warnings.
#pragma once

#include <string>
#include <vector>

#include "solvers/result.hpp"
#include "solvers/retimed_path.hpp"
#include "studies/text_table.hpp"

namespace photonlink {

/// UTF-8, aligned by displayed width. "-" stands for NaN, "<1e-40" for a BER at the floor of the method.
/// @param width columns of the terminal: long titles are cut and warnings wrapped to it; 0: as long as they
/// are
std::string comparison_table(const std::vector<LinkResult>& results, TableColor color = TableColor::plain,
                             int width = 0);
/// One row per retimed path; empty without any.
std::string path_table(const std::vector<PathResult>& paths, TableColor color = TableColor::plain);
/// "1.2e-13", "<1e-40" at or below `floor`, "-" for NaN.
std::string ber_text(double ber, double floor);

}  // namespace photonlink
