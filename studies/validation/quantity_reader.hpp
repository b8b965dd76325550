/// One [[quantity]] of a case file: what is computed, what was published, and how near is near enough.
#pragma once

#include <optional>

#include "studies/problem_list.hpp"
#include "studies/validation/case_spec.hpp"

namespace photonlink {

/// @param spec the case with its links read. @returns nullopt after every problem was reported.
std::optional<QuantitySpec> read_quantity(const Node& node, const std::string& path, const CaseSpec& spec,
                                          ProblemList& problems);

/// "GHz" of "90 GHz", "" of a bare number.
std::string unit_of(const Node& node);

}  // namespace photonlink
