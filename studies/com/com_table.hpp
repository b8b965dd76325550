/// Channel operating margin as the table that users of the IEEE script know: one column per package case.
#pragma once

#include <string>

#include "studies/com/com_run.hpp"
#include "studies/text_table.hpp"

namespace photonlink {

/// @param width of the terminal, 0: lines are not wrapped.
std::string com_table(const ComRun& run, TableColor color, int width);

}  // namespace photonlink
