/// Lines of equal BER as closed curves: the resolved bins, joined at the tips where an opening closes.
#pragma once

#include <vector>

#include "solvers/result.hpp"
#include "studies/pictures/canvas.hpp"

namespace photonlink::pictures {

/// Poly-lines (x in UI, y in the amplitude unit) of one contour, one or two for each run of open bins.
///
/// Where the bin beyond a run is closed, both limits are continued in a straight line until they meet, at
/// most one bin further, and the line ends in that point. Where a run reaches the end of the picture its two
/// limits stay apart. A closed curve repeats its first point.
std::vector<std::vector<Point>> contour_outlines(const EyeDiagram& eye, const EyeDiagram::Contour& contour);

}  // namespace photonlink::pictures
