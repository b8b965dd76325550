/// Values of a file into parameters, as one row of a device's table asks for.
#pragma once

#include <optional>
#include <vector>

#include "studies/problem_list.hpp"
#include "studies/study.hpp"

namespace photonlink {

/// Rows whose text is a path: `file`, the lists `fext` and `next`, and rows whose doc starts with "Path".
bool names_files(const FieldInfo& row);
/// "[0 W, 1 W]", "one of NRZ, PAM4", "" when anything goes.
std::string allowed_values(const FieldInfo& row);
/// nullptr when there is none of that name.
const FieldInfo* find_row(const std::vector<FieldInfo>& rows, std::string_view name);

/// Value under `label` in SI, checked against the row. Dimensional rows want text with a unit, dimensionless
/// ones bare numbers. Paths are resolved beside the file that holds them and must exist.
/// @returns nullopt after every problem was reported.
std::optional<ParameterValue> read_value(const Node& node, const std::string& label, const FieldInfo& row,
                                         const Reporter& reporter);

/// Every key of `table` but the `reserved` ones, in file order; unknown keys are reported.
ParameterSet read_parameters(const Node::Table& table, const std::vector<FieldInfo>& rows,
                             const std::vector<std::string>& reserved, const Reporter& reporter);

/// The same for one key. @returns nullopt after every problem was reported.
std::optional<Assumption> read_assumption(const Member& member, const FieldInfo& row,
                                          const Reporter& reporter);

/// key = { low = ..., high = ..., source = "..." }: a number or list of numbers with low <= high, and a
/// source.
std::vector<Assumption> read_assumptions(const Node::Table& table, const std::vector<FieldInfo>& rows,
                                         const Reporter& reporter);

/// key = { low = ..., high = ... } of numbers that are no counts, low < high.
std::vector<Variation> read_variations(const Node::Table& table, const std::vector<FieldInfo>& rows,
                                       const Reporter& reporter);

}  // namespace photonlink
