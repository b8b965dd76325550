/// Pictures of a validation: one per case, and one of all cases.
///
/// `draw_x` writes path_without_extension .png and .svg; `paint_x` is the drawing alone. What was not
/// computed (NaN) is left out and said so. Errors: IoError when a file cannot be written.
#pragma once

#include <string>

#include "studies/pictures/canvas.hpp"
#include "studies/validation/case_result.hpp"

namespace photonlink::pictures {

/// Panels drawn of one case; the heading says when there are more.
inline constexpr int most_panels = 6;

Size case_size(const CaseResult& result);
Size overview_size(const ValidationReport& report);

/// A panel for each observable with at least two points, then the errors of all quantities on one axis.
void paint_case(Canvas& canvas, const CaseResult& result);
/// Errors of all counted quantities over all cases, by family.
void paint_overview(Canvas& canvas, const ValidationReport& report);

void draw_case(const CaseResult& result, const std::string& path_without_extension);
void draw_overview(const ValidationReport& report, const std::string& path_without_extension);

}  // namespace photonlink::pictures
