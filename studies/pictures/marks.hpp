/// Marks of measured points and verdicts: shape and colour say the same, so that either alone is enough.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "studies/pictures/canvas.hpp"
#include "studies/validation/case_result.hpp"

namespace photonlink::pictures {

enum class Shape { circle, square, triangle, diamond, cross };
enum class Filling { solid, open };  ///< open: white inside

/// `part` of `color`, the rest white.
Color tint(Color color, double part);
/// `part` of `color`, the rest ink.
Color shade(Color color, double part);

void mark(Canvas& canvas, Point at, double radius, Color color, Shape shape,
          Filling filling = Filling::solid);
/// Tip of an arrow that points left or right (`x` = -1, 1) or up or down (`y` = -1, 1), its point at `tip`.
void arrow_tip(Canvas& canvas, Point tip, Point direction, Color color);
/// Vertical line with caps.
void error_bar(Canvas& canvas, double x, double top, double bottom, Color color, double width);

Color verdict_color(Verdict verdict);
/// Shape and colour of the verdict with a dark rim, which a grey printer keeps over bars and shadings.
void verdict_mark(Canvas& canvas, Point at, double radius, Verdict verdict, Filling filling = Filling::solid);

struct KeyEntry {
  std::function<void(Point centre)> draw;  ///< within 11 points of the centre
  std::string text;
};
/// Entries in rows that fit `width`, 18 points apart; returns the rows used. Texts longer than a row are cut.
int key_rows(Canvas& canvas, Point at, double width, const std::vector<KeyEntry>& entries);
/// Marks of verdicts, filled and open, the tolerance and the range of assumed inputs.
std::vector<KeyEntry> verdict_key(Canvas& canvas);
/// How verdict_key shows the tolerance and the range of assumed inputs: forests do the same.
inline constexpr Color tolerance_shading{0.925, 0.935, 0.945}, band_color{0.66, 0.78, 0.89},
    band_edge{0.30, 0.47, 0.65};

}  // namespace photonlink::pictures
