/// Published points and the model's curves of one observable in one pair of axes.
#pragma once

#include <string>
#include <vector>

#include "studies/pictures/marks.hpp"
#include "studies/pictures/panel_ranges.hpp"

namespace photonlink::pictures {

/// Groups of all quantities with at least two points, in the order of the case.
std::vector<PanelGroup> panel_groups(const CaseResult& result);

/// Height of a panel of this width with a legend of `series` lines.
double panel_height(double width, std::size_t series);
/// Legend, axes, measurement, model and band inside `cell`; `letter` marks the panel: "a".
void paint_panel(Canvas& canvas, const Box& cell, const PanelGroup& group, const std::string& letter);

/// What the signs in the panels mean.
std::vector<KeyEntry> panel_key(Canvas& canvas);

}  // namespace photonlink::pictures
