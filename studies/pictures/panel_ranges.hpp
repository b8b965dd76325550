/// What the axes of a validation panel have to show, and how much of it.
#pragma once

#include "studies/pictures/value_axis.hpp"
#include "studies/validation/case_result.hpp"

namespace photonlink::pictures {

/// Quantities of one observable, unit and abscissa, at most 6: what can share axes.
using PanelGroup = std::vector<const QuantityResult*>;

/// Abscissa, or the number of the point where the list has none.
double x_of(const QuantityResult& quantity, std::size_t i);

struct PanelRanges {
  ValueScale x, y;
  Span x_span, y_span;  ///< in axis coordinates
};
/// All published points with their bars; the model as far as it does not squeeze them.
PanelRanges panel_ranges(const PanelGroup& group);

}  // namespace photonlink::pictures
