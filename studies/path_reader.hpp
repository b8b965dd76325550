/// The [[path]] tables of a study: links in a row, with retimers between them (solvers/retimed_path.hpp).
///
///     [[path]]
///     name = "retimed"
///     links = ["host_out", "optics", "host_in"]
///     fec = "RS(544,514)"      # from end to end; what a link's own fec corrects ends at that link
///     target_ber = 1e-15
#pragma once

#include <string>
#include <vector>

#include "studies/problem_list.hpp"
#include "studies/schema_parts.hpp"
#include "studies/study.hpp"

namespace photonlink {

template <>
const ParameterTable<RetimedPath>& parameter_table<RetimedPath>();

/// Reports names that are no link of `study`, or taken.
std::vector<PathSpec> read_paths(const Node& root, const Study& study, ProblemList& problems);
/// Of one [[path]].
schema::Json path_schema();
/// In the order of the study; results in that of its links.
std::vector<PathResult> evaluate_paths(const Study& study, const std::vector<LinkResult>& results);

}  // namespace photonlink
