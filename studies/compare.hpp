/// Evaluates the links of a study and writes what a person and a program want to see of them.
#pragma once

#include <string>
#include <vector>

#include "core/context.hpp"
#include "solvers/evaluate.hpp"
#include "studies/result_json.hpp"
#include "studies/study.hpp"

namespace photonlink {

struct CompareOptions {
  bool pictures = true;  ///< compute what the pictures show
  Solver solver = Solver::pattern;
};

/// Results in the order of the study, each at its operating point (operating_point.hpp). Progress goes to
/// context.progress.
/// @throws ConfigError when stages refuse their parameters; all links are built before the first is
/// evaluated.
std::vector<LinkResult> compare(const Study& asked, const CompareOptions& options, Context& context);

/// Everything into `folder`, whole or not at all: result.json, result.h5, comparison and, for each link,
/// <link>_{eye,bathtub,pulse,budget} as PNG and SVG. @throws IoError with the old folder in place.
void write_results(const std::vector<LinkResult>& results, const Provenance& provenance,
                   const std::string& folder, Context& context, const std::vector<PathResult>& paths = {});

}  // namespace photonlink
