/// Writes everything that a validation run leaves behind.
#pragma once

#include <string>

#include "core/context.hpp"
#include "studies/provenance.hpp"
#include "studies/validation/case_result.hpp"

namespace photonlink {

/// Into `folder`, whole or not at all: validation.json, validation.h5, report.html, overview and <case> as
/// PNG and SVG. @throws IoError with the old folder in place.
void write_report(const ValidationReport& report, const Provenance& provenance, const std::string& folder,
                  Context& context);

}  // namespace photonlink
