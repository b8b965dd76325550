/// A validation report as one HTML page with its own style, light and dark, that prints well. The pictures
/// are files beside it: overview.svg and <case>.svg.
#pragma once

#include <string>

#include "studies/provenance.hpp"
#include "studies/validation/case_result.hpp"

namespace photonlink {

/// Summary, changes, contents, then every case: publication, picture, table, diagnoses, fits, inputs, assumed
/// ranges. Of `provenance` the program version, build and command. All texts are escaped.
std::string report_page(const ValidationReport& report, const Provenance& provenance);

/// One case as an <article> of that page.
std::string case_article(const CaseResult& result);

}  // namespace photonlink
