/// The pictures of a result. `draw_x` writes path_without_extension .png and .svg; `paint_x` is the drawing
/// alone.
///
/// Nothing is computed here but the scales of the axes. Parts that were not computed (NaN, empty) are left
/// out. Errors: IoError when a file cannot be written.
#pragma once

#include <string>
#include <vector>

#include "solvers/result.hpp"
#include "studies/pictures/canvas.hpp"

namespace photonlink::pictures {

inline constexpr Size eye_size{760, 520}, bathtub_size{900, 450}, pulse_size{800, 470},
    locking_size{1180, 450};
Size budget_size(const LinkResult& result);
Size penalties_size(const LinkResult& result);
Size comparison_size(const std::vector<LinkResult>& results);

/// Density (log colour), BER contours, sampling instant and thresholds; time in UI and ps.
void paint_eye(Canvas& canvas, const LinkResult& result);
/// log10 BER against sampling time and against threshold offset, target and openings.
void paint_bathtub(Canvas& canvas, const LinkResult& result);
/// Response before and behind the FFE, symbol-spaced cursors behind the DFE.
void paint_pulse(Canvas& canvas, const LinkResult& result);
/// Offset, error ratio and heater power over the ramp of a locking loop.
void paint_locking(Canvas& canvas, const LinkResult& result);
/// Waterfall from the source to the receiver, required level and margin.
void paint_budget(Canvas& canvas, const LinkResult& result);
/// What each effect costs, largest first.
void paint_penalties(Canvas& canvas, const LinkResult& result);
/// Energy per bit by component with the three boundaries, and margins, of several links.
void paint_comparison(Canvas& canvas, const std::vector<LinkResult>& results);

void draw_eye(const LinkResult& result, const std::string& path_without_extension);
void draw_bathtub(const LinkResult& result, const std::string& path_without_extension);
void draw_pulse(const LinkResult& result, const std::string& path_without_extension);
void draw_locking(const LinkResult& result, const std::string& path_without_extension);
void draw_budget(const LinkResult& result, const std::string& path_without_extension);
void draw_penalties(const LinkResult& result, const std::string& path_without_extension);
void draw_comparison(const std::vector<LinkResult>& results, const std::string& path_without_extension);

}  // namespace photonlink::pictures
