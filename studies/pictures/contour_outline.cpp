#include "studies/pictures/contour_outline.hpp"

#include <algorithm>
#include <cmath>

namespace photonlink::pictures {
namespace {

using Line = std::vector<Point>;

/// Point where the limits meet beyond bin `last`; `before` is its neighbour inside the run, `step_UI` the
/// signed way to the closed bin.
Point tip(const Line& lower, const Line& upper, std::size_t before, std::size_t last, double step_UI) {
  const double gap = upper[last].y - lower[last].y, gap_before = upper[before].y - lower[before].y;
  // The next bin is closed, so that an opening that does not narrow yet ends half-way to it.
  const double bins = gap_before > gap ? std::min(1.0, gap / (gap_before - gap)) : 0.5;
  const double middle = 0.5 * (upper[last].y + lower[last].y);
  const double middle_before = 0.5 * (upper[before].y + lower[before].y);
  return {upper[last].x + bins * step_UI,
          std::clamp(middle + bins * (middle - middle_before), lower[last].y, upper[last].y)};
}

/// The limits of one run of open bins as one path, or two when it is cut at both ends.
void add_run(std::vector<Line>& lines, const Line& lower, const Line& upper, bool cut_left, bool cut_right,
             double bin_UI) {
  const std::size_t last = lower.size() - 1;
  if (cut_left && cut_right) {
    lines.insert(lines.end(), {upper, lower});
    return;
  }
  // Round trip from the right end of the upper limit: leftwards, left tip, back along the lower limit, right
  // tip.
  Line path(upper.rbegin(), upper.rend());
  if (cut_left) {
    path.assign(lower.begin(), lower.end());
  } else {
    path.push_back(tip(lower, upper, std::min<std::size_t>(1, last), 0, -bin_UI));
    path.insert(path.end(), lower.begin(), lower.end());
  }
  if (!cut_right) path.push_back(tip(lower, upper, last == 0 ? 0 : last - 1, last, bin_UI));
  if (cut_left) path.insert(path.end(), upper.rbegin(), upper.rend());
  if (!cut_left && !cut_right) path.push_back(path.front());
  lines.push_back(path);
}

}  // namespace

std::vector<Line> contour_outlines(const EyeDiagram& eye, const EyeDiagram::Contour& contour) {
  const std::size_t bins = std::min(contour.lower.size(), contour.upper.size());
  const double bin_UI =
      (eye.time_end_UI - eye.time_begin_UI) / static_cast<double>(std::max<std::size_t>(1, bins));
  const auto open = [&](std::size_t i) {
    return std::isfinite(contour.lower[i]) && std::isfinite(contour.upper[i]);
  };
  std::vector<Line> lines;
  for (std::size_t begin = 0; begin < bins;) {
    if (!open(begin)) {
      ++begin;
      continue;
    }
    Line lower, upper;
    std::size_t end = begin;
    for (; end < bins && open(end); ++end) {
      const double time = eye.time_begin_UI + (static_cast<double>(end) + 0.5) * bin_UI;
      lower.push_back({time, contour.lower[end]});
      upper.push_back({time, contour.upper[end]});
    }
    add_run(lines, lower, upper, begin == 0, end == bins, bin_UI);
    begin = end;
  }
  return lines;
}

}  // namespace photonlink::pictures
