/// Errors of many quantities on one axis, in tolerances: marks, bars of the assumed inputs, texts beside
/// them.
#pragma once

#include <string>
#include <vector>

#include "studies/pictures/marks.hpp"
#include "studies/pictures/plot.hpp"

namespace photonlink::pictures {

/// A quantity on the error axis. NaN: nothing is drawn there.
struct ForestMark {
  Verdict verdict = Verdict::uncomputed;
  Filling filling = Filling::solid;
  double error, low, high;
};
/// Signed error of a single number with the errors at both ends of its band; magnitudes of several points.
ForestMark forest_mark(const QuantityResult& quantity);

/// Half of the axis, 2, 3 or 5: the least that holds nine of ten errors.
double forest_reach(const std::vector<ForestMark>& marks);

/// The axis over `frame`, of the tolerances -reach ... reach.
class Forest {
 public:
  Forest(Canvas& canvas, const Box& frame, double reach);
  /// Panel, shading of the tolerance, grid; call before the marks.
  void background();
  void draw(const ForestMark& mark, double y, double radius);
  enum class Ticks { none, below };
  /// Frame, and ticks and label below it; call after the marks.
  void axes(Ticks ticks = Ticks::below);

 private:
  Canvas& canvas_;
  double reach_;
  Plot plot_;
};

}  // namespace photonlink::pictures
