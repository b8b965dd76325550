/// The comparison as people read it in a terminal: one row per link, then energy parts, noise, warnings.
#pragma once

#include <string>
#include <vector>

#include "solvers/result.hpp"

namespace photonlink {

enum class TableColor { plain, ansi };

/// UTF-8, aligned by displayed width. "-" stands for NaN, "<1e-40" for a BER at the floor of the method.
std::string comparison_table(const std::vector<LinkResult>& results, TableColor color = TableColor::plain);
/// "1.2e-13", "<1e-40" at or below `floor`, "-" for NaN.
std::string ber_text(double ber, double floor);

}  // namespace photonlink
